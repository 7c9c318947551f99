import type { Deps } from '../deps.ts'
import { deletePriceVersion, filesOfVersion, versionById } from '../store/priceLists.ts'

/** Takes a version back that went into no scheduled mailing; what was sent is part of the record. */
export async function takeBackVersion({ store }: Deps, id: string): Promise<'deleted' | 'missing' | 'sent'> {
  const version = await versionById(store, id)
  if (!version) return 'missing'
  const [deleted] = await store.batch(deletePriceVersion(store, version, await filesOfVersion(store, id)))
  return deleted[0] ? 'deleted' : 'sent'
}
