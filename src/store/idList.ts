import { sql, type RawBuilder } from 'kysely'
import type { Store } from './store.ts'

/**
 * Any number of ids for `where … in`, as one bound parameter: a statement of D1 has room for few, and a page of a list is longer.
 */
export function idList(store: Store, ids: readonly string[]): RawBuilder<string> {
  const rows = JSON.stringify(ids.map((id) => ({ id })))
  return sql<string>`(select i.value ->> 'id' from ${store.each(sql`${rows}`)} as i)`
}
