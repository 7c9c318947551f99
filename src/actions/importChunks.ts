import type { Refusal } from '../store/imports.ts'
import type { CsvRow } from './csvRows.ts'
import type { RowsOf } from './importRows.ts'
import { seenMarks, type SeenMarks } from './seenMarks.ts'

/** Rows of one batch: few enough that sign-ups in between wait some milliseconds at most. */
const CHUNK_ROWS = 500

/** Rows that are written together; `to` is the last of them. */
export type Chunk<Item> = { to: number; items: Item[]; refusals: Refusal[] }

/** Data rows of the whole file. */
export async function countRows(pieces: AsyncIterable<CsvRow[]>): Promise<number> {
  let rows = 0
  for await (const piece of pieces) for (const row of piece) if (isData(row)) rows++
  return rows
}

/** The chunks behind `position`. What was done before is read again, since a file may name each person once. */
export async function* chunksOf<Item>(
  rows: RowsOf<Item>,
  pieces: AsyncIterable<CsvRow[]>,
  position: number,
  total: number,
): AsyncGenerator<Chunk<Item>, undefined> {
  const seen = seenMarks(total)
  let chunk: Chunk<Item> = { to: 0, items: [], refusals: [] }
  for await (const piece of pieces) {
    for (const row of piece) {
      if (!isData(row)) continue
      const read = readOnce(rows, row, seen)
      if (row.number <= position) continue
      chunk.to = row.number
      if (read.ok) chunk.items.push(read.item)
      else chunk.refusals.push(read.refusal)
      if (chunk.items.length + chunk.refusals.length < CHUNK_ROWS) continue
      yield chunk
      chunk = { to: 0, items: [], refusals: [] }
    }
  }
  if (chunk.to > 0) yield chunk
  return undefined
}

const isData = ({ number }: CsvRow): boolean => number > 1

function readOnce<Item>(rows: RowsOf<Item>, row: CsvRow, seen: SeenMarks) {
  const refuse = (field: string, message: string) => ({
    ok: false as const,
    refusal: { row: row.number, field, message },
  })
  if (row.stray) return refuse('row', 'Text stands behind a closing quote: double the quotes within a cell.')
  const read = rows.read(row)
  if (!read.ok) return read
  const twice = read.once.find(({ mark }) => seen.has(mark))
  if (twice) return refuse(twice.field, 'This stands further up in the file already: the first row counts.')
  for (const { mark } of read.once) seen.add(mark)
  return read
}
