import { words } from '../words/index.ts'
import { ButtonForm, Page, type PageProps } from './page.tsx'

type Leaving = PageProps & {
  /** Null where the topic is gone; the link works all the same. */
  topic: string | null
  action: string
}

/**
 * What an unsubscribe link opens. The buttons post `scope` = `topic`, `purpose` or `all` to the same address; a POST
 * without it is the one-click POST and means the topic (RFC 8058 §3.2).
 */
export const UnsubscribePage = (props: Leaving & { purpose: string | null }) => {
  const w = words[props.lang]
  return (
    <Page {...props} title={w.unsubscribe.title}>
      {props.topic ? (
        <p>
          {w.page.topic}: <strong>{props.topic}</strong>
        </p>
      ) : null}
      <p>{w.unsubscribe.effect}</p>
      <ButtonForm action={props.action} label={w.unsubscribe.title} look="main" name="scope" value="topic" />
      <section>
        <h2>{w.unsubscribe.more}</h2>
        {props.purpose ? (
          <>
            <p>{w.unsubscribe.purpose(props.purpose)}</p>
            <ButtonForm action={props.action} label={w.unsubscribe.purposeButton} name="scope" value="purpose" />
          </>
        ) : null}
        <BanAll {...props} />
        <Settings {...props} />
      </section>
    </Page>
  )
}

/** After the POST; it works again and again. Offers the ban as a next step, asks nothing. */
export const UnsubscribedPage = (props: Leaving & { scope: 'topic' | 'purpose' | 'all' }) => {
  const w = words[props.lang]
  const title = {
    topic: w.unsubscribe.doneTitle,
    purpose: w.unsubscribe.purposeDoneTitle,
    all: w.unsubscribe.allDoneTitle,
  }[props.scope]
  return (
    <Page {...props} title={title}>
      {props.topic && props.scope === 'topic' ? (
        <p>
          {w.page.topic}: <strong>{props.topic}</strong>
        </p>
      ) : null}
      <p>{props.scope === 'all' ? w.unsubscribe.allDone : w.unsubscribe.done}</p>
      {props.scope === 'all' ? (
        <Settings {...props} />
      ) : (
        <section>
          <h2>{w.unsubscribe.more}</h2>
          <BanAll {...props} />
          <Settings {...props} />
        </section>
      )}
    </Page>
  )
}

const BanAll = ({ lang, action }: Leaving) => (
  <>
    <p>{words[lang].unsubscribe.all}</p>
    <ButtonForm action={action} label={words[lang].page.ban} name="scope" value="all" />
  </>
)

/** The link of a message opens no settings: those need a link of their own (standards A1-4), which is asked for there. */
const Settings = ({ lang }: PageProps) => (
  <p class="links">
    <a href={`/manage?lang=${lang}`}>{words[lang].page.manage}</a>
  </p>
)
