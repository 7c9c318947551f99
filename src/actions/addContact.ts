import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { parseEmail } from '../rules/address.ts'
import {
  readContactRecord,
  readEvidence,
  type Evidence,
  type FieldFault,
  type TypedContact,
} from '../rules/contactRecord.ts'
import { reasonWords } from '../rules/reasonWords.ts'
import { consentEndsAt } from '../rules/retention.ts'
import { recordEventIf } from '../store/ledger.ts'
import { permissionsOf, recordPermission } from '../store/permissions.ts'
import type { ContactRow, PermissionRow } from '../store/tables.ts'
import { allTopics, type Topic } from '../store/topics.ts'
import { acquaintance, becomeContact } from './becomeContact.ts'
import { changedColumns, companyFor, derivedColumns, refusedFields } from './contactColumns.ts'
import { foresee } from './foresee.ts'

export type NewPermission = { topic: string; rule: PermissionRow['rule']; evidence?: Evidence | undefined }
export type NewContact = TypedContact & {
  email: string
  source: string
  language?: ContactRow['language'] | undefined
  permissions?: NewPermission[] | undefined
}
export type Warning = { path: string; reason: string; message: string }
export type AddContactResult =
  | { ok: true; id: string; added: boolean; warnings: Warning[] }
  | { ok: false; errors: FieldFault[] }

/**
 * Adds a contact, or changes what is given of the one with that address. Permissions become new rows unless the same is open;
 * none of them brings back who left or was banned (P09), and `warnings` says where the gate would still stop.
 */
export async function addContact(deps: Deps, input: NewContact, actor: string): Promise<AddContactResult> {
  const { store, config } = deps
  const read = readContactRecord(input, { allowReserved: config.allowReservedDomains })
  const email = parseEmail(input.email, { allowReserved: config.allowReservedDomains })
  if (!read.ok || !email.ok) return { ok: false, errors: read.ok ? [] : read.errors }
  const [who, topics] = await Promise.all([acquaintance(deps, email.email), allTopics(deps)])
  const held = who.known ? await permissionsOf(store, who.known.id) : []
  const wanted = readPermissions(deps, input, topics, actor)
  if (!wanted.ok) return wanted
  const refused = await refusedFields(
    deps,
    input,
    wanted.permissions.map(({ topic }) => topic),
    held,
  )
  if (refused.length > 0) return { ok: false, errors: refused }

  const now = deps.now()
  const newId = deps.id()
  const id = who.known?.id ?? newId
  const { record } = read
  const { name = null, company = null, title = null, phone = null } = record
  const person = {
    email: email.email,
    language: input.language ?? 'fi',
    name,
    company,
    title,
    phone,
    fields: {},
    source: record.source ?? input.source,
  }
  const [added] = becomeContact(deps, newId, person, who, now)
  const columns = who.known
    ? changedColumns(
        deps,
        who.known,
        { ...record, language: input.language },
        await companyFor(store, who.known, email.email),
        actor,
      )
    : {}
  const changed = Object.keys(columns)
  const rows = wanted.permissions.map((permission) => ({
    ...permission,
    id: deps.id(),
    contact_id: id,
    basis: permission.rule === 'consent' ? 'consent' : 'legitimate_interest',
    source: person.source,
    expires_at: permission.rule === 'consent' ? consentEndsAt(now) : null,
    by: actor,
  }))
  const isThere = sql`exists (select 1 from contacts where id = ${id})`
  const [inserted] = await store.batch([
    added,
    ...(changed.length > 0
      ? [
          store.db
            .updateTable('contacts')
            .set({ ...columns, updated_at: now })
            .where('id', '=', id),
        ]
      : []),
    ...rows.map((row) => recordPermission(store, row, now)),
    ...(who.known && changed.length === 0
      ? []
      : [
          recordEventIf(
            store,
            {
              id: deps.id(),
              at: now,
              event: who.known ? 'contact_changed' : 'contact_created',
              subject: id,
              actor,
              data: who.known
                ? { fields: changed.filter((column) => !derivedColumns.includes(column)) }
                : { source: 'api' },
            },
            isThere,
          ),
        ]),
    ...rows.map((row) =>
      recordEventIf(
        store,
        {
          id: deps.id(),
          at: now,
          event: 'permission_recorded',
          subject: id,
          actor,
          data: { permission: row.id, topic: row.topic, rule: row.rule },
        },
        sql`exists (select 1 from permissions where id = ${row.id})`,
      ),
    ),
  ])
  // Somebody else added the same address in between: now it is known.
  if (!who.known && inserted.length === 0) return addContact(deps, input, actor)
  return { ok: true, id, added: id === newId, warnings: await warningsFor(deps, id, wanted.permissions, topics) }
}

type ReadPermission = Omit<NewPermission, 'evidence'> & { evidence: string | null }

/** The permissions with their proof as it is stored, and the fields that their purposes may not hold. */
function readPermissions(
  deps: Deps,
  input: NewContact,
  topics: readonly Topic[],
  actor: string,
): { ok: true; permissions: ReadPermission[] } | { ok: false; errors: FieldFault[] } {
  const errors: FieldFault[] = []
  const permissions = (input.permissions ?? []).map(({ topic, rule, evidence }, i): ReadPermission => {
    const path = `permissions.${i}`
    if (!topics.some(({ id }) => id === topic))
      errors.push({ path: `${path}.topic`, message: 'There is no such topic; GET /api/v1/topics lists them.' })
    if (evidence === undefined) {
      // SVPL 202 § asks for no proof, only for the right to forbid; everything else must be shown (GDPR Art. 7(1)).
      if (rule !== 'legal_person')
        errors.push({ path: `${path}.evidence`, message: 'Say how you know that this is permitted.' })
      return { topic, rule, evidence: null }
    }
    const read = readEvidence(evidence, `${path}.evidence`)
    if (!read.ok) errors.push(...read.errors)
    return {
      topic,
      rule,
      evidence: read.ok
        ? JSON.stringify({ said: read.evidence, by: actor, at: new Date(deps.now()).toISOString() })
        : null,
    }
  })
  return errors.length > 0 ? { ok: false, errors } : { ok: true, permissions }
}

/** Where the gate would stop in spite of the permission that was just recorded. */
async function warningsFor(
  deps: Deps,
  id: string,
  permissions: readonly ReadPermission[],
  topics: readonly Topic[],
): Promise<Warning[]> {
  const warnings = await Promise.all(
    permissions.map(async ({ topic }, i) => {
      const research = topics.find((one) => one.id === topic)?.kind === 'survey'
      const [seen] = await foresee(deps, { topic, class: research ? 'research' : 'marketing' }, [id])
      if (!seen || seen.verdict.allowed) return null
      const { reason } = seen.verdict
      return { path: `permissions.${i}`, reason, message: reasonWords[reason] }
    }),
  )
  return warnings.filter((warning) => warning !== null)
}
