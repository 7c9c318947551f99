import { sql, type RawBuilder } from 'kysely'
import type { Store } from './store.ts'

const HOUR_MS = 3_600_000

/** Counts one use of `key` in its window; the row's new number is returned. */
export function countOne(store: Store, key: string, now: number, windowMs = HOUR_MS) {
  const bucket = now - (now % windowMs)
  return sql<{ n: number }>`
    insert into counters (key, bucket, n) values (${key}, ${bucket}, 1)
    on conflict (key, bucket) do update set n = counters.n + 1
    returning n`.compile(store.db)
}

/** Counts one use of each key in its own bucket, if an earlier write of the same batch made `condition` true. */
export function countIf(
  store: Store,
  uses: readonly { key: string; bucket: number }[],
  condition: RawBuilder<unknown>,
) {
  return sql`
    insert into counters (key, bucket, n)
    select u.value ->> 'key', cast(u.value ->> 'bucket' as bigint), 1 from ${store.each(sql`${JSON.stringify(uses)}`)} as u
    where ${condition}
    on conflict (key, bucket) do update set n = counters.n + 1`.compile(store.db)
}

/** True while none of these counters has reached its cap in that bucket. */
export function underCaps(caps: readonly { key: string; cap: number }[], bucket: number): RawBuilder<unknown> {
  const reached = sql.join(
    caps.map(({ key, cap }) => sql`(key = ${key} and bucket = ${bucket} and n >= ${cap})`),
    sql` or `,
  )
  return sql`not exists (select 1 from counters where ${reached})`
}
