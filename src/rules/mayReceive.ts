import { needsNeutralMail, stoppingBan } from './banReach.ts'
import { openPermission } from './channelPermission.ts'
import { factsSchema, stop } from './facts.ts'
import type { Allowed, Facts, Message, PermissionFact, Stopped, Verdict } from './facts.ts'
import { refuseFields } from './register.ts'

/**
 * The one question: may this person get this message now? Asked for every message in the moment before hand-over, on
 * facts read in the step that claimed it. First failure wins; what is not known is not sent; nothing can force it.
 * @param now milliseconds UTC
 * @returns allowed, by which rule and evidence, or stopped, by which reason. Never throws.
 */
export const mayReceive = (facts: Facts, now: number): Verdict => {
  try {
    const read = factsSchema.safeParse(facts)
    if (!read.success) return stop('unknown', read.error.issues[0]?.path.join('.') ?? null)
    if (!Number.isFinite(now)) return stop('unknown', 'now')
    return decide(read.data, now)
  } catch {
    return stop('unknown', 'error')
  }
}

const decide = (facts: Facts, now: number): Verdict =>
  impossible(facts.message) ??
  staleSource(facts) ??
  held(facts) ??
  noAddress(facts) ??
  restricted(facts) ??
  stoppingBan(facts, now) ??
  unusableAddress(facts) ??
  opened(facts, now)

const opened = (facts: Facts, now: number): Verdict => {
  if (facts.message.class === 'staff') return toStaff(facts)
  return facts.message.class === 'service' ? service(facts, now) : marketing(facts, now)
}

/** Which class a kind of message may have, so that no mailing passes as service mail. */
const CLASSES: Record<Message['kind'], readonly Message['class'][]> = {
  mailing: ['marketing', 'research'],
  test: ['staff'],
  confirmation: ['service'],
  welcome: ['service'],
  manage_link: ['service'],
  ban_notice: ['service'],
  receipt: ['service'],
  sign_in: ['staff'],
  alert: ['staff'],
  enquiry: ['staff'],
}

/** Sent on request only: unasked, each of these would be mail to somebody who did not want any. */
const ASKED_ONLY: readonly Message['kind'][] = ['confirmation', 'manage_link', 'ban_notice']

const impossible = (message: Message): Stopped | null => {
  if (!CLASSES[message.kind].includes(message.class)) return stop('unknown', 'message.class')
  if (ASKED_ONLY.includes(message.kind) && !message.askedNow) return stop('unknown', 'message.askedNow')
  if (message.kind === 'mailing' && message.topic === null) return stop('unknown', 'message.topic')
  if (message.kind === 'mailing' && message.purpose === null) return stop('unknown', 'message.purpose')
  return null
}

const staleSource = ({ message, sources }: Facts): Stopped | null => {
  if (message.kind !== 'mailing') return null
  const stale = sources.filter((source) => source.required && !source.fresh).map((source) => source.name)
  return stale.length > 0 ? stop('source_stale', stale.join(', ')) : null
}

const held = ({ message, hold }: Facts): Stopped | null =>
  hold && message.kind !== 'alert' ? stop('held', hold.reason) : null

const noAddress = ({ message, recipient }: Facts): Stopped | null => {
  if (!recipient.exists && (message.kind === 'mailing' || recipient.address === null)) return stop('erased')
  if (recipient.address === null || !isAddress(recipient.address)) return stop('unknown', 'recipient.address')
  return null
}

/** The shape only, as a last look: rules/address.ts has let it in. RFC 5321 §4.5.3.1: 64 octets before the @, 254 in all. */
const isAddress = (address: string): boolean =>
  address.length <= 254 && /^[^\s@<>()[\]\\,;:"\p{C}]{1,64}@[\p{L}\p{N}\p{M}-]+(\.[\p{L}\p{N}\p{M}-]+)*$/u.test(address)

/** GDPR Art. 18: store only. Staff mail is about work and not about the restricted data. */
const restricted = ({ message, recipient }: Facts): Stopped | null =>
  recipient.restrictedAt !== null && (message.class !== 'staff' || message.kind === 'test') ? stop('restricted') : null

const unusableAddress = ({ message, recipient }: Facts): Stopped | null => {
  if (message.class === 'staff') return null
  if (recipient.deadAt !== null) return stop('dead_address')
  return recipient.neverMailed ? stop('never_mailed') : null
}

const toStaff = (facts: Facts): Verdict => {
  if (!facts.recipient.staff) return stop('not_staff')
  if (facts.message.kind === 'test') return refusedField(facts) ?? allow('staff')
  return allow('staff')
}

const service = (facts: Facts, now: number): Verdict => {
  const { kind, askedNow } = facts.message
  const neutral = kind === 'confirmation' && needsNeutralMail(facts, now)
  return refusedField(facts) ?? { ...allow(askedNow ? 'asked' : 'service'), neutral }
}

const marketing = (facts: Facts, now: number): Verdict => {
  const permission = openPermission(facts, now)
  if ('allowed' in permission) return permission
  return noBasis(facts, permission) ?? refusedField(facts) ?? tooOften(facts) ?? allow(permission.rule, permission.id)
}

/**
 * GDPR Art. 6(1): the purpose itself must rest on a legitimate interest (objections were bans above) or on this consent.
 * A contract or a legal obligation carries no marketing.
 */
const noBasis = ({ message, register }: Facts, permission: PermissionFact): Stopped | null => {
  const bases = message.purpose ? register.purposes[message.purpose].bases : []
  if (bases.includes('legitimate_interest')) return null
  return bases.includes('consent') && permission.rule === 'consent' ? null : stop('no_basis')
}

const refusedField = ({ message, register }: Facts): Stopped | null => {
  const refused = refuseFields(register, message.purpose ? [message.purpose] : [], message.mergedFields)
  return refused.length > 0 ? stop('field_not_allowed', refused.join(', ')) : null
}

const tooOften = ({ frequency }: Facts): Stopped | null =>
  frequency && frequency.cap !== null && frequency.sentInWindow >= frequency.cap ? stop('frequency_cap') : null

const allow = (by: Allowed['by'], evidence: string | null = null): Allowed => ({
  allowed: true,
  by,
  evidence,
  neutral: false,
})
