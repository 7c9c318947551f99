import type { AdminProps } from '../admin.tsx'
import { Table } from '../table.tsx'
import { formatTime, type Language } from '../../words/index.ts'
import { mailingStepWords, type MailingStepWords } from '../../words/admin/mailings.ts'
import { mendIn, reasonIn } from '../../words/admin/reasons.ts'
import { mailingHref, MailingPage, type MailingHead } from './mailingPage.tsx'

export type DeliveryStateName = keyof MailingStepWords['recipients']['states']

export type ShownDelivery = {
  contactId: string | null
  /** null when the contact was erased */
  address: string | null
  state: DeliveryStateName
  reason: string | null
  allowedBy: string | null
  reply: string | null
  sentAt: number | null
  bouncedAt: number | null
}

/** What became of each recipient. @param state the only state that is shown; null = all */
export const MailingRecipients = (
  props: AdminProps & {
    mailing: MailingHead
    deliveries: readonly ShownDelivery[]
    state: DeliveryStateName | null
    timeZone: string
    moreHref?: string | undefined
    firstHref?: string | undefined
  },
) => {
  const { lang, mailing, deliveries, state, timeZone } = props
  const w = mailingStepWords[lang].recipients
  const here = mailingHref(mailing.id, 'recipients')
  return (
    <MailingPage {...props} tab="recipients">
      <h2 id="recipients">{w.title}</h2>
      <nav class="parts steps" aria-label={w.filter}>
        <a href={here} aria-current={state === null ? 'page' : undefined}>
          {w.all}
        </a>
        {(Object.keys(w.states) as DeliveryStateName[]).map((one) => (
          <a href={`${here}?state=${one}`} aria-current={one === state ? 'page' : undefined}>
            {w.states[one]}
          </a>
        ))}
      </nav>
      {deliveries.length === 0 ? <p>{w.none}</p> : null}
      {deliveries.length === 0 ? null : (
        <Table
          labelledBy="recipients"
          columns={[
            { label: w.contact },
            { label: w.state },
            { label: w.reason },
            { label: w.allowedBy },
            { label: w.sent },
          ]}
          rows={deliveries.map((one) => [
            <Who lang={lang} delivery={one} />,
            <span class="tag">{w.states[one.state]}</span>,
            <Why lang={lang} delivery={one} />,
            <span class="nb">{one.allowedBy === null ? '–' : ruleIn(lang, one.allowedBy)}</span>,
            <When lang={lang} delivery={one} timeZone={timeZone} />,
          ])}
        />
      )}
      {props.moreHref || props.firstHref ? (
        <p class="links">
          {props.firstHref ? <a href={props.firstHref}>{w.first}</a> : null}
          {props.moreHref ? <a href={props.moreHref}>{w.more}</a> : null}
        </p>
      ) : null}
    </MailingPage>
  )
}

type Of = { lang: Language; delivery: ShownDelivery }

const Who = ({ lang, delivery: { contactId, address } }: Of) =>
  address === null ? (
    <span class="soft">{mailingStepWords[lang].recipients.erased}</span>
  ) : (
    <a href={`/admin/contacts/${contactId}`}>{address}</a>
  )

const Why = ({ lang, delivery: { reason, reply, state } }: Of) => {
  const w = mailingStepWords[lang].recipients
  if (reason === null) return <span>–</span>
  return (
    <>
      {reasonIn(lang, reason)}
      <span class="hint"> {mendIn(lang, reason)}</span>
      {reply !== null && state !== 'sent' ? (
        <details>
          <summary>{w.reply}</summary>
          <code>{reply}</code>
        </details>
      ) : null}
    </>
  )
}

const When = ({ lang, delivery: { sentAt, bouncedAt }, timeZone }: Of & { timeZone: string }) => (
  <>
    {sentAt === null ? '–' : formatTime(lang, sentAt, timeZone)}
    {bouncedAt === null
      ? ''
      : ` (${mailingStepWords[lang].recipients.bounced} ${formatTime(lang, bouncedAt, timeZone)})`}
  </>
)

function ruleIn(lang: Language, rule: string): string {
  const { rules } = mailingStepWords[lang].recipients
  return (Object.hasOwn(rules, rule) ? rules[rule] : undefined) ?? rule
}
