import { sql } from 'kysely'
import type { Store } from './store.ts'
import type { BanRow, CompanyRow, ContactRow, PermissionRow } from './tables.ts'

// Rows travel as arrays, each read once (`materialized`): on SQLite objects read key by key cost five times the insert itself.

/** Many texts as one parameter. */
const list = (store: Store, texts: readonly string[]) => store.each(sql`${JSON.stringify(texts.map((text) => [text]))}`)

/** The contacts with these addresses. */
export async function contactsByStricts(store: Store, stricts: readonly string[]): Promise<ContactRow[]> {
  const { rows } = await sql<ContactRow>`
    select c.* from ${list(store, stricts)} as s join contacts c on c.strict = (s.value ->> 0)`.execute(store.db)
  return rows
}

/** Every permission of these contacts, whatever became of it. */
export async function permissionsOfMany(
  store: Store,
  contactIds: readonly string[],
): Promise<(PermissionRow & { contact_id: string })[]> {
  if (contactIds.length === 0) return []
  const { rows } = await sql<PermissionRow & { contact_id: string }>`
    select p.* from ${list(store, contactIds)} as s join permissions p on p.contact_id = (s.value ->> 0)`.execute(
    store.db,
  )
  return rows
}

/** Every ban in force that one of these hashes hits, with the hash. */
export async function bansOnHashes(
  store: Store,
  hashes: readonly string[],
): Promise<(BanRow & { hash: string; form: 'strict' | 'loose' })[]> {
  if (hashes.length === 0) return []
  const { rows } = await sql<BanRow & { hash: string; form: 'strict' | 'loose' }>`
    select b.*, k.hash, k.form from ${list(store, hashes)} as s
    join ban_keys k on k.hash = (s.value ->> 0) join bans b on b.id = k.ban_id
    where b.lifted_at is null`.execute(store.db)
  return rows
}

/** Who has these external ids. */
export async function contactsByExternalIds(store: Store, externalIds: readonly string[]) {
  if (externalIds.length === 0) return []
  const { rows } = await sql<{ strict: string; external_id: string }>`
    select c.strict, c.external_id from ${list(store, externalIds)} as s
    join contacts c on c.external_id = (s.value ->> 0)`.execute(store.db)
  return rows
}

/** The companies with these ids, business ids or names, and those that own these domains, each with what it was found by. */
export async function companiesBy(
  store: Store,
  by: Record<'ids' | 'businessIds' | 'names' | 'domains', readonly string[]>,
): Promise<{ by: 'id' | 'businessId' | 'name' | 'domain'; key: string; company: CompanyRow }[]> {
  const found = await Promise.all([
    by.ids.length === 0 ? [] : named(store, 'id', by.ids, sql`companies co on co.id = (s.value ->> 0)`),
    by.businessIds.length === 0
      ? []
      : named(store, 'businessId', by.businessIds, sql`companies co on co.business_id = (s.value ->> 0)`),
    by.names.length === 0 ? [] : named(store, 'name', by.names, sql`companies co on co.name = (s.value ->> 0)`),
    by.domains.length === 0
      ? []
      : named(
          store,
          'domain',
          by.domains,
          sql`company_domains d on d.domain = (s.value ->> 0) join companies co on co.id = d.company_id`,
        ),
  ])
  return found.flat()
}

async function named<By extends string>(store: Store, by: By, keys: readonly string[], join: ReturnType<typeof sql>) {
  const { rows } = await sql<CompanyRow & { key: string }>`
    select s.value ->> 0 as key, co.* from ${list(store, keys)} as s join ${join} order by co.id`.execute(store.db)
  return rows.map(({ key, ...company }) => ({ by, key, company }))
}

/** Adds companies; one whose business id came in meanwhile fails the batch, which is then decided anew. */
export function addCompanies(store: Store, rows: readonly CompanyRow[]) {
  const cells = rows.map((row) => [
    row.id,
    row.name,
    row.business_id,
    row.form,
    row.address,
    row.price_group,
    row.keys,
    row.created_at,
    row.updated_at,
  ])
  return sql`
    with n as materialized (select value as c from ${store.each(sql`${JSON.stringify(cells)}`)} as each)
    insert into companies (id, name, business_id, form, address, price_group, keys, created_at, updated_at)
    select c ->> 0, c ->> 1, c ->> 2, c ->> 3, c ->> 4, c ->> 5, c ->> 6, cast(c ->> 7 as bigint), cast(c ->> 8 as bigint)
    from n`.compile(store.db)
}

/** A row as it shall be, with the `updated_at` that it was seen with. */
export type Seen<Row> = Row & { seen: number }

/** Writes known companies as they are from now on; one that changed meanwhile fails the batch, which is then decided anew. */
export function changeCompanies(store: Store, rows: readonly Seen<CompanyRow>[]) {
  const given = sql`${store.each(sql`${JSON.stringify(rows)}`)} as n`
  const update = sql`
    update companies set name = n.value ->> 'name', business_id = n.value ->> 'business_id', address = n.value ->> 'address',
      price_group = n.value ->> 'price_group', keys = n.value ->> 'keys', updated_at = cast(n.value ->> 'updated_at' as bigint)
    from ${given}
    where companies.id = (n.value ->> 'id') and companies.updated_at = cast(n.value ->> 'seen' as bigint)`
  // A row that is not as it was to become is added a second time, which its id does not let pass.
  const guard = sql`
    insert into companies select co.* from ${given} join companies co on co.id = (n.value ->> 'id')
    where (co.name, co.business_id, co.address, co.price_group, co.keys) is distinct from (n.value ->> 'name',
      n.value ->> 'business_id', n.value ->> 'address', n.value ->> 'price_group', n.value ->> 'keys')`
  return [update.compile(store.db), guard.compile(store.db)]
}

export type AddedContact = Omit<
  ContactRow,
  'class_by' | 'source' | 'fields' | 'restricted_at' | 'created_at' | 'updated_at'
>

/** Adds contacts; one whose address or external id came in meanwhile fails the batch, which is then decided anew. */
export function addContacts(store: Store, rows: readonly AddedContact[], source: string, now: number) {
  const cells = rows.map((row) => [
    row.id,
    row.strict,
    row.address,
    row.domain,
    row.name,
    row.title,
    row.phone,
    row.language,
    row.company_id,
    row.company_name,
    row.external_id,
    row.class,
    row.keys,
  ])
  return sql`
    with n as materialized (select value as c from ${store.each(sql`${JSON.stringify(cells)}`)} as each)
    insert into contacts (id, strict, address, domain, name, title, phone, language, company_id, company_name, external_id, class,
      keys, source, fields, created_at, updated_at)
    select c ->> 0, c ->> 1, c ->> 2, c ->> 3, c ->> 4, c ->> 5, c ->> 6, c ->> 7, c ->> 8, c ->> 9, c ->> 10, c ->> 11,
      c ->> 12, ${source}, '{}', cast(${now} as bigint), cast(${now} as bigint)
    from n`.compile(store.db)
}

/**
 * Writes known contacts as they are from now on; permissions are not touched. One that changed meanwhile fails the batch, which
 * is then decided anew.
 */
export function changeContacts(store: Store, rows: readonly Seen<ContactRow>[]) {
  const given = sql`${store.each(sql`${JSON.stringify(rows)}`)} as n`
  const update = sql`
    update contacts set address = n.value ->> 'address', name = n.value ->> 'name', title = n.value ->> 'title', phone = n.value ->> 'phone',
      language = n.value ->> 'language', company_id = n.value ->> 'company_id', company_name = n.value ->> 'company_name',
      external_id = n.value ->> 'external_id', class = n.value ->> 'class', keys = n.value ->> 'keys',
      updated_at = cast(n.value ->> 'updated_at' as bigint)
    from ${given}
    where contacts.id = (n.value ->> 'id') and contacts.updated_at = cast(n.value ->> 'seen' as bigint)`
  // A row that is not as it was to become is added a second time, which its id does not let pass.
  const guard = sql`
    insert into contacts select c.* from ${given} join contacts c on c.id = (n.value ->> 'id')
    where (c.strict, c.address, c.name, c.title, c.phone, c.language, c.company_id, c.company_name, c.external_id, c.class, c.keys)
      is distinct from (n.value ->> 'strict', n.value ->> 'address', n.value ->> 'name', n.value ->> 'title', n.value ->> 'phone',
        n.value ->> 'language', n.value ->> 'company_id', n.value ->> 'company_name', n.value ->> 'external_id',
        n.value ->> 'class', n.value ->> 'keys')`
  return [update.compile(store.db), guard.compile(store.db)]
}

export type ImportedPermission = Pick<
  PermissionRow,
  'id' | 'topic' | 'rule' | 'basis' | 'evidence' | 'confirmed_at' | 'expires_at'
> & {
  contact_id: string
}

/** Permissions of contacts that are (still) there. `requested_at` is now: no mailing that runs takes them in. */
export function addPermissions(
  store: Store,
  rows: readonly ImportedPermission[],
  of: { source: string; by: string },
  now: number,
) {
  const cells = rows.map((row) => [
    row.id,
    row.contact_id,
    row.topic,
    row.rule,
    row.basis,
    row.evidence,
    row.confirmed_at,
    row.expires_at,
  ])
  return sql`
    with n as materialized (select value as c from ${store.each(sql`${JSON.stringify(cells)}`)} as each)
    insert into permissions (id, contact_id, topic, channel, rule, basis, source, evidence, requested_at, requested_from,
      confirmed_at, confirmed_from, expires_at)
    select c ->> 0, contacts.id, c ->> 2, 'email', c ->> 3, c ->> 4, ${of.source}, c ->> 5, cast(${now} as bigint), ${of.by},
      cast(c ->> 6 as bigint), ${of.by}, cast(c ->> 7 as bigint)
    from n join contacts on contacts.id = (c ->> 1)`.compile(store.db)
}
