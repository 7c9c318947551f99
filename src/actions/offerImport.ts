import type { Deps } from '../deps.ts'
import { headerKey, suggestColumns } from '../rules/importMapping.ts'
import { deleteFile, importFile } from '../store/files.ts'
import type { ImportUploadRow } from '../store/rows/imports.ts'
import { addUpload, deleteUpload, mappingFor, rememberMapping, uploadById } from '../store/importUploads.ts'
import { csvRows } from './csvRows.ts'
import { importBans } from './importBans.ts'
import { importContacts } from './importContacts.ts'
import type { QueueResult } from './queueImport.ts'
import type { ReceivedFile } from './receiveFile.ts'

/** Rows of a file that are shown before it is imported. */
const SHOWN = 5

/** A file that was uploaded waits until somebody says what its columns are. */
export async function offerImport(
  { store, now }: Pick<Deps, 'store' | 'now'>,
  upload: { kind: ImportUploadRow['kind']; name: string; file: ReceivedFile },
  actor: string,
): Promise<void> {
  const { kind, name, file } = upload
  const row = { id: file.importId, kind, name: name.slice(0, 200), file: JSON.stringify(file), created_by: actor }
  await store.batch([addUpload(store, { ...row, created_at: now() })])
}

/** `columns`: what each is, as it was the last time, else as its header suggests; null: left out. `rows`: the first few. */
export type Offer = {
  id: string
  kind: ImportUploadRow['kind']
  name: string
  header: string[]
  columns: (string | null)[]
  isRemembered: boolean
  rows: string[][]
}

/** What is waiting under this id; null where nothing is, or its file is gone. */
export async function readOffer({ store }: Pick<Deps, 'store'>, id: string): Promise<Offer | null> {
  const upload = await uploadById(store, id)
  if (!upload) return null
  const { header, format } = JSON.parse(upload.file) as ReceivedFile
  const rows: string[][] = []
  for await (const some of csvRows(store, importFile(id), format)) {
    for (const { cells } of some) rows.push(cells)
    if (rows.length > SHOWN) break
  }
  if (rows.length === 0) return null
  const known = await mappingFor(store, upload.kind, headerKey(header))
  const columns = known ?? suggestColumns(upload.kind, header)
  const { kind, name } = upload
  return { id, kind, name, header, columns, isRemembered: known !== null, rows: rows.slice(1, SHOWN + 1) }
}

/** Queues what was offered, with the columns that were chosen, which are remembered for the next file with the same headers. */
export async function acceptOffer(
  deps: Deps,
  { id, kind, header }: Offer,
  columns: readonly (string | null)[],
  typed: Readonly<Record<string, readonly string[]>>,
  actor: string,
): Promise<QueueResult> {
  const { store, now } = deps
  const upload = await uploadById(store, id)
  if (!upload)
    return { ok: false, errors: [{ path: 'file', message: 'The file is not there any more: upload it again.' }] }
  const file = JSON.parse(upload.file) as ReceivedFile
  const mapping = JSON.stringify(columns)
  const queue = kind === 'contacts' ? importContacts : importBans
  return queue(deps, file, { ...typed, mapping: [mapping] }, actor, [
    rememberMapping(store, { kind, headers: headerKey(header), mapping, updated_at: now() }),
    deleteUpload(store, id),
  ])
}

/** Takes back what was offered, file and all. */
export async function discardOffer({ store }: Pick<Deps, 'store'>, id: string): Promise<void> {
  await store.batch([deleteUpload(store, id), deleteFile(store, importFile(id))])
}
