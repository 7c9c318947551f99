import { words, type Language } from '../words/index.ts'

/** One field of a form; its label, hint and choices are already in the visitor's language. */
export type Field = {
  name: string
  label: string
  kind: 'text' | 'email' | 'tel' | 'select' | 'checkbox' | 'textarea' | 'number' | 'date'
  required?: boolean | undefined
  hint?: string | undefined
  /** of a `select` */
  choices?: readonly { value: string; label: string }[] | undefined
  /** HTML autofill token; see WCAG 1.3.5 */
  autocomplete?: string | undefined
  maxLength?: number | undefined
}

/** What a visitor posted, to be shown again beside the errors. */
export type Values = Readonly<Record<string, string | readonly string[] | undefined>>

/** `path` is the field's name; `message` names the field and the mend (see `words[lang].invalid`). */
export type Problem = { path: string; message: string }

const standard = {
  email: { kind: 'email', autocomplete: 'email' },
  name: { kind: 'text', autocomplete: 'name' },
  company: { kind: 'text', autocomplete: 'organization' },
  title: { kind: 'text', autocomplete: 'organization-title' },
  phone: { kind: 'tel', autocomplete: 'tel' },
} as const

/** A field that every form may have, with its label in that language. */
export function standardField(name: keyof typeof standard | 'language', lang: Language, required = false): Field {
  const label = words[lang].fields[name]
  if (name !== 'language') return { name, label, required, ...standard[name] }
  const choices = (['fi', 'sv', 'en'] as const).map((value) => ({ value, label: words[value].languageName }))
  return { name, label, required, kind: 'select', choices }
}

type Shown = { lang: Language; fields: readonly Field[]; problems: readonly Problem[] }

/** Says first what is wrong, with a link to each field; it takes the focus, so that nobody has to look for it. */
export const Problems = ({ lang, fields, problems }: Shown) =>
  problems.length > 0 ? (
    <div class="note bad" role="alert" tabindex={-1} autofocus>
      <h2>{words[lang].form.problems}</h2>
      <ul>
        {problems.map(({ path, message }) => {
          const id = idOf(fields, path)
          return <li>{id ? <a href={`#${id}`}>{message}</a> : message}</li>
        })}
      </ul>
    </div>
  ) : null

/** All fields in their order, with what was posted and what was wrong with it. */
export const Fields = ({ lang, fields, problems, values }: Shown & { values: Values }) => (
  <>
    {fields.map((field) => {
      const message = problems.find(({ path }) => path === field.name)?.message
      const value = Object.hasOwn(values, field.name) ? values[field.name] : undefined
      return <OneField lang={lang} field={field} id={idOf(fields, field.name)} message={message} value={text(value)} />
    })}
  </>
)

type OneFieldProps = {
  lang: Language
  field: Field
  id: string | undefined
  message: string | undefined
  /** undefined when the field was not posted */
  value: string | undefined
}

const OneField = ({ lang, field, id, message, value }: OneFieldProps) => {
  const describedBy = [field.hint && `${id}-hint`, message && `${id}-error`].filter(Boolean).join(' ')
  const shared = {
    id,
    name: field.name,
    required: field.required ?? false,
    'aria-invalid': message ? 'true' : undefined,
    'aria-describedby': describedBy || undefined,
  }
  const label = (
    <>
      {field.label}
      {field.required || field.kind === 'checkbox' ? null : <span class="hint"> {words[lang].form.optional}</span>}
    </>
  )
  const notes = (
    <>
      {field.hint ? <p class="hint" id={`${id}-hint`} children={field.hint} /> : null}
      {message ? <p class="err" id={`${id}-error`} children={message} /> : null}
    </>
  )
  if (field.kind === 'checkbox') {
    return (
      <div class="field">
        {notes}
        <label class="tick">
          <input type="checkbox" {...shared} checked={value !== undefined} />
          <span>{label}</span>
        </label>
      </div>
    )
  }
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {notes}
      <Control lang={lang} field={field} value={value ?? ''} shared={shared} />
    </div>
  )
}

const Control = (props: { lang: Language; field: Field; value: string; shared: Record<string, unknown> }) => {
  const { field, value, shared } = props
  if (field.kind === 'textarea') {
    return <textarea {...shared} rows={5} maxlength={field.maxLength} children={value} />
  }
  if (field.kind === 'select') {
    return (
      <select {...shared}>
        <option value="">{words[props.lang].form.choose}</option>
        {(field.choices ?? []).map((choice) => (
          <option value={choice.value} selected={choice.value === value}>
            {choice.label}
          </option>
        ))}
      </select>
    )
  }
  // `step="any"`: a number field takes decimals; the form's own rules decide what it accepts
  return (
    <input
      type={field.kind}
      {...shared}
      value={value}
      autocomplete={field.autocomplete}
      maxlength={field.maxLength}
      step={field.kind === 'number' ? 'any' : undefined}
    />
  )
}

/** Ids come from the position, so that a form's own field names need not be fit for ids. */
function idOf(fields: readonly Field[], name: string): string | undefined {
  const at = fields.findIndex((field) => field.name === name)
  return at < 0 ? undefined : `field-${at + 1}`
}

function text(value: Values[string]): string | undefined {
  return typeof value === 'object' ? value[0] : value
}
