import type { Deps } from '../deps.ts'
import { importFile, readPiece } from '../store/files.ts'
import type { ImportRow } from '../store/tables.ts'
import { aboutBans, type BanImportOptions } from './importBans.ts'
import { aboutContacts, type ContactImportOptions } from './importContacts.ts'
import { queueImport, type QueueResult } from './queueImport.ts'

/** Imports the file of a dry run with the same options. Its file lives about an hour longer than the dry run. */
export async function importInEarnest(deps: Deps, dryRun: ImportRow, actor: string): Promise<QueueResult> {
  const { kind, sha256, bytes } = dryRun
  const keptAs = dryRun.file_id ?? dryRun.id
  if ((await readPiece(deps.store, importFile(keptAs), 0)) === null)
    return { ok: false, errors: [{ path: 'file', message: 'The file is not there any more: upload it again.' }] }
  const options = JSON.parse(dryRun.options) as ContactImportOptions | BanImportOptions
  const data = 'topics' in options ? aboutContacts(options) : aboutBans(options)
  const file = { importId: deps.id(), keptAs, sha256, bytes }
  return queueImport(deps, { kind, file, options: { ...options, dryRun: false }, data }, actor)
}
