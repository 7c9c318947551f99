import type { Deps } from '../deps.ts'
import { failImport } from '../store/imports.ts'

/** Ends an import at the next chunk. What it counts was imported and stays; its file goes. One that ended stays as it is. */
export async function cancelImport({ store, now }: Pick<Deps, 'store' | 'now'>, id: string): Promise<void> {
  await store.batch(failImport(store, id, 'It was cancelled; what it counts was imported.', now()))
}
