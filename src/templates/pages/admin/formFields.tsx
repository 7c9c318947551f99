import { formWords } from '../../words/admin/forms.ts'
import type { Language } from '../../words/index.ts'
import { isKnownType, knownTypes, ownTypes, type DraftProblem, type FieldDraft, type Three } from './formDraft.ts'

type Shown = { lang: Language; problems: readonly DraftProblem[] }
const languages = ['fi', 'sv', 'en'] as const

/** The rows of a form's fields: adding, removing and moving are buttons of the form, so that they work without scripts. */
export const FieldRows = ({ lang, fields, problems }: Shown & { fields: readonly FieldDraft[] }) => {
  const w = formWords[lang]
  const left = knownTypes.filter((type) => fields.every((field) => field.type !== type))
  return (
    <fieldset id="fields" tabindex={-1}>
      <legend>{w.fields}</legend>
      <p class="hint">{w.fieldsHint}</p>
      {fields.map((field, n) => (
        <FieldRow lang={lang} field={field} n={n} problems={problems} />
      ))}
      <div class="field">
        <label for="add">{w.newField}</label>
        <select id="add" name="add">
          <optgroup label={w.own}>
            {ownTypes.map((type) => (
              <option value={type}>{w.types[type]}</option>
            ))}
          </optgroup>
          <optgroup label={w.known}>
            {left.map((type) => (
              <option value={type}>{w.types[type]}</option>
            ))}
          </optgroup>
        </select>
      </div>
      <div class="actions">
        <button name="do" value="add">
          {w.addField}
        </button>
      </div>
    </fieldset>
  )
}

const FieldRow = ({ lang, field, n, problems }: Shown & { field: FieldDraft; n: number }) => {
  const w = formWords[lang]
  const known = isKnownType(field.type)
  const label = known ? w.types[field.type] : field.label[lang] || field.label.fi || field.label.sv || field.label.en
  const isTextual = field.type === 'text' || field.type === 'textarea'
  return (
    <fieldset class="row" id={`f${n}`} tabindex={-1}>
      <legend>{w.field(n + 1, label)}</legend>
      <input type="hidden" name={`f${n}.type`} value={field.type} />
      {known ? null : (
        <>
          <p class="soft">{w.types[field.type]}</p>
          <ThreeTexts lang={lang} name={`f${n}.label`} label={w.label} texts={field.label} problems={problems} />
          {field.type === 'select' ? (
            <div class="field">
              <label for={`f${n}.choices`}>{w.choices}</label>
              <p class="hint" id={`f${n}.choices-hint`} children={w.choicesHint} />
              <textarea
                id={`f${n}.choices`}
                name={`f${n}.choices`}
                aria-describedby={`f${n}.choices-hint`}
                aria-invalid={isWrong(problems, `f${n}.choices`)}
                children={field.choices}
              />
            </div>
          ) : null}
          <details
            open={problems.some(({ at }) => at === `f${n}.name` || at === `f${n}.max` || at.startsWith(`f${n}.hint`))}
          >
            <summary>{w.more}</summary>
            <ThreeTexts lang={lang} name={`f${n}.hint`} label={w.hint} texts={field.hint} problems={problems} />
            <div class="field">
              <label for={`f${n}.name`}>{w.name}</label>
              <p class="hint" id={`f${n}.name-hint`} children={w.nameHint} />
              <input
                id={`f${n}.name`}
                name={`f${n}.name`}
                value={field.name}
                spellcheck={false}
                aria-describedby={`f${n}.name-hint`}
                aria-invalid={isWrong(problems, `f${n}.name`)}
              />
            </div>
            {isTextual ? (
              <div class="field">
                <label for={`f${n}.max`}>{w.max}</label>
                <input
                  id={`f${n}.max`}
                  name={`f${n}.max`}
                  inputmode="numeric"
                  value={field.max}
                  aria-invalid={isWrong(problems, `f${n}.max`)}
                />
              </div>
            ) : null}
          </details>
        </>
      )}
      <label class="tick">
        <input type="checkbox" name={`f${n}.required`} checked={field.required} />
        <span>{w.required}</span>
      </label>
      <div class="actions">
        {n > 0 ? (
          <button name="do" value={`up.${n}`} aria-label={`${w.up}: ${w.field(n + 1, label)}`}>
            {w.up}
          </button>
        ) : null}
        <button
          class="danger"
          name="do"
          value={`remove.${n}`}
          aria-label={`${w.removeField}: ${w.field(n + 1, label)}`}
        >
          {w.removeField}
        </button>
      </div>
    </fieldset>
  )
}

/** One text in three languages. @param long a text of several lines */
export const ThreeTexts = (
  props: Shown & { name: string; label: string; texts: Three; hint?: string; long?: boolean },
) => {
  const { lang, name, label, texts, hint, long, problems } = props
  const w = formWords[lang]
  return (
    <>
      {hint ? <p class="hint" id={`${name}-hint`} children={hint} /> : null}
      <div class="grid">
        {languages.map((language) => {
          const id = `${name}.${language}`
          const shared = {
            id,
            name: id,
            lang: language,
            'aria-describedby': hint ? `${name}-hint` : undefined,
            'aria-invalid': isWrong(problems, name) ?? isWrong(problems, id),
          }
          return (
            <div class="field">
              <label for={id}>
                {label} {w.languages[language]}
              </label>
              {long ? (
                <textarea {...shared} children={texts[language]} />
              ) : (
                <input {...shared} value={texts[language]} />
              )}
            </div>
          )
        })}
      </div>
    </>
  )
}

export function isWrong(problems: readonly DraftProblem[], at: string): 'true' | undefined {
  return problems.some((problem) => problem.at === at) ? 'true' : undefined
}
