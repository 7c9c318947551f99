import { sql } from 'kysely'
import type { Store } from './store.ts'

const DAY_MS = 86_400_000

/**
 * A peer said that the address does not exist. One word is no proof: the address counts as dead when it was said again on
 * another day (RFC 3464 App. C, standards A4-7). Kept apart from bans: this is no objection.
 * @param hash the address's strict hash
 */
export function noteDeadAddress(store: Store, hash: string, reason: string, now: number) {
  return sql`
    insert into dead_addresses (hash, reason, first_at) values (${hash}, ${reason}, ${now})
    on conflict (hash) do update set confirmed_at = coalesce(dead_addresses.confirmed_at,
      case when dead_addresses.first_at < ${now - DAY_MS} then cast(${now} as bigint) end)`.compile(store.db)
}
