import type { Store } from './store.ts'
import type { BanRow } from './tables.ts'

/** Bans by the time of their adding, newest first, behind the given one. Whom they ban is not stored. */
export async function recentBans(
  { db }: Store,
  limit: number,
  before: { at: number; id: string } | null,
): Promise<BanRow[]> {
  const query = db.selectFrom('bans').selectAll().orderBy('at', 'desc').orderBy('id', 'desc').limit(limit)
  if (!before) return query.execute()
  return query
    .where('at', '<=', before.at)
    .where((e) => e.or([e('at', '<', before.at), e('id', '<', before.id)]))
    .execute()
}
