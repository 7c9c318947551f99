import { sql } from 'kysely'
import { importFile } from './files.ts'
import type { Store } from './store.ts'
import type { ImportRow } from './tables.ts'

export type NewImport = Pick<
  ImportRow,
  'id' | 'kind' | 'options' | 'sha256' | 'bytes' | 'created_by' | 'created_at' | 'file_id'
>
/** How many rows became what. */
export type Counts = Pick<ImportRow, 'added' | 'updated' | 'unchanged' | 'refused'>
export type Refusal = { row: number; field: string; message: string }

/** Queues an import; the header is the record that is dealt with already. Returns its id when it was new. */
export function addImport({ db }: Store, row: NewImport) {
  return db
    .insertInto('imports')
    .values({
      ...row,
      lease_until: null,
      position: 1,
      rows_total: null,
      rows_done: 0,
      added: 0,
      updated: 0,
      unchanged: 0,
      refused: 0,
      error: null,
      started_at: null,
      finished_at: null,
      failed_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
}

export async function importById({ db }: Store, id: string): Promise<ImportRow | null> {
  return (await db.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** The imports of both kinds, newest first, behind the given one. */
export async function listImports({ db }: Store, limit: number, before?: string): Promise<ImportRow[]> {
  let query = db.selectFrom('imports').selectAll()
  if (before !== undefined) query = query.where('id', '<', before)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

/** The import of the same file with the same options, unless it failed. */
export async function sameImport(
  { db }: Store,
  of: Pick<ImportRow, 'kind' | 'sha256' | 'options'>,
): Promise<ImportRow | null> {
  const same = db
    .selectFrom('imports')
    .selectAll()
    .where('kind', '=', of.kind)
    .where('sha256', '=', of.sha256)
    .where('options', '=', of.options)
  return (await same.where('failed_at', 'is', null).orderBy('id').limit(1).executeTakeFirst()) ?? null
}

/**
 * Takes the oldest import that waits or whose process died.
 * @param mine the import that this process is at, with the lease that it wrote: it goes on without waiting
 */
export function claimImport(store: Store, mine: { id: string; lease: number } | null, now: number, lease: number) {
  return sql<ImportRow>`
    with chosen as (
      select id from imports where finished_at is null and failed_at is null
        and (lease_until is null or lease_until < ${now} or (id = ${mine?.id ?? ''} and lease_until = ${mine?.lease ?? 0}))
      order by created_at, id limit 1 ${store.skipLocked})
    update imports set lease_until = ${lease}, started_at = coalesce(started_at, cast(${now} as bigint))
    where id in (select id from chosen)
    returning *`.compile(store.db)
}

/** What was found when the whole file was looked over; nothing of it was imported yet. */
export function setTotal({ db }: Store, id: string, rows: number) {
  return db.updateTable('imports').set({ rows_total: rows }).where('id', '=', id).where('rows_total', 'is', null)
}

/**
 * Moves an import on by the rows that the same batch writes. Where another process was there first, or the import was ended,
 * `position` would become null: the batch fails and writes nothing at all.
 */
export function advance({ db }: Store, id: string, step: { from: number; to: number; counts: Counts; lease: number }) {
  const { from, to, counts, lease } = step
  const rows = counts.added + counts.updated + counts.unchanged + counts.refused
  return sql`
    update imports set
      position = case when position = ${from} and finished_at is null and failed_at is null then cast(${to} as bigint) end,
      rows_done = rows_done + ${rows}, added = added + ${counts.added}, updated = updated + ${counts.updated},
      unchanged = unchanged + ${counts.unchanged}, refused = refused + ${counts.refused}, lease_until = ${lease}
    where id = ${id}`.compile(db)
}

export function addRefusals(store: Store, importId: string, refusals: readonly Refusal[]) {
  const rows = JSON.stringify(refusals.map(({ row, field, message }) => ({ r: row, f: field, m: message })))
  return sql`
    insert into import_refusals (import_id, row_number, field, message)
    select ${importId}, cast(r.value ->> 'r' as bigint), r.value ->> 'f', r.value ->> 'm' from ${store.each(sql`${rows}`)} as r`.compile(
    store.db,
  )
}

/**
 * Every row was dealt with: the file, which holds personal data, goes (after a dry run within two hours, since the same file is
 * likely to be imported next). Returns the counts when this was the one that ended it.
 */
export function finishImport({ db }: Store, { id, file, position }: Ending, now: number) {
  return [
    db
      .updateTable('imports')
      .set({ finished_at: now, lease_until: null })
      .where('id', '=', id)
      .where('position', '=', position)
      .where('finished_at', 'is', null)
      .where('failed_at', 'is', null)
      .returningAll(),
    ...(file === null ? [] : [db.deleteFrom('file_chunks').where('sha256', '=', importFile(file))]),
  ] as const
}

/** `file`: what goes with it */
type Ending = { id: string; file: string | null; position: number }

/** Ends an import without finishing it; what was imported stays and is counted. Returns its id when it was still going. */
export function failImport({ db }: Store, id: string, error: string, now: number) {
  return [
    db
      .updateTable('imports')
      .set({ failed_at: now, error, lease_until: null })
      .where('id', '=', id)
      .where('finished_at', 'is', null)
      .where('failed_at', 'is', null)
      .returning('id'),
    sql`
      delete from file_chunks where sha256 = ${importFile(id)}
        or sha256 = (select 'import.' || file_id from imports where id = ${id})`.compile(db),
  ] as const
}

/** The refused rows behind row `after`, in the order of the file. */
export async function refusalsOf({ db }: Store, importId: string, after: number, limit: number) {
  return db
    .selectFrom('import_refusals')
    .select(['row_number', 'field', 'message'])
    .where('import_id', '=', importId)
    .where('row_number', '>', after)
    .orderBy('row_number')
    .limit(limit)
    .execute()
}
