import { sql } from 'kysely'
import type { Store } from '../../src/store/store.ts'

/** A small row: one setting. */
export const setting = (store: Store, key: string, value = 'on') =>
  store.db.insertInto('settings').values({ key, value, updated_at: 1 })

/** What `store.each` takes: rows as one bound JSON parameter. */
export const json = (rows: readonly object[]) => sql`${JSON.stringify(rows)}`

/** Puts deliveries of the mailing `m1` into the queue. */
export function queue(store: Store, ids: readonly string[], dueAt: number) {
  const rows = json(ids.map((id) => ({ id })))
  return sql`
    insert into deliveries (id, mailing_id, kind, class, state, due_at, attempts, created_at)
    select x.value ->> 'id', 'm1', 'newsletter', 'marketing', 'queued', ${dueAt}, 0, ${dueAt} from ${store.each(rows)} as x
  `.compile(store.db)
}

/** The shape of every claim: the rows are chosen once, passing over those that others are about to take. */
export function claim(store: Store, lease: string, now: number, limit: number) {
  return sql<{ id: string }>`
    with chosen as (
      select d.id from deliveries d where d.mailing_id = 'm1' and d.state = 'queued' and d.due_at <= ${now}
      order by d.due_at, d.id limit ${limit} ${store.skipLocked})
    update deliveries set state = 'sending', lease = ${lease}, lease_until = ${now + 30_000}
    where state = 'queued' and id in (select id from chosen) returning id
  `.compile(store.db)
}
