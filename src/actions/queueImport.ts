import type { Deps } from '../deps.ts'
import type { FieldFault } from '../rules/contactRecord.ts'
import { addImport, sameImport } from '../store/imports.ts'
import { recordEvent } from '../store/ledger.ts'
import type { Query } from '../store/store.ts'
import { discardFile, type ReceivedFile } from './receiveFile.ts'

/** `again`: the same file with the same options was queued before, and `id` is that import. */
export type QueueResult = { ok: true; id: string; again: boolean } | { ok: false; errors: FieldFault[] }

/** `data`: what the ledger says of it; `writes`: what else belongs to the same batch */
type Queued = {
  kind: 'contacts' | 'bans'
  file: Omit<ReceivedFile, 'format' | 'header'>
  options: { dryRun: boolean }
  data: object
  writes?: readonly Query[]
}

/** A file that was checked waits for its turn. A dry run may be repeated: it changes nothing. */
export async function queueImport(
  deps: Deps,
  { kind, file, options, data, writes = [] }: Queued,
  actor: string,
): Promise<QueueResult> {
  const { store } = deps
  const { importId: id, sha256, bytes, keptAs = null } = file
  const queued = { id, kind, options: JSON.stringify(options), sha256, bytes }
  const job = { ...queued, created_by: actor, created_at: deps.now(), file_id: keptAs }
  const same = options.dryRun ? null : await sameImport(store, job)
  if (same) {
    // A request that is sent again meets its own import, which may still need the file.
    if (same.id !== id) await discardFile(deps, id)
    return { ok: true, id: same.id, again: true }
  }
  const event = { id: `${id}.started`, at: job.created_at, event: 'import_started', subject: id, actor }
  await store.batch([
    addImport(store, job),
    ...(options.dryRun ? [] : [recordEvent(store, { ...event, data: { ...data, sha256, bytes } })]),
    ...writes,
  ])
  deps.wake()
  return { ok: true, id, again: false }
}
