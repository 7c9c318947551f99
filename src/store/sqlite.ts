import Database from 'better-sqlite3'
import { Kysely, SqliteDialect, sql, type CompiledQuery } from 'kysely'
import { compile, type Query, type Rows, type Store } from './store.ts'
import type { Tables } from './tables.ts'

type Waiting = { queries: CompiledQuery[]; done: (rows: unknown[][]) => void; failed: (error: unknown) => void }

/**
 * Opens a SQLite file as a Store.
 *
 * Batches that arrive in the same turn of the event loop are committed together (one disk flush), each in a savepoint of its
 * own, and every caller is answered after the commit: full durability without one flush per request.
 * @throws when the file cannot be opened, is not in WAL mode, or does not keep `synchronous=FULL` after a write
 */
export function openSqlite(file: string): Store {
  const database = new Database(file, { timeout: 5000 })
  database.pragma('foreign_keys = ON')
  makeDurable(database, file)

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
  const flush = () => {
    const group = waiting
    waiting = []
    const answers: (() => void)[] = []
    try {
      prepare('begin immediate').run()
      for (const { queries, done, failed } of group) {
        prepare('savepoint one').run()
        try {
          const rows = queries.map(run)
          prepare('release one').run()
          answers.push(() => done(rows))
        } catch (error) {
          prepare('rollback to one').run()
          prepare('release one').run()
          answers.push(() => failed(error))
        }
      }
      prepare('commit').run()
    } catch (error) {
      // SQLite has already rolled back after a full disk or an I/O error; `inTransaction` tells.
      if (database.inTransaction) prepare('rollback').run()
      for (const { failed } of group) failed(error)
      return
    }
    for (const answer of answers) answer()
  }

  return {
    db: new Kysely<Tables>({ dialect: new SqliteDialect({ database: { prepare, close: () => undefined } }) }),
    batch: <const Q extends readonly Query[]>(queries: Q) =>
      new Promise<Rows<Q>>((done, failed) => {
        if (waiting.length === 0) setImmediate(flush)
        waiting.push({ queries: queries.map(compile), done: (rows) => done(rows as Rows<Q>), failed })
      }),
    each: (json) => sql`json_each(${json})`,
    skipLocked: sql``,
    close: async () => {
      if (waiting.length > 0) flush()
      database.close()
    },
  }
}

/** WAL with synchronous=FULL, read back after a write: better-sqlite3 falls to NORMAL at the first write otherwise (P02). */
function makeDurable(database: Database.Database, file: string) {
  const mode = database.pragma('journal_mode = WAL', { simple: true })
  if (mode !== 'wal' && file !== ':memory:')
    throw new Error(`The database ${file} cannot use write-ahead logging (it answered "${String(mode)}"). Put it on a local disk.`)
  database.pragma('synchronous = FULL')
  database.exec('create table if not exists durability_probe (n integer); drop table durability_probe')
  if (database.pragma('synchronous', { simple: true }) !== 2) {
    database.pragma('synchronous = FULL')
    database.exec('create table if not exists durability_probe (n integer); drop table durability_probe')
    if (database.pragma('synchronous', { simple: true }) !== 2)
      throw new Error(`The database ${file} does not keep synchronous=FULL: a power cut could lose what was promised.`)
  }
}
