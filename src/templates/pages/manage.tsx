import { formatHours, words } from '../words/index.ts'
import { Fields, Problems, standardField, type Problem, type Values } from './fields.tsx'
import { Page, type PageProps } from './page.tsx'

/** "Send me my link": one field, `email`, posted to /manage. */
export const ManagePage = (props: PageProps & { values: Values; problems: readonly Problem[] }) => {
  const w = words[props.lang].manage
  const fields = [standardField('email', props.lang, true)]
  return (
    <Page {...props} title={w.title} problem={props.problems.length > 0}>
      <p>{w.text}</p>
      <Problems {...props} fields={fields} />
      <form method="post" action={`/manage?lang=${props.lang}`} novalidate>
        <Fields {...props} fields={fields} />
        <button class="main">{w.button}</button>
      </form>
    </Page>
  )
}

/** The same for known and unknown addresses. @param validHours how long the mailed link lives */
export const ManageSent = (props: PageProps & { validHours: number }) => {
  const w = words[props.lang].manage
  return (
    <Page {...props} title={w.sentTitle}>
      <p>{w.sent(formatHours(props.lang, props.validHours))}</p>
      <p>{words[props.lang].accepted.missing}</p>
    </Page>
  )
}
