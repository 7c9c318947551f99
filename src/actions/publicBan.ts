import type { Deps } from '../deps.ts'
import { banHashes, matchHashes } from '../mail/matchHashes.ts'
import { parseEmail } from '../rules/address.ts'
import { contactForms } from '../rules/matchKeys.ts'
import { liftBans } from '../store/bans.ts'
import { queueDelivery } from '../store/deliveries.ts'
import { recordEvent } from '../store/ledger.ts'
import { ban } from './ban.ts'

export type PublicBanResult = { ok: true } | { ok: false; errors: { path: 'email' | 'phone'; message: string }[] }

/**
 * "Never market to me", from the public page: acts at once, and mails one notice a day with an undo link, since anybody can
 * type anybody's address (interface.md section 2).
 */
export async function banFromPage(
  deps: Deps,
  input: { email: string; phone: string; language: 'fi' | 'sv' | 'en' },
): Promise<PublicBanResult> {
  const email = input.email === '' ? null : parseEmail(input.email, { allowReserved: deps.config.allowReservedDomains })
  if (email && !email.ok) return { ok: false, errors: [{ path: 'email', message: email.error }] }
  if (input.phone !== '') {
    const phone = await ban(deps, { kind: 'phone', value: input.phone, reason: 'ban_page' }, 'person')
    if (!phone.ok) return { ok: false, errors: [{ path: 'phone', message: phone.error }] }
  }
  if (!email) return { ok: true }
  const banned = await ban(deps, { kind: 'email', value: input.email, reason: 'ban_page' }, 'person')
  if (!banned.ok) return { ok: false, errors: [{ path: 'email', message: banned.error }] }
  const hash = banHashes(deps.keyring, 'email', email.email)[0]?.hash ?? ''
  const now = deps.now()
  const notice = {
    id: `ban_notice.${hash.slice(0, 22)}.${new Date(now).toISOString().slice(0, 10)}`,
    kind: 'ban_notice',
    class: 'service' as const,
    topic: null,
    address: email.email.address,
    keys: matchHashes(deps.keyring, contactForms({ email: email.email })),
    language: input.language,
    data: { ban: banned.id },
  }
  // Nothing to undo where the ban was in force before: then no notice either, and the answer is the same.
  if (banned.added) await deps.store.batch([queueDelivery(deps.store, notice, now)])
  deps.wake()
  return { ok: true }
}

/** Undoes a ban of the public page, from the link of its notice: the mailbox is the proof of who asks (standards D-29). */
export async function undoBan(deps: Deps, banId: string): Promise<void> {
  const now = deps.now()
  await deps.store.batch([
    liftBans(deps.store, [banId], 'person', 'undo_link', now),
    recordEvent(deps.store, {
      id: `undo.${banId}`,
      at: now,
      event: 'ban_lifted',
      subject: null,
      actor: 'person',
      data: { bans: [banId] },
    }),
  ])
}
