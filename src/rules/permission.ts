import type { PermissionFact } from './facts.ts'
import { consentEndsAt, pendingEndsAt } from './retention.ts'

/** The life of a permission: asked, confirmed, withdrawn, expired. State is derived from the times, never stored. */

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Clocks of several machines, and a clock that was set back, may differ by so much. */
export const CLOCK_SKEW_MS = 5 * MINUTE_MS

/** How long the link in a confirmation mail works (at most 72 hours). */
export const CONFIRM_LINK_MS = 3 * DAY_MS

/** How many confirmation mails one address gets at most: one in 24 hours, three in 30 days. */
const CAPS = [
  { windowMs: DAY_MS, mails: 1 },
  { windowMs: 30 * DAY_MS, mails: 3 },
]

export type PermissionState = 'requested' | 'confirmed' | 'withdrawn' | 'expired' | 'unknown'

/**
 * Where a permission stands. Only `confirmed` opens anything (ISO/IEC TS 27560 and DPV states: the valid ones are
 * given and renewed). A request that nobody confirmed in seven days is `expired`; times that cannot be are `unknown`.
 * A consent without an end of its own ends 24 months after it was confirmed.
 */
export const stateOf = (permission: PermissionFact, now: number): PermissionState => {
  const { rule, requestedAt, confirmedAt, withdrawnAt, expiresAt } = permission
  if (![now, requestedAt ?? 0, confirmedAt ?? 0, withdrawnAt ?? 0, expiresAt ?? 0].every(Number.isFinite))
    return 'unknown'
  if (withdrawnAt !== null) return 'withdrawn'
  if (confirmedAt === null) {
    if (requestedAt === null) return 'unknown'
    return now < pendingEndsAt(requestedAt) ? 'requested' : 'expired'
  }
  if (confirmedAt > now + CLOCK_SKEW_MS) return 'unknown'
  const endsAt = expiresAt ?? (rule === 'consent' ? consentEndsAt(confirmedAt) : Infinity)
  return now < endsAt ? 'confirmed' : 'expired'
}

/** Has a link or token run out? Five minutes of clock difference are forgiven. */
export const hasExpired = (expiresAt: number, now: number): boolean => !(now <= expiresAt + CLOCK_SKEW_MS)

export type RequestFacts = {
  neverMailed: boolean
  /** When confirmation mails to this address were made in the last 30 days, sent or not. */
  mailedAt: readonly number[]
  /** Every permission and pending request of this address. */
  permissions: readonly PermissionFact[]
}

/**
 * - ask: write a row for each of `topics` (none where a request is still pending) and send the confirmation
 * - already_pending: write rows for `topics`, send nothing: the page behind the mail already sent confirms them too
 * - capped: write nothing and send nothing, because no mail could carry the link
 * - never_mailed: the same, because no person reads that address
 */
export type RequestDecision =
  | { kind: 'ask'; topics: string[] }
  | { kind: 'already_pending'; topics: string[] }
  | { kind: 'capped' }
  | { kind: 'never_mailed' }

/**
 * What a sign-up does. Known, subscribed and banned addresses are asked exactly as new ones are: the answer must not tell
 * them apart, confirming again refreshes a consent, and the gate decides what a banned address gets.
 */
export const request = (facts: RequestFacts, input: { topics: readonly string[] }, now: number): RequestDecision => {
  if (facts.neverMailed) return { kind: 'never_mailed' }
  const mayMail = CAPS.every(
    ({ windowMs, mails }) => facts.mailedAt.filter((at) => !(at <= now - windowMs)).length < mails,
  )
  const linkWorks = facts.mailedAt.some((at) => now < at + CONFIRM_LINK_MS)
  if (!mayMail && !linkWorks) return { kind: 'capped' }
  const linkEndsAt = mayMail ? now + CONFIRM_LINK_MS : now
  const pending = facts.permissions.filter(
    (row) =>
      stateOf(row, now) === 'requested' && row.requestedAt !== null && pendingEndsAt(row.requestedAt) >= linkEndsAt,
  )
  const topics = [...new Set(input.topics)].filter((topic) => !pending.some((row) => row.topic === topic))
  return { kind: mayMail ? 'ask' : 'already_pending', topics }
}

export type ConfirmDecision =
  | { kind: 'confirm'; ids: string[]; expiresAt: number }
  | { kind: 'already_confirmed' }
  | { kind: 'nothing_pending' }

/**
 * What the confirm button does: every request of the address that is still pending becomes a consent. Pressing twice
 * confirms once; a request that was withdrawn meanwhile stays withdrawn.
 * @returns ids of the rows to confirm, and until when the consents are good
 */
export const confirm = (permissions: readonly PermissionFact[], now: number): ConfirmDecision => {
  const ids = permissions.filter((row) => stateOf(row, now) === 'requested').map((row) => row.id)
  if (ids.length > 0) return { kind: 'confirm', ids, expiresAt: consentEndsAt(now) }
  const confirmed = permissions.some((row) => row.confirmedByPerson && stateOf(row, now) === 'confirmed')
  return { kind: confirmed ? 'already_confirmed' : 'nothing_pending' }
}

/**
 * Which rows an unsubscribe or a ban closes: open ones and pending requests too, so that an old confirmation link cannot
 * undo it. Expired rows as well: the wish is recorded wherever it is meant.
 * @param topics those that the person leaves; `all` = every topic
 */
export const withdraw = (permissions: readonly PermissionFact[], topics: readonly string[] | 'all'): string[] =>
  permissions
    .filter((row) => row.withdrawnAt === null && (topics === 'all' || topics.includes(row.topic)))
    .map((row) => row.id)
