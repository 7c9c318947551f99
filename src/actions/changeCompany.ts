import type { Deps } from '../deps.ts'
import { readCompanyRecord, type TypedCompany } from '../rules/companyRecord.ts'
import { changeCompanySeen, companyByBusinessId, companyById, domainsOf, setDomains } from '../store/companies.ts'
import { classWrites, companyKeys, takenDomains, type CompanyResult } from './companyColumns.ts'

/**
 * Changes what is given of a company. Its form decides the class of its people's addresses, its domains who its people are.
 * @param seenAt the `updated_at` that the caller saw, where it insists on it
 */
export async function changeCompany(
  deps: Deps,
  id: string,
  patch: TypedCompany,
  seenAt: number | null,
): Promise<CompanyResult> {
  const { store } = deps
  const read = readCompanyRecord(patch, { allowReserved: deps.config.allowReservedDomains })
  if (!read.ok) return { ok: false, kind: 'invalid', errors: read.errors }
  const row = await companyById(store, id)
  if (!row) return { ok: false, kind: 'missing' }
  if (seenAt !== null && seenAt !== row.updated_at) return { ok: false, kind: 'stale' }
  const { record } = read
  const before = (await domainsOf(store, [id])).get(id) ?? []
  const after = record.domains ?? before
  const taken = await takenDomains(store, after, id)
  const other = record.businessId ? await companyByBusinessId(store, record.businessId) : null
  if (other && other.id !== id) taken.push({ path: 'businessId', message: 'Another company has this business id.' })
  if (taken.length > 0) return { ok: false, kind: 'taken', errors: taken }

  const businessId = record.businessId === undefined ? row.business_id : record.businessId
  const form = record.form ?? row.form
  const columns = {
    name: record.name ?? row.name,
    business_id: businessId,
    form,
    address: record.address === undefined ? row.address : record.address,
    price_group: record.priceGroup === undefined ? row.price_group : record.priceGroup,
    keys: companyKeys(deps.keyring, businessId),
    updated_at: Math.max(deps.now(), row.updated_at + 1),
  }
  const reclassed = form !== row.form || (form === 'sole_trader' && record.domains !== undefined)
  const [changed] = await store.batch([
    changeCompanySeen(store, row, columns),
    ...(record.domains === undefined ? [] : setDomains(store, id, after)),
    ...(reclassed ? await classWrites(store, id, form, { before, after }) : []),
  ])
  // Somebody else changed the company in between.
  if (!changed[0]) return changeCompany(deps, id, patch, seenAt)
  return { ok: true, company: changed[0], domains: after, added: false }
}
