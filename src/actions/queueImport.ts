import type { Deps } from '../deps.ts'
import type { FieldFault } from '../rules/contactRecord.ts'
import { addImport, sameImport } from '../store/imports.ts'
import { recordEvent } from '../store/ledger.ts'
import { discardFile, type ReceivedFile } from './receiveFile.ts'

/** `again`: the same file with the same options was queued before, and `id` is that import. */
export type QueueResult = { ok: true; id: string; again: boolean } | { ok: false; errors: FieldFault[] }

type Queued = { kind: 'contacts' | 'bans'; file: ReceivedFile; options: { dryRun: boolean }; data: object }

/** A file that was checked waits for its turn. A dry run may be repeated: it changes nothing. */
export async function queueImport(
  deps: Deps,
  { kind, file, options, data }: Queued,
  actor: string,
): Promise<QueueResult> {
  const { store } = deps
  const { importId: id, sha256, bytes } = file
  const job = { id, kind, options: JSON.stringify(options), sha256, bytes, created_by: actor, created_at: deps.now() }
  const same = options.dryRun ? null : await sameImport(store, job)
  if (same) {
    // A request that is sent again meets its own import, which may still need the file.
    if (same.id !== id) await discardFile(deps, id)
    return { ok: true, id: same.id, again: true }
  }
  const event = { id: `${id}.started`, at: job.created_at, event: 'import_started', subject: id, actor, data }
  await store.batch([addImport(store, job), ...(options.dryRun ? [] : [recordEvent(store, event)])])
  return { ok: true, id, again: false }
}
