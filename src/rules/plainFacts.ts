import { isInvoiceMailbox } from './channelPermission.ts'
import type { BanFact, Facts, PermissionFact } from './facts.ts'
import { stateOf } from './permission.ts'

/**
 * Counting a million verdicts: people of whom the gate knows the same get the same answer, so it is asked once for each kind of
 * them. Only of those with one permission for the topic: nothing of it can be weighed against another one.
 *
 * @returns the same text for recipients of one message to whom the gate gives the same answer (but for ids in its details); null
 *   where somebody must be asked about alone
 */
export const plainKind = ({ recipient, bans, permissions, frequency }: Facts, now: number): string | null => {
  const [permission, ...more] = permissions
  if (more.length > 0 || !permission || frequency) return null
  const { address, neverMailed } = recipient
  const who = `${recipient.class} ${recipient.exists} ${recipient.staff} ${recipient.restrictedAt === null} ${recipient.deadAt === null}`
  // A reading that failed is null; what was read can be an invoice mailbox, and nothing else of it matters to the gate.
  const where = `${address === null} ${isInvoiceMailbox(address)} ${neverMailed}`
  const { topic, channel, rule, confirmedAt, evidence } = permission
  const may = `${topic} ${channel} ${rule} ${stateOf(permission, now)} ${confirmedAt === null} ${evidence}`
  const never = bans.length === 0 ? '' : [...new Set(bans.map((ban) => banKind(ban, permission)))].sort().join()
  return `${who} ${where} ${may} ${never}`
}

/** A ban matters by what it says, and by whether the person came back after it. */
const banKind = ({ kind, scope, external, reason, form, at }: BanFact, permission: PermissionFact): string =>
  JSON.stringify([
    kind,
    scope,
    external,
    reason,
    form,
    permission.confirmedByPerson && (permission.confirmedAt ?? 0) > at,
  ])
