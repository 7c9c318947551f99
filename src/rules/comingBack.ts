import { reaches } from './banReach.ts'
import { hasReturned } from './channelPermission.ts'
import type { BanFact, Message, PermissionFact } from './facts.ts'

/**
 * What confirming a request can do against the bans that hit its address (domain.md 3 "Coming back", standards D-14).
 * - open: no ban speaks of it
 * - lifts: the person's own ban or objection is in force, and confirming outranks it for this topic
 * - closed: confirming cannot help (ban of a domain or company, complaint, `no_contact`), or the person banned us after
 *   they asked, so that the old link must not undo it
 * @param asked.at when this was last asked for: the request, or the link that was made for it
 */
export const judgeReturn = (
  bans: readonly BanFact[],
  asked: { topic: string; purpose: Message['purpose']; at: number },
  permissions: PermissionFact[],
  now: number,
): 'open' | 'lifts' | 'closed' => {
  const message = { kind: 'confirmation' as const, topic: asked.topic, purpose: asked.purpose }
  const hits = bans.filter(
    (ban) => isFinal(ban) || (ban.kind === 'email' && reaches(ban, message)) || isOfMany(ban, message),
  )
  if (hits.some((ban) => isFinal(ban) || ban.kind !== 'email')) return 'closed'
  const inForce = hits.filter((ban) => !ban.external && !hasReturned({ permissions, message }, ban.at, now))
  if (inForce.some((ban) => ban.at >= asked.at)) return 'closed'
  return inForce.length > 0 ? 'lifts' : 'open'
}

const isFinal = ({ kind, scope, reason }: BanFact): boolean =>
  kind !== 'phone' && kind !== 'postal' && (scope === 'no_contact' || reason?.trim().toLowerCase() === 'complaint')

const isOfMany = (ban: BanFact, message: Pick<Message, 'kind' | 'topic' | 'purpose'>): boolean =>
  (ban.kind === 'domain' || ban.kind === 'company') && reaches(ban, message)
