import type { Deps } from '../deps.ts'
import { domainChain } from '../rules/address.ts'
import type { ImportRow } from '../rules/importRow.ts'
import { addCompanies, changeCompanies, companiesBy } from '../store/importedContacts.ts'
import type { Store } from '../store/store.ts'
import type { CompanyRow, ContactRow } from '../store/tables.ts'
import { companyKeys } from './companyColumns.ts'

type Found = Awaited<ReturnType<typeof companiesBy>>

/** The companies that rows of an import may belong to: those that they name, and those that own their domains. */
export async function companiesOf(
  store: Store,
  rows: readonly ImportRow[],
  known: readonly ContactRow[],
): Promise<Found> {
  return companiesBy(store, {
    ids: distinct(known.map((contact) => contact.company_id)),
    businessIds: distinct(rows.map(({ company }) => company.businessId)),
    names: distinct(rows.map(({ contact }) => contact.company)),
    domains: distinct(rows.flatMap(({ email }) => domainChain(email.domain))),
  })
}

const distinct = (texts: readonly (string | null | undefined)[]): string[] => [
  ...new Set(texts.filter((text) => text != null)),
]

/**
 * What the rows of one chunk mean for companies: found by business id, else by name; made where there is none; linked to their
 * people. Domains are given to companies by staff only.
 */
export function planCompanies({ keyring, id }: Pick<Deps, 'keyring' | 'id'>, found: Found, now: number) {
  const byKey = new Map<string, CompanyRow>()
  for (const { by, key, company } of found) {
    // A company that was found in several ways is one row, so that a change is seen in every one of them.
    const same = byKey.get(`id ${company.id}`) ?? company
    byKey.set(`id ${company.id}`, same)
    if (!byKey.has(`${by} ${key}`)) byKey.set(`${by} ${key}`, same)
  }
  const added = new Map<string, CompanyRow>()
  const changed = new Map<string, CompanyRow>()

  /** The company that a row names; one of that name whose business id nobody knew yet is the same. */
  const namedBy = ({ company: { businessId }, contact }: ImportRow): CompanyRow | null => {
    const byName = byKey.get(`name ${contact.company}`)
    if (!businessId) return byName ?? null
    return byKey.get(`businessId ${businessId}`) ?? (byName?.business_id === null ? byName : null)
  }

  return {
    present: (contact: ContactRow | null): CompanyRow | null => byKey.get(`id ${contact?.company_id}`) ?? null,

    /**
     * The company that a row belongs to, as far as it is known already. A name alone, which anybody spells as they like, takes
     * nobody out of the company that they are in.
     */
    of(row: ImportRow, contact: ContactRow | null): CompanyRow | null {
      if (row.company.businessId) return namedBy(row)
      const present = this.present(contact)
      if (present) return present
      if (row.contact.company) return namedBy(row)
      const owners = domainChain(row.email.domain).map((domain) => byKey.get(`domain ${domain}`))
      return owners.find((owner) => owner !== undefined) ?? null
    },

    /** The same company with what the row says of it; made when the row names one that is not there. */
    settle(row: ImportRow, standing: CompanyRow | null): { company: CompanyRow | null; isChanged: boolean } {
      const { businessId = null, priceGroup, address } = row.company
      const name = row.contact.company ?? businessId
      if (!standing) {
        if (name === null) return { company: null, isChanged: false }
        const company: CompanyRow = {
          id: id(),
          name,
          business_id: businessId,
          form: 'unknown',
          address: address ?? null,
          price_group: priceGroup ?? null,
          keys: companyKeys(keyring, businessId),
          created_at: now,
          updated_at: now,
        }
        added.set(company.id, company)
        byKey.set(`id ${company.id}`, company)
        if (businessId !== null) byKey.set(`businessId ${businessId}`, company)
        if (!byKey.has(`name ${name}`)) byKey.set(`name ${name}`, company)
        return { company, isChanged: true }
      }
      const isNameless = standing.name === standing.business_id && row.contact.company
      const next = {
        name: isNameless ? (row.contact.company ?? standing.name) : standing.name,
        business_id: standing.business_id ?? businessId,
        address: address ?? standing.address,
        price_group: priceGroup ?? standing.price_group,
      }
      const isChanged = (['name', 'business_id', 'address', 'price_group'] as const).some(
        (column) => next[column] !== standing[column],
      )
      if (isChanged) {
        if (next.business_id !== standing.business_id) byKey.set(`businessId ${businessId}`, standing)
        Object.assign(standing, next, { keys: companyKeys(keyring, next.business_id) })
        if (!added.has(standing.id)) changed.set(standing.id, standing)
      }
      return { company: standing, isChanged }
    },

    writes(store: Store) {
      const later = [...changed.values()].map((company) => ({
        ...company,
        updated_at: Math.max(now, company.updated_at + 1),
        seen: company.updated_at,
      }))
      return [
        ...(added.size > 0 ? [addCompanies(store, [...added.values()])] : []),
        ...(later.length > 0 ? changeCompanies(store, later) : []),
      ]
    },
  }
}
