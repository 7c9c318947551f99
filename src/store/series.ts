import { sql } from 'kysely'
import type { OccurrenceRow, SeriesRow } from './rows/audience.ts'
import type { Store } from './store.ts'

export async function seriesOf({ db }: Store, mailingId: string): Promise<SeriesRow | null> {
  return (await db.selectFrom('series').selectAll().where('mailing_id', '=', mailingId).executeTakeFirst()) ?? null
}

/** Makes a draft repeat, or changes how; one that was paused or had ended begins anew. Writes nothing unless it is a draft. */
export function putSeries(store: Store, series: SeriesRow) {
  const { mailing_id, repeat, next_at, created_at, created_by } = series
  return sql<SeriesRow>`
    insert into series (mailing_id, repeat, next_at, created_at, updated_at, created_by)
    select m.id, ${repeat}, cast(${next_at} as bigint), cast(${created_at} as bigint), cast(${created_at} as bigint), ${created_by}
    from mailings m where m.id = ${mailing_id} and m.scheduled_at is null
    on conflict (mailing_id) do update set repeat = excluded.repeat, next_at = excluded.next_at, paused_at = null, ended_at = null,
      updated_at = excluded.updated_at
    returning *`.compile(store.db)
}

/** Pauses, resumes or ends a series that has not ended. Returns it when it was so. */
export function changeSeries(
  store: Store,
  mailingId: string,
  columns: Partial<Pick<SeriesRow, 'paused_at' | 'ended_at' | 'next_at'>>,
  now: number,
) {
  return store.db
    .updateTable('series')
    .set({ ...columns, updated_at: now })
    .where('mailing_id', '=', mailingId)
    .where('ended_at', 'is', null)
    .returningAll()
}

/** The series whose time has come; without their draft there is nothing to copy. */
export async function dueSeries({ db }: Store, now: number): Promise<SeriesRow[]> {
  return db
    .selectFrom('series')
    .innerJoin('mailings', 'mailings.id', 'series.mailing_id')
    .selectAll('series')
    .where('series.next_at', '<=', now)
    .where('series.paused_at', 'is', null)
    .where('series.ended_at', 'is', null)
    .orderBy('series.next_at')
    .limit(50)
    .execute()
}

/** The occurrence was dealt with: the next one is awaited. The condition is the proof that nobody else took the step (P15). */
export function advanceSeries(
  store: Store,
  seen: Pick<SeriesRow, 'mailing_id' | 'next_at'>,
  next: number | null,
  now: number,
) {
  return store.db
    .updateTable('series')
    .set({ next_at: next, ended_at: next === null ? now : null, updated_at: now })
    .where('mailing_id', '=', seen.mailing_id)
    .where('next_at', '=', seen.next_at)
    .where('ended_at', 'is', null)
    .returning('mailing_id')
}

export function addOccurrence(store: Store, occurrence: OccurrenceRow) {
  return store.db
    .insertInto('occurrences')
    .values(occurrence)
    .onConflict((conflict) => conflict.doNothing())
}

/** What a draft was sent as, newest first. */
export async function occurrencesOf({ db }: Store, mailingId: string, limit: number): Promise<OccurrenceRow[]> {
  return db
    .selectFrom('occurrences')
    .selectAll()
    .where('series_id', '=', mailingId)
    .orderBy('due_at', 'desc')
    .limit(limit)
    .execute()
}

/** Since when the newest prices of a mailing's list are valid on a day (YYYY-MM-DD); null where it has no list or no prices. */
export async function newestPrices(store: Store, mailingId: string, day: string): Promise<string | null> {
  const { rows } = await sql<{ day: string | null }>`
    select max(v.valid_from) as day from mailings m join price_list_versions v on v.price_list_id = m.price_list_id
    where m.id = ${mailingId} and v.mapped_at is not null and v.valid_from <= ${day}`.execute(store.db)
  return rows[0]?.day ?? null
}
