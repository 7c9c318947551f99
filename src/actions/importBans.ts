import type { Deps } from '../deps.ts'
import { readBanHeader, type BanColumn } from '../rules/importColumns.ts'
import { mappedHeader, readMapping } from '../rules/importMapping.ts'
import { readBanOptions, type BanImport, type TypedOptions } from '../rules/importOptions.ts'
import type { Query } from '../store/store.ts'
import type { CsvFormat } from './csvRows.ts'
import { queueImport, type QueueResult } from './queueImport.ts'
import type { ReceivedFile } from './receiveFile.ts'

/** What is kept in `imports.options`. */
export type BanImportOptions = BanImport & { columns: (BanColumn | null)[]; format: CsvFormat }

/** Queues a file of bans: `kind,value[,scope,reason]`, or one column of addresses. It only ever adds (standards D-24). @param writes as for contacts */
export async function importBans(
  deps: Deps,
  file: ReceivedFile,
  typed: TypedOptions,
  actor: string,
  writes: readonly Query[] = [],
): Promise<QueueResult> {
  const map = readMapping(typed['mapping']?.[0] ?? '')
  const header = map.ok ? readBanHeader(mappedHeader(file.header, map.mapping)) : map
  const read = readBanOptions(typed)
  if (!header.ok || !read.ok)
    return { ok: false, errors: [...(header.ok ? [] : header.errors), ...(read.ok ? [] : read.errors)] }
  const options: BanImportOptions = { ...read.options, columns: header.columns, format: file.format }
  return queueImport(deps, { kind: 'bans', file, options, data: aboutBans(options), writes }, actor)
}

/** What the ledger says of an import of bans, beside its file. */
export function aboutBans({ source }: Pick<BanImport, 'source'>) {
  return { kind: 'bans', source }
}
