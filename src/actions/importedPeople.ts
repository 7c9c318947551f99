import type { Deps } from '../deps.ts'
import { classifyAddress } from '../rules/addressClass.ts'
import type { ImportRow } from '../rules/importRow.ts'
import { consentEndsAt } from '../rules/retention.ts'
import {
  addContacts,
  addPermissions,
  changeContacts,
  type AddedContact,
  type Seen,
  type ImportedPermission,
} from '../store/importedContacts.ts'
import type { Store } from '../store/store.ts'
import type { CompanyRow, ContactRow, ImportRow as Job } from '../store/tables.ts'
import { changedColumns } from './contactColumns.ts'
import type { ContactImportOptions } from './importContacts.ts'

/** One row that can be read, with the hashes that bans of its person are found by, the strict one first. */
export type Person = { number: number; row: ImportRow; hashes: readonly string[] }

/** What the rows of one chunk mean for people: added, or changed in what is given; and their new permissions. */
export function planPeople(
  deps: Deps,
  job: Pick<Job, 'id' | 'created_by' | 'created_at'>,
  options: ContactImportOptions,
  now: number,
) {
  const added: AddedContact[] = []
  const changed: Seen<ContactRow>[] = []
  const permissions: ImportedPermission[] = []
  const of = { source: options.source, by: `import:${job.id}` }

  return {
    /** @returns whether anything of the person becomes another than it was */
    settle(person: Person, contact: ContactRow | null, company: CompanyRow | null, topics: readonly string[]): boolean {
      const { row, number } = person
      const id = contact?.id ?? deps.id()
      permissions.push(...topics.map((topic) => permissionOf(job, `${number}.${topic}`, id, topic, row)))
      if (!contact) {
        added.push(newContact(id, person, company, options.language))
        return true
      }
      const given = { ...row.contact, ...(row.language === null ? {} : { language: row.language }) }
      // Another case of the same address is no change.
      const email = { ...row.email, address: contact.address }
      const columns = changedColumns(deps, contact, { ...given, email }, company, job.created_by)
      const isChanged = Object.keys(columns).length > 0
      if (isChanged) {
        const later = Math.max(now, contact.updated_at + 1)
        changed.push({ ...contact, ...columns, updated_at: later, seen: contact.updated_at })
      }
      return isChanged || topics.length > 0
    },

    writes(store: Store) {
      return [
        ...(added.length > 0 ? [addContacts(store, added, of.source, now)] : []),
        ...(changed.length > 0 ? changeContacts(store, changed) : []),
        ...(permissions.length > 0 ? [addPermissions(store, permissions, of, now)] : []),
      ]
    },
  }
}

function newContact(
  id: string,
  { row, hashes }: Person,
  company: CompanyRow | null,
  language: ContactRow['language'],
): AddedContact {
  const { email, contact } = row
  return {
    id,
    strict: email.strict,
    address: email.address,
    domain: email.domain,
    name: contact.name ?? null,
    title: contact.title ?? null,
    phone: contact.phone ?? null,
    language: row.language ?? language,
    company_id: company?.id ?? null,
    company_name: contact.company ?? null,
    external_id: contact.externalId ?? null,
    class: classifyAddress(email, company ? { companyForm: company.form } : {}),
    keys: JSON.stringify(hashes.map((k) => ({ k }))),
  }
}

/** The proof is what was said, by whom and when it was recorded (GDPR Art. 7(1), standards B2). */
function permissionOf(
  job: Pick<Job, 'id' | 'created_by' | 'created_at'>,
  place: string,
  contact_id: string,
  topic: string,
  { permission }: ImportRow,
): ImportedPermission {
  const { rule = 'legal_person', evidence = null, confirmedAt = job.created_at } = permission ?? {}
  const proof = { said: evidence, by: job.created_by, at: new Date(job.created_at).toISOString() }
  return {
    id: `${job.id}.${place}`,
    contact_id,
    topic,
    rule,
    basis: rule === 'consent' ? 'consent' : 'legitimate_interest',
    evidence: evidence === null ? null : JSON.stringify(proof),
    confirmed_at: confirmedAt,
    expires_at: rule === 'consent' ? consentEndsAt(confirmedAt) : null,
  }
}
