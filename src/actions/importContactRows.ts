import type { Deps } from '../deps.ts'
import { permissionFact } from '../mail/facts.ts'
import { withDigests } from '../mail/matchHashes.ts'
import { readImportRow } from '../rules/importRow.ts'
import { judgeRow, type RowFacts } from '../rules/importVerdict.ts'
import { contactForms } from '../rules/matchKeys.ts'
import { remembered } from '../rules/remembered.ts'
import { bansOnHashes, contactsByExternalIds, contactsByStricts, permissionsOfMany } from '../store/importedContacts.ts'
import { keysOfColumn } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import type { CompanyRow, ImportRow as Job } from '../store/tables.ts'
import type { Topic } from '../store/topics.ts'
import type { ContactImportOptions } from './importContacts.ts'
import { companiesOf, planCompanies } from './importedCompanies.ts'
import { planPeople, type Person } from './importedPeople.ts'
import { emptyOutcome, type RowsOf } from './importRows.ts'

/** How an import of contacts works: what a row is, and what a chunk of them writes. */
export function contactRows(
  deps: Deps,
  job: Pick<Job, 'id' | 'created_by' | 'created_at'>,
  options: ContactImportOptions,
  topics: readonly Topic[],
): RowsOf<Person> {
  const { store, keyring, config } = deps
  const chosen = topics.filter(({ id }) => options.topics.includes(id))
  const declared = chosen.length > 0 ? { rule: options.rule, evidence: options.evidence } : null
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: config.timeZone }).format(job.created_at)
  const reading = { allowReserved: config.allowReservedDomains, declared, now: job.created_at, today }
  const hashesOf = rememberedHashes(deps)

  return {
    read({ number, cells }) {
      const result = readImportRow(options.columns, cells, reading)
      if (!result.ok) return { ok: false, refusal: { row: number, field: result.field, message: result.message } }
      const { email, contact, company } = result.row
      const phone = contact.phone ? { phone: contact.phone } : {}
      const businessId = company.businessId ? { businessId: company.businessId } : {}
      const hashes = hashesOf(contactForms({ email, ...phone, ...businessId }))
      // The same address or external id further down is a second say about the same person.
      const once = [{ field: 'email', mark: hashes[0] ?? '' }]
      if (contact.externalId) once.push({ field: 'externalId', mark: keyring.hash(`externalId:${contact.externalId}`) })
      return { ok: true, item: { number, row: result.row, hashes }, once }
    },

    async decide(people) {
      const facts = await readFacts(store, people)
      const now = deps.now()
      const companies = planCompanies(deps, facts.companies, now)
      const contacts = planPeople(deps, job, options, now)
      const outcome = emptyOutcome()
      for (const person of people) {
        const { number, row } = person
        const refuse = (field: string, message: string) => outcome.refusals.push({ row: number, field, message })
        const contact = facts.contactOf(person)
        const standing = companies.of(row, contact)
        const verdict = judgeRow(
          facts.of(person, [standing, companies.present(contact)]),
          chosen,
          row.permission?.rule ?? null,
          now,
        )
        if (!verdict.ok) {
          refuse('email', verdict.message)
          continue
        }
        if (facts.isTaken(person)) {
          refuse('externalId', 'Another contact has this external id.')
          continue
        }
        const { company, isChanged } = companies.settle(row, standing)
        const ofCompany = row.company.priceGroup ? 'priceGroup' : row.company.address ? 'address' : null
        if (ofCompany !== null && !company) {
          refuse(ofCompany, 'This is kept with the company: give its name or businessId too.')
          continue
        }
        const isMore = contacts.settle(person, contact, company, verdict.topics) || isChanged
        outcome.counts[contact ? (isMore ? 'updated' : 'unchanged') : 'added']++
      }
      outcome.writes = [...companies.writes(store), ...contacts.writes(store)]
      return outcome
    },
  }
}

/** What is known of a chunk of people, in a handful of reads for any number of them. */
async function readFacts(store: Store, people: readonly Person[]) {
  const rows = people.map(({ row }) => row)
  const stricts = rows.map(({ email }) => email.strict)
  const externalIds = rows.flatMap(({ contact }) => contact.externalId ?? [])
  const known = await contactsByStricts(store, stricts)
  const ids = known.map(({ id }) => id)
  const [companies, held, taken] = await Promise.all([
    companiesOf(store, rows, known),
    permissionsOfMany(store, ids),
    contactsByExternalIds(store, externalIds),
  ])
  const companyHashes = companies.flatMap(({ company }) => keysOfColumn(company.keys))
  const hashes = new Set([...people.flatMap((person) => person.hashes), ...companyHashes])
  const bans = await bansOnHashes(store, [...hashes])

  const contactBy = new Map(known.map((contact) => [contact.strict, contact]))
  const heldBy = Map.groupBy(held, (row) => row.contact_id)
  const bansBy = Map.groupBy(bans, (ban) => ban.hash)
  const takenBy = new Map(taken.map((row) => [row.external_id, row.strict]))
  const contactOf = ({ row }: Person) => contactBy.get(row.email.strict) ?? null
  return {
    companies,
    contactOf,
    of(person: Person, ofCompanies: readonly (CompanyRow | null)[]): RowFacts {
      const contact = contactOf(person)
      const keys = new Set([...person.hashes, ...ofCompanies.flatMap((company) => keysOfColumn(company?.keys ?? '[]'))])
      return {
        contact: contact && { restrictedAt: contact.restricted_at },
        bans: [...keys]
          .flatMap((hash) => bansBy.get(hash) ?? [])
          .map((ban) => ({ ...ban, external: ban.external === 1 })),
        permissions: (heldBy.get(contact?.id ?? '') ?? []).map(permissionFact),
      }
    },
    isTaken({ row: { contact, email } }: Person): boolean {
      return (takenBy.get(contact.externalId ?? '') ?? email.strict) !== email.strict
    },
  }
}

/**
 * The hashes of match forms and of the digests beside them, under every key of the ring (mail/matchHashes.ts `matchHashes`); those
 * of domains and companies, which many share, are kept at hand.
 */
function rememberedHashes({ keyring }: Pick<Deps, 'keyring'>) {
  const hashesOf = (form: string) => keyring.hashes(form).map(({ hash }) => hash)
  const sharedHashesOf = remembered(hashesOf)
  return (forms: readonly string[]): string[] =>
    withDigests(forms).flatMap((form) =>
      form.startsWith('domain:') || form.startsWith('company:') ? sharedHashesOf(form) : hashesOf(form),
    )
}
