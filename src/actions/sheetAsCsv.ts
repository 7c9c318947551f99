import { csvLine } from '../rules/csv.ts'
import type { CsvFormat } from './csvRows.ts'
import { readSheet, SHEET_LIMITS } from './sheetRows.ts'

/** A workbook above this size is refused: it is read in memory as a whole, unlike CSV. */
export const WORKBOOK_BYTES = 16 * 1024 * 1024

/** How a sheet is kept. */
export const sheetFormat: CsvFormat = { encoding: 'utf-8', separator: ',' }

/** Whether a file that begins so is a workbook, of today or of old. */
export function isWorkbook(start: Uint8Array): boolean {
  const mark = Buffer.from(start.subarray(0, 4)).toString('latin1')
  return /^PK[\x03\x05]/.test(mark) || mark === '\xd0\xcf\x11\xe0'
}

export type SheetCsv =
  | { ok: true; lines: () => AsyncGenerator<Uint8Array> }
  | { ok: false; status: 413 | 415 | 422; message: string }

/** The first sheet of a workbook as CSV; the n-th record is the sheet's row n, so that what is said of it is found there. */
export async function sheetAsCsv(bytes: Uint8Array): Promise<SheetCsv> {
  const read = await readSheet(bytes, SHEET_LIMITS)
  if (!read.ok) return { ok: false, status: statusOf[read.fault.code] ?? 422, message: read.fault.message }
  const { rows } = read
  const width = rows[0]?.length ?? 0
  return {
    ok: true,
    async *lines() {
      for (let at = 0; at < rows.length; at += AT_ONCE)
        yield Buffer.from(
          rows
            .slice(at, at + AT_ONCE)
            .map(lineOf)
            .join(''),
        )
    },
  }

  /** A row ends with its last cell that shows anything; an empty one stays empty. */
  function lineOf(cells: readonly string[]): string {
    const missing = cells.length === 0 ? 0 : Math.max(0, width - cells.length)
    return csvLine([...cells, ...Array<string>(missing).fill('')])
  }
}

const AT_ONCE = 1000

const statusOf: Record<string, 413 | 415> = {
  not_workbook: 415,
  old_workbook: 415,
  encrypted: 415,
  damaged: 415,
  too_large: 413,
}
