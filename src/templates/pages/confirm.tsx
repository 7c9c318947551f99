import { words } from '../words/index.ts'
import { ButtonForm, Page, type PageProps } from './page.tsx'

/**
 * What a confirmation link opens; showing it changes nothing.
 * @param topics all requests pending for the address, each with the wording that was shown. `banned`: the person's own
 *   ban or objection is in force and confirming lifts it for that topic.
 */
export const ConfirmPage = (
  props: PageProps & {
    email: string
    topics: readonly { name: string; wording: string; banned?: boolean | undefined }[]
    action: string
  },
) => {
  const w = words[props.lang]
  const { topics } = props
  return (
    <Page {...props} title={w.confirm.title(topics.length)}>
      <p>
        {w.confirm.asked(topics.length)}
        <br />
        <strong>{props.email}</strong>
      </p>
      {topics.some((topic) => topic.banned) ? <p class="note">{w.confirm.banned}</p> : null}
      {topics.map((topic) => (
        <section>
          <h2>{topic.name}</h2>
          {topic.banned ? <p class="note">{w.confirm.bannedTopic}</p> : null}
          <p>{topic.wording}</p>
        </section>
      ))}
      <ButtonForm action={props.action} label={w.confirm.title(topics.length)} look="main" />
      <p class="soft">{w.confirm.notMe}</p>
    </Page>
  )
}

export const ConfirmedPage = (props: PageProps & { topics: readonly string[] }) => {
  const w = words[props.lang]
  return (
    <Page {...props} title={w.confirm.doneTitle(props.topics.length)}>
      <p>{w.confirm.done}</p>
      <ul>
        {props.topics.map((name) => (
          <li>{name}</li>
        ))}
      </ul>
      <p>{w.form.leave}</p>
    </Page>
  )
}

/** 410: the link was genuine and is too old. The button posts `again=1` to `action`. */
export const ConfirmExpired = (props: PageProps & { action: string }) => {
  const w = words[props.lang].confirm
  return (
    <Page {...props} title={w.expiredTitle}>
      <p>{w.expired}</p>
      <ButtonForm action={props.action} label={w.again} look="main" name="again" value="1" />
    </Page>
  )
}

/** What the "not me" link of a service message opens. */
export const NotMePage = (props: PageProps & { action: string }) => {
  const w = words[props.lang].notMe
  return (
    <Page {...props} title={w.title}>
      <p>{w.text}</p>
      <ButtonForm action={props.action} label={w.button} look="main" />
    </Page>
  )
}

export const NotMeDone = (props: PageProps) => {
  const w = words[props.lang].notMe
  return (
    <Page {...props} title={w.doneTitle}>
      <p>{w.done}</p>
    </Page>
  )
}
