import { hasReturned } from './channelPermission.ts'
import type { BanFact, PermissionFact } from './facts.ts'
import { stateOf } from './permission.ts'

type OwnBan = Pick<BanFact, 'kind' | 'scope' | 'reason' | 'at'>
type Topic = { id: string; purpose: string }

/**
 * Does the person get this topic, as their own settings page shows it? An open permission, and no wish against it that is
 * newer. What else may stop a message (a company's ban, a dead address) is not theirs to switch.
 */
export function getsTopic(
  topic: Topic,
  permissions: readonly PermissionFact[],
  bans: readonly OwnBan[],
  now: number,
): boolean {
  const own = permissions.filter((row) => row.topic === topic.id && row.channel === 'email')
  if (!own.some((row) => stateOf(row, now) === 'confirmed')) return false
  const leftAt = own.flatMap((row) => row.withdrawnAt ?? [])
  const against = bans.filter((ban) => speaksOf(ban, topic)).map((ban) => ban.at)
  const message = { topic: topic.id }
  return mayReturn(bans) && [...leftAt, ...against].every((at) => hasReturned({ permissions: own, message }, at, now))
}

/** May the person come back to a topic by themselves? Complaints and `no_contact` stay (domain.md 3 "Coming back"). */
export function mayReturn(bans: readonly OwnBan[]): boolean {
  return !bans.some((ban) => ban.kind === 'email' && isFinal(ban))
}

const isFinal = ({ scope, reason }: OwnBan) => scope === 'no_contact' || reason?.trim().toLowerCase() === 'complaint'

const speaksOf = ({ kind, scope }: OwnBan, { id, purpose }: Topic) =>
  kind === 'email' && (scope === 'all' || scope === `topic:${id}` || scope === `purpose:${purpose}`)

export type PreferenceChange = { leave: string[]; join: string[] }

/** What saving the page means, topic by topic: only what the person changed is written. */
export function changeTopics(
  offered: readonly { id: string; on: boolean }[],
  wanted: readonly string[],
): PreferenceChange {
  return {
    leave: offered.filter((topic) => topic.on && !wanted.includes(topic.id)).map((topic) => topic.id),
    join: offered.filter((topic) => !topic.on && wanted.includes(topic.id)).map((topic) => topic.id),
  }
}

/**
 * The moment that joining a topic answers to: the last thing that happened to it. The same press of the button, also pressed
 * twice at once, answers to the same moment; a later one does not.
 */
export function lastChange(topic: Topic, permissions: readonly PermissionFact[], bans: readonly OwnBan[]): number {
  const own = permissions.filter((row) => row.topic === topic.id)
  const times = own.flatMap((row) => [row.requestedAt, row.confirmedAt, row.withdrawnAt])
  return Math.max(0, ...times.map((at) => at ?? 0), ...bans.filter((ban) => speaksOf(ban, topic)).map((ban) => ban.at))
}
