import { AdminPage, type AdminProps } from '../admin.tsx'
import { formWords } from '../../words/admin/forms.ts'
import { formatTime, type Language } from '../../words/index.ts'
import { Table } from '../table.tsx'
import type { DraftProblem, FormDraft } from './formDraft.ts'
import { FieldRows, isWrong, ThreeTexts } from './formFields.tsx'
import { Tick, Ticks } from './ticks.tsx'

const languages = ['fi', 'sv', 'en'] as const

export type FormEditProps = AdminProps & {
  draft: FormDraft
  /** the version that is changed; null for a form that is not there yet */
  seen: number | null
  topics: readonly { id: string; name: string }[]
  mailboxes: readonly string[]
  defaultMailbox: string
  history: readonly { at: number; language: Language; text: string }[]
  timeZone: string
  problems: readonly DraftProblem[]
  done?: string | undefined
}

/** The editor of a form. */
export const FormEdit = (props: FormEditProps) => {
  const { lang, draft, seen, problems } = props
  const w = formWords[lang]
  const isNew = seen === null
  const title = draft.title[lang] || draft.title.fi || draft.title.sv || draft.title.en || draft.id
  const action = isNew ? `/admin/forms/new?kind=${draft.kind}` : `/admin/forms/${draft.id}`
  return (
    <AdminPage
      {...props}
      title={isNew ? w.create[draft.kind] : w.edit(title)}
      current="forms"
      problem={problems.length > 0}
    >
      {problems.length > 0 ? (
        <div class="note bad" role="alert" tabindex={-1} autofocus>
          <h2>{w.problems}</h2>
          <ul>
            {problems.map(({ at, message }) => (
              <li>
                <a href={`#${at}`}>{message}</a>
              </li>
            ))}
          </ul>
        </div>
      ) : null}
      {isNew ? null : (
        <p class="links">
          <a href={`/admin/forms/${draft.id}/embed`}>{w.embed}</a>
          <a href={`/f/${draft.id}?lang=${lang}`}>{w.hosted}</a>
        </p>
      )}
      <form method="post" action={action} novalidate>
        {/* Enter in a field saves, and does not press the first button of a row. */}
        <button class="v" name="do" value="save" tabindex={-1} aria-hidden="true">
          {w.save}
        </button>
        {isNew ? null : <input type="hidden" name="seen" value={seen} />}
        <Basics {...props} />
        <FieldRows lang={lang} fields={draft.fields} problems={problems} />
        {draft.kind === 'signup' ? null : <Recipient {...props} />}
        <Consent {...props} />
        <Websites {...props} />
        <button class="main" name="do" value="save">
          {w.save}
        </button>
      </form>
      <History {...props} />
    </AdminPage>
  )
}

const Basics = ({ lang, draft, seen, topics, problems }: FormEditProps) => {
  const w = formWords[lang]
  return (
    <section aria-labelledby="basics">
      <h2 id="basics">{w.basics}</h2>
      {seen === null ? (
        <div class="field">
          <label for="id">{w.id}</label>
          <p class="hint" id="id-hint" children={w.idHint} />
          <input
            id="id"
            name="id"
            value={draft.id}
            spellcheck={false}
            aria-describedby="id-hint"
            aria-invalid={isWrong(problems, 'id')}
          />
        </div>
      ) : null}
      <ThreeTexts lang={lang} name="title" label={w.heading} texts={draft.title} problems={problems} />
      <ThreeTexts lang={lang} name="intro" label={w.introText} texts={draft.intro} problems={problems} long />
      <Ticks
        id="languages"
        legend={w.shownIn}
        options={languages.map((language) => ({ value: language, label: w.languageNames[language] }))}
        chosen={draft.languages}
      />
      <Ticks
        id="topics"
        legend={w.topics}
        hint={w.topicsHint[draft.kind === 'signup' ? 'signup' : 'enquiry']}
        options={topics.map(({ id, name }) => ({ value: id, label: name }))}
        chosen={draft.topics}
      />
    </section>
  )
}

const Recipient = ({ lang, draft, mailboxes, defaultMailbox, problems }: FormEditProps) => {
  const w = formWords[lang]
  const offered = draft.mailbox === '' || mailboxes.includes(draft.mailbox) ? mailboxes : [draft.mailbox, ...mailboxes]
  return (
    <section aria-labelledby="recipient">
      <h2 id="recipient">{w.enquiry}</h2>
      <div class="field">
        <label for="mailbox">{w.mailbox}</label>
        <p class="hint" id="mailbox-hint" children={w.mailboxHint} />
        <select id="mailbox" name="mailbox" aria-describedby="mailbox-hint" aria-invalid={isWrong(problems, 'mailbox')}>
          <option value="">{w.defaultMailbox(defaultMailbox)}</option>
          {offered.map((address) => (
            <option value={address} selected={address === draft.mailbox}>
              {address}
            </option>
          ))}
        </select>
      </div>
      <Tick id="receipt" label={w.receipt} checked={draft.receipt} />
    </section>
  )
}

const Consent = ({ lang, draft, problems }: FormEditProps) => {
  const w = formWords[lang]
  return (
    <section aria-labelledby="confirmation">
      <h2 id="confirmation">{w.confirmation}</h2>
      <ThreeTexts
        lang={lang}
        name="wordings"
        label={w.wording}
        hint={w.wordingHint}
        texts={draft.wordings}
        problems={problems}
        long
      />
      {draft.kind === 'signup' ? (
        <Tick id="doubleOptIn" label={w.doubleOptIn} hint={w.doubleOptInHint} checked={draft.doubleOptIn} />
      ) : null}
      <Tick id="welcome" label={w.welcome} checked={draft.welcome} />
      <ThreeTexts
        lang={lang}
        name="welcomeText"
        label={w.welcomeText}
        hint={w.welcomeHint}
        texts={draft.welcomeText}
        problems={problems}
        long
      />
    </section>
  )
}

const Websites = ({ lang, draft, problems }: FormEditProps) => {
  const w = formWords[lang]
  const lines = [
    ['origins', w.origins, w.originsHint],
    ['redirects', w.redirects, w.redirectsHint],
  ] as const
  const single = [
    ['redirect', w.redirect],
    ['confirmedRedirect', w.confirmedRedirect],
  ] as const
  return (
    <section aria-labelledby="web">
      <h2 id="web">{w.web}</h2>
      {lines.map(([id, label, hint]) => (
        <div class="field">
          <label for={id}>{label}</label>
          <p class="hint" id={`${id}-hint`} children={hint} />
          <textarea
            id={id}
            name={id}
            spellcheck={false}
            aria-describedby={`${id}-hint`}
            aria-invalid={isWrong(problems, id)}
            children={draft[id]}
          />
        </div>
      ))}
      {single.map(([id, label]) => (
        <div class="field">
          <label for={id}>{label}</label>
          <input id={id} name={id} value={draft[id]} spellcheck={false} aria-invalid={isWrong(problems, id)} />
        </div>
      ))}
    </section>
  )
}

const History = ({ lang, history, timeZone }: FormEditProps) => {
  const w = formWords[lang]
  if (history.length === 0) return null
  const { at, language, text } = w.historyColumns
  return (
    <details>
      <summary>{w.history}</summary>
      <Table
        label={w.history}
        columns={[{ label: at }, { label: language }, { label: text }]}
        rows={history.map((one) => [
          formatTime(lang, one.at, timeZone),
          w.languageNames[one.language],
          <span lang={one.language}>{one.text}</span>,
        ])}
      />
    </details>
  )
}
