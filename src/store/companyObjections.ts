import type { CompanyObjectionRow } from './rows/audience.ts'
import type { Store } from './store.ts'

export function addObjection(store: Store, objection: CompanyObjectionRow) {
  return store.db
    .insertInto('company_objections')
    .values(objection)
    .onConflict((conflict) => conflict.doNothing())
}

/** Newest first. */
export async function objectionsOf({ db }: Store, companyId: string): Promise<CompanyObjectionRow[]> {
  return db
    .selectFrom('company_objections')
    .selectAll()
    .where('company_id', '=', companyId)
    .orderBy('at', 'desc')
    .limit(100)
    .execute()
}

/** Addresses of a company's people that are at none of its domains nor below one of them. */
export async function peopleElsewhere({ db }: Store, companyId: string, domains: readonly string[]): Promise<string[]> {
  const rows = await db
    .selectFrom('contacts')
    .select(['address', 'domain'])
    .where('company_id', '=', companyId)
    .orderBy('id')
    .limit(500)
    .execute()
  const isAt = (domain: string) => domains.some((own) => domain === own || domain.endsWith(`.${own}`))
  return rows.filter(({ domain }) => !isAt(domain)).map(({ address }) => address)
}
