import type { PriceRow, Product } from './priceTable.ts'

/** What choosing a version looks at. `group` is '' where it is for whoever has no version of their own. */
export type Version = { id: string; group: string; validFrom: string; createdAt: number }

/**
 * The version that somebody of this price group gets: of their own group what is in force on that day, else what is in force for
 * everybody; where nothing is yet, what comes into force first. Of two from the same day the one that was made later.
 * @param day YYYY-MM-DD in the company's time zone
 */
export const versionFor = <V extends Version>(versions: readonly V[], group: string, day: string): V | null => {
  const own = versions.filter((one) => one.group === group)
  const common = versions.filter((one) => one.group === '')
  return newestOn(own, day) ?? newestOn(common, day) ?? firstOf(own) ?? firstOf(common)
}

const newestOn = <V extends Version>(versions: readonly V[], day: string): V | null =>
  versions
    .filter(({ validFrom }) => validFrom <= day)
    .toSorted(byAge)
    .at(-1) ?? null

const firstOf = <V extends Version>(versions: readonly V[]): V | null => {
  const sorted = versions.toSorted(byAge)
  return sorted.findLast(({ validFrom }) => validFrom === sorted[0]?.validFrom) ?? null
}

/** The version of the same group that this one takes over from; null for the first. */
export const versionBefore = <V extends Version>(versions: readonly V[], version: Version): V | null =>
  versions
    .filter((one) => one.group === version.group && one.id !== version.id && byAge(one, version) < 0)
    .toSorted(byAge)
    // A correction made for the same day takes over from what was in force before that day.
    .findLast(({ validFrom }) => validFrom < version.validFrom) ?? null

const byAge = (a: Version, b: Version): number =>
  compare(a.validFrom, b.validFrom) || a.createdAt - b.createdAt || compare(a.id, b.id)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Days from one YYYY-MM-DD to another. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)

/** A row and what its price was before; `isNew` where there was no such product. Headings and first versions have neither. */
export type ComparedRow = { row: PriceRow; was: string | null; isNew: boolean }
export type Changes = { changed: number; added: number; removed: number }

/**
 * Compares with the version before. Products are the same by code and unit, or by name and unit where they have no code; of
 * several alike (prices by quantity) the first is compared with the first.
 */
export const compareRows = (
  rows: readonly PriceRow[],
  before: readonly PriceRow[] | null,
): { rows: ComparedRow[]; changes: Changes } => {
  const old = before === null ? null : Map.groupBy(before.filter(isProduct), keyOf)
  const changes: Changes = { changed: 0, added: 0, removed: 0 }
  const compared = rows.map((row): ComparedRow => {
    if (old === null || !isProduct(row)) return { row, was: null, isNew: false }
    const match = old.get(keyOf(row))?.shift()
    if (match === undefined) {
      changes.added += 1
      return { row, was: null, isNew: true }
    }
    if (match.price === row.price) return { row, was: null, isNew: false }
    changes.changed += 1
    return { row, was: match.price, isNew: false }
  })
  for (const left of old?.values() ?? []) changes.removed += left.length
  return { rows: compared, changes }
}

const isProduct = (row: PriceRow): row is Product => !('heading' in row)

const keyOf = ({ code, name, unit }: Product): string => JSON.stringify([code === '' ? name : code, code === '', unit])

/** Which part of a list a message shows. */
export type Shown = { rows: ComparedRow[]; part: 'all' | 'changed' | 'first' }

/** All rows where they fit into a message; else those whose price changed, and where none did the first ones. */
export const rowsToShow = (rows: readonly ComparedRow[], most: number): Shown => {
  if (rows.length <= most) return { rows: [...rows], part: 'all' }
  const changed = rows.filter(({ was }) => was !== null)
  return changed.length > 0
    ? { rows: changed.slice(0, most), part: 'changed' }
    : { rows: rows.slice(0, most), part: 'first' }
}
