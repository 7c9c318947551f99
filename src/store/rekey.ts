import { sql } from 'kysely'
import type { Store } from './store.ts'

/** Who has match keys, and from what they are made. */
export type KeyedTable = 'contacts' | 'signups' | 'companies' | 'deliveries'
export type KeySource = {
  id: string
  keys: string
  address: string | null
  phone: string | null
  business_id: string | null
}

const CHUNK = 500

/** The next rows behind the given id whose keys are to be made anew; of deliveries those that are still to go out. */
export function keySources({ db }: Store, table: KeyedTable, after: string): Promise<KeySource[]> {
  const nothing = sql<null>`null`
  switch (table) {
    case 'contacts':
      return db
        .selectFrom('contacts')
        .leftJoin('companies', 'companies.id', 'contacts.company_id')
        .select(['contacts.id', 'contacts.keys', 'contacts.address', 'contacts.phone', 'companies.business_id'])
        .where('contacts.id', '>', after)
        .orderBy('contacts.id')
        .limit(CHUNK)
        .execute()
    case 'signups':
      return db
        .selectFrom('signups')
        .select(['id', 'keys', 'address', nothing.as('phone'), nothing.as('business_id')])
        .where('confirmed_at', 'is', null)
        .where('id', '>', after)
        .orderBy('id')
        .limit(CHUNK)
        .execute()
    case 'companies':
      return db
        .selectFrom('companies')
        .select(['id', 'keys', nothing.as('address'), nothing.as('phone'), 'business_id'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(CHUNK)
        .execute()
    case 'deliveries':
      return db
        .selectFrom('deliveries')
        .select(['id', sql<string>`keys`.as('keys'), 'address', nothing.as('phone'), nothing.as('business_id')])
        .where('state', 'in', ['queued', 'sending'])
        .where('address', 'is not', null)
        .where('keys', 'is not', null)
        .where('id', '>', after)
        .orderBy('id')
        .limit(CHUNK)
        .execute()
  }
}

/** Sets keys that are still as they were seen: a row that somebody else just changed has keys of its own. */
export function setKeys(store: Store, table: KeyedTable, rows: readonly { id: string; seen: string; keys: string }[]) {
  return sql`update ${sql.table(table)} set keys = r.value ->> 'keys'
    from ${store.each(sql`${JSON.stringify(rows)}`)} as r
    where ${sql.table(table)}.id = (r.value ->> 'id') and ${sql.table(table)}.keys = (r.value ->> 'seen')`.compile(
    store.db,
  )
}

/** Writes every ban that an old hash hits under the new one too. */
export function copyBanKeys(store: Store, pairs: readonly { old: string; new: string }[], keyId: string) {
  const rows = JSON.stringify(pairs.map((pair) => ({ o: pair.old, n: pair.new })))
  return sql`
    insert into ban_keys (hash, ban_id, key_id, form)
    select p.value ->> 'n', b.ban_id, ${keyId}, b.form
    from ${store.each(sql`${rows}`)} as p join ban_keys b on b.hash = (p.value ->> 'o')
    where 1 = 1
    on conflict do nothing`.compile(store.db)
}

/** The keys without which bans in force could not be found any more. */
export async function lostKeys({ db }: Store, ring: readonly string[]): Promise<string[]> {
  const used = await db.selectFrom('ban_keys').select('key_id').distinct().execute()
  const gone = used.map((row) => row.key_id).filter((id) => !ring.includes(id))
  if (gone.length === 0) return []
  const rows = await db
    .selectFrom('ban_keys as k')
    .innerJoin('bans as b', 'b.id', 'k.ban_id')
    .select('k.key_id')
    .distinct()
    .where('k.key_id', 'in', gone)
    .where('b.lifted_at', 'is', null)
    .where('k.form', '=', 'strict')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('ban_keys as other')
            .select('other.hash')
            .whereRef('other.ban_id', '=', 'k.ban_id')
            .where('other.form', '=', 'strict')
            .where('other.key_id', 'in', ring),
        ),
      ),
    )
    .execute()
  return rows.map((row) => row.key_id)
}
