import { formatHours, words } from '../words/index.ts'
import { Fields, Problems, type Field, type Problem, type Values } from './fields.tsx'
import { Page, type PageProps } from './page.tsx'

export type HostedFormProps = PageProps & {
  /** The form's name in the visitor's language. */
  title: string
  intro?: string | undefined
  /** `sign_up` asks for topics; with the other kinds topics are an extra and never a condition. */
  kind: 'sign_up' | 'enquiry'
  action: string
  fields: readonly Field[]
  topics: readonly { id: string; name: string; description?: string | undefined }[]
  /** The wording shown, posted back as `consent` (GDPR Art. 7(1): the exact text must be provable). */
  wording?: { id: string; text: string } | null | undefined
  /** Name of a field that people leave empty. */
  trap: string
  /** When the form was shown, signed by the route. */
  timeToken: { name: string; value: string }
  /** Empty on the first showing: topics are ticked only by the visitor, never by us. */
  values: Values
  problems: readonly Problem[]
}

export const HostedForm = (props: HostedFormProps) => {
  const { lang, kind, topics, wording } = props
  const w = words[lang].form
  return (
    <Page {...props} problem={props.problems.length > 0}>
      {props.intro ? <p>{props.intro}</p> : null}
      <Problems {...props} />
      <form method="post" action={props.action} novalidate>
        <Fields {...props} values={{ language: lang, ...props.values }} />
        <Topics {...props} />
        <div class="v" aria-hidden="true">
          <label>
            {w.trap}
            <input name={props.trap} value="" tabindex={-1} autocomplete="off" />
          </label>
        </div>
        <input type="hidden" name={props.timeToken.name} value={props.timeToken.value} />
        {wording ? (
          <>
            <input type="hidden" name="consent" value={wording.id} />
            <p class="note">{wording.text}</p>
          </>
        ) : null}
        <p class="soft">
          {topics.length > 0 ? `${w.leave} ` : ''}
          <a href={`/privacy?lang=${lang}`}>{w.privacy}</a>
        </p>
        <button class="main">{kind === 'sign_up' ? w.subscribe : w.send}</button>
      </form>
    </Page>
  )
}

/** A single topic of a sign-up form is asked for by the button; a lone box would say nothing. */
const Topics = ({ lang, kind, topics, values }: HostedFormProps) => {
  const w = words[lang].form
  const first = kind === 'sign_up' ? topics[0] : undefined
  const chosen = [values['topics'] ?? []].flat()
  if (topics.length === 0 || (first && topics.length === 1)) return null
  return (
    <fieldset>
      <legend>{first ? w.topics : w.topicsToo}</legend>
      {first ? <p class="hint">{w.firstTopic(first.name)}</p> : null}
      {topics.map((topic) => (
        <label class="tick">
          <input type="checkbox" name="topics" value={topic.id} checked={chosen.includes(topic.id)} />
          <span>
            {topic.name}
            {topic.description ? <span class="hint"> {topic.description}</span> : null}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

/** After a sign-up; the same for new, known and banned addresses. @param validHours how long the mailed link lives */
export const SignUpAccepted = (props: PageProps & { validHours: number }) => {
  const w = words[props.lang].accepted
  return (
    <Page {...props} title={w.title}>
      <p>{w.open}</p>
      <p>
        {w.valid(formatHours(props.lang, props.validHours))} {w.missing}
      </p>
    </Page>
  )
}

/** After an enquiry. @param askedTopics topics were ticked too, so a confirmation is on its way */
export const EnquiryAccepted = (props: PageProps & { askedTopics: boolean }) => {
  const w = words[props.lang].accepted
  return (
    <Page {...props} title={w.enquiryTitle}>
      <p>{w.enquiry}</p>
      {props.askedTopics ? <p>{w.alsoTopics}</p> : null}
    </Page>
  )
}
