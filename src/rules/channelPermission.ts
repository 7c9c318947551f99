import { stop } from './facts.ts'
import type { Facts, PermissionFact, Stopped } from './facts.ts'
import { stateOf } from './permission.ts'

/**
 * Does Finnish law let us e-mail this person about this topic (SVPL 917/2014 §§ 200, 202)? A gate of its own beside the
 * GDPR's basis: a legitimate interest in the register does not open it.
 */

type Rule = PermissionFact['rule']

/** Strongest first: when several are open, the verdict names the first. */
const EVERY_RULE: readonly Rule[] = ['consent', 'existing_customer', 'duty_evidence', 'legal_person']
const NATURAL_PERSON: readonly Rule[] = ['consent', 'existing_customer']

/** Mailboxes that take invoices and nothing else; unless somebody there consents, they are no marketing addresses. */
const INVOICE_MAILBOX =
  /^(osto|verkko|e-?)?(lasku(t|tus)?|invoic(e|es|ing)|billing|faktura|fakturor|fakturering|reskontra)([._+-].*|\d*)$/

/**
 * The permission that opens this message, or why none does. A topic that the person left opens again only by a consent
 * that they confirmed themselves later (GDPR Art. 7(3), 21(3)): no import and no other rule brings it back.
 */
export const openPermission = (facts: Facts, now: number): PermissionFact | Stopped => {
  const rules = rulesFor(facts)
  const rows = facts.permissions.filter((row) => row.channel === 'email' && row.topic === facts.message.topic)
  const leftAt = Math.max(...rows.map((row) => row.withdrawnAt ?? -Infinity), -Infinity)
  const usable = rows.filter(
    (row) => isProven(row) && stateOf(row, now) === 'confirmed' && (leftAt === -Infinity || isReturn(row, leftAt)),
  )
  const open = usable.filter((row) => rules.includes(row.rule)).sort(byStrength)[0]
  if (open) return open
  const states = rows.map((row) => stateOf(row, now))
  if (states.includes('unknown')) return stop('unknown', 'permissions')
  if (leftAt !== -Infinity) return stop('unsubscribed')
  if (usable.length > 0 && isInvoiceMailbox(facts.recipient.address)) return stop('invoice_address')
  if (rows.some((row, i) => row.rule === 'consent' && row.confirmedAt !== null && states[i] === 'expired')) {
    return stop('consent_expired')
  }
  return stop('no_permission')
}

/**
 * Which rules open e-mail marketing to this class of address. Role addresses of legal persons are opt-out (§ 202); a named
 * work address needs consent, or evidence of duties, as the policy says; natural persons need consent or a purchase (§ 200).
 */
const rulesFor = ({ recipient, policy }: Facts): readonly Rule[] => {
  if (recipient.class === 'role_work') return isInvoiceMailbox(recipient.address) ? ['consent'] : EVERY_RULE
  if (recipient.class !== 'named_work' || policy.namedWork === 'consent_only') return NATURAL_PERSON
  return policy.namedWork === 'opt_out' ? EVERY_RULE : [...NATURAL_PERSON, 'duty_evidence']
}

/** Of an address that invoices are sent to. */
export const isInvoiceMailbox = (address: string | null): boolean =>
  address !== null && INVOICE_MAILBOX.test(address.slice(0, address.lastIndexOf('@')).toLowerCase())

/** GDPR Art. 7(1): what cannot be shown does not count. § 202 asks for no evidence, only for the right to forbid. */
const isProven = (row: PermissionFact): boolean => row.evidence || row.rule === 'legal_person'

/**
 * Is this a consent that the person gave themselves after `since`? Nothing else outranks a ban, an objection or a
 * withdrawal. The same millisecond is not after.
 */
const isReturn = (row: PermissionFact, since: number): boolean =>
  row.rule === 'consent' && row.confirmedByPerson && row.confirmedAt !== null && row.confirmedAt > since

/** The consent for this very topic, if one is in force, that came after `since`. */
export const hasReturned = (
  { permissions, message }: Pick<Facts, 'permissions'> & { message: Pick<Facts['message'], 'topic'> },
  since: number,
  now: number,
): boolean =>
  permissions.some(
    (row) =>
      row.topic === message.topic &&
      row.channel === 'email' &&
      isReturn(row, since) &&
      isProven(row) &&
      stateOf(row, now) === 'confirmed',
  )

/** Strongest rule first, then the newest: the verdict must not hang on the order of rows. */
const byStrength = (a: PermissionFact, b: PermissionFact): number =>
  EVERY_RULE.indexOf(a.rule) - EVERY_RULE.indexOf(b.rule) ||
  (b.confirmedAt ?? 0) - (a.confirmedAt ?? 0) ||
  (a.id < b.id ? -1 : 1)
