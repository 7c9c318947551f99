import type { Config } from '../config.ts'
import type { Deps } from '../deps.ts'
import { parseEmail } from '../rules/address.ts'
import { isNeverMailed } from '../rules/addressClass.ts'
import { isFresh } from '../rules/banSource.ts'
import type { Facts } from '../rules/facts.ts'
import type { PurposeKey } from '../rules/register.ts'
import type { Claimed, Gathered } from '../store/gateFacts.ts'
import type { BanSourceRow, PermissionRow } from '../store/tables.ts'
import { keysOfColumn } from '../store/keys.ts'

export type DoorFacts = { claimed: Claimed; facts: Facts; keys: string[] }

/** Puts the rows of one claim together, one Facts a delivery. `mergedFields` are the composer's to add. */
export function assembleFacts(
  deps: Pick<Deps, 'config' | 'register' | 'now'>,
  rows: readonly unknown[][],
): DoorFacts[] {
  const [claimed, permissions, bans, dead, sources, hold, invited] = rows as [
    Claimed[],
    Gathered['permissions'],
    Gathered['bans'],
    Gathered['dead'],
    BanSourceRow[],
    { value: string }[],
    Gathered['invited'],
  ]
  const permissionsOf = Map.groupBy(permissions, (row) => row.delivery)
  const bansOf = Map.groupBy(bans, (row) => row.delivery)
  const deadOf = new Map(dead.map((row) => [row.delivery, row.confirmed_at]))
  const sourceFacts = freshness(deps.config.banSources, sources, deps.now())
  const invitedAt = new Map(invited.map((row) => [row.delivery, row.at]))
  const held = hold[0] ? { reason: hold[0].value } : null
  return claimed.map((row) => {
    const email =
      row.address === null ? null : parseEmail(row.address, { allowReserved: deps.config.allowReservedDomains })
    const facts: Facts = {
      message: {
        class: row.class,
        kind: row.kind as Facts['message']['kind'],
        topic: row.topic,
        purpose: row.purpose as PurposeKey | null,
        askedNow: askedNow.has(row.kind),
        mergedFields: [],
      },
      sources: sourceFacts,
      hold: held,
      recipient: {
        exists: row.strict !== null,
        address: email?.ok ? row.address : null,
        class: row.contact_class ?? 'unknown',
        staff: row.staff !== null || isConfiguredStaff(deps.config, row.address),
        restrictedAt: row.restricted_at,
        deadAt: deadOf.get(row.id) ?? null,
        neverMailed: email?.ok === true && isNeverMailed(email.email),
      },
      bans: (bansOf.get(row.id) ?? []).map(banFact),
      permissions: (permissionsOf.get(row.id) ?? []).map(permissionFact),
      register: deps.register,
      policy: { namedWork: deps.config.namedWorkPolicy },
      frequency: row.class === 'research' ? surveyFrequency(deps, invitedAt.get(row.id)) : null,
    }
    const keys = [row.keys, row.company_keys, row.owner_keys].flatMap((column) =>
      column === null ? [] : keysOfColumn(column),
    )
    return { claimed: row, facts, keys }
  })
}

const DAY_MS = 86_400_000

/** One survey invitation in so many days, whatever became of the others (features 104). */
function surveyFrequency({ config, now }: Pick<Deps, 'config' | 'now'>, lastAt: number | undefined) {
  const recent = lastAt !== undefined && now() - lastAt < config.surveyEveryDays * DAY_MS
  return { sentInWindow: recent ? 1 : 0, cap: config.surveyEveryDays === 0 ? null : 1 }
}

/** Service mail that the person waits for now. */
const askedNow = new Set(['confirmation', 'manage_link', 'ban_notice'])

export function banFact(row: Gathered['bans'][number]): Facts['bans'][number] {
  const { id, kind, scope, reason, form, at } = row
  return { id, kind, scope, external: row.external === 1, reason, form, at }
}

export function permissionFact(row: PermissionRow): Facts['permissions'][number] {
  return {
    id: row.id,
    topic: row.topic,
    channel: row.channel,
    rule: row.rule,
    requestedAt: row.requested_at,
    confirmedAt: row.confirmed_at,
    confirmedByPerson: row.confirmed_from === 'link',
    withdrawnAt: row.withdrawn_at,
    expiresAt: row.expires_at,
    evidence: row.evidence !== null || row.wording_id !== null,
  }
}

/** How each configured source stands (standards D-22, D-23). */
export function freshness(configured: Config['banSources'], rows: readonly BanSourceRow[], now: number) {
  return configured.map((source) => {
    const row = rows.find(({ name }) => name === source.name)
    const state = row && { fetchedAt: row.fetched_at, brokenAt: row.broken_at }
    return { name: source.name, required: source.required, fresh: isFresh(state, source.maxAge, now) }
  })
}

/** Staff mail goes to users, and to what the configuration names: alert addresses, the enquiries' and the sender's own mailbox. */
export function isConfiguredStaff(config: Config, address: string | null): boolean {
  return (
    address !== null &&
    [...config.alertTo, config.enquiryTo, config.mailFrom.address].some(
      (own) => own?.toLowerCase() === address.toLowerCase(),
    )
  )
}
