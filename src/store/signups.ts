import { sql } from 'kysely'
import type { Store } from './store.ts'
import type { PermissionRow, SignupRow } from './tables.ts'

/** What a sign-up is decided on: mails of the last 30 days, requests that wait, bans of the address, and this hour's counters. */
export type SignUpFact =
  | { what: 'mailed'; at: number }
  | { what: 'pending'; at: number; id: string; signup: string; topic: string }
  | { what: 'banned'; at: number }
  | { what: 'queued'; at: number; id: string }

/**
 * One read for everything; the same for every address, whoever it belongs to (P12).
 * @param of.mailKey the counter of this address's mails; `of.keys` its `keys` column; `of.counters` the keys of the limits
 */
export async function signUpFacts(
  { db, each }: Store,
  of: { strict: string; keys: string; mailKey: string; mailedSince: number; counters: readonly string[]; hour: number },
): Promise<SignUpFact[]> {
  const nothing = sql`cast(null as text)`
  // A value compared as it is bound would have SQLite prepare the whole statement anew for each sign-up (docs/performance.md).
  const text = (value: string) => sql`cast(${value} as text)`
  const time = (value: number) => sql`cast(${value} as bigint)`
  const { rows } = await sql<SignUpFact>`
    select 'mailed' as what, bucket as at, ${nothing} as id, ${nothing} as signup, ${nothing} as topic
      from counters where key = ${text(of.mailKey)} and bucket > ${time(of.mailedSince)}
    union all
    select 'queued', n, key, ${nothing}, ${nothing} from counters where key in (${sql.join(of.counters)}) and bucket = ${time(of.hour)}
    union all
    select 'pending', p.requested_at, p.id, s.id, p.topic from signups s join permissions p on p.signup_id = s.id
      where s.strict = ${text(of.strict)} and p.confirmed_at is null and p.withdrawn_at is null
    union all
    select 'banned', b.at, ${nothing}, ${nothing}, ${nothing} from ${each(sql`${of.keys}`)} as k
      join ban_keys h on h.hash = (k.value ->> 'k') join bans b on b.id = h.ban_id where b.lifted_at is null`.execute(
    db,
  )
  return rows
}

export function addSignup(store: Store, signup: Omit<SignupRow, 'confirmed_at'>) {
  return store.db.insertInto('signups').values({ ...signup, confirmed_at: null })
}

/** A request that waits for its confirmation, with the wording that was shown and what the topic is. */
export type PendingRequest = PermissionRow & {
  signup_id: string
  wording: string | null
  topic_names: string | null
  purpose: string | null
  position: number | null
}

/** The sign-up behind a confirmation link; null when it ended or was erased. */
export async function signupOf({ db }: Store, id: string): Promise<SignupRow | null> {
  return (await db.selectFrom('signups').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** Every sign-up of an address that was not confirmed, newest first, and what each asks for. */
export async function pendingOf({ db }: Store, strict: string) {
  const signups = db.selectFrom('signups').where('strict', '=', strict).where('confirmed_at', 'is', null)
  const [rows, requests] = await Promise.all([
    signups.selectAll().orderBy('requested_at', 'desc').execute(),
    requestsBy(db).where('p.signup_id', 'in', signups.select('id')).orderBy('p.requested_at').orderBy('p.id').execute(),
  ])
  return { signups: rows, requests: requests as PendingRequest[] }
}

/** What one confirmation confirmed, from any sign-up that it closed. */
export async function confirmedWith({ db }: Store, signupId: string, at: number) {
  const person = db
    .selectFrom('permissions')
    .select('contact_id')
    .where('signup_id', '=', signupId)
    .where('contact_id', 'is not', null)
  const rows = await requestsBy(db)
    .where('p.contact_id', 'in', person)
    .where('p.confirmed_at', '=', at)
    .orderBy('p.requested_at')
    .orderBy('p.id')
    .execute()
  return rows as PendingRequest[]
}

function requestsBy(db: Store['db']) {
  return db
    .selectFrom('permissions as p')
    .leftJoin('wordings as w', 'w.id', 'p.wording_id')
    .leftJoin('topics as t', 't.id', 'p.topic')
    .selectAll('p')
    .select(['w.text as wording', 't.names as topic_names', 't.purpose', 't.position'])
}

/** Closes confirmed sign-ups: from now on the person is a contact, and here no personal data stays. */
export function closeSignups(store: Store, ids: readonly string[], now: number) {
  const blank = {
    strict: '',
    address: '',
    keys: '[]',
    name: null,
    company_name: null,
    title: null,
    phone: null,
    fields: '{}',
  }
  return store.db
    .updateTable('signups')
    .set({ ...blank, confirmed_at: now })
    .where('id', 'in', ids)
    .where('confirmed_at', 'is', null)
}

/**
 * Takes back whatever waits for an address: its requests, its sign-ups, the confirmation that was not sent yet. The last
 * query returns the ids of the sign-ups that were there.
 */
export function removePending(store: Store, strict: string, now: number) {
  const { db } = store
  const waiting = db.selectFrom('signups').where('strict', '=', strict).where('confirmed_at', 'is', null)
  return [
    db
      .updateTable('deliveries')
      .set({ state: 'skipped', reason: 'withdrawn', decided_at: now, address: null })
      .where('address', 'in', waiting.select('address'))
      .where('kind', '=', 'confirmation')
      .where('state', '=', 'queued'),
    db.deleteFrom('permissions').where('confirmed_at', 'is', null).where('signup_id', 'in', waiting.select('id')),
    db.deleteFrom('signups').where('strict', '=', strict).where('confirmed_at', 'is', null).returning('id'),
  ] as const
}

/** Pending sign-ups end by themselves: address and all are deleted, with the permissions that were only asked for (A9-7). */
export function purgeExpired(store: Store, now: number) {
  const { db } = store
  const expired = db.selectFrom('signups').select('id').where('expires_at', '<', now)
  return [
    db.deleteFrom('permissions').where('confirmed_at', 'is', null).where('signup_id', 'in', expired),
    db.deleteFrom('signups').where('expires_at', '<', now),
    db.deleteFrom('counters').where('bucket', '<', now - 40 * 86_400_000),
    db.deleteFrom('idempotency_keys').where('created_at', '<', now - 86_400_000),
  ] as const
}
