import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { timeSortedId } from '../deps.ts'
import { deleteLostUploads, importFile } from '../store/files.ts'
import { deleteOldUploads } from '../store/importUploads.ts'
import { addRefusals, advance, claimImport, failImport, finishImport, importById, setTotal } from '../store/imports.ts'
import { recordEventIf } from '../store/ledger.ts'
import type { Store } from '../store/store.ts'
import type { ImportRow } from '../store/tables.ts'
import { allTopics } from '../store/topics.ts'
import { CsvFault, csvRows } from './csvRows.ts'
import type { BanImportOptions } from './importBans.ts'
import { banRows } from './importBanRows.ts'
import { chunksOf, countRows, type Chunk } from './importChunks.ts'
import { contactRows } from './importContactRows.ts'
import type { ContactImportOptions } from './importContacts.ts'
import type { RowsOf } from './importRows.ts'

/** An import is one process's for so long after its last chunk; then another may go on with it. */
const LEASE_MS = 10_000
/** How often a chunk is decided anew because somebody else wrote the same people meanwhile. */
const TRIES = 5
const HOUR_MS = 3_600_000

/**
 * The import that this process is at. All that counts is in its row: after a crash the file is read from its start, what was
 * done is passed over, and the work goes on behind it.
 */
type Session = {
  id: string
  dryRun: boolean
  lease: number
  position: number
  rows: RowsOf<unknown>
  chunks: AsyncGenerator<Chunk<unknown>, undefined>
}

const sessions = new WeakMap<Store, Session>()
const tidied = new WeakMap<Store, number>()

/**
 * Imports what waits, for about `maxMs` of the clock. Each chunk is one batch with its counts, so that a death at any moment
 * leaves no half row and counts nothing twice (P01).
 * @returns whether there is more to do now
 * @throws when the store cannot work just now; the import goes on later
 */
export async function runImports(deps: Deps, maxMs: number): Promise<boolean> {
  const { store, now } = deps
  const until = now() + maxMs
  await tidy(deps)
  for (;;) {
    const at = now()
    const [claimed] = await store.batch([claimImport(store, sessions.get(store) ?? null, at, at + LEASE_MS)])
    const job = claimed[0]
    if (!job) return false
    if (await work(deps, job, until)) return true
  }
}

/** Uploads that broke off hold personal data that nobody will use. */
async function tidy({ store, now }: Deps) {
  const at = now()
  if (at - (tidied.get(store) ?? -Infinity) < HOUR_MS) return
  tidied.set(store, at)
  await store.batch([
    deleteLostUploads(store, importFile(timeSortedId(at - HOUR_MS, new Uint8Array()))),
    deleteOldUploads(store, at - HOUR_MS),
  ])
}

/** @returns whether this import goes on later */
async function work(deps: Deps, job: ImportRow, until: number): Promise<boolean> {
  const { store, now, log } = deps
  try {
    const session = await sessionFor(deps, job)
    for (;;) {
      const { value: chunk } = await session.chunks.next()
      if (!chunk) await finish(deps, session)
      if (!chunk || !(await write(deps, session, chunk))) {
        sessions.delete(store)
        return false
      }
      if (now() >= until) return true
    }
  } catch (error) {
    sessions.delete(store)
    if (store.isDown(error)) throw error
    const isFault = error instanceof CsvFault
    if (!isFault) log.error('import_failed', { import: job.id, error: String(error) })
    const message = isFault
      ? error.message
      : 'The import stopped through a failure of ours; what it counts was imported.'
    await store.batch(failImport(store, job.id, message, now()))
    return false
  }
}

async function sessionFor(deps: Deps, job: ImportRow): Promise<Session> {
  const { store } = deps
  const mine = sessions.get(store)
  if (mine?.id === job.id && mine.position === job.position) return mine
  const options = JSON.parse(job.options) as ContactImportOptions | BanImportOptions
  const topics = await allTopics(deps)
  const rows = (
    'topics' in options ? contactRows(deps, job, options, topics) : banRows(deps, job, options, topics)
  ) as RowsOf<unknown>
  const read = () => csvRows(store, importFile(job.file_id ?? job.id), options.format)
  // The whole file is looked over before anything of it is imported: broken further down, it is refused as a whole.
  const total = job.rows_total ?? (await countRows(read()))
  if (job.rows_total === null) await store.batch([setTotal(store, job.id, total)])
  const session = {
    id: job.id,
    dryRun: options.dryRun,
    lease: 0,
    position: job.position,
    rows,
    chunks: chunksOf(rows, read(), job.position, total),
  }
  sessions.set(store, session)
  return session
}

/** @returns false when another process was at the import, or somebody ended it */
async function write(deps: Deps, session: Session, chunk: Chunk<unknown>): Promise<boolean> {
  const { store, now, signals } = deps
  const { id, dryRun, position } = session
  for (let left = TRIES; ; left--) {
    const outcome = await session.rows.decide(chunk.items)
    const refusals = [...chunk.refusals, ...outcome.refusals]
    const counts = { ...outcome.counts, refused: refusals.length }
    const lease = now() + LEASE_MS
    try {
      await store.batch([
        advance(store, id, { from: position, to: chunk.to, counts, lease }),
        ...(dryRun ? [] : outcome.writes),
        ...(refusals.length > 0 ? [addRefusals(store, id, refusals)] : []),
      ])
      if (!dryRun && outcome.stopped.length > 0) signals.stop(outcome.stopped)
      Object.assign(session, { position: chunk.to, lease })
      return true
    } catch (error) {
      if (store.isDown(error)) throw error
      const job = await importById(store, id)
      if (job?.position !== position || job.failed_at !== null || job.finished_at !== null) return false
      if (left === 0) throw error
    }
  }
}

/** The end of the file: it goes, since it holds personal data, and the ledger says what became of its rows. */
async function finish({ store, now }: Deps, { id, dryRun, position }: Session): Promise<void> {
  const job = await importById(store, id)
  if (!job) return
  const at = now()
  const { kind, sha256, added, updated, unchanged, refused } = job
  const data = { kind, sha256, added, updated, unchanged, refused }
  const ended = sql`exists (select 1 from imports where id = ${id} and finished_at = ${at})`
  await store.batch([
    ...finishImport(store, { id, file: dryRun ? null : (job.file_id ?? id), position }, at),
    ...(dryRun
      ? []
      : [
          recordEventIf(
            store,
            { id: `${id}.finished`, at, event: 'import_finished', subject: id, actor: 'system', data },
            ended,
          ),
        ]),
  ])
}
