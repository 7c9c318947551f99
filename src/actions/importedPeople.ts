import type { Deps } from '../deps.ts'
import { classifyAddress } from '../rules/addressClass.ts'
import type { Evidence } from '../rules/contactRecord.ts'
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
  const newId = idsAfter(deps.id())
  const proofOf = proofs(job)

  return {
    /** @returns whether anything of the person becomes another than it was */
    settle(person: Person, contact: ContactRow | null, company: CompanyRow | null, topics: readonly string[]): boolean {
      const { row, number } = person
      const id = contact?.id ?? newId()
      permissions.push(...topics.map((topic) => permissionOf(job, `${number}.${topic}`, id, topic, row, proofOf)))
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
    // Hashes are base64url: nothing in them is escaped in JSON.
    keys: `[{"k":"${hashes.join('"},{"k":"')}"}]`,
  }
}

/** Ids of one chunk, in order: the random part of the first is everybody's, but for its end. Neighbours are written faster. */
function idsAfter(first: string): () => string {
  let n = 0
  return () => `${first.slice(0, -4)}${(n++).toString(16).padStart(4, '0')}`
}

/** The proof is what was said, by whom and when it was recorded (GDPR Art. 7(1), standards B2); mostly the same for every row. */
function proofs(job: Pick<Job, 'created_by' | 'created_at'>) {
  const at = new Date(job.created_at).toISOString()
  let last: { evidence: Evidence; proof: string } | null = null
  return (evidence: Evidence): string => {
    if (last?.evidence !== evidence)
      last = { evidence, proof: JSON.stringify({ said: evidence, by: job.created_by, at }) }
    return last.proof
  }
}

function permissionOf(
  job: Pick<Job, 'id' | 'created_by' | 'created_at'>,
  place: string,
  contact_id: string,
  topic: string,
  { permission }: ImportRow,
  proofOf: (evidence: Evidence) => string,
): ImportedPermission {
  const { rule = 'legal_person', evidence = null, confirmedAt = job.created_at } = permission ?? {}
  return {
    id: `${job.id}.${place}`,
    contact_id,
    topic,
    rule,
    basis: rule === 'consent' ? 'consent' : 'legitimate_interest',
    evidence: evidence === null ? null : proofOf(evidence),
    confirmed_at: confirmedAt,
    expires_at: rule === 'consent' ? consentEndsAt(confirmedAt) : null,
  }
}
