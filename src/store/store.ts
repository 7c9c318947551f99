import type { Compilable, CompiledQuery, Expression, Kysely, RawBuilder } from 'kysely'
import type { Tables } from './tables.ts'

/** A query that was built but not executed. */
export type Query<O = unknown> = Compilable<O> | CompiledQuery<O>

/** The rows that each query of a batch returned, in order; `[]` for a write without `returning`. */
export type Rows<Q extends readonly Query[]> = {
  -readonly [K in keyof Q]: Q[K] extends Query<infer O> ? O[] : never
}

/**
 * Where everything is remembered: reads through `db`, writes through `batch`, on every engine alike.
 * There are no interactive transactions (D1 has none): each write carries its own condition and is safe twice.
 */
export type Store = {
  /** Reads. */
  db: Kysely<Tables>
  /**
   * Runs the queries in order, all or nothing, durably before it resolves.
   * @throws when one of them fails (nothing was written) or the engine is unreachable (outcome unknown: writes are safe twice)
   */
  batch<const Q extends readonly Query[]>(queries: Q): Promise<Rows<Q>>
  /** The engine's table function over a JSON array; its column is `value` (`value ->> 'key'` reads a field). */
  each(json: Expression<unknown>): RawBuilder<{ value: string }>
  /** Goes to the end of a select that chooses rows to claim: other claimers' rows are passed over where the engine can. */
  skipLocked: RawBuilder<unknown>
  close(): Promise<void>
}

/** Compiles what was built; a query compiled before passes as it is (hot paths compile once). */
export function compile(query: Query): CompiledQuery {
  return 'compile' in query ? query.compile() : query
}
