import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { parseEmail } from '../rules/address.ts'
import { readContactRecord, readEvidence, type Evidence, type FieldFault, type TypedContact } from '../rules/contactRecord.ts'
import { refuseInputs } from '../rules/inputFields.ts'
import { stateOf } from '../rules/permission.ts'
import { reasonWords } from '../rules/reasonWords.ts'
import { purposeKeys, type PurposeKey } from '../rules/register.ts'
import { consentEndsAt } from '../rules/retention.ts'
import { permissionFact } from '../mail/facts.ts'
import { recordEventIf } from '../store/ledger.ts'
import { permissionsOf, recordPermission } from '../store/permissions.ts'
import type { ContactRow, PermissionRow } from '../store/tables.ts'
import { allTopics, type Topic } from '../store/topics.ts'
import { acquaintance, becomeContact } from './becomeContact.ts'
import { changedColumns } from './changeContact.ts'
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
  const wanted = readPermissions(deps, input, topics, held)
  if (!wanted.ok) return wanted

  const now = deps.now()
  const newId = deps.id()
  const id = who.known?.id ?? newId
  const { record } = read
  const { name = null, company = null, title = null, phone = null } = record
  const person = { email: email.email, language: input.language ?? 'fi', name, company, title, phone, fields: {}, source: record.source ?? input.source }
  const [added] = becomeContact(deps, newId, person, who, now)
  const columns = who.known ? changedColumns(deps, who.known, { ...record, language: input.language }, who.company) : {}
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
    ...(changed.length > 0 ? [store.db.updateTable('contacts').set({ ...columns, updated_at: now }).where('id', '=', id)] : []),
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
              data: who.known ? { fields: changed } : { source: 'api' },
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
  if (!who.known && inserted.length === 0 && !(await contactIs(deps, newId))) return addContact(deps, input, actor)
  return { ok: true, id, added: id === newId, warnings: await warningsFor(deps, id, wanted.permissions, topics) }
}
