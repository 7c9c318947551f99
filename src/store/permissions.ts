import { sql, type RawBuilder } from 'kysely'
import type { Store } from './store.ts'
import type { PermissionRow } from './tables.ts'

/** Every permission of the contact with that address, whatever became of it. */
export async function permissionsByStrict({ db }: Store, strict: string): Promise<PermissionRow[]> {
  return db
    .selectFrom('permissions')
    .innerJoin('contacts', 'contacts.id', 'permissions.contact_id')
    .selectAll('permissions')
    .where('contacts.strict', '=', strict)
    .execute()
}

/** A permission by e-mail as a form asks for it; what happens to it later is still empty. */
export type Request = Pick<
  PermissionRow,
  'id' | 'signup_id' | 'topic' | 'source' | 'wording_id' | 'requested_at' | 'requested_from'
>

/** Writes requests for a consent that wait for their confirmation. */
export function addRequests(store: Store, requests: readonly Request[]) {
  return store.db.insertInto('permissions').values(requests.map((request) => ({ ...asked, ...request })))
}

const asked = {
  contact_id: null,
  channel: 'email' as const,
  rule: 'consent' as const,
  basis: 'consent',
  evidence: null,
  confirmed_at: null,
  confirmed_from: null,
  withdrawn_at: null,
  withdrawn_from: null,
  expires_at: null,
}

/**
 * Makes requests consents of the contact with that address: only those still open, each once.
 * @param by.eventId kept as the evidence: the ledger's event of this confirmation
 * @param by.from `link` only where the person opened a link mailed to this very address
 */
export function confirmRequests(
  store: Store,
  ids: readonly string[],
  by: { strict: string; eventId: string; from: 'link'; at: number; expiresAt: number },
) {
  return store.db
    .updateTable('permissions')
    .set({
      contact_id: sql<string>`(select id from contacts where strict = ${by.strict})`,
      confirmed_at: by.at,
      confirmed_from: by.from,
      evidence: by.eventId,
      expires_at: by.expiresAt,
    })
    .where('id', 'in', ids)
    .where('confirmed_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .returning('id')
}

/** Records a consent of a form without double opt-in, unless one for that topic is open. */
export function addUnconfirmed(
  store: Store,
  request: Request & { strict: string; evidence: string; expiresAt: number },
) {
  const { id, strict, topic, source, wording_id, requested_at: at, requested_from, evidence, expiresAt } = request
  return sql<{ id: string }>`
    insert into permissions (id, contact_id, topic, channel, rule, basis, source, evidence, wording_id,
      requested_at, requested_from, confirmed_at, confirmed_from, expires_at)
    select ${id}, c.id, ${topic}, 'email', 'consent', 'consent', ${source}, ${evidence}, ${wording_id},
      cast(${at} as bigint), ${requested_from}, cast(${at} as bigint), 'form', cast(${expiresAt} as bigint)
    from contacts c where c.strict = ${strict} and not exists (
      select 1 from permissions p where p.contact_id = c.id and p.topic = ${topic} and p.channel = 'email'
        and p.confirmed_at is not null and p.withdrawn_at is null)
    on conflict do nothing
    returning id`.compile(store.db)
}

/** A permission that staff or another system records, with its evidence; it counts from now on. */
export type Recorded = Pick<PermissionRow, 'id' | 'topic' | 'rule' | 'basis' | 'source' | 'evidence' | 'expires_at'> & {
  contact_id: string
  /** who recorded it */
  by: string
}

/** Records a permission unless the same one is open: saying it again neither doubles nor prolongs it. Returns its id when it was new. */
export function recordPermission(
  store: Store,
  { id, contact_id, topic, rule, basis, source, evidence, expires_at, by }: Recorded,
  now: number,
) {
  return sql<{ id: string }>`
    insert into permissions (id, contact_id, topic, channel, rule, basis, source, evidence,
      requested_at, requested_from, confirmed_at, confirmed_from, expires_at)
    select ${id}, c.id, ${topic}, 'email', ${rule}, ${basis}, ${source}, ${evidence},
      cast(${now} as bigint), ${by}, cast(${now} as bigint), ${by}, cast(${expires_at} as bigint)
    from contacts c where c.id = ${contact_id} and not exists (
      select 1 from permissions p where p.contact_id = c.id and p.topic = ${topic} and p.channel = 'email' and p.rule = ${rule}
        and p.confirmed_at is not null and p.withdrawn_at is null and (p.expires_at is null or p.expires_at > ${now}))
    on conflict do nothing
    returning id`.compile(store.db)
}

export async function permissionsOf({ db }: Store, contactId: string): Promise<PermissionRow[]> {
  return db
    .selectFrom('permissions')
    .selectAll()
    .where('contact_id', '=', contactId)
    .orderBy('requested_at')
    .orderBy('topic')
    .orderBy('id')
    .execute()
}

/** Ends what is open of a contact whose address became another one, if it did: a permission is for the very address that gave it. */
export function endPermissions(store: Store, contactId: string, now: number, condition: RawBuilder<boolean>) {
  return store.db
    .updateTable('permissions')
    .set({ expires_at: now })
    .where('contact_id', '=', contactId)
    .where('withdrawn_at', 'is', null)
    .where((e) => e.or([e('expires_at', 'is', null), e('expires_at', '>', now)]))
    .where(condition)
}
