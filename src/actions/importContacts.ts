import type { Deps } from '../deps.ts'
import { readContactHeader, refuseColumns, type ContactColumn } from '../rules/importColumns.ts'
import { mappedHeader, readMapping } from '../rules/importMapping.ts'
import { readContactOptions, type ContactImport, type TypedOptions } from '../rules/importOptions.ts'
import { purposeKeys } from '../rules/register.ts'
import type { Query } from '../store/store.ts'
import { allTopics } from '../store/topics.ts'
import type { CsvFormat } from './csvRows.ts'
import { queueImport, type QueueResult } from './queueImport.ts'
import type { ReceivedFile } from './receiveFile.ts'

/** What is kept in `imports.options`: everything that the import's effect hangs on. */
export type ContactImportOptions = ContactImport & { columns: (ContactColumn | null)[]; format: CsvFormat }

/**
 * Queues a file of contacts. What the register lets none of the chosen purposes hold, and every column that is not known, is
 * refused by name before anything is stored (domain.md 1); the file stays.
 * @param writes that belong to it, in the same batch
 */
export async function importContacts(
  deps: Deps,
  file: ReceivedFile,
  typed: TypedOptions,
  actor: string,
  writes: readonly Query[] = [],
): Promise<QueueResult> {
  const topics = await allTopics(deps)
  const map = readMapping(typed['mapping']?.[0] ?? '')
  const header = map.ok ? readContactHeader(mappedHeader(file.header, map.mapping)) : map
  const columns = header.ok ? header.columns : []
  const read = readContactOptions(
    typed,
    columns,
    topics.map(({ id }) => id),
  )
  const chosen = read.ok ? topics.filter(({ id }) => read.options.topics.includes(id)) : []
  const purposes = chosen.length > 0 ? [...new Set(chosen.map(({ purpose }) => purpose))] : purposeKeys
  const errors = [
    ...(header.ok ? [] : header.errors),
    ...(read.ok
      ? refuseColumns(
          deps.register,
          purposes,
          columns.filter((column) => column !== null),
        )
      : read.errors),
  ]
  if (!read.ok || errors.length > 0) return { ok: false, errors }
  const options: ContactImportOptions = { ...read.options, columns, format: file.format }
  return queueImport(deps, { kind: 'contacts', file, options, data: aboutContacts(options), writes }, actor)
}

/** What the ledger says of an import of contacts, beside its file. */
export function aboutContacts({ topics, rule }: Pick<ContactImport, 'topics' | 'rule'>) {
  return { kind: 'contacts', topics, rule }
}
