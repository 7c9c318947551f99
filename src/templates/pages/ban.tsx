import { words } from '../words/index.ts'
import { Fields, Problems, standardField, type Problem, type Values } from './fields.tsx'
import { ButtonForm, Page, type PageProps } from './page.tsx'

/** "Never market to me": `email`, `phone` or both, posted to /ban. No log-in, no reason. */
export const BanPage = (props: PageProps & { values: Values; problems: readonly Problem[] }) => {
  const w = words[props.lang].ban
  const fields = [standardField('email', props.lang), standardField('phone', props.lang)]
  return (
    <Page {...props} title={w.title} problem={props.problems.length > 0}>
      <p>{w.text}</p>
      <p>{w.either}</p>
      <Problems {...props} fields={fields} />
      <form method="post" action={`/ban?lang=${props.lang}`} novalidate>
        <Fields {...props} fields={fields} />
        <button class="main">{w.title}</button>
      </form>
    </Page>
  )
}

/** The same whether the address was known or not, or already banned. */
export const BanDone = (props: PageProps) => {
  const w = words[props.lang].ban
  return (
    <Page {...props} title={w.doneTitle}>
      <p>{w.done}</p>
      <p>{w.notice}</p>
    </Page>
  )
}

/** What the undo link of the notice opens; only the button lifts the ban. */
export const BanUndo = (props: PageProps & { action: string }) => {
  const w = words[props.lang].ban
  return (
    <Page {...props} title={w.undoTitle}>
      <p>{w.undo}</p>
      <ButtonForm action={props.action} label={w.undoButton} look="main" />
      <p class="soft">{w.keep}</p>
    </Page>
  )
}

export const BanUndone = (props: PageProps) => {
  const w = words[props.lang].ban
  return (
    <Page {...props} title={w.undoneTitle}>
      <p>{w.undone}</p>
    </Page>
  )
}
