import { splitCsv, type CsvRecord } from '../rules/csv.ts'
import { readPiece } from '../store/files.ts'
import type { Store } from '../store/store.ts'

/** How the text of a file is written. */
export type CsvFormat = { encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'; separator: string }

/** One record with its number as a spreadsheet shows it: the header is 1, empty ones count. */
export type CsvRow = CsvRecord & { number: number }

/** The file as a whole cannot be imported; the message says why, and nothing of the file. */
export class CsvFault extends Error {}

/** Records that are read at a time, so that few of them are in memory. */
const AT_ONCE = 500
/** Characters of one record: more is no row of a table. */
const LONGEST_RECORD = 2 * 1024 * 1024

/**
 * Reads the records of a kept file piece by piece, in bounded memory; empty records are left out. Between two pieces whatever
 * else waits gets its turn.
 * @throws CsvFault where the file is not what it seemed
 */
export async function* csvRows(
  store: Store,
  file: string,
  { encoding, separator }: CsvFormat,
): AsyncGenerator<CsvRow[]> {
  const decoder = new TextDecoder(encoding)
  let rest = ''
  let number = 0
  for (let n = 0, isLast = false; !isLast; n++) {
    const piece = await readPiece(store, file, n)
    isLast = piece === null
    const text = withLineFeeds(rest + decoder.decode(piece ?? undefined, { stream: !isLast }), isLast)
    if (text.includes('\0')) throw new CsvFault('The file is no text: save it as CSV in UTF-8.')
    let from = 0
    for (;;) {
      const { records, consumed, open } = splitCsv(text, separator, isLast, { from, most: AT_ONCE })
      from = consumed
      const rows: CsvRow[] = []
      for (const { cells, stray } of records) {
        number++
        if (cells.some((cell) => cell.trim() !== '')) rows.push({ cells, stray, number })
      }
      if (isLast && open) throw new CsvFault(`A quote that opens in row ${number + 1} is never closed.`)
      yield rows
      if (records.length < AT_ONCE) break
    }
    rest = text.slice(from)
    if (rest.length > LONGEST_RECORD)
      throw new CsvFault(
        `Row ${number + 1} has more than ${LONGEST_RECORD} characters: see whether a quote is missing there.`,
      )
    await new Promise((turn) => setImmediate(turn))
  }
}

/** CR LF and CR become LF; a CR at the end waits for what follows it. */
function withLineFeeds(text: string, isLast: boolean): string {
  if (!text.includes('\r')) return text
  const held = !isLast && text.endsWith('\r')
  return text.slice(0, held ? -1 : undefined).replaceAll(/\r\n?/g, '\n') + (held ? '\r' : '')
}
