import { createHash } from 'node:crypto'
import { sql, type RawBuilder } from 'kysely'
import type { Store } from './store.ts'
import type { LedgerRow } from './tables.ts'

/** Who did what, when, on what basis. `subject` is a contact id or a keyed hash; `data` holds no address and no name. */
export type LedgerEvent = { id: string; at: number; event: string; subject: string | null; actor: string; data: object }

/** An event as a write; the same id twice is one event. */
export function recordEvent(store: Store, { data, ...event }: LedgerEvent) {
  return store.db
    .insertInto('ledger')
    .values({ ...event, data: JSON.stringify(data), seq: null, hash: null })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
}

/** An event that is only true if an earlier write of the same batch took place. */
export function recordEventIf(
  store: Store,
  { data, ...e }: Omit<LedgerEvent, 'subject'> & { subject: string | null | RawBuilder<unknown> },
  condition: RawBuilder<unknown>,
) {
  return sql`
    insert into ledger (id, at, event, subject, actor, data)
    select ${e.id}, cast(${e.at} as bigint), ${e.event}, ${e.subject}, ${e.actor}, ${JSON.stringify(data)}
    where ${condition}
    on conflict do nothing`.compile(store.db)
}

/** Seals what is unsealed, in order of time, behind the last seal: seq and hash are written once. Two sealers collide on `seq`. */
export async function sealLedger(store: Store): Promise<void> {
  // The last seal is read first: whoever seals in between makes ours collide, and never leaves a gap.
  const last = await store.db
    .selectFrom('ledger')
    .select(['seq', 'hash'])
    .where('seq', 'is not', null)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  const open = await store.db
    .selectFrom('ledger')
    .selectAll()
    .where('seq', 'is', null)
    .orderBy('at')
    .orderBy('id')
    .limit(500)
    .execute()
  if (open.length === 0) return
  let seq = last?.seq ?? 0
  let hash = last?.hash ?? ''
  const seals = open.map((event) => {
    seq += 1
    hash = sealOf(hash, seq, event)
    return store.db.updateTable('ledger').set({ seq, hash }).where('id', '=', event.id).where('seq', 'is', null)
  })
  await store.batch(seals).catch((error: unknown) => {
    // Another node sealed first: `seq` is unique, nothing of ours was written, the next tick goes on behind it.
    if (!/unique|duplicate/i.test(String(error))) throw error
  })
}

/** The chain: each seal covers the one before it, its own place and the whole event. */
export function sealOf(before: string, seq: number, event: Omit<LedgerRow, 'seq' | 'hash'>): string {
  const { id, at, event: name, subject, actor, data } = event
  return createHash('sha256')
    .update(JSON.stringify([before, seq, id, at, name, subject, actor, data]))
    .digest('hex')
}

/** Events in order of time, behind the given one; those of one subject, or all. */
export async function listEvents(
  { db }: Store,
  subject: string | null,
  after: { at: number; id: string } | null,
  limit: number,
): Promise<LedgerRow[]> {
  let query = db.selectFrom('ledger').selectAll()
  if (subject !== null) query = query.where('subject', '=', subject)
  if (after)
    query = query.where((e) => e.or([e('at', '>', after.at), e.and([e('at', '=', after.at), e('id', '>', after.id)])]))
  return query.orderBy('at').orderBy('id').limit(limit).execute()
}

export async function hasEvent({ db }: Store, id: string): Promise<boolean> {
  return (await db.selectFrom('ledger').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}

/** Sealed events in the order of the chain, behind place `after`. */
export async function sealedEvents({ db }: Store, after: number, limit: number) {
  const rows = await db.selectFrom('ledger').selectAll().where('seq', '>', after).orderBy('seq').limit(limit).execute()
  return rows.map((row) => ({ ...row, seq: row.seq ?? 0, hash: row.hash ?? '' }))
}

export async function unsealedCount({ db }: Store): Promise<number> {
  const counted = db.selectFrom('ledger').select((e) => e.cast<number>(e.fn.countAll(), 'integer').as('n')).where('seq', 'is', null)
  return (await counted.executeTakeFirstOrThrow()).n
}

/** When the last event took place, by the clock that wrote it; null in an empty ledger. */
export async function newestEventAt({ db }: Store): Promise<number | null> {
  const row = await db.selectFrom('ledger').select((e) => e.fn.max('at').as('at')).executeTakeFirst()
  return row?.at ?? null
}
