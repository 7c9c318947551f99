import type { Language } from '../../words/index.ts'
import { mailingWords } from '../../words/admin/mailings.ts'
import type { ControlProblem } from './mailingControls.tsx'

/** What was found in a content, each with its place. */
export const Remarks = ({
  title,
  remarks,
  bad,
}: {
  title: string
  remarks: readonly ControlProblem[]
  bad?: boolean
}) => (
  <div class={bad ? 'note bad' : 'note'}>
    <h3>{title}</h3>
    <ul>
      {remarks.map(({ message, place }) => (
        <li>{place ? `${place}: ${message}` : message}</li>
      ))}
    </ul>
  </div>
)

/**
 * The piece that is fetched while somebody writes: what is wrong and where, or what the message says to a made-up reader.
 * @param text null where the content has errors
 */
export const MailingLive = (props: {
  lang: Language
  remarks: readonly ControlProblem[]
  wrong: boolean
  subject: string
  text: string | null
}) => {
  const w = mailingWords[props.lang].form
  return (
    <>
      {props.remarks.length > 0 ? (
        <Remarks bad={props.wrong} title={props.wrong ? w.liveProblems : w.warnings} remarks={props.remarks} />
      ) : null}
      {props.text === null ? null : (
        <details open>
          <summary>{w.liveTitle}</summary>
          <p class="hint">{w.liveHint}</p>
          <p>
            <strong>{props.subject}</strong>
          </p>
          <pre>{props.text}</pre>
        </details>
      )}
    </>
  )
}
