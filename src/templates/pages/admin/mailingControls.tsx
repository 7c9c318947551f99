import type { Child } from 'hono/jsx'
import { words, type Language } from '../../words/index.ts'

/** `path` is the control's name; `message` names the mend. `place`: where in the text, in words. */
export type ControlProblem = { path: string; message: string; place?: string | undefined }

type Common = {
  lang: Language
  name: string
  label: string
  hint?: string | undefined
  optional?: boolean | undefined
  problems: readonly ControlProblem[]
}

export const controlId = (name: string) => `f-${name}`

/** A label, its hint and its problems around one control, which gets the attributes that tie them together. */
const Labelled = (
  props: Common & { toldIn?: string | undefined; control: (shared: Record<string, unknown>) => Child },
) => {
  const { name, label, hint, optional, lang, toldIn } = props
  const id = controlId(name)
  const own = props.problems.filter((problem) => problem.path === name)
  const describedBy = [hint && `${id}-hint`, toldIn ?? (own.length > 0 && `${id}-error`)].filter(Boolean).join(' ')
  const shared = {
    id,
    name,
    'aria-invalid': own.length > 0 ? 'true' : undefined,
    'aria-describedby': describedBy || undefined,
  }
  return (
    <div class="field">
      <label for={id}>
        {label}
        {optional ? <span class="hint"> {words[lang].form.optional}</span> : null}
      </label>
      {hint ? <p class="hint" id={`${id}-hint`} children={hint} /> : null}
      {own.length > 0 && toldIn === undefined ? (
        <div id={`${id}-error`}>
          {own.map(({ message, place }) => (
            <p class="err">{place ? `${capitalised(place)}: ${message}` : message}</p>
          ))}
        </div>
      ) : null}
      {props.control(shared)}
    </div>
  )
}

export const TextControl = (
  props: Common & {
    value: string
    kind?: 'text' | 'email' | 'date' | 'time'
    required?: boolean
    maxLength?: number
    autocomplete?: string
  },
) => (
  <Labelled
    {...props}
    control={(shared) => (
      <input
        type={props.kind ?? 'text'}
        {...shared}
        value={props.value}
        required={props.required ?? false}
        maxlength={props.maxLength}
        autocomplete={props.autocomplete ?? 'off'}
      />
    )}
  />
)

/**
 * @param live attributes of htmx, where the text is looked at while it is written
 * @param toldIn id of the place where its problems are told, when that is elsewhere
 */
export const AreaControl = (
  props: Common & {
    value: string
    rows: number
    code?: boolean
    maxLength?: number
    live?: Record<string, string>
    toldIn?: string
  },
) => (
  <Labelled
    {...props}
    control={(shared) => (
      <textarea
        {...shared}
        {...props.live}
        class={props.code ? 'code' : undefined}
        rows={props.rows}
        maxlength={props.maxLength}
        // A line end right behind the tag would be taken for none
        children={props.value.startsWith('\n') ? `\n${props.value}` : props.value}
      />
    )}
  />
)

export type Choice = { value: string; label: string }

/** @param none what the empty choice is called; without it one must be chosen */
export const SelectControl = (
  props: Common & { value: string; choices: readonly Choice[]; none?: string | undefined },
) => (
  <Labelled
    {...props}
    control={(shared) => (
      <select {...shared}>
        {props.none === undefined ? null : <option value="">{props.none}</option>}
        {props.choices.map((choice) => (
          <option value={choice.value} selected={choice.value === props.value}>
            {choice.label}
          </option>
        ))}
      </select>
    )}
  />
)

/** One of a few, all in sight. */
export const RadioControl = (props: Omit<Common, 'hint'> & { value: string; choices: readonly Choice[] }) => (
  <fieldset>
    <legend>{props.label}</legend>
    {props.choices.map((choice, n) => (
      <label class="tick">
        <input
          type="radio"
          id={n === 0 ? controlId(props.name) : undefined}
          name={props.name}
          value={choice.value}
          checked={choice.value === props.value}
        />
        <span>{choice.label}</span>
      </label>
    ))}
  </fieldset>
)

/** Any of a few; none means all. */
export const TickControl = (
  props: Pick<Common, 'name' | 'label'> & { values: readonly string[]; choices: readonly Choice[] },
) =>
  props.choices.length === 0 ? null : (
    <fieldset>
      <legend>{props.label}</legend>
      <div class="ticks">
        {props.choices.map((choice, n) => (
          <label class="tick">
            <input
              type="checkbox"
              id={n === 0 ? controlId(props.name) : undefined}
              name={props.name}
              value={choice.value}
              checked={props.values.includes(choice.value)}
            />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )

/** Says first what is wrong, with a link to each control; it takes the focus. */
export const ProblemList = (props: { title: string; problems: readonly ControlProblem[] }) =>
  props.problems.length === 0 ? null : (
    <div class="note bad" role="alert" tabindex={-1} autofocus>
      <h2>{props.title}</h2>
      <ul>
        {props.problems.map(({ path, message, place }) => (
          <li>
            <a href={`#${controlId(path)}`}>{place ? `${capitalised(place)}: ${message}` : message}</a>
          </li>
        ))}
      </ul>
    </div>
  )

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
