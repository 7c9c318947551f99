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
 *
 * What the engines agree on: integers to 2^53 come back as numbers; text is UTF-8 without NUL (PostgreSQL has none: U+FFFD takes its place).
 * What SQL must spell out to mean the same everywhere: `where true` between an `insert … select … from` and its
 * `on conflict`; `cast(? as bigint)` for a bound number that no column gives a type (inside `case`, `coalesce`, `||`).
 */
export type Store = {
  /** Reads. */
  db: Kysely<Tables>
  /**
   * Runs the queries in order, all or nothing, durably before it resolves.
   * @throws when one of them fails (nothing was written) or the engine is unreachable (outcome unknown: writes are safe twice)
   */
  batch<const Q extends readonly Query[]>(queries: Q): Promise<Rows<Q>>
  /**
   * The engine's table function over a JSON array of objects; its column is `value` (`value ->> 'key'` reads a field, the
   * key written out, never bound).
   */
  each(json: Expression<unknown>): RawBuilder<{ value: string }>
  /**
   * Goes to the end of a select that chooses rows to claim: other claimers' rows are passed over where the engine can.
   * That select names the claimed table alone in its `from` (others go into `exists (…)`, or their rows would be locked too)
   * and stands in `with chosen as (…)` before the update: PostgreSQL may run it several times inside `in (…)`, and then more
   * rows are claimed than its limit says.
   */
  skipLocked: RawBuilder<unknown>
  /**
   * Goes behind a text that is compared or sorted byte by byte, so that what begins alike stands together whatever the language
   * of the database is (searches by the beginning of a name).
   */
  bytewise: RawBuilder<unknown>
  /** What the engine adds to the portable schema: sealed ledger rows and bans stay. Run by `migrate`, safe twice. */
  guards: readonly Query[]
  /**
   * Whether an error of `db` or `batch` means that the engine cannot work just now (full disk, I/O error, a lock held too
   * long, a lost connection): 503 and later again. Otherwise the query itself was wrong.
   */
  isDown(error: unknown): boolean
  close(): Promise<void>
}

/** Compiles what was built; a query compiled before passes as it is (hot paths compile once). */
export function compile(query: Query): CompiledQuery {
  return 'compile' in query ? query.compile() : query
}
