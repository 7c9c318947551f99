import type { Deps } from '../deps.ts'
import { contactForms } from '../rules/matchKeys.ts'
import type { Email } from '../rules/address.ts'
import { matchHashes } from '../mail/matchHashes.ts'
import { banHashes } from '../mail/matchHashes.ts'
import { countOne } from '../store/counters.ts'
import { queueDelivery } from '../store/deliveries.ts'

/**
 * "Send me my link": mails a contact the link to their settings, at most once a day. Unknown addresses get nothing and the
 * answer is the same, with the same kind of write, so that nobody learns who is known (P12).
 */
export async function sendManageLink(deps: Deps, email: Email): Promise<void> {
  const { store, keyring } = deps
  const now = deps.now()
  const day = new Date(now).toISOString().slice(0, 10)
  const hash = banHashes(keyring, 'email', email)[0]?.hash ?? ''
  const contact = await store.db
    .selectFrom('contacts')
    .select(['id', 'address', 'language'])
    .where('strict', '=', email.strict)
    .executeTakeFirst()
  const delivery = contact && {
    id: `manage_link.${hash.slice(0, 22)}.${day}`,
    kind: 'manage_link',
    class: 'service' as const,
    topic: null,
    address: contact.address,
    keys: matchHashes(keyring, contactForms({ email })),
    language: contact.language,
    contactId: contact.id,
    data: {},
  }
  await store.batch([
    countOne(store, `manage:${hash.slice(0, 22)}`, now),
    ...(delivery ? [queueDelivery(store, delivery, now)] : []),
  ])
  deps.wake()
}
