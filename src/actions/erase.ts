import type { Deps } from '../deps.ts'
import { banHashes } from '../mail/matchHashes.ts'
import { contactById } from '../store/contacts.ts'
import { keepObjections, removeContact } from '../store/erasure.ts'
import { recordEvent } from '../store/ledger.ts'
import { emailOf } from './contactColumns.ts'

/**
 * Erases a contact (GDPR Art. 17): what is left is ban keys, scope, reason and time, so that what was objected to stays blocked
 * (domain.md "Leaving", standards D-20). Withdrawals that had no ban key yet get one; a contact without any may come back.
 * @returns false when there is no such contact
 */
export async function erase(deps: Deps, contactId: string, actor: string): Promise<boolean> {
  const { store } = deps
  const contact = await contactById(store, contactId)
  if (!contact) return false
  const now = deps.now()
  const hashes = banHashes(deps.keyring, 'email', emailOf(contact))
  await store.batch([
    ...keepObjections(store, contactId, hashes, now),
    ...removeContact(store, contact, now),
    recordEvent(store, {
      id: `erased.${contactId}`,
      at: now,
      event: 'contact_erased',
      subject: contactId,
      actor,
      data: {},
    }),
  ])
  deps.signals.stop(hashes.map(({ hash }) => hash))
  return true
}
