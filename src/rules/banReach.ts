import { hasReturned } from './channelPermission.ts'
import { stop } from './facts.ts'
import type { BanFact, Facts, Message, Reason, Stopped } from './facts.ts'
import { purposeKeys } from './register.ts'

/**
 * What the bans that hit a recipient mean for one message. Bans of the person's own address are outranked by a consent
 * that they confirmed later for this very topic; so are those of external registers. Bans of a domain or company,
 * complaints and `no_contact` are outranked by nothing.
 * Source: GDPR Art. 21(2)-(3), SVPL 917/2014 §§ 200.2, 202.
 */

/** Which reason is named when several bans stop the message. */
const ORDER: readonly Reason[] = [
  'no_contact',
  'complaint',
  'banned',
  'loose_match',
  'banned_topic',
  'external_ban',
  'unknown',
]

/** The ban that stops this message, or null. A message of staff to staff is stopped by every ban when it is a test. */
export const stoppingBan = (facts: Facts, now: number): Stopped | null =>
  facts.bans
    .map((ban) => ({ ban, reason: stopsMail(ban) ? reasonFor(ban, facts, now) : null }))
    .filter((hit) => hit.reason !== null)
    .sort((a, b) => rank(a.reason) - rank(b.reason) || (a.ban.id < b.ban.id ? -1 : 1))
    .map(({ ban, reason }) => stop(reason ?? 'unknown', ban.id))[0] ?? null

/**
 * Is a ban of the person's own in force that confirming would lift for this topic? Then the confirmation is the one
 * neutral mail that says so.
 */
export const needsNeutralMail = (facts: Facts, now: number): boolean =>
  facts.bans.some(
    (ban) => ban.kind === 'email' && !ban.external && reaches(ban, facts.message) && !hasReturned(facts, ban.at, now),
  )

/** A phone ban reaches calls and a postal ban letters. */
const stopsMail = ({ kind }: BanFact): boolean => kind !== 'phone' && kind !== 'postal'

const reasonFor = (ban: BanFact, facts: Facts, now: number): Reason | null => {
  const { message } = facts
  if (message.class === 'staff') return message.kind === 'test' ? 'banned' : null
  if (!isScope(ban.scope)) return 'unknown'
  if (ban.scope === 'no_contact') return 'no_contact'
  if (ban.reason?.trim().toLowerCase() === 'complaint') return 'complaint'
  if (!reaches(ban, message)) return null
  if (message.class === 'service') {
    return message.kind === 'confirmation' && ban.kind !== 'email' ? 'banned' : null
  }
  if (ban.kind === 'email' && hasReturned(facts, ban.at, now)) return null
  if (ban.external) return 'external_ban'
  if (ban.kind === 'email' && ban.form === 'loose') return 'loose_match'
  return ban.scope.startsWith('topic:') ? 'banned_topic' : 'banned'
}

/** Does the scope speak of this message? A confirmation without one topic may be about any. */
export const reaches = (
  { scope }: BanFact,
  { kind, topic, purpose }: Pick<Message, 'kind' | 'topic' | 'purpose'>,
): boolean => {
  if (scope === 'all') return true
  if (kind === 'confirmation' && (scope.startsWith('topic:') ? topic : purpose) === null) return true
  return scope === `topic:${topic}` || scope === `purpose:${purpose}`
}

const isScope = (scope: string): boolean =>
  scope === 'all' ||
  scope === 'no_contact' ||
  /^topic:./.test(scope) ||
  purposeKeys.some((key) => scope === `purpose:${key}`)

const rank = (reason: Reason | null): number => ORDER.indexOf(reason ?? 'unknown')
