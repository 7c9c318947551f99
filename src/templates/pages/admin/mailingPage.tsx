import type { Child } from 'hono/jsx'
import { AdminPage, type AdminProps } from '../admin.tsx'
import { formatTime, type Language } from '../../words/index.ts'
import { mailingWords, type MailingWords } from '../../words/admin/mailings.ts'
import { reasonIn } from '../../words/admin/reasons.ts'

export type MailingKind = keyof MailingWords['kinds']
export type MailingStateName = keyof MailingWords['states']

/** What every screen of one mailing says of it. */
export type MailingHead = {
  id: string
  subject: string
  kind: MailingKind
  state: MailingStateName
  reason: string | null
  /** milliseconds UTC; null = not scheduled */
  scheduledAt: number | null
  /** the mailing's own zone */
  timeZone: string
}

export type MailingTab = keyof MailingWords['tabs']

const tabsOf: Partial<Record<MailingStateName, readonly MailingTab[]>> = {
  draft: ['edit', 'files', 'preview', 'check', 'schedule'],
  scheduled: ['watch', 'preview', 'check', 'schedule'],
}
const tabsAfter: readonly MailingTab[] = ['watch', 'recipients', 'preview']

export const mailingHref = (id: string, tab: MailingTab = 'watch') =>
  tab === 'watch' ? `/admin/mailings/${id}` : `/admin/mailings/${id}/${tab === 'files' ? 'attachments' : tab}`

/** A screen of one mailing: its subject, its state, the steps of its life, and the content of the open one. */
export const MailingPage = (
  props: AdminProps & {
    mailing: MailingHead
    tab: MailingTab | null
    problem?: boolean
    /** a key of `mailingWords[lang].done` */
    done?: string | undefined
    children?: Child
  },
) => {
  const { lang, mailing, tab } = props
  const w = mailingWords[lang]
  const done = props.done !== undefined && Object.hasOwn(w.done, props.done) ? w.done[props.done] : undefined
  return (
    <AdminPage {...props} title={mailing.subject || w.noSubject} current="mailings" done={done}>
      <StateLine lang={lang} mailing={mailing} />
      <nav class="parts steps" aria-label={w.steps}>
        {(tabsOf[mailing.state] ?? tabsAfter).map((one) => (
          <a href={mailingHref(mailing.id, one)} aria-current={one === tab ? 'page' : undefined}>
            {mailing.state === 'finished' && one === 'watch' ? w.tabs.report : w.tabs[one]}
          </a>
        ))}
      </nav>
      {props.children}
    </AdminPage>
  )
}

/** Kind, state and the time in the mailing's own zone. */
const StateLine = ({ lang, mailing }: { lang: Language; mailing: MailingHead }) => {
  const w = mailingWords[lang]
  return (
    <p class="soft">
      {w.kinds[mailing.kind]} · <StateTag lang={lang} mailing={{ ...mailing, reason: null }} /> ·{' '}
      {timeOf(lang, mailing)}
    </p>
  )
}

export const StateTag = ({ lang, mailing }: { lang: Language; mailing: Pick<MailingHead, 'state' | 'reason'> }) => (
  <span class="tag">
    {mailingWords[lang].states[mailing.state]}
    {mailing.reason === null ? '' : `: ${reasonIn(lang, mailing.reason)}`}
  </span>
)

export function timeOf(lang: Language, { scheduledAt, timeZone }: Pick<MailingHead, 'scheduledAt' | 'timeZone'>) {
  return scheduledAt === null
    ? mailingWords[lang].noSchedule
    : `${formatTime(lang, scheduledAt, timeZone)} (${timeZone})`
}
