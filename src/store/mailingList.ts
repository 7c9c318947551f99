import type { ExpressionBuilder } from 'kysely'
import type { MailingState } from '../rules/mailing.ts'
import type { Store } from './store.ts'
import type { MailingRow, Tables } from './tables.ts'

type Where = ExpressionBuilder<Tables, 'mailings'>
type Time = 'cancelled_at' | 'finished_at' | 'paused_at' | 'held_at' | 'started_at' | 'scheduled_at'

/** Which times are there and which are not, as mailingState (rules/mailing.ts) reads them. */
const times: Record<MailingState, { is: Time | null; not: readonly Time[] }> = {
  cancelled: { is: 'cancelled_at', not: [] },
  finished: { is: 'finished_at', not: ['cancelled_at'] },
  paused: { is: 'paused_at', not: ['cancelled_at', 'finished_at'] },
  held: { is: 'held_at', not: ['cancelled_at', 'finished_at', 'paused_at'] },
  sending: { is: 'started_at', not: ['cancelled_at', 'finished_at', 'paused_at', 'held_at'] },
  scheduled: { is: 'scheduled_at', not: ['cancelled_at', 'finished_at', 'paused_at', 'held_at', 'started_at'] },
  draft: { is: null, not: ['cancelled_at', 'finished_at', 'paused_at', 'held_at', 'started_at', 'scheduled_at'] },
}

/** The mailings in a state, or all; newest first, behind the given one. */
export async function mailingsIn(
  { db }: Store,
  state: MailingState | null,
  before: string | undefined,
  limit: number,
): Promise<MailingRow[]> {
  let query = db.selectFrom('mailings').selectAll().orderBy('id', 'desc').limit(limit)
  if (before !== undefined) query = query.where('id', '<', before)
  if (state === null) return query.execute()
  const { is, not } = times[state]
  return query
    .where((e: Where) => e.and([...(is ? [e(is, 'is not', null)] : []), ...not.map((time) => e(time, 'is', null))]))
    .execute()
}
