import type { Deps } from '../deps.ts'
import { readContactHeader, refuseColumns, type ContactColumn } from '../rules/importColumns.ts'
import { readContactOptions, type ContactImport, type TypedOptions } from '../rules/importOptions.ts'
import { purposeKeys } from '../rules/register.ts'
import { allTopics } from '../store/topics.ts'
import type { CsvFormat } from './csvRows.ts'
import { queueImport, type QueueResult } from './queueImport.ts'
import { discardFile, type ReceivedFile } from './receiveFile.ts'

/** What is kept in `imports.options`: everything that the import's effect hangs on. */
export type ContactImportOptions = ContactImport & { columns: ContactColumn[]; format: CsvFormat }

/**
 * Queues a file of contacts. What the register lets none of the chosen purposes hold, and every column that is not known, is
 * refused by name before anything is stored (domain.md 1).
 */
export async function importContacts(
  deps: Deps,
  file: ReceivedFile,
  typed: TypedOptions,
  actor: string,
): Promise<QueueResult> {
  const topics = await allTopics(deps)
  const header = readContactHeader(file.header)
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
    ...(read.ok ? refuseColumns(deps.register, purposes, columns) : read.errors),
  ]
  if (!read.ok || errors.length > 0) {
    await discardFile(deps, file.importId)
    return { ok: false, errors }
  }
  const options: ContactImportOptions = { ...read.options, columns, format: file.format }
  const data = { kind: 'contacts', topics: options.topics, rule: options.rule, sha256: file.sha256, bytes: file.bytes }
  return queueImport(deps, { kind: 'contacts', file, options, data }, actor)
}
