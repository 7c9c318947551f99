import type { Counts, Refusal } from '../store/imports.ts'
import type { Query } from '../store/store.ts'
import type { CsvRow } from './csvRows.ts'

/** What a kind of import does with its rows; runImports.ts does the rest. */
export type RowsOf<Item> = {
  /**
   * One row as it stands, without a look at the store.
   * `once`: what may come once in a file, as keyed hashes; the first row with it wins
   */
  read(row: CsvRow): { ok: true; item: Item; once: { field: string; mark: string }[] } | { ok: false; refusal: Refusal }
  /** A chunk of rows against what is stored. It may be asked again when something changed meanwhile, and writes nothing itself. */
  decide(items: readonly Item[]): Promise<Outcome>
}

export type Outcome = {
  counts: Pick<Counts, 'added' | 'updated' | 'unchanged'>
  refusals: Refusal[]
  writes: Query[]
  /** Hashes of match forms that are banned from now on. */
  stopped: string[]
}

export function emptyOutcome(): Outcome {
  return { counts: { added: 0, updated: 0, unchanged: 0 }, refusals: [], writes: [], stopped: [] }
}
