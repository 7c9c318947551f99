import type { Deps } from '../deps.ts'
import { readBanHeader, type BanColumn } from '../rules/importColumns.ts'
import { readBanOptions, type BanImport, type TypedOptions } from '../rules/importOptions.ts'
import type { CsvFormat } from './csvRows.ts'
import { queueImport, type QueueResult } from './queueImport.ts'
import { discardFile, type ReceivedFile } from './receiveFile.ts'

/** What is kept in `imports.options`. */
export type BanImportOptions = BanImport & { columns: BanColumn[]; format: CsvFormat }

/** Queues a file of bans: `kind,value[,scope,reason]`, or one column of addresses. It only ever adds (standards D-24). */
export async function importBans(
  deps: Deps,
  file: ReceivedFile,
  typed: TypedOptions,
  actor: string,
): Promise<QueueResult> {
  const header = readBanHeader(file.header)
  const read = readBanOptions(typed)
  if (!header.ok || !read.ok) {
    await discardFile(deps, file.importId)
    return { ok: false, errors: [...(header.ok ? [] : header.errors), ...(read.ok ? [] : read.errors)] }
  }
  const options: BanImportOptions = { ...read.options, columns: header.columns, format: file.format }
  const data = { kind: 'bans', source: options.source, sha256: file.sha256, bytes: file.bytes }
  return queueImport(deps, { kind: 'bans', file, options, data }, actor)
}
