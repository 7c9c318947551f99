import { sql } from 'kysely'
import type { Store } from './store.ts'

export type ListedCompany = {
  id: string
  name: string
  business_id: string | null
  price_group: string | null
  people: number
  objected_at: number | null
}

/**
 * A page of companies by name, with how many people each has. A search finds a part of the name, a whole business id, or a domain.
 * @param page.after the last company of the page before
 */
export async function pageOfCompanies(
  store: Store,
  page: { search?: string | undefined; after?: { name: string; id: string } | undefined; limit: number },
): Promise<ListedCompany[]> {
  const { search = '', after, limit } = page
  const lower = search.toLowerCase()
  const [first = '', ...rest] = lower
  // Engines that fold a–z only still find a name typed in small letters that begins with a great one.
  const capital = first.toUpperCase() + rest.join('')
  const has = (text: string) =>
    sql<boolean>`length(replace(lower(co.name), cast(${text} as text), '')) < length(co.name)`
  const found =
    search === ''
      ? sql``
      : sql`and (${has(lower)} or length(replace(co.name, cast(${search} as text), '')) < length(co.name)
          or length(replace(co.name, cast(${capital} as text), '')) < length(co.name)
          or co.business_id = ${search} or co.id in (select company_id from company_domains where domain = ${lower}))`
  const { rows } = await sql<ListedCompany>`
    select p.*, (select count(*) from contacts c where c.company_id = p.id) as people,
      (select max(o.at) from company_objections o where o.company_id = p.id) as objected_at
    from (
      select co.id, co.name, co.business_id, co.price_group from companies co
      where 1 = 1 ${after ? sql`and (co.name, co.id) > (${after.name}, ${after.id})` : sql``} ${found}
      order by co.name, co.id limit ${limit}) p
    order by p.name, p.id`.execute(store.db)
  return rows
}

export type Colleague = { id: string; address: string; name: string | null; title: string | null; domain: string }

/** The people of a company, by id. */
export async function peopleOf({ db }: Store, companyId: string, after: string, limit: number): Promise<Colleague[]> {
  return db
    .selectFrom('contacts')
    .select(['id', 'address', 'name', 'title', 'domain'])
    .where('company_id', '=', companyId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
}
