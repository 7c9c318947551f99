import Database from 'better-sqlite3'
import { Kysely, SqliteDialect, sql, type CompiledQuery } from 'kysely'
import { statSync } from 'node:fs'
import { sqliteGuards } from './guards.ts'
import { compile, type Query, type Rows, type Store } from './store.ts'
import type { Tables } from './tables.ts'

type Waiting = { queries: CompiledQuery[]; done: (rows: unknown[][]) => void; failed: (error: unknown) => void }

/** While another process writes, a group of batches tries again, 50 ms apart, for 5 s in all; the event loop stays free. */
const busy = { tries: 100, pause: 50 }

/**
 * Opens a SQLite file as a Store.
 *
 * Batches that arrive in the same turn of the event loop are committed together (one disk flush), and every caller is answered
 * after the commit: full durability without one flush per request. If one of them fails, only its caller hears of it.
 * @throws when the file cannot be opened, is not in WAL mode, or does not keep `synchronous=FULL` after a write
 */
export function openSqlite(file: string): Store {
  const database = new Database(file, { timeout: 5000 })
  database.pragma('foreign_keys = ON')
  makeDurable(database, file)
  // A reader that never ended may have let the log grow; it shrinks again afterwards.
  database.pragma('journal_size_limit = 67108864')
  // What a statement or a savepoint may have to take back is kept in memory: in a temporary file it costs more than the log.
  database.pragma('temp_store = MEMORY')
  database.pragma('busy_timeout = 10')
  const inPlace = watchPlace(file)

  const statements = new Map<string, Database.Statement<unknown[]>>()
  const prepare = (text: string) => {
    let statement = statements.get(text)
    if (!statement) {
      if (statements.size > 500) statements.clear()
      statement = database.prepare<unknown[]>(text)
      statements.set(text, statement)
    }
    return statement
  }
  const run = (query: CompiledQuery): unknown[] => {
    const statement = prepare(query.sql)
    if (statement.reader) return statement.all(...query.parameters)
    statement.run(...query.parameters)
    return []
  }

  let waiting: Waiting[] = []
  /** @param apart each batch in a savepoint of its own; it costs a copy of every page, so only after one of a group failed */
  const flush = (triesLeft: number, apart = false) => {
    if (waiting.length === 0) return
    try {
      inPlace()
      prepare('begin immediate').run()
    } catch (error) {
      if (triesLeft > 0 && codeOf(error).startsWith('SQLITE_BUSY')) setTimeout(flush, busy.pause, triesLeft - 1, apart)
      else for (const { failed } of waiting.splice(0)) failed(error)
      return
    }
    const group = waiting.splice(0)
    const giveUp = (error: unknown) => {
      if (database.inTransaction) prepare('rollback').run()
      for (const { failed } of group) failed(error)
    }
    let answers: (() => void)[]
    try {
      answers = group.map(apart ? runApart : runTogether)
    } catch (error) {
      if (apart || group.length === 1 || isDown(error)) return giveUp(error)
      // One of them is wrong: nothing was written yet, and all run again so that it harms no neighbour.
      if (database.inTransaction) prepare('rollback').run()
      waiting = [...group, ...waiting]
      return flush(triesLeft, true)
    }
    try {
      prepare('commit').run()
    } catch (error) {
      return giveUp(error)
    }
    for (const answer of answers) answer()
  }
  const runTogether = ({ queries, done }: Waiting) => {
    const rows = queries.map(run)
    return () => done(rows)
  }
  const runApart = (batch: Waiting) => {
    prepare('savepoint one').run()
    try {
      return runTogether(batch)
    } catch (error) {
      // A full disk or an I/O error may have ended the whole transaction: then nobody's batch was written.
      if (!database.inTransaction) throw error
      prepare('rollback to one').run()
      return () => batch.failed(error)
    } finally {
      if (database.inTransaction) prepare('release one').run()
    }
  }

  return {
    db: new Kysely<Tables>({ dialect: new SqliteDialect({ database: { prepare, close: () => undefined } }) }),
    batch: async <const Q extends readonly Query[]>(queries: Q) => {
      const compiled = queries.map(compile)
      return new Promise<Rows<Q>>((done, failed) => {
        if (waiting.length === 0) setImmediate(flush, busy.tries)
        waiting.push({ queries: compiled, done: (rows) => done(rows as Rows<Q>), failed })
      })
    },
    each: (json) => sql`json_each(${json})`,
    skipLocked: sql``,
    bytewise: sql``,
    guards: sqliteGuards,
    isDown,
    close: async () => {
      flush(0)
      database.close()
    },
  }
}

/** WAL with synchronous=FULL, read back after a write: better-sqlite3 falls to NORMAL at the first write otherwise (P02). */
function makeDurable(database: Database.Database, file: string) {
  const mode = database.pragma('journal_mode = WAL', { simple: true })
  if (mode !== 'wal' && file !== ':memory:')
    throw new Error(
      `The database ${file} cannot use write-ahead logging (it answered "${String(mode)}"). Put it on a local disk.`,
    )
  database.pragma('synchronous = FULL')
  database.exec('create table if not exists durability_probe (n integer); drop table durability_probe')
  if (database.pragma('synchronous', { simple: true }) !== 2) {
    database.pragma('synchronous = FULL')
    database.exec('create table if not exists durability_probe (n integer); drop table durability_probe')
    if (database.pragma('synchronous', { simple: true }) !== 2)
      throw new Error(`The database ${file} does not keep synchronous=FULL: a power cut could lose what was promised.`)
  }
}

/** Answers a check that throws once the file was moved, replaced or deleted: what is written then would be lost. */
function watchPlace(file: string): () => void {
  if (file === ':memory:') return () => undefined
  const { dev, ino } = statSync(file)
  return () => {
    const now = statSync(file, { throwIfNoEntry: false })
    if (now?.dev !== dev || now.ino !== ino)
      throw Object.assign(new Error(`The database file ${file} was moved or replaced. Put it back or start again.`), {
        code: 'SQLITE_READONLY_DBMOVED',
      })
  }
}

function isDown(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|NOMEM|PROTOCOL|CORRUPT|NOTADB)/.test(codeOf(error))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
