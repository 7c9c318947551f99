import type { Deps } from '../deps.ts'
import { matchHashes } from '../mail/matchHashes.ts'
import { domainChain, type Email } from '../rules/address.ts'
import { classifyAddress } from '../rules/addressClass.ts'
import { contactForms } from '../rules/matchKeys.ts'
import { addContact, companyByDomain, contactByStrict, fillBlanks } from '../store/contacts.ts'
import type { CompanyRow, ContactRow } from '../store/tables.ts'

/** What somebody said of themselves on a form. */
export type Person = {
  email: Email
  language: ContactRow['language']
  name: string | null
  company: string | null
  title: string | null
  phone: string | null
  fields: Record<string, unknown>
  source: string
  /** Only another system gives one. */
  externalId?: string | null
}

export type Acquaintance = { known: ContactRow | null; company: CompanyRow | null }

/** Who that is already, and which company's domain the address has. */
export async function acquaintance({ store }: Pick<Deps, 'store'>, email: Email): Promise<Acquaintance> {
  const [known, company] = await Promise.all([
    contactByStrict(store, email.strict),
    companyByDomain(store, domainChain(email.domain)),
  ])
  return { known, company }
}

/**
 * Writes that make the person a contact, or fill in what a known contact lacks.
 * @param id of the contact, if it is new
 */
export function becomeContact(
  deps: Pick<Deps, 'store' | 'keyring'>,
  id: string,
  person: Person,
  { known, company }: Acquaintance,
  now: number,
) {
  const { email, phone } = person
  const businessId = company?.business_id ?? null
  const contact = {
    id,
    strict: email.strict,
    address: email.address,
    domain: email.domain,
    name: person.name,
    title: person.title,
    phone,
    language: person.language,
    company_id: company?.id ?? null,
    company_name: person.company,
    external_id: person.externalId ?? null,
    class: classifyAddress(email, company ? { companyForm: company.form } : {}),
    class_by: null,
    source: person.source,
    fields: JSON.stringify(person.fields),
    keys: matchHashes(
      deps.keyring,
      contactForms({ email, ...(phone === null ? {} : { phone }), ...(businessId === null ? {} : { businessId }) }),
    ),
    restricted_at: null,
    created_at: now,
  }
  return [addContact(deps.store, contact), fillBlanks(deps.store, contact, known)] as const
}
