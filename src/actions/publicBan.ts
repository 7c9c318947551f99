import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { parseEmail, type Email } from '../rules/address.ts'
import { dailyId } from '../rules/limits.ts'
import type { Language } from '../store/tables.ts'
import { liftBans } from '../store/bans.ts'
import { countOne } from '../store/counters.ts'
import { recordEventIf } from '../store/ledger.ts'
import { banIsThere, banWrites, readBanValue } from './ban.ts'
import { queueCapped } from './queueCapped.ts'
import { limitsOf, marksOf, type Origin } from './subscribe.ts'

/** What was typed, and who asked in which language. An empty text is no wish. */
export type PublicBan = { email: string; phone: string; language: Language; origin: Origin }
/** The fields that cannot be read. */
export type PublicBanResult = { ok: true } | { ok: false; faults: ('email' | 'phone')[] }

/**
 * "Never market to me", from the public page: acts at once, and mails one notice a day with an undo link, since anybody can
 * type anybody's address (interface.md section 2). Known, unknown and banned before are the same to whoever asks.
 */
export async function banFromPage(deps: Deps, { email, phone, language, origin }: PublicBan): Promise<PublicBanResult> {
  const { store } = deps
  const given = [
    { kind: 'email' as const, value: email },
    { kind: 'phone' as const, value: phone },
  ].filter(({ value }) => value !== '')
  const read = given.map((one) => ({ ...one, ...readBanValue(deps, one.kind, one.value) }))
  const faults = read.filter(({ ok }) => !ok).map(({ kind }) => kind)
  if (faults.length > 0) return { ok: false, faults }

  const now = deps.now()
  const bans = read.flatMap((one) => {
    const input = { kind: one.kind, value: one.value, reason: 'ban_page' }
    return one.ok ? [{ kind: one.kind, ...banWrites(deps, input, one.hashes, 'person', now) }] : []
  })
  const address = parseEmail(email, { allowReserved: true })
  const ofAddress = bans.find(({ kind }) => kind === 'email')
  await store.batch([
    ...bans.flatMap(({ writes }) => writes),
    ...(address.ok && ofAddress ? notice(deps, address.email, ofAddress.id, language, origin, now) : []),
  ])
  for (const { stop } of bans) stop()
  deps.wake()
  return { ok: true }
}

/** Only for a ban that was added now: where it was in force before, there is nothing to undo. */
function notice(deps: Deps, email: Email, banId: string, language: Language, origin: Origin, now: number) {
  const { mark, keys } = marksOf(deps, { email })
  const delivery = {
    id: dailyId('ban_notice', mark, now),
    kind: 'ban_notice',
    class: 'service' as const,
    topic: null,
    address: email.address,
    keys,
    language,
    data: { ban: banId },
  }
  return [
    countOne(deps.store, `post:${mark}`, now),
    ...queueCapped(deps.store, delivery, limitsOf(deps, 'ban', origin, now), now, banIsThere(banId)),
  ]
}

/**
 * Undoes a ban of the public page, from the link of its notice: the mailbox is the proof of who asks (standards D-29). That ban
 * alone; what was left before stays left.
 */
export async function undoBan(deps: Deps, banId: string): Promise<void> {
  const { store } = deps
  const now = deps.now()
  const event = { id: `undo.${banId}`, at: now, event: 'ban_lifted', subject: null, actor: 'person' }
  await store.batch([
    liftBans(store, [banId], 'person', 'undo_link', now),
    recordEventIf(
      store,
      { ...event, data: { bans: [banId], how: 'undo_link' } },
      sql`exists (select 1 from bans where id = ${banId} and lifted_at = ${now} and lift_reason = 'undo_link')`,
    ),
  ])
}
