import type { Deps } from '../deps.ts'
import { readCompanyRecord, type TypedCompany } from '../rules/companyRecord.ts'
import { addCompany as insertCompany, companyByBusinessId, setDomains } from '../store/companies.ts'
import { changeCompany } from './changeCompany.ts'
import { classWrites, companyKeys, takenDomains, type CompanyResult } from './companyColumns.ts'

export type NewCompany = TypedCompany & { name: string }

/** Adds a company, or changes what is given of the one with that business id. People at its domains belong to it. */
export async function addCompany(deps: Deps, input: NewCompany): Promise<CompanyResult> {
  const { store } = deps
  const read = readCompanyRecord(input, { allowReserved: deps.config.allowReservedDomains })
  if (!read.ok) return { ok: false, kind: 'invalid', errors: read.errors }
  const {
    name = '',
    businessId = null,
    form = 'unknown',
    address = null,
    domains = [],
    priceGroup = null,
  } = read.record
  const id = deps.id()
  const known = businessId === null ? null : await companyByBusinessId(store, businessId)
  if (known) {
    const changed = await changeCompany(deps, known.id, input, null)
    return changed.ok ? { ...changed, added: known.id === id } : changed
  }
  const taken = await takenDomains(store, domains, null)
  if (taken.length > 0) return { ok: false, kind: 'taken', errors: taken }
  const now = deps.now()
  const company = {
    id,
    name,
    business_id: businessId,
    form,
    address,
    price_group: priceGroup,
    keys: companyKeys(deps.keyring, businessId),
    created_at: now,
    updated_at: now,
  }
  const [rows] = await store.batch([
    insertCompany(store, company),
    ...setDomains(store, id, domains),
    ...(await classWrites(store, id, form, { before: [], after: domains })),
  ])
  // A replay, or another request, added it in between.
  if (!rows[0]) return businessId === null ? { ok: true, company, domains, added: true } : addCompany(deps, input)
  return { ok: true, company: rows[0], domains, added: true }
}
