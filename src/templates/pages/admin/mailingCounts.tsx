import { Table } from '../table.tsx'
import { formatNumber, type Language } from '../../words/index.ts'
import { mailingStepWords } from '../../words/admin/mailings.ts'
import { mendIn, reasonIn } from '../../words/admin/reasons.ts'
import type { MailingHead } from './mailingPage.tsx'

const counted = ['proposed', 'queued', 'sending', 'sent', 'skipped', 'failed', 'uncertain', 'bounced'] as const

/** The counts of GET /api/v1/mailings/{id}. `bounced` were sent first, so it is no part of the sum. */
export type Counts = Readonly<Record<(typeof counted)[number], number>>

export type Watched = {
  mailing: MailingHead
  counts: Counts
  /** how many were not sent, by the gate's reason */
  skippedBy: Readonly<Record<string, number>>
  /** the recipients are still being put together */
  proposing: boolean
}

/** The piece that is fetched again: how far it is, the counts, and why some were skipped. */
export const MailingCounts = ({ lang, counts, skippedBy, proposing }: Watched & { lang: Language }) => {
  const w = mailingStepWords[lang].watch
  const handled = counts.sent + counts.skipped + counts.failed
  const label = w.progress(formatNumber(lang, handled), formatNumber(lang, counts.proposed))
  const skipped = Object.entries(skippedBy).sort(([, a], [, b]) => b - a)
  return (
    <>
      {counts.proposed > 0 ? (
        <>
          <progress max={counts.proposed} value={handled} aria-label={label} />
          <p class="soft">{label}</p>
        </>
      ) : null}
      {proposing ? <p class="soft">{w.proposing}</p> : null}
      <dl class="counts">
        {counted.map((name) => (
          <div>
            <dt>{w.counts[name]}</dt>
            <dd>{formatNumber(lang, counts[name])}</dd>
          </div>
        ))}
      </dl>
      {skipped.length > 0 ? (
        <>
          <h2 id="skipped">{w.skippedTitle}</h2>
          <Table
            labelledBy="skipped"
            columns={[
              { label: mailingStepWords[lang].check.reason },
              { label: mailingStepWords[lang].check.number, number: true },
              { label: mailingStepWords[lang].check.mend },
            ]}
            rows={skipped.map(([reason, n]) => [reasonIn(lang, reason), formatNumber(lang, n), mendIn(lang, reason)])}
          />
        </>
      ) : null}
    </>
  )
}
