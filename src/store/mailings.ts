import { sql } from 'kysely'
import type { MailingTimes } from '../rules/mailing.ts'
import type { SegmentDefinition, SegmentQuery } from '../rules/segment.ts'
import { segmentCondition } from './segments.ts'
import type { Store } from './store.ts'
import type { Language, MailingRow } from './tables.ts'

/** How many contacts are proposed in one batch: small enough that sign-ups keep their place in between. */
const PROPOSED_AT_ONCE = 5000

/** Starts what is due, once: the condition is the proof (P15). Returns the ids that this call started. */
export function startDue(store: Store, now: number) {
  return store.db
    .updateTable('mailings')
    .set({ started_at: now, updated_at: now })
    .where('due_at', '<=', now)
    .where('started_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .where('paused_at', 'is', null)
    .where('held_at', 'is', null)
    .returning('id')
}

/** Too late to send without asking: held for a person (P15). */
export function holdLate(store: Store, now: number, graceMs: number) {
  return store.db
    .updateTable('mailings')
    .set({ held_at: now, hold_reason: 'too_late', updated_at: now })
    .where('started_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .where('held_at', 'is', null)
    .where('paused_at', 'is', null)
    .where((e) =>
      e.or([e('not_after', '<', now), e.and([e('not_after', 'is', null), e('due_at', '<', now - graceMs)])]),
    )
    .returning('id')
}

/** Narrows the recipients; an absent list narrows nothing. */
type Lists = { languages?: string[]; priceGroups?: string[]; companies?: string[] }

/** As it is stored: a draft names a segment, a scheduled mailing has what it said then. */
export type Audience = Lists & { segment?: string; segmentDefinition?: SegmentDefinition }

/** The same as it is asked of the rows (mail/audience.ts). */
export type Narrowing = Lists & { segment?: SegmentQuery }

/** A mailing whose recipients are being proposed; `after` is the last contact of the pieces before, '' at the beginning. */
export type Proposing = { id: string; audience: Narrowing; after: string }
export type Piece = { id: string; language: Language }[]

/**
 * The next recipients to propose: everyone with a permission row for the topic that existed when the mailing started, narrowed by
 * the audience. A coarse proposal that decides nothing; the door decides.
 */
export async function nextPiece(store: Store, mailing: Proposing, atOnce = PROPOSED_AT_ONCE): Promise<Piece> {
  const { rows } = await sql<Piece[number]>`
    select c.id, c.language from mailings m cross join contacts c
    left join companies co on co.id = c.company_id
    where m.id = ${mailing.id} and c.id > ${mailing.after} and c.created_at <= m.started_at
      and exists (select 1 from permissions p where p.contact_id = c.id and p.topic = m.topic
        and p.requested_at <= m.started_at and p.channel = 'email')
      and (m.reminds is null or exists (select 1 from deliveries o where o.id = m.reminds || '.' || c.id and o.state = 'sent'))
      ${narrowed(store, mailing.audience)}
    order by c.id limit ${atOnce}`.execute(store.db)
  return rows
}

/**
 * Proposes a piece and says how far the mailing has come; a short piece was the last one. Safe twice, and on several nodes: the
 * step is taken only from where the piece begins, so that nobody can step over a piece that was not written. Who is proposed is
 * due whatever the clock says: one that is set back would make all of them wait.
 */
export function proposePiece(
  store: Store,
  { id, after }: Proposing,
  piece: Piece,
  now: number,
  atOnce = PROPOSED_AT_ONCE,
) {
  const recipients = sql`${JSON.stringify(piece.map((one) => ({ c: one.id, l: one.language })))}`
  return [
    sql`insert into deliveries (id, mailing_id, kind, class, topic, contact_id, language, state, due_at, attempts, created_at)
      select m.id || '.' || (r.value ->> 'c'), m.id, 'mailing', m.class, m.topic, r.value ->> 'c', r.value ->> 'l', 'queued',
        0, 0, cast(${now} as bigint)
      from mailings m cross join ${store.each(recipients)} as r
      where m.id = ${id} and m.proposed_at is null and m.cancelled_at is null
      on conflict do nothing`.compile(store.db),
    store.db
      .updateTable('mailings')
      .set({ proposed_to: piece.at(-1)?.id ?? after, proposed_at: piece.length < atOnce ? now : null })
      .where('id', '=', id)
      .where('proposed_at', 'is', null)
      .where('cancelled_at', 'is', null)
      .where((e) => e(e.fn.coalesce('proposed_to', e.val('')), '=', after))
      .returning(['proposed_at', 'proposed_to']),
  ] as const
}

/** The audience as conditions on `c` (contacts) and `co` (companies). */
export function narrowed(store: Store, audience: Narrowing) {
  const among = (column: string, values: string[] | undefined) =>
    values
      ? sql`and ${sql.ref(column)} in (select a.value ->> 'v' from ${store.each(sql`${JSON.stringify(values.map((v) => ({ v })))}`)} as a)`
      : sql``
  return sql`${among('c.language', audience.languages)} ${among('co.price_group', audience.priceGroups)}
      ${among('c.company_id', audience.companies)}
      ${audience.segment ? sql`and ${segmentCondition(store, audience.segment)}` : sql``}`
}

/** Finished exactly when everybody was proposed and nothing is queued, sending or undecided (P06), paused or not. */
export function finishIfDone(store: Store, mailingId: string, now: number) {
  return store.db
    .updateTable('mailings')
    .set({ finished_at: now, updated_at: now })
    .where('id', '=', mailingId)
    .where('proposed_at', 'is not', null)
    .where('finished_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('deliveries')
            .select('id')
            .where('mailing_id', '=', mailingId)
            .where('state', 'in', ['queued', 'sending', 'uncertain']),
        ),
      ),
    )
    .returning('id')
}

/** What a cancelled mailing still had in flight and came back (withheld, put off) waits for nobody any more. */
export function skipCancelled(store: Store, now: number) {
  return store.db
    .updateTable('deliveries')
    .set({ state: 'skipped', reason: 'cancelled', decided_at: now })
    .where('state', '=', 'queued')
    .where('mailing_id', 'in', (e) => e.selectFrom('mailings').select('id').where('cancelled_at', 'is not', null))
}

/** With undecided deliveries and nothing else left, the mailing waits for a person. */
export function pauseForUncertain(store: Store, now: number) {
  return sql<{ id: string }>`
    update mailings set paused_at = ${now}, pause_reason = 'uncertain', updated_at = ${now}
    where started_at is not null and finished_at is null and cancelled_at is null and paused_at is null
      and exists (select 1 from deliveries d where d.mailing_id = mailings.id and d.state = 'uncertain')
    returning id`.compile(store.db)
}

/** A sender-level failure (relay refuses us): the mailing stops, its recipients stay untouched. */
export function pauseMailing(store: Store, mailingId: string, reason: string, now: number) {
  return store.db
    .updateTable('mailings')
    .set({ paused_at: now, pause_reason: reason, updated_at: now })
    .where('id', '=', mailingId)
    .where('paused_at', 'is', null)
    .where('finished_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .returning('id')
}

/** A required ban source is not fresh: nothing goes out until it is (P08). */
export function holdMailing(store: Store, mailingId: string, reason: string, now: number) {
  return store.db
    .updateTable('mailings')
    .set({ held_at: now, hold_reason: reason, updated_at: now })
    .where('id', '=', mailingId)
    .where('held_at', 'is', null)
    .where('finished_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .returning('id')
}

export async function mailingById(store: Store, id: string): Promise<MailingRow | null> {
  return (await store.db.selectFrom('mailings').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** The times that a mailing's state is derived from (rules/mailing.ts). */
export function timesOf(row: MailingRow): MailingTimes {
  return {
    createdAt: row.created_at,
    scheduledAt: row.scheduled_at,
    dueAt: row.due_at,
    notAfter: row.not_after,
    startedAt: row.started_at,
    proposedAt: row.proposed_at,
    pausedAt: row.paused_at,
    pauseReason: row.pause_reason,
    heldAt: row.held_at,
    holdReason: row.hold_reason,
    finishedAt: row.finished_at,
    cancelledAt: row.cancelled_at,
  }
}

/** A required ban source is not fresh: everything scheduled or under way is held (standards D-23). */
export function holdForSources(store: Store, now: number) {
  return store.db
    .updateTable('mailings')
    .set({ held_at: now, hold_reason: 'source_stale', updated_at: now })
    .where('scheduled_at', 'is not', null)
    .where('held_at', 'is', null)
    .where('finished_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .returning('id')
}

export async function anyHeldForSources(store: Store): Promise<boolean> {
  const query = store.db.selectFrom('mailings').select('id').where('hold_reason', '=', 'source_stale')
  const held = await query.where('finished_at', 'is', null).where('cancelled_at', 'is', null).limit(1).execute()
  return held.length > 0
}

/** The sources are fresh again: what was held for them goes on by itself. */
export function releaseForSources(store: Store, now: number) {
  return store.db
    .updateTable('mailings')
    .set({ held_at: null, hold_reason: null, updated_at: now })
    .where('hold_reason', '=', 'source_stale')
    .where('finished_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .returning('id')
}

/** The mailings that may be delivered now, oldest start first. */
export async function runningMailings(store: Store): Promise<string[]> {
  const rows = await store.db
    .selectFrom('mailings')
    .select('id')
    .where('started_at', 'is not', null)
    .where('finished_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .where('paused_at', 'is', null)
    .where('held_at', 'is', null)
    .orderBy('started_at')
    .execute()
  return rows.map((row) => row.id)
}
/** Newest first; ids sort by time. */
export async function listMailings(store: Store, limit: number, before?: string): Promise<MailingRow[]> {
  const query = store.db.selectFrom('mailings').selectAll().orderBy('id', 'desc').limit(limit)
  return (before === undefined ? query : query.where('id', '<', before)).execute()
}
