import { sha256 } from '../keyring.ts'
import { attachmentLimits, readAttachment } from '../rules/attachment.ts'
import type { PriceFault } from '../rules/priceTable.ts'
import { PIECE_BYTES, putPiece, readPiece } from '../store/files.ts'
import { addPriceFile } from '../store/priceLists.ts'
import type { PriceFileRow } from '../store/rows/priceLists.ts'
import type { Query, Store } from '../store/store.ts'
import type { CsvFaultCode } from './priceSheet.ts'
import type { SheetFault } from './sheetRows.ts'

/** What is wrong with a file that was sent, with the place in it; the words for it are in templates/words/priceFaults.ts. */
export type FileFault = Omit<PriceFault, 'code'> & {
  code:
    | PriceFault['code']
    | SheetFault['code']
    | CsvFaultCode
    | 'no_file'
    | 'file_kind'
    | 'file_empty'
    | 'file_refused'
    | 'files_too_large'
    | 'two_tables'
    | 'columns_changed'
  file?: string
  cell?: string
  /** Headings that a remembered mapping misses, and that it does not know. */
  missing?: string[]
  added?: string[]
}

export type SentFile = { name: string; bytes: Uint8Array }
export type PriceFile = SentFile & { mediaType: string; sha256: string }
export type PriceFiles =
  | { ok: true; files: PriceFile[]; table: PriceFile | null }
  | { ok: false; fault: FileFault; status: 413 | 422 }

/** PDF, XLSX and CSV; of the tables one, the workbook where there is a CSV beside it. Kind and content must agree. */
export function judgePriceFiles(sent: readonly SentFile[]): PriceFiles {
  const given = sent.filter(({ name, bytes }) => name !== '' || bytes.length > 0)
  if (given.length === 0) return refuse('no_file')
  if (given.reduce((sum, { bytes }) => sum + bytes.length, 0) > attachmentLimits.mailing)
    return refuse('files_too_large', undefined, 413)
  const files: PriceFile[] = []
  for (const { name, bytes } of given) {
    const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
    const shown = name.replaceAll(/[\p{Cc}\p{Cf}]/gu, '').slice(-80)
    if (ending === 'xlsm') return refuse('macros', shown)
    if (ending === 'xls' || ending === 'xlsb') return refuse('old_workbook', shown)
    if (!['pdf', 'xlsx', 'csv'].includes(ending)) return refuse('file_kind', shown)
    if (bytes.length === 0) return refuse('file_empty', shown)
    if (bytes.length > attachmentLimits.file) return refuse('files_too_large', shown, 413)
    // A workbook that is none (another format, a password) is told apart where it is read.
    const isOther = ending === 'xlsx' && !Buffer.from(bytes.subarray(0, 2)).equals(Buffer.from('PK'))
    const read = readAttachment(name, bytes)
    if (!read.ok && !isOther) return refuse('file_refused', shown)
    const attachment = read.ok ? read.attachment : { name: shown, mediaType: XLSX }
    files.push({ ...attachment, bytes, sha256: sha256(bytes) })
  }
  const workbooks = files.filter(({ mediaType }) => mediaType === XLSX)
  const texts = files.filter(({ mediaType }) => mediaType === 'text/csv')
  if (workbooks.length > 1 || (workbooks.length === 0 && texts.length > 1)) return refuse('two_tables')
  return { ok: true, files, table: workbooks[0] ?? texts[0] ?? null }
}

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

function refuse(code: FileFault['code'], file?: string, status: 413 | 422 = 422): PriceFiles {
  return { ok: false, status, fault: { code, ...(file === undefined ? {} : { file }) } }
}

/** Keeps the files of a version; a content that is there already is kept once. */
export function keepPriceFiles(
  store: Store,
  files: readonly PriceFile[],
  of: { versionId: string; id: () => string; now: number },
): Query[] {
  return files.flatMap(({ name, mediaType, bytes, sha256: hash }) => [
    addPriceFile(store, {
      id: of.id(),
      version_id: of.versionId,
      name,
      media_type: mediaType,
      size: bytes.length,
      sha256: hash,
      created_at: of.now,
    }),
    ...Array.from({ length: Math.ceil(bytes.length / PIECE_BYTES) }, (_, n) =>
      putPiece(store, hash, n, bytes.subarray(n * PIECE_BYTES, (n + 1) * PIECE_BYTES)),
    ),
  ])
}

/** A kept file, whole. @throws when nothing of it is there */
export async function readPriceFile(store: Store, { sha256: hash }: Pick<PriceFileRow, 'sha256'>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for (let piece = await readPiece(store, hash, 0); piece !== null; piece = await readPiece(store, hash, pieces.length))
    pieces.push(piece)
  if (pieces.length === 0) throw new Error('the file of a price list is gone')
  return Buffer.concat(pieces)
}
