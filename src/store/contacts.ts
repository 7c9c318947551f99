import { sql } from 'kysely'
import type { Store } from './store.ts'
import type { CompanyRow, ContactRow } from './tables.ts'

export async function contactByStrict({ db }: Store, strict: string): Promise<ContactRow | null> {
  return (await db.selectFrom('contacts').selectAll().where('strict', '=', strict).executeTakeFirst()) ?? null
}

/** The company that owns the nearest of these domains (the address's own first), if one is known. */
export async function companyByDomain({ db }: Store, domains: readonly string[]): Promise<CompanyRow | null> {
  const rows = await db
    .selectFrom('company_domains')
    .innerJoin('companies', 'companies.id', 'company_domains.company_id')
    .selectAll('companies')
    .select('company_domains.domain')
    .where('company_domains.domain', 'in', domains)
    .execute()
  const nearest = domains.map((domain) => rows.find((row) => row.domain === domain)).find((row) => row !== undefined)
  if (!nearest) return null
  const { domain: _, ...company } = nearest
  return company
}

/** Adds a contact unless the address is known. Returns its id when it was added. */
export function addContact(store: Store, contact: Omit<ContactRow, 'updated_at'>) {
  return store.db
    .insertInto('contacts')
    .values({ ...contact, updated_at: contact.created_at })
    .onConflict((conflict) => conflict.column('strict').doNothing())
    .returning('id')
}

/**
 * Fills in what a known contact lacks. Nothing that stands there is changed: whoever typed an address into a form may be
 * anybody (features 21).
 */
export function fillBlanks(
  store: Store,
  {
    strict,
    name,
    title,
    phone,
    company_id,
    company_name,
    fields,
    keys,
    created_at: now,
  }: Omit<ContactRow, 'updated_at'>,
  known: Pick<ContactRow, 'fields' | 'keys' | 'phone'> | null,
) {
  const or = (column: 'name' | 'title' | 'phone' | 'company_id' | 'company_name', value: string | null) =>
    sql<string | null>`coalesce(${sql.ref(column)}, ${value})`
  const merged = known && JSON.stringify({ ...(JSON.parse(fields) as object), ...(JSON.parse(known.fields) as object) })
  return store.db
    .updateTable('contacts')
    .set({
      name: or('name', name),
      title: or('title', title),
      phone: or('phone', phone),
      company_id: or('company_id', company_id),
      company_name: or('company_name', company_name),
      ...(known === null || merged === known.fields ? {} : { fields: merged ?? '{}' }),
      // A number that was filled in brings its match key along.
      ...(known !== null && known.phone === null && phone !== null ? { keys } : {}),
      updated_at: now,
    })
    .where('strict', '=', strict)
}

export async function contactById({ db }: Store, id: string): Promise<ContactRow | null> {
  return (await db.selectFrom('contacts').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** Contacts by id, behind the given one. */
export async function listContacts({ db }: Store, after: string, limit: number): Promise<ContactRow[]> {
  return db.selectFrom('contacts').selectAll().where('id', '>', after).orderBy('id').limit(limit).execute()
}

/** Changes a contact that is still as it was seen, unless another has the new address. Returns the row when it was so. */
export function changeContactSeen(
  store: Store,
  seen: Pick<ContactRow, 'id' | 'updated_at' | 'strict'>,
  columns: Partial<ContactRow>,
) {
  const strict = columns.strict ?? seen.strict
  return store.db
    .updateTable('contacts')
    .set(columns)
    .where('id', '=', seen.id)
    .where('updated_at', '=', seen.updated_at)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('contacts as other')
            .select('other.id')
            .where('other.strict', '=', strict)
            .where('other.id', '<>', seen.id),
        ),
      ),
    )
    .returningAll()
}

/** Whether a contact of another address has this external id. */
export async function isExternalIdTaken({ db }: Store, externalId: string, strict: string): Promise<boolean> {
  const query = db
    .selectFrom('contacts')
    .select('id')
    .where('external_id', '=', externalId)
    .where('strict', '<>', strict)
  return (await query.executeTakeFirst()) !== undefined
}
