import { sql, type RawBuilder } from 'kysely'
import { addHashes, type BanHash } from './bans.ts'
import type { Query, Store } from './store.ts'

export type Leaving = {
  contactId: string
  /** `topic:<id>`, `purpose:<key>` or `all` */
  scope: string
  /** How the person left, as the permission, the ban and the ledger keep it. */
  how: string
  /** The strict hash first; none for a test message, from which nobody can leave. */
  hashes: readonly BanHash[]
  /** What the ledger keeps beside scope and way. */
  data: object
}

/**
 * Leaving, as writes that are safe any number of times: open permissions end, the objection is kept as a ban key, what waits
 * is skipped, the ledger says so once.
 */
export function leave(store: Store, leaving: Leaving, now: number): Query[] {
  const { contactId, scope, how, hashes } = leaving
  const contact = sql`select ${contactId}`
  return [
    sql`update permissions set withdrawn_at = ${now}, withdrawn_from = ${how}
      where contact_id = ${contactId} and withdrawn_at is null ${onTopics(scope)}`.compile(store.db),
    ...(hashes.length > 0 ? objection(store, leaving, now) : []),
    skipQueued(store, contact, scope, 'unsubscribed', now),
  ]
}

/** Skips the marketing and research mail that waits for these contacts (a select of ids) and is in the scope of a ban. */
export function skipQueued(store: Store, contacts: RawBuilder<unknown>, scope: string, reason: string, now: number) {
  return sql`update deliveries set state = 'skipped', reason = ${reason}, decided_at = ${now}
    where contact_id in (${contacts}) and state = 'queued' and class in ('marketing', 'research') ${onTopics(scope)}`.compile(
    store.db,
  )
}

/** The topics that a scope speaks of; `all` and `no_contact` speak of every one, also of those that are gone. */
function onTopics(scope: string): RawBuilder<unknown> {
  const [kind, name = ''] = scope.split(/:(.*)/s)
  if (kind === 'topic') return sql`and topic = cast(${name} as text)`
  if (kind === 'purpose') return sql`and topic in (select id from topics where purpose = ${name})`
  return sql``
}

/**
 * The ban key that leaving leaves behind. Its id holds the value, the scope and the time of what it ends (a consent, or the
 * lifting of an earlier ban), so that the same link pressed again is the same objection. Said again, its time moves on: then it
 * also outranks a return that this link knows nothing of, because the contact was erased and made anew.
 */
function objection(store: Store, { contactId, scope, how, hashes, data }: Leaving, now: number): Query[] {
  const { db } = store
  const strict = hashes[0]?.hash ?? ''
  // Cast, or SQLite would prepare the statement anew for each (docs/performance.md).
  const id = sql`${`left.${scope}.${strict}.`} || (select coalesce(max(t.at), 0) from (
    select confirmed_at as at from permissions where contact_id = cast(${contactId} as text) ${onTopics(scope)}
    union all
    select b.lifted_at from ban_keys k join bans b on b.id = k.ban_id
      where k.hash = cast(${strict} as text) and b.scope = cast(${scope} as text)) as t)`
  return [
    sql`insert into bans (id, kind, scope, source, external, reason, at)
      select ${id}, 'email', ${scope}, 'own', 0, ${how}, cast(${now} as bigint) where true
      on conflict (id) do update set at = excluded.at where bans.at < excluded.at`.compile(db),
    addHashes(store, sql`b.id = ${id}`, hashes),
    sql`insert into ledger (id, at, event, subject, actor, data)
      select ${id}, cast(${now} as bigint), 'objection', ${contactId}, 'person', ${JSON.stringify({ scope, how, ...data })}
      where true
      on conflict do nothing`.compile(db),
  ]
}
