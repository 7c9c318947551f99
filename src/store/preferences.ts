import type { Store } from './store.ts'
import type { ContactRow, PermissionRow } from './tables.ts'
import { bansHit, type FoundBan } from './bans.ts'
import { keysOfColumn } from './keys.ts'

export type PreferenceFacts = { contact: ContactRow; permissions: PermissionRow[]; bans: FoundBan[] }

/** A contact with everything that says what they get; null after erasure. */
export async function preferenceFacts(store: Store, contactId: string): Promise<PreferenceFacts | null> {
  const contact = await store.db.selectFrom('contacts').selectAll().where('id', '=', contactId).executeTakeFirst()
  if (!contact) return null
  const permissions = await store.db.selectFrom('permissions').selectAll().where('contact_id', '=', contactId).execute()
  return { contact, permissions, bans: await bansHit(store, keysOfColumn(contact.keys)) }
}
