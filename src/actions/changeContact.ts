import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { banHashes } from '../mail/matchHashes.ts'
import { readContactRecord, type FieldFault } from '../rules/contactRecord.ts'
import { addBan, bansHit } from '../store/bans.ts'
import { changeContactSeen, contactById, contactByStrict, isExternalIdTaken } from '../store/contacts.ts'
import { keysOfColumn } from '../store/keys.ts'
import { recordEventIf } from '../store/ledger.ts'
import { endPermissions, permissionsOf } from '../store/permissions.ts'
import type { ContactRow, PermissionRow } from '../store/tables.ts'
import {
  changedColumns,
  companyFor,
  derivedColumns,
  emailOf,
  refusedFields,
  type ContactPatch,
} from './contactColumns.ts'

export type ChangeContactResult =
  | { ok: true; contact: ContactRow }
  | { ok: false; kind: 'missing' }
  | { ok: false; kind: 'stale' }
  | { ok: false; kind: 'invalid'; errors: FieldFault[] }
  | { ok: false; kind: 'taken'; errors: FieldFault[] }

/**
 * Changes what is given of a contact. A new address is the same person: bans and objections follow to it, permissions end,
 * because they were given for the old one (GDPR Art. 16, standards B1-14).
 * @param seenAt the `updated_at` that the caller saw, where it insists on it
 */
export async function changeContact(
  deps: Deps,
  id: string,
  patch: ContactPatch,
  seenAt: number | null,
  actor: string,
): Promise<ChangeContactResult> {
  const { store, config } = deps
  const row = await contactById(store, id)
  if (!row) return { ok: false, kind: 'missing' }
  if (seenAt !== null && seenAt !== row.updated_at) return { ok: false, kind: 'stale' }
  const read = readContactRecord(patch, { allowReserved: config.allowReservedDomains })
  if (!read.ok) return { ok: false, kind: 'invalid', errors: read.errors }
  const permissions = await permissionsOf(store, id)
  const refused = await refusedFields(deps, patch, [], permissions)
  if (refused.length > 0) return { ok: false, kind: 'invalid', errors: refused }

  const moved = read.record.email && read.record.email.strict !== row.strict ? read.record.email : null
  if (moved && (await contactByStrict(store, moved.strict)))
    return { ok: false, kind: 'taken', errors: [{ path: 'email', message: 'Another contact has this address.' }] }
  const { externalId } = read.record
  if (externalId && (await isExternalIdTaken(store, externalId, row.strict)))
    return {
      ok: false,
      kind: 'taken',
      errors: [{ path: 'externalId', message: 'Another contact has this external id.' }],
    }
  const company = await companyFor(store, row, moved ?? emailOf(row))
  const { language, addressClass, restricted } = patch
  const columns = changedColumns(deps, row, { ...read.record, language, addressClass, restricted }, company, actor)
  const fields = Object.keys(columns).filter((column) => !derivedColumns.includes(column))
  if (Object.keys(columns).length === 0) return { ok: true, contact: row }

  const now = deps.now()
  // Never the same again, so that it tells one version from the next.
  const at = Math.max(now, row.updated_at + 1)
  const hashes = moved ? banHashes(deps.keyring, 'email', moved) : []
  const following = moved ? await followingBans(deps, row, permissions) : []
  const strict = moved?.strict ?? row.strict
  const done = sql<boolean>`exists (select 1 from contacts where id = ${id} and updated_at = ${at} and strict = ${strict})`
  const event = {
    id: deps.id(),
    at: now,
    subject: id,
    actor,
    event: 'contact_changed',
    data: { fields, bansFollowed: following.length },
  }
  const restriction = { ...event, id: deps.id(), event: 'restriction_set', data: { restricted } }
  const [changed] = await store.batch([
    changeContactSeen(store, row, { ...columns, updated_at: at }),
    recordEventIf(store, event, done),
    ...('restricted_at' in columns ? [recordEventIf(store, restriction, done)] : []),
    ...(moved ? [endPermissions(store, id, now, done)] : []),
    ...following.flatMap((ban) => addBan(store, deps.id(), { ...ban, hashes }, now, null, done)),
  ])
  if (moved || 'restricted_at' in columns)
    deps.signals.stop([...keysOfColumn(row.keys), ...hashes.map(({ hash }) => hash)])
  // Somebody else changed the contact in between.
  if (!changed[0]) return changeContact(deps, id, patch, seenAt, actor)
  return { ok: true, contact: changed[0] }
}

/** What a person forbade at the old address: bans that it hits, and topics left without a ban key of their own. */
async function followingBans({ store }: Deps, row: ContactRow, permissions: readonly PermissionRow[]) {
  const bans = (await bansHit(store, keysOfColumn(row.keys))).filter(({ kind }) => kind === 'email')
  const left = permissions.filter(
    ({ topic, withdrawn_at: at }) =>
      at !== null &&
      !permissions.some(
        (later) => later.topic === topic && later.withdrawn_at === null && (later.confirmed_at ?? 0) > at,
      ),
  )
  const objections = left.map(({ topic }) => ({
    scope: `topic:${topic}`,
    source: 'own',
    external: 0,
    reason: 'withdrawn',
  }))
  const all = [
    ...bans.map(({ scope, source, external, reason }) => ({ scope, source, external, reason })),
    ...objections,
  ]
  const once = new Map(all.toReversed().map((ban) => [`${ban.scope} ${ban.source}`, ban]))
  return [...once.values()].map((ban) => ({ ...ban, kind: 'email' as const }))
}
