import { idList } from './idList.ts'
import type { Store } from './store.ts'

export type MailingCounts = Record<
  'proposed' | 'queued' | 'sending' | 'sent' | 'skipped' | 'failed' | 'uncertain' | 'bounced',
  number
>

/** Live counts of mailings and why recipients were skipped, in two reads for any number of mailings. */
export async function countsOf(store: Store, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, { counts: MailingCounts; skippedBy: Record<string, number> }>()
  const rows = await store.db
    .selectFrom('deliveries')
    .select((e) => [
      'mailing_id',
      'state',
      'reason',
      e.cast<number>(e.fn.countAll(), 'integer').as('n'),
      e.cast<number>(e.fn.count('bounced_at'), 'integer').as('bounced'),
    ])
    .where('mailing_id', 'in', idList(store, ids))
    .groupBy(['mailing_id', 'state', 'reason'])
    .execute()
  return new Map(
    ids.map((id) => {
      const counts: MailingCounts = {
        proposed: 0,
        queued: 0,
        sending: 0,
        sent: 0,
        skipped: 0,
        failed: 0,
        uncertain: 0,
        bounced: 0,
      }
      const skippedBy: Record<string, number> = {}
      for (const row of rows.filter((candidate) => candidate.mailing_id === id)) {
        counts[row.state] += row.n
        counts.proposed += row.n
        counts.bounced += row.bounced
        if (row.state === 'skipped')
          skippedBy[row.reason ?? 'unknown'] = (skippedBy[row.reason ?? 'unknown'] ?? 0) + row.n
      }
      return [id, { counts, skippedBy }] as const
    }),
  )
}
