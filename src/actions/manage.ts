import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import type { Email } from '../rules/address.ts'
import { dailyId } from '../rules/limits.ts'
import { contactByStrict } from '../store/contacts.ts'
import { countOne } from '../store/counters.ts'
import { queueCapped } from './queueCapped.ts'
import { limitsOf, marksOf, type Origin } from './subscribe.ts'

/**
 * "Send me my link": mails a contact the link to their settings, at most once a day. An unknown address gets nothing, and the
 * answer and the work are the same, so that nobody learns who is known (P12).
 */
export async function sendManageLink(deps: Deps, email: Email, origin: Origin): Promise<void> {
  const { store } = deps
  const now = deps.now()
  const { mark, keys } = marksOf(deps, { email })
  const contact = await contactByStrict(store, email.strict)
  const delivery = {
    id: dailyId('manage_link', mark, now),
    kind: 'manage_link',
    class: 'service' as const,
    topic: null,
    address: contact?.address ?? email.address,
    keys,
    language: contact?.language ?? 'fi',
    contactId: contact?.id ?? null,
    data: {},
  }
  await store.batch([
    countOne(store, `post:${mark}`, now),
    ...queueCapped(store, delivery, limitsOf(deps, 'manage', origin, now), now, contact ? sql`1 = 1` : sql`1 = 0`),
  ])
  deps.wake()
}
