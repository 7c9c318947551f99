import { adminWords } from '../words/admin.ts'
import { formatNumber, formatTime, type Language } from '../words/index.ts'
import { AdminPage, type AdminProps } from './admin.tsx'

const counted = ['proposed', 'queued', 'sending', 'sent', 'skipped', 'failed', 'uncertain', 'bounced'] as const

/** The counts of GET /api/v1/mailings/{id}. `bounced` were sent first, so it is no part of the sum. */
export type Counts = Readonly<Record<(typeof counted)[number], number>>

export type MailingSummary = {
  id: string
  href: string
  subject: string
  kind: 'newsletter' | 'price_list' | 'survey' | 'event'
  state: 'draft' | 'scheduled' | 'sending' | 'paused' | 'held' | 'finished' | 'cancelled'
  reason?: string | null | undefined
  /** milliseconds UTC; null = not scheduled */
  scheduledAt: number | null
  /** the mailing's own zone */
  timeZone: string
  counts: Counts
}

export const MailingsList = (
  props: AdminProps & { mailings: readonly MailingSummary[]; moreHref?: string | undefined },
) => {
  const w = adminWords[props.lang]
  return (
    <AdminPage {...props} title={w.mailings} current="mailings">
      <p class="links">
        <a href="/admin/mailings">{w.refresh}</a>
      </p>
      {props.mailings.length === 0 ? <p>{w.none}</p> : null}
      {props.mailings.map((mailing) => (
        <section>
          <h2>
            <a href={mailing.href}>{mailing.subject || w.noSubject}</a>
          </h2>
          <Facts lang={props.lang} mailing={mailing} />
          <MailingCounts lang={props.lang} id={mailing.id} counts={mailing.counts} />
        </section>
      ))}
      {props.moreHref ? (
        <p class="links">
          <a href={props.moreHref}>{w.more}</a>
        </p>
      ) : null}
    </AdminPage>
  )
}

/** One mailing. @param skippedBy how many were not sent, by the gate's reason */
export const MailingView = (
  props: AdminProps & { mailing: MailingSummary; skippedBy: Readonly<Record<string, number>> },
) => {
  const { lang, mailing } = props
  const w = adminWords[lang]
  const skipped = Object.entries(props.skippedBy).sort(([, a], [, b]) => b - a)
  return (
    <AdminPage {...props} title={mailing.subject || w.noSubject} current="mailings">
      <p class="links">
        <a href={mailing.href}>{w.refresh}</a>
      </p>
      <Facts lang={lang} mailing={mailing} />
      <h2>{w.countsTitle}</h2>
      <MailingCounts lang={lang} id={mailing.id} counts={mailing.counts} />
      {skipped.length > 0 ? (
        <>
          <h2 id="skipped">{w.skippedTitle}</h2>
          <table role="table" aria-labelledby="skipped">
            <thead role="rowgroup">
              <tr role="row">
                <th role="columnheader" scope="col" children={w.reason} />
                <th role="columnheader" scope="col" class="n" children={w.number} />
              </tr>
            </thead>
            <tbody role="rowgroup">
              {skipped.map(([reason, count]) => (
                <tr role="row">
                  <th role="rowheader" scope="row" children={reasonIn(lang, reason)} />
                  <td role="cell" class="n" data-label={w.number} children={formatNumber(lang, count)} />
                </tr>
              ))}
            </tbody>
          </table>
        </>
      ) : null}
    </AdminPage>
  )
}

/** Kind, state with its reason, time in the mailing's own zone. */
const Facts = ({ lang, mailing }: { lang: Language; mailing: MailingSummary }) => {
  const w = adminWords[lang]
  const { scheduledAt, timeZone, reason } = mailing
  const state = w.states[mailing.state] + (reason ? `: ${reasonIn(lang, reason)}` : '')
  const time = scheduledAt === null ? w.noSchedule : `${formatTime(lang, scheduledAt, timeZone)} (${timeZone})`
  return (
    <p>
      {w.kind}: {w.kinds[mailing.kind]} · {w.state}: <strong>{state}</strong> · {w.schedule}: {time}
    </p>
  )
}

/** A fragment of its own, so that a page can fetch it again while a mailing runs. */
const MailingCounts = ({ lang, id, counts }: { lang: Language; id: string; counts: Counts }) => {
  const w = adminWords[lang]
  const handled = counts.sent + counts.skipped + counts.failed
  const label = w.progress(formatNumber(lang, handled), formatNumber(lang, counts.proposed))
  return (
    <div id={`counts-${id}`}>
      {counts.proposed > 0 ? (
        <progress max={counts.proposed} value={handled} aria-label={label}>
          {label}
        </progress>
      ) : null}
      <dl class="counts">
        {counted.map((name) => (
          <div>
            <dt>{w.counts[name]}</dt>
            <dd>{formatNumber(lang, counts[name])}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** A reason that has no words yet is better shown as its key than hidden. */
function reasonIn(lang: Language, reason: string): string {
  const { reasons } = adminWords[lang]
  return (Object.hasOwn(reasons, reason) ? reasons[reason] : undefined) ?? reason
}
