import { createHash } from 'node:crypto'
import type { Deps } from '../deps.ts'
import { splitCsv } from '../rules/csv.ts'
import { deleteFile, importFile, PIECE_BYTES, putPiece } from '../store/files.ts'
import { CsvFault, csvRows, type CsvFormat } from './csvRows.ts'

/** A file at this size or above is refused (413). */
export const IMPORT_BYTES = 200 * 1024 * 1024

/** A file of a table, kept in pieces until it was imported or `discardFile` took it away. */
export type ReceivedFile = { importId: string; sha256: string; bytes: number; format: CsvFormat; header: string[] }
export type ReceiveResult = { ok: true; file: ReceivedFile } | { ok: false; status: 413 | 415 | 422; message: string }

/**
 * Takes a file of any size in bounded memory: written away as it comes, refused as soon as it is seen to be no CSV with a
 * header and at least one row. What is refused leaves nothing behind.
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

type Kept = { ok: true; sha256: string; bytes: number; start: Uint8Array; isUtf8: boolean }

async function keep(
  { store }: Pick<Deps, 'store'>,
  importId: string,
  content: AsyncIterable<Uint8Array>,
): Promise<Kept | Refused> {
  const hash = createHash('sha256')
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let isUtf8 = true
  let start: Uint8Array = new Uint8Array()
  let bytes = 0
  let n = 0
  for await (const piece of pieces(content)) {
    bytes += piece.length
    if (bytes >= IMPORT_BYTES) return refuse(413, 'The file is too large: import less than 200 MiB at a time.')
    if (n === 0) {
      start = piece
      const fault = notText(piece)
      if (fault !== null) return refuse(415, fault)
    }
    hash.update(piece)
    isUtf8 &&= decodes(utf8, piece)
    await store.batch([putPiece(store, importFile(importId), n++, piece)])
  }
  isUtf8 &&= decodes(utf8, null)
  return { ok: true, sha256: hash.digest('hex'), bytes, start, isUtf8 }
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
  if (/^PK[\x03\x05]/.test(text))
    return 'This is a zip file or a workbook (XLSX): save the sheet as CSV and import that.'
  if (text.startsWith('\xd0\xcf\x11\xe0')) return 'This is a workbook (XLS): save the sheet as CSV and import that.'
  if (/^(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|head|body)/i.test(text))
    return 'This is a web page, not a table: save the table as CSV.'
  if (/^(\xff\xfe|\xfe\xff)/.test(text)) return null
  return /[\x00-\x08\x0e-\x1f]/.test(text)
    ? 'The file is no text: save it as CSV in UTF-8 (UTF-16 needs its byte order mark).'
    : null
}

/** Reads the header, and as far as the first row. */
async function look(
  { store }: Pick<Deps, 'store'>,
  importId: string,
  { start, isUtf8, ...kept }: Kept,
): Promise<ReceiveResult> {
  const encoding = encodingOf(start, isUtf8)
  if (encoding === null) return refuse(422, 'The file begins as UTF-8, but is not: save it as CSV in UTF-8 again.')
  const format = { encoding, separator: separatorOf(new TextDecoder(encoding).decode(start.subarray(0, 65_536))) }
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
