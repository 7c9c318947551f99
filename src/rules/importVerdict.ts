import { reaches } from './banReach.ts'
import { hasReturned } from './channelPermission.ts'
import type { BanFact, PermissionFact } from './facts.ts'
import { stateOf } from './permission.ts'
import type { PurposeKey } from './register.ts'

/** What is known of the address of one row of an import. */
export type RowFacts = {
  contact: { restrictedAt: number | null } | null
  /** In force, hit by any of the address's keys or its company's. */
  bans: readonly BanFact[]
  permissions: PermissionFact[]
}

type Topic = { id: string; purpose: PurposeKey }
type Rule = PermissionFact['rule']

export type RowVerdict = { ok: true; topics: string[] } | { ok: false; message: string }

/**
 * Whether a row of an import may be stored, and for which topics it gets a new permission. An import brings nobody back (P09,
 * standards CX-3, D-15): who forbade or left it is reported and stays away; who was erased with a ban is not stored again.
 * Bans of external registers and of phones are the gate's to weigh.
 */
export const judgeRow = (
  { contact, bans, permissions }: RowFacts,
  topics: readonly Topic[],
  rule: Rule | null,
  now: number,
): RowVerdict => {
  if (contact?.restrictedAt != null)
    return refuse("The person's data may only be stored as they are (GDPR Art. 18): leave the row out.")
  const own = bans.filter((ban) => !ban.external && ban.kind !== 'phone' && ban.kind !== 'postal')
  if (!contact && own.length > 0) return refuse(forbidden)
  if (topics.length === 0 && own.some(({ scope }) => scope === 'all' || scope === 'no_contact'))
    return refuse(forbidden)
  const byMail = permissions.filter((row) => row.channel === 'email')
  for (const { id, purpose } of topics) {
    const message = { kind: 'mailing' as const, topic: id, purpose }
    const stays = (ban: BanFact) =>
      ban.kind !== 'email' || isFinal(ban) || !hasReturned({ permissions, message }, ban.at, now)
    if (own.some((ban) => (isFinal(ban) || reaches(ban, message)) && stays(ban))) return refuse(forbidden)
    const leftAt = Math.max(
      ...byMail.filter((row) => row.topic === id).map((row) => row.withdrawnAt ?? -Infinity),
      -Infinity,
    )
    if (leftAt !== -Infinity && !hasReturned({ permissions, message }, leftAt, now))
      return refuse(
        `The person has left the topic "${id}": only they can come back, by a sign-up of their own. Import other topics in a file of their own.`,
      )
  }
  const open = byMail.filter((row) => stateOf(row, now) === 'confirmed')
  const isOpen = (topic: string) =>
    open.some((row) => row.topic === topic && rule !== null && strength(row.rule) <= strength(rule))
  return { ok: true, topics: topics.map(({ id }) => id).filter((topic) => !isOpen(topic)) }
}

const forbidden =
  'The person or the company has forbidden marketing: only they can come back, by a sign-up of their own.'

const isFinal = ({ scope, reason }: BanFact): boolean =>
  scope === 'no_contact' || reason?.trim().toLowerCase() === 'complaint'

/** Strongest first: what is open by a stronger rule needs no weaker one beside it. */
const strength = (rule: Rule): number => ['consent', 'existing_customer', 'duty_evidence', 'legal_person'].indexOf(rule)

const refuse = (message: string): RowVerdict => ({ ok: false, message })
