/** One record of a CSV file. `stray`: text stands behind the closing quote of a cell. */
export type CsvRecord = { cells: string[]; stray: boolean }

export type Split = {
  records: CsvRecord[]
  /** How much of the text the records took; the rest is the beginning of the next one. */
  consumed: number
  /** The text ends within quotes. */
  open: boolean
}

/**
 * Cuts text into CSV records (RFC 4180), in one pass whatever the text is. A quote counts only at the start of a cell; spaces
 * behind a closing quote are dropped; after a stray quote the next separator or line end still ends the cell.
 * @param text with `\n` as the only line end
 * @param isLast whether a record without a line end at the end of the text is whole
 * @param part where to begin, and after how many records to stop: a long text is read bit by bit
 */
export const splitCsv = (
  text: string,
  separator: string,
  isLast: boolean,
  { from = 0, most = Infinity }: { from?: number; most?: number } = {},
): Split => {
  const records: CsvRecord[] = []
  let cells: string[] = []
  let stray = false
  let consumed = from
  let nextSeparator = -1
  let nextLine = -1
  // Each place is searched for once: what lies ahead of us is remembered.
  const boundary = (at: number): number => {
    if (nextSeparator < at) nextSeparator = found(text, separator, at)
    if (nextLine < at) nextLine = found(text, '\n', at)
    return Math.min(nextSeparator, nextLine)
  }
  for (let at = from; (at < text.length || cells.length > 0) && records.length < most;) {
    let end: number
    if (text[at] === '"') {
      const close = closingQuote(text, at)
      if (close === -1) return { records, consumed, open: true }
      const cell = text.slice(at + 1, close)
      end = close + 1
      while (text[end] === ' ') end++
      const behind = boundary(close + 1)
      if (end < behind) {
        stray = true
        end = behind
      }
      cells.push(cell.includes('"') ? cell.replaceAll('""', '"') : cell)
    } else {
      end = boundary(at)
      cells.push(text.slice(at, end))
    }
    if (end >= text.length && !isLast) break
    at = end + 1
    if (end < text.length && text[end] !== '\n') continue
    records.push({ cells, stray })
    consumed = Math.min(at, text.length)
    cells = []
    stray = false
  }
  return { records, consumed, open: false }
}

const found = (text: string, what: string, from: number): number => {
  const at = text.indexOf(what, from)
  return at === -1 ? text.length : at
}

const closingQuote = (text: string, open: number): number => {
  let at = text.indexOf('"', open + 1)
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2)
  return at
}

// What spreadsheets take for a formula, full-width forms too; quote marks before it are counted, so that reading undoes writing.
const formula = /^'*[=+\-@\t\r＝＋－＠]/

/** One line of CSV that no spreadsheet runs: every cell quoted, a `'` before what would be a formula (threats T16). */
export const csvLine = (cells: readonly (string | number | null)[]): string =>
  `${cells.map((cell) => `"${safeCell(String(cell ?? '')).replaceAll('"', '""')}"`).join(',')}\r\n`

const safeCell = (cell: string): string => (formula.test(cell) ? `'${cell}` : cell)

/** A cell without the `'` that keeps spreadsheets from running it. */
export const plainCell = (cell: string): string => (cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell)
