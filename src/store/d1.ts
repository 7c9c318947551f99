import type { D1Database } from '@cloudflare/workers-types'
import {
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
  type CompiledQuery,
  type Dialect,
} from 'kysely'
import { sqliteGuards } from './guards.ts'
import { compile, type Query, type Rows, type Store } from './store.ts'
import type { Tables } from './tables.ts'

/**
 * Opens a Cloudflare D1 binding as a Store; each batch is one `batch` of D1, which is atomic and ordered.
 * Make it for each invocation, never in module scope. When D1 loses the connection during a batch, its outcome is unknown
 * and the caller repeats it: writes are safe twice.
 */
export function openD1(binding: Pick<D1Database, 'prepare' | 'batch'>): Store {
  const prepare = ({ sql: text, parameters }: CompiledQuery) =>
    binding.prepare(text).bind(...parameters.map((value) => value ?? null))

  return {
    db: new Kysely<Tables>({ dialect: reads((query) => prepare(query).all()) }),
    batch: async <const Q extends readonly Query[]>(queries: Q) => {
      if (queries.length === 0) return [] as Rows<Q>
      const results = await binding.batch(queries.map((query) => prepare(compile(query))))
      return results.map((result) => result.results) as Rows<Q>
    },
    each: (json) => sql`json_each(${json})`,
    skipLocked: sql``,
    bytewise: sql``,
    guards: sqliteGuards,
    isDown,
    close: async () => undefined,
  }
}

type Result = { results: unknown[] }

/** Kysely over one function that runs a query; there is nothing to connect, begin or stream. */
function reads(run: (query: CompiledQuery) => Promise<Result>): Dialect {
  const connection = {
    executeQuery: async <R>(query: CompiledQuery) => ({ rows: (await run(query)).results as R[] }),
    streamQuery: () => refuse('stream rows'),
  }
  return {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createDriver: () => ({
      init: async () => undefined,
      acquireConnection: async () => connection,
      beginTransaction: async () => refuse('hold a transaction open: write with store.batch'),
      commitTransaction: async () => undefined,
      rollbackTransaction: async () => undefined,
      releaseConnection: async () => undefined,
      destroy: async () => undefined,
    }),
  }
}

function refuse(what: string): never {
  throw new Error(`D1 cannot ${what}.`)
}

/** An error of D1 that does not blame the statement (lost connection, reset, overload, full) comes without such a code. */
function isDown(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^D1_ERROR|^Network connection lost/.test(error.message) &&
    !/SQLITE_(ERROR|CONSTRAINT|MISMATCH|TOOBIG|RANGE|AUTH)/.test(error.message)
  )
}
