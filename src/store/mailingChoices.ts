import { sql } from 'kysely'
import type { Store } from './store.ts'

/** What a form about a mailing offers: reads for people who choose, a few hundred rows at most. */

const CHOICES_MAX = 500

/** The price groups that companies have. */
export async function priceGroups({ db }: Store): Promise<string[]> {
  const query = db.selectFrom('companies').select('price_group').distinct().where('price_group', 'is not', null)
  const rows = await query.orderBy('price_group').limit(CHOICES_MAX).execute()
  return rows.flatMap((row) => (row.price_group === null ? [] : [row.price_group]))
}

/** Users who can get a test message, by address. */
export async function staffAddresses({ db }: Store): Promise<string[]> {
  const query = db.selectFrom('users').select('address').where('address', '!=', '').where('disabled_at', 'is', null)
  return (await query.orderBy('address').limit(CHOICES_MAX).execute()).map(({ address }) => address)
}

export type NamedCompany = { id: string; name: string; businessId: string | null }

export async function companiesById(store: Store, ids: readonly string[]): Promise<NamedCompany[]> {
  return among(store, ids, 'c.id')
}

/** Companies of exactly these names or business ids. */
export async function companiesCalled(store: Store, given: readonly string[]): Promise<NamedCompany[]> {
  // PostgreSQL reads no NUL from JSON, and no company is called so.
  const names = given.filter((name) => !name.includes('\0'))
  const [byId, byName] = await Promise.all([among(store, names, 'c.business_id'), among(store, names, 'c.name')])
  return [...new Map([...byId, ...byName].map((one) => [one.id, one])).values()]
}

async function among(store: Store, values: readonly string[], column: 'c.id' | 'c.name' | 'c.business_id') {
  if (values.length === 0) return []
  const list = sql`${JSON.stringify(values.map((v) => ({ v })))}`
  const { rows } = await sql<NamedCompany>`
    select c.id, c.name, c.business_id as "businessId" from companies c
    where ${sql.ref(column)} in (select a.value ->> 'v' from ${store.each(list)} as a)
    order by c.name, c.id`.execute(store.db)
  return rows
}

/** The addresses of contacts, for whoever may see them; erased ones are not there. */
export async function addressesOf(store: Store, contactIds: readonly string[]): Promise<Map<string, string>> {
  if (contactIds.length === 0) return new Map()
  const list = sql`${JSON.stringify(contactIds.map((v) => ({ v })))}`
  const { rows } = await sql<{ id: string; address: string }>`
    select c.id, c.address from contacts c
    where c.id in (select a.value ->> 'v' from ${store.each(list)} as a)`.execute(store.db)
  return new Map(rows.map(({ id, address }) => [id, address]))
}
