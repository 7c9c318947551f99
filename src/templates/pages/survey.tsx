import { surveySheet } from '../style.ts'
import { formatNumber, formatTime } from '../words/index.ts'
import { surveyWords } from '../words/survey.ts'
import { Problems, type Problem } from './fields.tsx'
import { Page, type PageProps } from './page.tsx'

/** A question in the visitor's language. `choices` are a scale's values or the choices; free text has none. */
export type ShownQuestion = {
  id: string
  kind: 'nps' | 'csat' | 'ces' | 'choice' | 'text'
  text: string
  choices: readonly { value: string; label: string }[]
}

type SurveyProps = PageProps & {
  action: string
  questions: readonly ShownQuestion[]
  /** What was chosen or posted, by question. */
  values: ReadonlyMap<string, string>
  problems: readonly Problem[]
  /** Fewest answers that are shown; null where the survey is not anonymous. */
  smallestGroup: number | null
  answered: boolean
  preview: boolean
  /** milliseconds UTC */
  closesAt: number | null
  timeZone: string
  maxLength: number
}

/** A survey as its person answers it, on a phone and without scripts. Posts each answer under its question's id. */
export const SurveyPage = (props: SurveyProps) => {
  const { lang, questions, problems, smallestGroup } = props
  const w = surveyWords[lang]
  return (
    <Page {...props} title={w.title} problem={problems.length > 0} sheet={surveySheet}>
      {props.preview ? <p class="note" children={w.preview} /> : null}
      {props.answered ? <p class="note" children={w.again} /> : null}
      <Problems lang={lang} fields={questions.map(asField)} problems={problems} />
      <p>
        {w.voluntary} {smallestGroup === null ? w.named : w.anonymous(formatNumber(lang, smallestGroup))}
      </p>
      <form method="post" action={props.action} novalidate>
        {questions.map((question, n) => (
          <OneQuestion {...props} question={question} id={`field-${n + 1}`} />
        ))}
        <button class="main">{w.send}</button>
      </form>
      {props.closesAt === null ? null : (
        <p class="soft" children={w.open(formatTime(lang, props.closesAt, props.timeZone))} />
      )}
    </Page>
  )
}

/** For the summary of what is wrong, which links to the question. */
const asField = ({ id, text }: ShownQuestion) => ({ name: id, label: text, kind: 'text' as const })

const OneQuestion = (props: SurveyProps & { question: ShownQuestion; id: string }) => {
  const { question, id, values, lang } = props
  const value = values.get(question.id) ?? ''
  const message = props.problems.find(({ path }) => path === question.id)?.message
  const error = message ? <p class="err" id={`${id}-error`} children={message} /> : null
  const described = message ? `${id}-error` : undefined
  if (question.kind === 'text') {
    return (
      <div class="field">
        <label for={id}>{question.text}</label>
        {error}
        <textarea
          id={id}
          name={question.id}
          rows={4}
          maxlength={props.maxLength}
          aria-invalid={message ? 'true' : undefined}
          aria-describedby={described}
          children={value}
        />
      </div>
    )
  }
  const scale = question.kind === 'choice' ? null : surveyWords[lang].scale[question.kind]
  return (
    <fieldset aria-describedby={[scale && `${id}-scale`, described].filter(Boolean).join(' ') || undefined}>
      <legend>{question.text}</legend>
      {error}
      <div class={scale ? 'rates' : undefined}>
        {question.choices.map((choice, n) => (
          <label class={scale ? 'rate' : 'tick'}>
            <input
              type="radio"
              id={n === 0 ? id : undefined}
              name={question.id}
              value={choice.value}
              checked={choice.value === value}
            />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
      {scale ? (
        <p class="ends" id={`${id}-scale`}>
          <span>{scale[0]}</span> <span>{scale[1]}</span>
        </p>
      ) : null}
    </fieldset>
  )
}

/** After an answer was kept. @param backHref the survey again */
export const SurveyThanks = (props: PageProps & { preview: boolean; backHref: string }) => {
  const w = surveyWords[props.lang]
  return (
    <Page {...props} title={w.thanksTitle}>
      <p>{props.preview ? w.thanksPreview : w.thanks}</p>
      <p class="links">
        <a href={props.backHref}>{w.change}</a>
      </p>
    </Page>
  )
}

/** Where nobody can answer any more. */
export const SurveyClosed = (props: PageProps) => {
  const w = surveyWords[props.lang]
  return (
    <Page {...props} title={w.closedTitle}>
      <p>{w.closed}</p>
    </Page>
  )
}
