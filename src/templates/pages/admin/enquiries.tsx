import { AdminPage, type AdminProps } from '../admin.tsx'
import { Table } from '../table.tsx'
import { enquiryWords } from '../../words/admin/enquiries.ts'
import { shellWords } from '../../words/admin/shell.ts'
import { formatTime, words, type Language } from '../../words/index.ts'

type State = 'open' | 'handled' | 'closed'

export type EnquirySummary = { href: string; receivedAt: number; form: string; from: string; state: State }

/** What people wrote, newest first. */
export const EnquiryList = (
  props: AdminProps & {
    enquiries: readonly EnquirySummary[]
    state: State | undefined
    timeZone: string
    moreHref?: string | undefined
  },
) => {
  const { lang, enquiries, timeZone } = props
  const w = enquiryWords[lang]
  const tabs = [
    ['open', w.states.open],
    ['handled', w.states.handled],
    ['closed', w.states.closed],
    ['all', w.all],
  ] as const
  return (
    <AdminPage {...props} title={w.title} current="enquiries">
      <nav class="links" aria-label={w.show}>
        {tabs.map(([state, label]) => (
          <a
            href={`/admin/enquiries?state=${state}`}
            aria-current={state === (props.state ?? 'all') ? 'true' : undefined}
          >
            {label}
          </a>
        ))}
      </nav>
      {enquiries.length === 0 ? (
        <>
          <p>{w.none}</p>
          <p class="soft">{w.noneHint}</p>
        </>
      ) : (
        <Table
          label={w.title}
          columns={[
            { label: w.columns.received },
            { label: w.columns.form },
            { label: w.columns.from },
            { label: w.columns.state },
          ]}
          rows={enquiries.map((one) => [
            <a href={one.href}>{formatTime(lang, one.receivedAt, timeZone)}</a>,
            one.form,
            one.from,
            <span class="tag">{w.states[one.state]}</span>,
          ])}
        />
      )}
      {props.moreHref ? (
        <p class="links">
          <a href={props.moreHref}>{shellWords[lang].more}</a>
        </p>
      ) : null}
    </AdminPage>
  )
}

export type EnquiryDetail = {
  id: string
  kind: 'contact' | 'feedback'
  form: string
  state: State
  receivedAt: number
  handledAt: number | null
  closedAt: number | null
  email: string
  name: string | null
  company: string | null
  title: string | null
  phone: string | null
  language: Language
  page: string | null
  answers: readonly { label: string; value: string | true }[]
  note: string
  forwarded: 'none' | 'queued' | 'sent' | 'not'
}

/** One enquiry, and how far it has come. */
export const EnquiryView = (
  props: AdminProps & {
    enquiry: EnquiryDetail
    timeZone: string
    done?: string | undefined
    problem?: 'note' | 'stale' | undefined
  },
) => {
  const { lang, enquiry, timeZone } = props
  const w = enquiryWords[lang]
  const at = (time: number | null) => (time === null ? null : formatTime(lang, time, timeZone))
  const facts = [
    [w.fields.state, w.states[enquiry.state]],
    [w.fields.received, at(enquiry.receivedAt)],
    [w.fields.name, enquiry.name],
    [w.fields.company, enquiry.company],
    [w.fields.title, enquiry.title],
    [w.fields.phone, enquiry.phone],
    [w.fields.email, enquiry.email],
    [w.fields.language, words[enquiry.language].languageName],
    [w.fields.source, enquiry.page],
    [w.fields.handled, at(enquiry.handledAt)],
    [w.fields.closed, at(enquiry.closedAt)],
  ] as const
  const mailto = `mailto:${encodeURIComponent(enquiry.email).replace('%40', '@')}?subject=${encodeURIComponent(w.replySubject(enquiry.form))}`
  return (
    <AdminPage
      {...props}
      title={w.one(enquiry.form)}
      current="enquiries"
      done={props.done}
      problem={props.problem !== undefined}
    >
      {props.problem ? (
        <div class="note bad" role="alert" tabindex={-1} autofocus>
          <p>{w.problems[props.problem]}</p>
        </div>
      ) : null}
      <dl class="grid">
        {facts.map(([label, value]) =>
          value === null ? null : (
            <div>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      <section aria-labelledby="answers">
        <h2 id="answers">{w.answers}</h2>
        <dl>
          {enquiry.answers.map(({ label, value }) => (
            <>
              <dt>{label}</dt>
              <dd class="note">{value === true ? w.yes : value}</dd>
            </>
          ))}
        </dl>
        <p>
          <a class="button" href={mailto}>
            {w.reply}
          </a>
        </p>
        <p class="soft">{w.forwarded[enquiry.forwarded]}</p>
      </section>
      <section aria-labelledby="handling">
        <h2 id="handling">{w.handling}</h2>
        <form method="post" action={`/admin/enquiries/${enquiry.id}`}>
          <div class="field">
            <label for="note">{w.note}</label>
            <p class="hint" id="note-hint">
              {w.noteHint}
            </p>
            <textarea id="note" name="note" maxlength={5000} aria-describedby="note-hint" children={enquiry.note} />
          </div>
          <div class="actions">
            {(['handled', 'closed', 'open'] as const)
              .filter((state) => isNext(enquiry.state, state))
              .map((state, n) => (
                <button name="state" value={state} class={n === 0 && enquiry.state !== 'closed' ? 'main' : undefined}>
                  {w.to[state]}
                </button>
              ))}
            <button name="state" value="">
              {w.save}
            </button>
          </div>
        </form>
        <p class="soft">{w.kept[enquiry.kind]}</p>
      </section>
    </AdminPage>
  )
}

function isNext(from: State, to: State): boolean {
  if (to === 'open') return from !== 'open'
  return to === 'handled' ? from === 'open' : from !== 'closed'
}
