import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import type { Email } from '../rules/address.ts'
import { readContactRecord, type ContactRecord, type FieldFault, type TypedContact } from '../rules/contactRecord.ts'
import { changeContactSeen, isExternalIdTaken } from '../store/contacts.ts'
import { recordEventIf } from '../store/ledger.ts'
import { permissionsOf } from '../store/permissions.ts'
import type { Query } from '../store/store.ts'
import type { ContactRow } from '../store/tables.ts'
import { acquaintance, becomeContact, type Acquaintance } from './becomeContact.ts'
import { changedColumns, companyFor, derivedColumns, refusedFields } from './contactColumns.ts'
import {
  permissionWrites,
  readPermissions,
  warningsFor,
  type NewPermission,
  type Warning,
} from './recordedPermissions.ts'

export type NewContact = TypedContact & {
  email: string
  source: string
  language?: ContactRow['language'] | undefined
  permissions?: NewPermission[] | undefined
}
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
  const wanted = await readPermissions(deps, input.permissions ?? [], actor)
  const errors = [...(read.ok ? [] : read.errors), ...(wanted.ok ? [] : wanted.errors)]
  if (!read.ok || !wanted.ok || !read.record.email) return { ok: false, errors }
  const { email, ...record } = read.record
  const who = await acquaintance(deps, email)
  const refused = await faultsOf(deps, input, email, who)
  if (refused.length > 0) return { ok: false, errors: refused }

  const now = deps.now()
  const newId = deps.id()
  const id = who.known?.id ?? newId
  const source = record.source ?? input.source
  const writes: readonly Query[] = who.known
    ? await changeKnown(deps, who.known, { ...record, email, language: input.language }, actor, now)
    : addNew(deps, newId, { ...record, email, source, language: input.language ?? 'fi' }, who, actor, now)
  const [done] = await store.batch([...writes, ...permissionWrites(deps, id, source, wanted.permissions, actor, now)])
  // Somebody else added or changed the same contact in between.
  if (writes.length > 0 && done?.length === 0) return addContact(deps, input, actor)
  return { ok: true, id, added: id === newId, warnings: await warningsFor(deps, id, wanted.permissions) }
}

/** What stands in the way of storing this of this person: the register, or another contact's external id. */
async function faultsOf(deps: Deps, input: NewContact, email: Email, { known }: Acquaintance): Promise<FieldFault[]> {
  const { store } = deps
  const topics = (input.permissions ?? []).map(({ topic }) => topic)
  const refused = await refusedFields(deps, input, topics, known ? await permissionsOf(store, known.id) : [])
  const taken = typeof input.externalId === 'string' && (await isExternalIdTaken(store, input.externalId, email.strict))
  return [...refused, ...(taken ? [{ path: 'externalId', message: 'Another contact has this external id.' }] : [])]
}

type Given = Omit<ContactRecord, 'email'> & { email: Email; language: ContactRow['language'] | undefined }

function addNew(
  deps: Deps,
  id: string,
  given: Given & { source: string; language: ContactRow['language'] },
  who: Acquaintance,
  actor: string,
  now: number,
) {
  const { email, language, source, name = null, company = null, title = null, phone = null, externalId = null } = given
  const person = { email, language, name, company, title, phone, fields: {}, source, externalId }
  const [added] = becomeContact(deps, id, person, who, now)
  const event = { id: deps.id(), at: now, event: 'contact_created', subject: id, actor, data: { source: 'api' } }
  return [added, recordEventIf(deps.store, event, sql`exists (select 1 from contacts where id = ${id})`)]
}

/** Nothing, when everything that is given stands there already. */
async function changeKnown(deps: Deps, known: ContactRow, given: Given, actor: string, now: number) {
  const columns = changedColumns(deps, known, given, await companyFor(deps.store, known, given.email), actor)
  const changed = Object.keys(columns)
  if (changed.length === 0) return []
  const at = Math.max(now, known.updated_at + 1)
  const fields = changed.filter((column) => !derivedColumns.includes(column))
  const event = { id: deps.id(), at: now, event: 'contact_changed', subject: known.id, actor, data: { fields } }
  return [
    changeContactSeen(deps.store, known, { ...columns, updated_at: at }),
    recordEventIf(
      deps.store,
      event,
      sql`exists (select 1 from contacts where id = ${known.id} and updated_at = ${at})`,
    ),
  ]
}
