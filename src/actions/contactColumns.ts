import type { Deps } from '../deps.ts'
import { permissionFact } from '../mail/facts.ts'
import { matchHashes } from '../mail/matchHashes.ts'
import { domainChain, parseEmail, type Email } from '../rules/address.ts'
import { classifyAddress } from '../rules/addressClass.ts'
import type { ContactRecord, FieldFault, TypedContact } from '../rules/contactRecord.ts'
import { refuseInputs } from '../rules/inputFields.ts'
import { contactForms } from '../rules/matchKeys.ts'
import { stateOf } from '../rules/permission.ts'
import { purposeKeys } from '../rules/register.ts'
import { companyById } from '../store/companies.ts'
import { companyByDomain } from '../store/contacts.ts'
import type { Store } from '../store/store.ts'
import type { CompanyRow, ContactRow, PermissionRow } from '../store/tables.ts'
import { allTopics } from '../store/topics.ts'

export type ContactPatch = TypedContact & {
  language?: ContactRow['language'] | undefined
  /** `null`: derived from the address again. */
  addressClass?: ContactRow['class'] | null | undefined
  /** GDPR Art. 18: store only. */
  restricted?: boolean | undefined
}

/**
 * What the register keeps these data from being stored for: the purposes of the topics that the contact has or gets; with none,
 * any purpose may be meant (domain.md 1).
 */
export async function refusedFields(
  { register, store, now }: Pick<Deps, 'register' | 'store' | 'now'>,
  typed: TypedContact,
  topicIds: readonly string[],
  held: readonly PermissionRow[],
): Promise<FieldFault[]> {
  const open = held.filter((row) => stateOf(permissionFact(row), now()) === 'confirmed').map((row) => row.topic)
  const topics = (await allTopics({ store })).filter(({ id }) => topicIds.includes(id) || open.includes(id))
  const purposes = topics.length > 0 ? [...new Set(topics.map(({ purpose }) => purpose))] : purposeKeys
  const given = (['email', 'name', 'company', 'title', 'phone'] as const).filter(
    (name) => typed[name] !== undefined && typed[name] !== null,
  )
  return refuseInputs(register, purposes, given, 'record').map((path) => ({
    path,
    message: `The register lets none of ${purposes.join(', ')} hold this: leave it out, or name a topic whose purpose may.`,
  }))
}

/** The company that a known contact belongs to: as it stands for the old address, by the domain for a new one. */
export async function companyFor(store: Store, row: ContactRow, email: Email): Promise<CompanyRow | null> {
  const stays = email.domain === row.domain && row.company_id !== null
  return stays ? companyById(store, row.company_id ?? '') : companyByDomain(store, domainChain(email.domain))
}

/** Follow from other columns, and are not named in the ledger. */
export const derivedColumns: readonly string[] = ['strict', 'domain', 'keys', 'class_by', 'company_id']

type Given = Omit<ContactRecord, 'email'> &
  Pick<ContactPatch, 'language' | 'addressClass' | 'restricted'> & { email?: Email | undefined }

/**
 * The columns of a known contact that become another value.
 * @param company that the contact belongs to from now on
 * @param actor who sets the class of the address by hand
 */
export function changedColumns(
  { keyring, now }: Pick<Deps, 'keyring' | 'now'>,
  row: ContactRow,
  given: Given,
  company: CompanyRow | null,
  actor: string,
): Partial<ContactRow> {
  const email = given.email ?? emailOf(row)
  const phone = or(given.phone, row.phone)
  const handMade = given.addressClass === undefined ? row.class_by !== null : given.addressClass !== null
  const restricted = given.restricted ?? row.restricted_at !== null
  const sameKeys = email.strict === row.strict && phone === row.phone
  const next: Partial<ContactRow> = {
    strict: email.strict,
    address: email.address,
    domain: email.domain,
    name: or(given.name, row.name),
    title: or(given.title, row.title),
    phone,
    language: given.language ?? row.language,
    company_id: company?.id ?? null,
    company_name: or(given.company, row.company_name),
    external_id: or(given.externalId, row.external_id),
    class: handMade
      ? (given.addressClass ?? row.class)
      : classifyAddress(email, company ? { companyForm: company.form } : {}),
    class_by: handMade ? (given.addressClass ? actor : row.class_by) : null,
    source: given.source ?? row.source,
    restricted_at: restricted ? (row.restricted_at ?? now()) : null,
    keys: sameKeys ? row.keys : keysFor(keyring, email, phone, company),
  }
  return Object.fromEntries(Object.entries(next).filter(([column, value]) => row[column as keyof ContactRow] !== value))
}

const or = <T>(given: T | undefined, standing: T): T => (given === undefined ? standing : given)

function keysFor(keyring: Deps['keyring'], email: Email, phone: string | null, company: CompanyRow | null) {
  const businessId = company?.business_id ?? null
  return matchHashes(
    keyring,
    contactForms({ email, ...(phone === null ? {} : { phone }), ...(businessId === null ? {} : { businessId }) }),
  )
}

/** The stored address, read again. */
export function emailOf(row: Pick<ContactRow, 'id' | 'address'>): Email {
  const read = parseEmail(row.address, { allowReserved: true })
  if (!read.ok) throw new Error(`the address of contact ${row.id} cannot be read`)
  return read.email
}
