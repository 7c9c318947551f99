import type { BanFact, PermissionFact } from './facts.ts'
import { stateOf } from './permission.ts'

/**
 * Does the person get this topic, as their own settings page shows it? An open permission, and no own wish against it that is
 * newer. What else may stop a message (a company's ban, a dead address) is not theirs to switch.
 */
export function getsTopic(
  topic: { id: string; purpose: string },
  permissions: readonly PermissionFact[],
  bans: readonly Pick<BanFact, 'kind' | 'scope' | 'external' | 'at'>[],
  now: number,
): boolean {
  const own = permissions.filter((row) => row.topic === topic.id && row.channel === 'email')
  if (!own.some((row) => stateOf(row, now) === 'confirmed')) return false
  const against = bans.filter(
    (ban) =>
      ban.kind === 'email' && !ban.external && ['all', 'no_contact', `topic:${topic.id}`, `purpose:${topic.purpose}`].includes(ban.scope),
  )
  const returned = Math.max(0, ...own.filter((row) => row.confirmedByPerson && row.withdrawnAt === null).map((row) => row.confirmedAt ?? 0))
  return against.every((ban) => ban.scope !== 'no_contact' && ban.at < returned)
}

export type PreferenceChange = { leave: string[]; join: string[] }

/** What saving the page means, topic by topic: only what the person changed is written. */
export function changeTopics(offered: readonly { id: string; on: boolean }[], wanted: readonly string[]): PreferenceChange {
  return {
    leave: offered.filter((topic) => topic.on && !wanted.includes(topic.id)).map((topic) => topic.id),
    join: offered.filter((topic) => !topic.on && wanted.includes(topic.id)).map((topic) => topic.id),
  }
}
