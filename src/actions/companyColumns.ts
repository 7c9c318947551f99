import { matchHashes } from '../mail/matchHashes.ts'
import type { Keyring } from '../keyring.ts'
import { domainChain, parseEmail } from '../rules/address.ts'
import { classifyAddress, type CompanyForm } from '../rules/addressClass.ts'
import type { FieldFault } from '../rules/contactRecord.ts'
import { matchForms } from '../rules/matchKeys.ts'
import { classedBy, domainsOfOthers, setClasses } from '../store/companies.ts'
import type { Store } from '../store/store.ts'
import type { CompanyRow } from '../store/tables.ts'

export type CompanyResult =
  | { ok: true; company: CompanyRow; domains: string[]; added: boolean }
  | { ok: false; kind: 'missing' }
  | { ok: false; kind: 'stale' }
  | { ok: false; kind: 'invalid'; errors: FieldFault[] }
  | { ok: false; kind: 'taken'; errors: FieldFault[] }

/** The `keys` column: under which a ban of the company hits. */
export function companyKeys(keyring: Keyring, businessId: string | null): string {
  return matchHashes(keyring, businessId === null ? [] : matchForms('company', businessId).map(({ text }) => text))
}

export async function takenDomains(
  store: Store,
  domains: readonly string[],
  companyId: string | null,
): Promise<FieldFault[]> {
  const taken = await domainsOfOthers(store, domains, companyId)
  return taken.map((domain) => ({
    path: `domains.${domains.indexOf(domain)}`,
    message: 'This domain belongs to another company.',
  }))
}

/**
 * The classes of the addresses at a company's domains, where its form or its domains change them (SVPL 200 §: whoever is in
 * business alone is a natural person).
 */
export async function classWrites(
  store: Store,
  companyId: string,
  form: CompanyForm,
  domains: { before: readonly string[]; after: readonly string[] },
) {
  const people = await classedBy(store, companyId, [...new Set([...domains.before, ...domains.after])])
  const changed = people.flatMap((person) => {
    const read = parseEmail(person.address, { allowReserved: true })
    if (!read.ok) return []
    const chain = domainChain(read.email.domain)
    const isAt = (some: readonly string[]) => chain.some((domain) => some.includes(domain))
    const hasLeft = isAt(domains.before) && !isAt(domains.after)
    const derived = classifyAddress(read.email, hasLeft ? {} : { companyForm: form })
    return derived === person.class ? [] : [{ id: person.id, class: derived }]
  })
  return changed.length > 0 ? [setClasses(store, changed)] : []
}
