import { splitCsv } from '../rules/csv.ts'
import type { Decimals } from '../rules/priceCells.ts'
import { tableLimits } from '../rules/priceTable.ts'
import { readSheet, type SheetFault, type SheetLimits } from './sheetRows.ts'

export type PriceSheet =
  | { ok: true; rows: string[][]; decimals: Decimals }
  | { ok: false; code: SheetFault['code'] | CsvFaultCode; cell?: string }
export type CsvFaultCode = 'csv_not_text' | 'csv_broken_utf8' | 'csv_open_quote'

const LIMITS: SheetLimits = { unpacked: 32 * 1024 * 1024, rows: tableLimits.rows + 100, columns: 100 }

/** The cells of a price list's table, as a spreadsheet shows them; `rows[0]` is row 1. */
export async function readPriceSheet(mediaType: string, bytes: Uint8Array): Promise<PriceSheet> {
  if (mediaType === 'text/csv') return readCsv(bytes)
  const read = await readSheet(bytes, LIMITS)
  if (read.ok) return { ok: true, rows: read.rows, decimals: 'point' }
  const { code, cell } = read.fault
  return { ok: false, code, ...(cell === undefined ? {} : { cell }) }
}

function readCsv(bytes: Uint8Array): PriceSheet {
  const text = decoded(bytes)
  if (text === null) return { ok: false, code: 'csv_broken_utf8' }
  if (/[\x00-\x08\x0e-\x1f]/.test(text) || /^\s*<(!doctype|html|\?xml|head|body)/i.test(text))
    return { ok: false, code: 'csv_not_text' }
  const lines = text.replaceAll(/\r\n?/g, '\n')
  const { records, open } = splitCsv(lines, separatorOf(lines), true, { most: LIMITS.rows })
  if (open) return { ok: false, code: 'csv_open_quote' }
  return { ok: true, rows: records.map(({ cells }) => cells), decimals: 'written' }
}

/** UTF-16 by its mark, else UTF-8, else what Excel writes here; null where a mark says UTF-8 and the bytes say otherwise. */
function decoded(bytes: Uint8Array): string | null {
  const mark = Buffer.from(bytes.subarray(0, 3)).toString('hex')
  if (mark.startsWith('fffe')) return new TextDecoder('utf-16le').decode(bytes)
  if (mark.startsWith('feff')) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return mark === 'efbbbf' ? null : new TextDecoder('windows-1252').decode(bytes)
  }
}

const SEPARATORS = [';', '\t', '|', ',']
const LOOKED_AT = 30

/** What divides the first lines into most columns: a comma is in many a price, and a title above has no separator. */
function separatorOf(text: string): string {
  const start = text.split('\n', LOOKED_AT).join('\n')
  const width = (separator: string) =>
    splitCsv(start, separator, true).records.reduce(
      (sum, { cells }) => sum + (cells.length > 2 ? 2 : cells.length - 1),
      0,
    )
  const widths = SEPARATORS.map((separator) => ({ separator, width: width(separator) }))
  return widths.reduce((best, one) => (one.width > best.width ? one : best)).separator
}
