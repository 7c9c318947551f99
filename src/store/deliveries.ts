import { sql, type RawBuilder } from 'kysely'
import type { Store } from './store.ts'
import type { DeliveryRow, DeliveryState } from './tables.ts'

/** What became of one claimed delivery; written back by the process that holds its lease. */
export type Outcome = {
  id: string
  lease: string
  state: DeliveryState
  /** when it may be tried again (state `queued`) */
  dueAt?: number
  /** false gives the attempt back: nothing was tried */
  attempted?: boolean
  reason?: string | null
  detail?: string | null
  allowedBy?: string | null
  evidence?: string | null
  messageId?: string | null
  reply?: string | null
}

/**
 * Claims up to `limit` due deliveries of one queue ('' = service and staff mail, else a mailing that runs): they are durably
 * `sending` under this lease before anything is handed over. Nothing is claimed while the kill switch is on, alerts excepted.
 */
export function claim(store: Store, queue: string, lease: string, now: number, leaseUntil: number, limit: number) {
  const isHeld = sql`exists (select 1 from settings where key = 'hold')`
  const running =
    queue === ''
      ? sql``
      : sql`and exists (select 1 from mailings m where m.id = ${queue} and m.started_at is not null and m.paused_at is null
          and m.held_at is null and m.cancelled_at is null)`
  // Alerts by an index of their own: while the switch is on, the whole queue waits in front of them.
  const alerts = queue === '' ? sql`d.kind = 'alert' and ${isHeld}` : sql`false`
  const first = sql`order by d.due_at, d.id limit ${limit} ${store.skipLocked}`
  // The choice stands in a `with`, which is made once: PostgreSQL may run a subselect of `in (…)` again and take more than asked.
  return sql<{ id: string }>`
    with chosen as (
      select d.id from deliveries d
      where d.mailing_id = ${queue} and d.state = 'queued' and d.due_at <= ${now} and not ${isHeld} ${running} ${first}),
    alerts as (select d.id from deliveries d where d.state = 'queued' and d.due_at <= ${now} and ${alerts} ${first})
    update deliveries set state = 'sending', lease = ${lease}, lease_until = ${leaseUntil}, attempts = attempts + 1
    where state = 'queued' and id in (select id from chosen union all select id from alerts)
    returning id`.compile(store.db)
}

/** Writes outcomes as they come, each only while its lease is still ours (a frozen process changes nothing afterwards). */
export function recordOutcomes(store: Store, outcomes: readonly Outcome[], now: number) {
  const rows = JSON.stringify(
    outcomes.map((o) => ({
      i: o.id,
      l: o.lease,
      s: o.state,
      u: o.dueAt ?? null,
      a: o.attempted === false ? 1 : 0,
      r: o.reason ?? null,
      d: o.detail ?? null,
      b: o.allowedBy ?? null,
      e: o.evidence ?? null,
      m: o.messageId ?? null,
      p: o.reply ?? null,
    })),
  )
  return sql`
    update deliveries set
      state = o.value ->> 's',
      due_at = coalesce(cast(o.value ->> 'u' as bigint), due_at),
      attempts = attempts - cast(o.value ->> 'a' as integer),
      reason = case when (o.value ->> 's') = 'queued' then coalesce(o.value ->> 'r', reason) else o.value ->> 'r' end,
      detail = o.value ->> 'd',
      allowed_by = o.value ->> 'b', evidence = o.value ->> 'e', decided_at = ${now},
      message_id = coalesce(o.value ->> 'm', message_id), reply = o.value ->> 'p',
      sent_at = case when (o.value ->> 's') = 'sent' then cast(${now} as bigint) else sent_at end,
      address = case when (o.value ->> 's') in ('queued', 'uncertain') then address else null end,
      lease = null, lease_until = null
    from ${store.each(sql`${rows}`)} as o
    where deliveries.id = (o.value ->> 'i') and deliveries.lease = (o.value ->> 'l') and deliveries.state = 'sending'`.compile(
    store.db,
  )
}

/** Keeps the leases of an open window alive while a slow peer takes its time. */
export function extendLeases(store: Store, leases: readonly string[], until: number) {
  return store.db
    .updateTable('deliveries')
    .set({ lease_until: until })
    .where('state', '=', 'sending')
    .where('lease', 'in', leases)
    .compile()
}

/**
 * After a crash: a mailing's delivery whose lease ran out while `sending` may or may not have gone out – `uncertain`, for a
 * person to decide. Service mail is sent again (house.md: confirmations are sent again).
 * @param domain of every Message-ID: a person looks for it in the relay's log before anything is sent again
 */
export function recoverLeases(store: Store, now: number, domain: string) {
  const lost = store.db
    .updateTable('deliveries')
    .set({ lease: null, lease_until: null })
    .where('state', '=', 'sending')
    .where('lease_until', '<', now)
  return [
    lost
      .set({ state: 'uncertain', reason: 'crash', decided_at: now, message_id: sql<string>`id || '@' || ${domain}` })
      .where('mailing_id', '!=', '')
      .returning('id'),
    lost.set({ state: 'queued', due_at: now }).where('mailing_id', '=', '').returning('id'),
  ] as const
}

/** A service or staff message that waits to be sent; its id is derived, so that asking twice queues one. */
export type NewDelivery = Pick<DeliveryRow, 'id' | 'kind' | 'class' | 'topic' | 'address' | 'keys' | 'language'> & {
  contactId?: string | null
  data: unknown
}

export function queueDelivery(store: Store, delivery: NewDelivery, now: number) {
  const { contactId = null, data, ...rest } = delivery
  return store.db
    .insertInto('deliveries')
    .values({
      ...rest,
      mailing_id: '',
      contact_id: contactId,
      data: JSON.stringify(data),
      state: 'queued',
      due_at: now,
      attempts: 0,
      lease: null,
      lease_until: null,
      reason: null,
      detail: null,
      allowed_by: null,
      evidence: null,
      decided_at: null,
      message_id: null,
      reply: null,
      sent_at: null,
      bounced_at: null,
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
}

/** The same, if a condition holds in the moment of the write. Returns its id when it was queued. */
export function queueDeliveryIf(store: Store, delivery: NewDelivery, now: number, condition: RawBuilder<unknown>) {
  const d = delivery
  return sql<{ id: string }>`
    insert into deliveries (id, mailing_id, kind, class, topic, contact_id, address, keys, language, data, state, due_at, attempts, created_at)
    select ${d.id}, '', ${d.kind}, ${d.class}, ${d.topic}, ${d.contactId ?? null}, ${d.address}, ${d.keys}, ${d.language},
      ${JSON.stringify(d.data)}, 'queued', cast(${now} as bigint), 0, cast(${now} as bigint)
    where ${condition}
    on conflict do nothing
    returning id`.compile(store.db)
}

/** Was this very delivery queued in this moment, and not one of the same id that somebody else made? */
export function queuedNow({ id, data }: Pick<NewDelivery, 'id' | 'data'>, now: number): RawBuilder<unknown> {
  return sql`exists (select 1 from deliveries where id = ${id} and created_at = ${now} and data = ${JSON.stringify(data)})`
}
