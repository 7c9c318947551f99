import { createHash } from 'node:crypto'
import type { Deps } from '../deps.ts'
import { splitCsv } from '../rules/csv.ts'
import { deleteFile, importFile, PIECE_BYTES, putPiece } from '../store/files.ts'
import { CsvFault, csvRows, type CsvFormat } from './csvRows.ts'
import { isWorkbook, sheetAsCsv, sheetFormat, WORKBOOK_BYTES } from './sheetAsCsv.ts'

/** A file at this size or above is refused (413). */
export const IMPORT_BYTES = 200 * 1024 * 1024

/**
 * A file of a table, kept in pieces until it was imported or `discardFile` took it away.
 * `keptAs`: where it is kept, if not under the id that its import will have
 */
export type ReceivedFile = {
  importId: string
  keptAs?: string
  sha256: string
  bytes: number
  format: CsvFormat
  header: string[]
}
export type ReceiveResult = { ok: true; file: ReceivedFile } | { ok: false; status: 413 | 415 | 422; message: string }

/**
 * Takes a file of any size in bounded memory: written away as it comes, refused as soon as it is seen to be no CSV with a
 * header and at least one row. The first sheet of a workbook (XLSX) is kept as CSV. What is refused leaves nothing behind.
 */
export async function receiveFile(
  deps: Pick<Deps, 'store' | 'id'>,
  content: AsyncIterable<Uint8Array>,
): Promise<ReceiveResult> {
  const importId = deps.id()
  const kept = await keep(deps, importId, content)
  const result = kept.ok ? await look(deps, importId, kept) : kept
  if (!result.ok) await discardFile(deps, importId)
  return result
}

export async function discardFile({ store }: Pick<Deps, 'store'>, importId: string): Promise<void> {
  await store.batch([deleteFile(store, importFile(importId))])
}

type Kept = { ok: true; sha256: string; bytes: number; format: CsvFormat | null }

async function keep(
  deps: Pick<Deps, 'store'>,
  importId: string,
  content: AsyncIterable<Uint8Array>,
): Promise<Kept | Refused> {
  const { store } = deps
  const hash = createHash('sha256')
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let isUtf8 = true
  let start: Uint8Array = new Uint8Array()
  let bytes = 0
  let n = 0
  const some = pieces(content)
  for await (const piece of some) {
    bytes += piece.length
    if (bytes >= IMPORT_BYTES) return refuse(413, 'The file is too large: import less than 200 MiB at a time.')
    if (n === 0) {
      start = piece
      // Awaited: leaving the loop ends `some`.
      if (isWorkbook(piece)) return await keepSheet(deps, importId, piece, some)
      const fault = notText(piece)
      if (fault !== null) return refuse(415, fault)
    }
    hash.update(piece)
    isUtf8 &&= decodes(utf8, piece)
    await store.batch([putPiece(store, importFile(importId), n++, piece)])
  }
  isUtf8 &&= decodes(utf8, null)
  return { ok: true, sha256: hash.digest('hex'), bytes, format: formatOf(start, isUtf8) }
}

/** The same for a workbook, which can only be read as a whole. @param more what comes behind its first piece */
async function keepSheet(
  { store }: Pick<Deps, 'store'>,
  importId: string,
  first: Uint8Array,
  more: AsyncIterable<Uint8Array>,
): Promise<Kept | Refused> {
  const all = [first]
  let bytes = first.length
  for await (const piece of more) {
    bytes += piece.length
    if (bytes > WORKBOOK_BYTES)
      return refuse(413, 'The workbook is too large: it may have 16 MiB. Divide it, or save the sheet as CSV.')
    all.push(piece)
  }
  const whole = Buffer.concat(all)
  const sheet = await sheetAsCsv(whole)
  if (!sheet.ok) return sheet
  let n = 0
  for await (const piece of pieces(sheet.lines())) {
    await store.batch([putPiece(store, importFile(importId), n++, piece)])
  }
  return { ok: true, sha256: createHash('sha256').update(whole).digest('hex'), bytes, format: sheetFormat }
}

/** The same bytes in pieces of the size in which they are kept. */
async function* pieces(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = []
  let size = 0
  for await (const some of content) {
    waiting.push(some)
    size += some.length
    if (size < PIECE_BYTES) continue
    const all = Buffer.concat(waiting)
    const whole = all.length - (all.length % PIECE_BYTES)
    for (let at = 0; at < whole; at += PIECE_BYTES) yield all.subarray(at, at + PIECE_BYTES)
    waiting = [all.subarray(whole)]
    size = all.length - whole
  }
  if (size > 0) yield Buffer.concat(waiting)
}

function decodes(decoder: InstanceType<typeof TextDecoder>, piece: Uint8Array | null): boolean {
  try {
    decoder.decode(piece ?? undefined, { stream: piece !== null })
    return true
  } catch {
    return false
  }
}

/** Why a file that begins so is no CSV, or null. A byte order mark vouches for UTF-16, whose bytes look like anything. */
function notText(start: Uint8Array): string | null {
  const text = Buffer.from(start).toString('latin1')
  if (/^(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|head|body)/i.test(text))
    return 'This is a web page, not a table: save the table as CSV.'
  if (/^(\xff\xfe|\xfe\xff)/.test(text)) return null
  return /[\x00-\x08\x0e-\x1f]/.test(text)
    ? 'The file is no text: save it as XLSX, or as CSV in UTF-8 (UTF-16 needs its byte order mark).'
    : null
}

/** Reads the header, and as far as the first row. */
async function look(
  { store }: Pick<Deps, 'store'>,
  importId: string,
  { format, ...kept }: Kept,
): Promise<ReceiveResult> {
  if (format === null) return refuse(422, 'The file begins as UTF-8, but is not: save it as CSV in UTF-8 again.')
  let header: string[] | null = null
  try {
    for await (const [first, second] of csvRows(store, importFile(importId), format)) {
      if (!first) continue
      if (header === null && first.number > 1) return refuse(422, 'The first row is empty: name the columns there.')
      const hasRow = header !== null || second !== undefined
      header ??= first.cells
      if (hasRow) return { ok: true, file: { importId, ...kept, format, header } }
    }
  } catch (error) {
    if (error instanceof CsvFault) return refuse(422, error.message)
    throw error
  }
  return refuse(422, header === null ? 'The file is empty.' : 'The file has a header and no rows.')
}

/** How the text is written, by its beginning; null where it says UTF-8 and is not. */
function formatOf(start: Uint8Array, isUtf8: boolean): CsvFormat | null {
  const encoding = encodingOf(start, isUtf8)
  if (encoding === null) return null
  return { encoding, separator: separatorOf(new TextDecoder(encoding).decode(start.subarray(0, 65_536))) }
}

function encodingOf(start: Uint8Array, isUtf8: boolean): CsvFormat['encoding'] | null {
  const mark = Buffer.from(start.subarray(0, 3)).toString('hex')
  if (mark.startsWith('fffe')) return 'utf-16le'
  if (mark.startsWith('feff')) return 'utf-16be'
  if (isUtf8) return 'utf-8'
  return mark === 'efbbbf' ? null : 'windows-1252'
}

/** The separator that makes the most columns of the first row; a comma where none does. */
function separatorOf(start: string): string {
  const line = start.replaceAll(/\r\n?/g, '\n')
  const columns = [',', ';', '\t', '|'].map((separator) => ({
    separator,
    n: splitCsv(line, separator, true).records[0]?.cells.length ?? 1,
  }))
  return columns.reduce((best, one) => (one.n > best.n ? one : best)).separator
}

type Refused = Extract<ReceiveResult, { ok: false }>

function refuse(status: Refused['status'], message: string): Refused {
  return { ok: false, status, message }
}
