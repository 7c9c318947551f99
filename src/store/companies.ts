import { sql, type RawBuilder } from 'kysely'
import { idList } from './idList.ts'
import type { Store } from './store.ts'
import type { CompanyRow, ContactRow } from './tables.ts'

export async function companyById({ db }: Store, id: string): Promise<CompanyRow | null> {
  return (await db.selectFrom('companies').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function companyByBusinessId({ db }: Store, businessId: string): Promise<CompanyRow | null> {
  return (await db.selectFrom('companies').selectAll().where('business_id', '=', businessId).executeTakeFirst()) ?? null
}

/** Companies by id, behind the given one. */
export async function listCompanies({ db }: Store, after: string, limit: number): Promise<CompanyRow[]> {
  return db.selectFrom('companies').selectAll().where('id', '>', after).orderBy('id').limit(limit).execute()
}

/** The domains of companies, in alphabetical order. */
export async function domainsOf(store: Store, companyIds: readonly string[]): Promise<Map<string, string[]>> {
  const domains = new Map<string, string[]>(companyIds.map((id) => [id, []]))
  if (companyIds.length === 0) return domains
  const rows = await store.db
    .selectFrom('company_domains')
    .selectAll()
    .where('company_id', 'in', idList(store, companyIds))
    .orderBy('domain')
    .execute()
  for (const { company_id, domain } of rows) domains.get(company_id)?.push(domain)
  return domains
}

/** Which of these domains belong to another company. */
export async function domainsOfOthers(
  { db }: Store,
  domains: readonly string[],
  companyId: string | null,
): Promise<string[]> {
  if (domains.length === 0) return []
  const rows = await db
    .selectFrom('company_domains')
    .select('domain')
    .where('domain', 'in', domains)
    .where('company_id', '<>', companyId ?? '')
    .execute()
  return rows.map(({ domain }) => domain)
}

/** Adds a company unless its business id is known. Returns the row when it was added. */
export function addCompany(store: Store, company: CompanyRow) {
  return store.db
    .insertInto('companies')
    .values(company)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
}

/** Changes a company that is still as it was seen. Returns the row when it was so. */
export function changeCompanySeen(
  store: Store,
  seen: Pick<CompanyRow, 'id' | 'updated_at'>,
  columns: Partial<CompanyRow>,
) {
  return store.db
    .updateTable('companies')
    .set(columns)
    .where('id', '=', seen.id)
    .where('updated_at', '=', seen.updated_at)
    .returningAll()
}

/**
 * Gives a company its domains, and the people at them and below them to the company: those who had none join it, those at a domain that it no
 * longer has leave it. A domain of another company stays there. Writes nothing for a company that is not there.
 */
export function setDomains(store: Store, companyId: string, domains: readonly string[]) {
  const { db } = store
  const given = sql`${JSON.stringify(domains.map((d) => ({ d })))}`
  const kept = sql`(select g.value ->> 'd' as domain from ${store.each(given)} as g)`
  const own = sql`(select domain from company_domains where company_id = ${companyId})`
  const isAt = (source: typeof own) => sql`exists (select 1 from ${source} as d where ${atOrBelow(sql`d.domain`)})`
  // Below one of its domains another company may have a nearer one.
  const ownsNearest = sql`exists (select 1 from ${own} as d where ${atOrBelow(sql`d.domain`)} and not exists (
    select 1 from company_domains d2 where d2.company_id <> ${companyId} and length(d2.domain) > length(d.domain)
      and ${atOrBelow(sql`d2.domain`)}))`
  return [
    sql`update contacts set company_id = null where company_id = ${companyId} and ${isAt(own)} and not ${isAt(kept)}`.compile(
      db,
    ),
    sql`delete from company_domains where company_id = ${companyId} and domain not in ${kept}`.compile(db),
    sql`insert into company_domains (domain, company_id)
      select g.value ->> 'd', co.id from ${store.each(given)} as g join companies co on co.id = ${companyId} where true
      on conflict do nothing`.compile(db),
    ...(domains.length === 0
      ? []
      : [sql`update contacts set company_id = ${companyId} where company_id is null and ${ownsNearest}`.compile(db)]),
  ] as const
}

/** Whether a contact's domain is this one or below it. */
const atOrBelow = (domain: RawBuilder<unknown>) =>
  sql<boolean>`(contacts.domain = ${domain} or substr(contacts.domain, length(contacts.domain) - length(${domain})) = '.' || ${domain})`

/** The people of a company, as far as the class of their address hangs on its form and nobody set it by hand. */
export async function classedBy(
  { db }: Store,
  companyId: string,
  domains: readonly string[],
): Promise<Pick<ContactRow, 'id' | 'address' | 'class'>[]> {
  return db
    .selectFrom('contacts')
    .select(['id', 'address', 'class'])
    .where('class_by', 'is', null)
    .where((e) =>
      e.or([
        e('company_id', '=', companyId),
        ...(domains.length > 0 ? [e('domain', 'in', domains)] : []),
        ...domains.map((domain) => e.and([e('company_id', 'is', null), atOrBelow(sql`cast(${domain} as text)`)])),
      ]),
    )
    .execute()
}

/** Sets the classes of addresses that were derived anew. */
export function setClasses(store: Store, classes: readonly { id: string; class: ContactRow['class'] }[]) {
  return sql`
    update contacts set class = n.value ->> 'class'
    from ${store.each(sql`${JSON.stringify(classes)}`)} as n
    where contacts.id = (n.value ->> 'id') and contacts.class_by is null`.compile(store.db)
}
