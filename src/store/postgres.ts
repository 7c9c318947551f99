import { Kysely, PostgresDialect, PostgresQueryCompiler, sql, type CompiledQuery } from 'kysely'
import { DatabaseError, Pool, types } from 'pg'
import { postgresGuards } from './guards.ts'
import { compile, type Query, type Rows, type Store } from './store.ts'
import type { Tables } from './tables.ts'

/** A batch that collided with another, or lost its connection before the commit left, wrote nothing and is tried again. */
const tries = 5

/**
 * Opens a PostgreSQL database as a Store; each batch is one transaction on one connection of the pool.
 *
 * A connection that dies is replaced; while the server is away, reads and batches fail at once (`isDown`).
 * Settings in the query of the URL outrank ours (`?statement_timeout=0` for a long migration).
 * @param options.max connections, 10 when omitted
 * @throws when the server cannot be reached, or could lose or mangle what it acknowledged (P02): the sentence says the mend
 */
export async function openPostgres(url: string, options: { max?: number } = {}): Promise<Store> {
  const pool = new Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: 'postilupa',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    statement_timeout: 30_000,
    // A process that is frozen in mid-batch must not hold its locks.
    idle_in_transaction_session_timeout: 10_000,
    types: { getTypeParser: parserOf },
  })
  // Both fire when a connection is lost (idle, or in use between two queries); unheard, they would end the process.
  // The pool replaces the connection by itself, and a query in flight fails on its own.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  await refuseUnsafe(pool).catch(async (error: unknown) => {
    await pool.end()
    throw error
  })

  const dialect = new PostgresDialect({ pool })
  dialect.createQueryCompiler = () => new NulFree()
  return {
    db: new Kysely<Tables>({ dialect }),
    batch: async <const Q extends readonly Query[]>(queries: Q) =>
      (await commit(pool, queries.map(compile))) as Rows<Q>,
    each: (json) => sql`json_array_elements(${json}::json)`,
    skipLocked: sql`for update skip locked`,
    bytewise: sql` collate "C"`,
    guards: postgresGuards,
    isDown,
    close: async () => {
      if (!pool.ending) await pool.end()
    },
  }
}

/** No text of PostgreSQL holds NUL: one that is asked for is not there, as elsewhere, instead of an error. */
class NulFree extends PostgresQueryCompiler {
  protected override addParameter(parameter: unknown): void {
    super.addParameter(typeof parameter === 'string' ? parameter.replaceAll('\0', '\ufffd') : parameter)
  }
}

/** The driver leaves `bigint` (times, counts) and `numeric` (sums) as text; ours are all safe integers. */
function parserOf(oid: number, format?: 'text' | 'binary') {
  if (oid === types.builtins.INT8 || oid === types.builtins.NUMERIC) return Number
  return types.getTypeParser(oid, format as 'text') as (text: string) => unknown
}

async function refuseUnsafe(pool: Pool) {
  const { rows } = await pool.query<{ fsync: string; commit: string; encoding: string }>(
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
       current_setting('server_encoding') as encoding`,
  )
  const { fsync, commit, encoding } = rows[0] ?? {}
  if (fsync !== 'on')
    throw new Error(
      'PostgreSQL runs with fsync=off: a power cut could lose what was promised. Set fsync=on and restart it.',
    )
  if (commit === 'off')
    throw new Error(
      'PostgreSQL runs with synchronous_commit=off: a power cut could lose what was promised. ' +
        'Set synchronous_commit=on for this server, database and role.',
    )
  if (encoding !== 'UTF8')
    throw new Error(
      `The PostgreSQL database is encoded in ${encoding}. Create it with "create database … encoding 'UTF8'".`,
    )
}

async function commit(pool: Pool, queries: readonly CompiledQuery[]): Promise<unknown[][]> {
  for (let left = tries - 1; ; left--) {
    const client = await pool.connect()
    let committing = false
    let broken = false
    try {
      // Conditional writes rely on seeing what others committed meanwhile, whatever the server's default is.
      await client.query('begin isolation level read committed')
      const rows: unknown[][] = []
      for (const query of queries) rows.push((await client.query<object>(query.sql, [...query.parameters])).rows)
      committing = true
      await client.query('commit')
      return rows
    } catch (error) {
      broken = await client.query('rollback').then(
        () => false,
        () => true,
      )
      const wroteNothing = collided(error) || (broken && !committing)
      if (left === 0 || !wroteNothing) throw error
    } finally {
      client.release(broken)
    }
  }
}

/** serialization_failure, deadlock_detected */
function collided(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === '40001' || error.code === '40P01')
}

/** Classes of PostgreSQL's appendix A: connection, rollback, resources, operator, system; 25006 = a standby that only reads. */
function isDown(error: unknown): boolean {
  if (error instanceof DatabaseError) return /^(08|40|53|57|58|25006)/.test(error.code ?? '')
  if (!(error instanceof Error)) return false
  return ('code' in error && /^E[A-Z]+$/.test(String(error.code))) || /connect/i.test(error.message)
}
