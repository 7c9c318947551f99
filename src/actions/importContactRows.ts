import type { Deps } from '../deps.ts'
import { permissionFact } from '../mail/facts.ts'
import { classifyAddress } from '../rules/addressClass.ts'
import { readImportRow, type ImportRow } from '../rules/importRow.ts'
import { judgeRow } from '../rules/importVerdict.ts'
import { contactForms } from '../rules/matchKeys.ts'
import { consentEndsAt } from '../rules/retention.ts'
import {
  addContacts,
  addPermissions,
  bansOnHashes,
  changeContacts,
  contactsByExternalIds,
  contactsByStricts,
  permissionsOfMany,
  type AddedContact,
  type ChangedContact,
  type ImportedPermission,
} from '../store/importedContacts.ts'
import { keysOfColumn } from '../store/keys.ts'
import type { CompanyRow, ContactRow } from '../store/tables.ts'
import type { Topic } from '../store/topics.ts'
import { changedColumns } from './contactColumns.ts'
import type { ContactImportOptions } from './importContacts.ts'
import { companiesOf, planCompanies } from './importedCompanies.ts'
import { emptyOutcome, type Outcome, type RowsOf } from './importRows.ts'

/** One row that can be read, and the match forms of its address. */
type Person = { number: number; row: ImportRow; forms: string[] }

/** How an import of contacts works: what a row is, and what a chunk of them writes. */
export function contactRows(
  deps: Deps,
  job: { id: string; created_by: string; created_at: number },
  options: ContactImportOptions,
  topics: readonly Topic[],
): RowsOf<Person> {
  const { store, keyring, config } = deps
  const chosen = topics.filter(({ id }) => options.topics.includes(id))
  const declared = chosen.length > 0 ? { rule: options.rule, evidence: options.evidence } : null
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: config.timeZone }).format(job.created_at)
  const reading = { allowReserved: config.allowReservedDomains, declared, now: job.created_at, today }
  const hashes = rememberedHashes(deps)

  return {
    read({ number, cells }) {
      const result = readImportRow(options.columns, cells, reading)
      if (!result.ok) return { ok: false, refusal: { row: number, field: result.field, message: result.message } }
      const { email, contact, company } = result.row
      const forms = contactForms({
        email,
        ...(contact.phone ? { phone: contact.phone } : {}),
        ...(company.businessId ? { businessId: company.businessId } : {}),
      })
      return {
        ok: true,
        item: { number, row: result.row, forms },
        // The same address or external id further down is a second say about the same person.
        once: [
          { field: 'email', mark: hashes(forms.slice(0, 1))[0] ?? '' },
          ...(contact.externalId
            ? [{ field: 'externalId', mark: keyring.hash(`externalId:${contact.externalId}`) }]
            : []),
        ],
      }
    },

    async decide(people) {
      const rows = people.map(({ row }) => row)
      const known = await contactsByStricts(
        store,
        rows.map(({ email }) => email.strict),
      )
      const [companies, held, taken] = await Promise.all([
        companiesOf(store, rows, known),
        permissionsOfMany(
          store,
          known.map(({ id }) => id),
        ),
        contactsByExternalIds(
          store,
          rows.flatMap(({ contact }) => contact.externalId ?? []),
        ),
      ])
      const companyHashes = companies.flatMap(({ company }) => keysOfColumn(company.keys))
      const bans = await bansOnHashes(store, [
        ...new Set([...people.flatMap(({ forms }) => hashes(forms)), ...companyHashes]),
      ])

      const now = deps.now()
      const knownBy = new Map(known.map((contact) => [contact.strict, contact]))
      const heldBy = Map.groupBy(held, (row) => row.contact_id)
      const bansBy = Map.groupBy(bans, (ban) => ban.hash)
      const takenBy = new Map(taken.map((row) => [row.external_id, row.strict]))
      const plan = planCompanies(deps, companies, now)
      const outcome = emptyOutcome()
      const writes: Writes = { added: [], changed: [], permissions: [] }

      for (const { number, row, forms } of people) {
        const refuse = (field: string, message: string) => outcome.refusals.push({ row: number, field, message })
        const contact = knownBy.get(row.email.strict) ?? null
        const standing = plan.of(row, contact)
        const keys = [...hashes(forms), ...keysOfColumn(standing?.keys ?? '[]')]
        const facts = {
          contact: contact && { restrictedAt: contact.restricted_at },
          bans: [...new Set(keys)]
            .flatMap((hash) => bansBy.get(hash) ?? [])
            .map((ban) => ({ ...ban, external: ban.external === 1 })),
          permissions: (heldBy.get(contact?.id ?? '') ?? []).map(permissionFact),
        }
        const verdict = judgeRow(facts, chosen, row.permission?.rule ?? null, now)
        if (!verdict.ok) {
          refuse('email', verdict.message)
          continue
        }
        const { externalId } = row.contact
        if (externalId && (takenBy.get(externalId) ?? row.email.strict) !== row.email.strict) {
          refuse('externalId', 'Another contact has this external id.')
          continue
        }
        const { company, isChanged } = plan.settle(row, standing)
        const ofCompany = row.company.priceGroup ? 'priceGroup' : row.company.address ? 'address' : null
        if (ofCompany !== null && !company) {
          refuse(ofCompany, 'This is kept with the company: give its name or businessId too.')
          continue
        }
        const contactId = contact?.id ?? deps.id()
        const columns = contact
          ? changedColumns(
              deps,
              contact,
              { ...given(row), email: { ...row.email, address: contact.address } },
              company,
              job.created_by,
            )
          : {}
        if (!contact) writes.added.push(newContact(contactId, row, company, hashes(forms), options.language))
        else if (Object.keys(columns).length > 0) writes.changed.push(changedContact(contact, columns, now))
        writes.permissions.push(...verdict.topics.map((topic) => permissionOf(job, number, contactId, topic, row)))
        const isMore = isChanged || Object.keys(columns).length > 0 || verdict.topics.length > 0
        outcome.counts[contact ? (isMore ? 'updated' : 'unchanged') : 'added']++
      }
      outcome.writes = [
        ...plan.writes(store),
        ...contactWrites(deps, writes, { source: options.source, by: `import:${job.id}` }, now),
      ]
      return outcome
    },
  }
}

/** Hashes of match forms; those of domains and companies, which many people share, are kept at hand. */
function rememberedHashes({ keyring }: Pick<Deps, 'keyring'>) {
  const kept = new Map<string, string[]>()
  const hashesOf = (form: string) => keyring.hashes(form).map(({ hash }) => hash)
  return (forms: readonly string[]): string[] =>
    forms.flatMap((form) => {
      const known = kept.get(form)
      if (known) return known
      const hashes = hashesOf(form)
      if (kept.size >= 20_000) kept.clear()
      kept.set(form, hashes)
      return hashes
    })
}

type Writes = { added: AddedContact[]; changed: ChangedContact[]; permissions: ImportedPermission[] }

const given = ({ contact, language }: ImportRow) => ({ ...contact, ...(language === null ? {} : { language }) })

function newContact(
  id: string,
  row: ImportRow,
  company: CompanyRow | null,
  hashes: readonly string[],
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

function changedContact(contact: ContactRow, columns: Partial<ContactRow>, now: number): ChangedContact {
  const {
    strict,
    domain,
    id,
    address,
    name,
    title,
    phone,
    language,
    company_id,
    company_name,
    external_id,
    class: addressClass,
    keys,
  } = { ...contact, ...columns }
  const updated_at = Math.max(now, contact.updated_at + 1)
  return {
    id,
    strict,
    domain,
    address,
    name,
    title,
    phone,
    language,
    company_id,
    company_name,
    external_id,
    class: addressClass,
    keys,
    updated_at,
  }
}

function permissionOf(
  job: { id: string; created_by: string; created_at: number },
  number: number,
  contact_id: string,
  topic: string,
  { permission }: ImportRow,
): ImportedPermission {
  const { rule = 'legal_person', evidence = null, confirmedAt = job.created_at } = permission ?? {}
  return {
    id: `${job.id}.${number}.${topic}`,
    contact_id,
    topic,
    rule,
    basis: rule === 'consent' ? 'consent' : 'legitimate_interest',
    evidence:
      evidence === null
        ? null
        : JSON.stringify({ said: evidence, by: job.created_by, at: new Date(job.created_at).toISOString() }),
    confirmed_at: confirmedAt,
    expires_at: rule === 'consent' ? consentEndsAt(confirmedAt) : null,
  }
}

function contactWrites(
  { store }: Deps,
  { added, changed, permissions }: Writes,
  of: { source: string; by: string },
  now: number,
): Outcome['writes'] {
  return [
    ...(added.length > 0 ? [addContacts(store, added, of.source, now)] : []),
    ...(changed.length > 0 ? [changeContacts(store, changed)] : []),
    ...(permissions.length > 0 ? [addPermissions(store, permissions, of, now)] : []),
  ]
}
