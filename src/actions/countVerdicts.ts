import { setImmediate as breathe } from 'node:timers/promises'
import type { Deps } from '../deps.ts'
import { narrowingOf } from '../mail/audience.ts'
import { makeBanSieve, type BanSieve } from '../mail/banSieve.ts'
import { banFact } from '../mail/facts.ts'
import { parseEmail } from '../rules/address.ts'
import { isNeverMailed } from '../rules/addressClass.ts'
import type { Facts, Reason, Verdict } from '../rules/facts.ts'
import { mayReceive } from '../rules/mayReceive.ts'
import { plainKind } from '../rules/plainFacts.ts'
import type { FieldKey, PurposeKey } from '../rules/register.ts'
import { audiencePiece, type Prospect } from '../store/audience.ts'
import { proposedFactQueries } from '../store/gateFacts.ts'
import type { Audience } from '../store/mailings.ts'
import type { MailingRow } from '../store/tables.ts'
import { foresee, PASSING } from './foresee.ts'

/** Contacts that are read at once: the event loop breathes in between. */
const AT_ONCE = 1000
/** … and of whom everything is looked up. */
const LOOKED_UP = 200
/** From here on it pays to read every ban once instead of looking up every contact's. */
const MANY = 4000

export type VerdictCounts = { allowed: number; stopped: Partial<Record<Reason, number>> }

/**
 * What the gate says today of everybody in a mailing's audience, counted. Nobody is left out and nothing is estimated: those of
 * whom the gate knows the same (rules/plainFacts.ts) are asked about once, the others one by one.
 * @param sizes how many contacts are read at once, and after how many it pays to read every ban instead of each contact's own
 */
export async function countVerdicts(
  deps: Deps,
  row: Pick<MailingRow, 'id' | 'class' | 'topic' | 'purpose'>,
  audience: Audience,
  mergedFields: readonly FieldKey[],
  { atOnce, many } = { atOnce: AT_ONCE, many: MANY },
): Promise<VerdictCounts> {
  const counts: VerdictCounts = { allowed: 0, stopped: {} }
  const count = (verdict: Verdict, people: number) => {
    if (verdict.allowed) counts.allowed += people
    else counts.stopped[verdict.reason] = (counts.stopped[verdict.reason] ?? 0) + people
  }
  const now = deps.now()
  const mailing = { topic: row.topic, class: row.class, audience: narrowingOf(deps, audience, now) }
  const kinds = new Map<string, { facts: Facts; people: number }>()
  const add = (facts: Facts, key: string) => {
    const known = kinds.get(key)
    if (known) known.people += 1
    else kinds.set(key, { facts, people: 1 })
  }
  const factsOf = plainFacts(deps, row, mergedFields)
  const hit = new Map<string, Facts>()
  const lookUpHit = async () => {
    for (const facts of await withBans(deps, row, hit)) {
      const key = plainKind(facts, now)
      if (key === null) count(mayReceive(facts, now), 1)
      else add(facts, key)
    }
    hit.clear()
  }
  let sieve: BanSieve | null = null
  let seen = 0
  for (let after: string | null = ''; after !== null;) {
    const piece = await audiencePiece(deps.store, mailing, after, atOnce)
    const apart: string[] = []
    for (const [person, ...more] of people(piece.rows)) {
      seen += 1
      // How often somebody may be invited to surveys is asked about each of them.
      if (sieve === null || person.invited === 1) {
        apart.push(person.id)
        continue
      }
      const facts = factsOf([person, ...more])
      const key = plainKind(facts, now)
      if (sieve(person)) hit.set(person.id, facts)
      else if (key === null) count(mayReceive(facts, now), 1)
      else add(facts, key)
    }
    if (hit.size >= LOOKED_UP) await lookUpHit()
    for (let n = 0; n < apart.length; n += LOOKED_UP) {
      for (const { verdict } of await foresee(deps, row, apart.slice(n, n + LOOKED_UP), mergedFields)) count(verdict, 1)
      await breathe()
    }
    if (sieve === null && seen >= many && piece.next !== null) sieve = await makeBanSieve(deps)
    after = piece.next
    await breathe()
  }
  await lookUpHit()
  for (const { facts, people: same } of kinds.values()) count(mayReceive(facts, now), same)
  return counts
}

/** The same facts with the bans and bounces that the gate would be told of. */
async function withBans({ store }: Deps, row: Pick<MailingRow, 'class' | 'topic'>, hit: ReadonlyMap<string, Facts>) {
  if (hit.size === 0) return []
  const [, , bansQuery, deadQuery] = proposedFactQueries(store, row, [...hit.keys()])
  const bans = Map.groupBy((await store.db.executeQuery(bansQuery)).rows, ({ delivery }) => delivery)
  const dead = new Map((await store.db.executeQuery(deadQuery)).rows.map((one) => [one.delivery, one.confirmed_at]))
  return Array.from(hit, ([id, facts]): Facts => ({
    ...facts,
    recipient: { ...facts.recipient, deadAt: dead.get(id) ?? null },
    bans: (bans.get(id) ?? []).map(banFact),
  }))
}

/** The rows of each contact that has a permission for e-mail; a contact's rows stand together. */
function* people(rows: readonly Prospect[]): Generator<[Prospect, ...Prospect[]]> {
  for (let n = 0; n < rows.length;) {
    const first = rows[n]
    if (!first) return
    const own: [Prospect, ...Prospect[]] = [first]
    for (n += 1; rows[n]?.id === first.id; n += 1) own.push(rows[n] ?? first)
    if (own.some(({ channel }) => channel === 'email')) yield own
  }
}

/** What the gate would be told of a recipient, as far as no ban and no bounce is known. */
function plainFacts(
  { config, register }: Deps,
  row: Pick<MailingRow, 'class' | 'topic' | 'purpose'>,
  mergedFields: readonly FieldKey[],
) {
  const options = { allowReserved: config.allowReservedDomains }
  const message: Facts['message'] = {
    class: row.class,
    kind: 'mailing',
    topic: row.topic,
    purpose: row.purpose as PurposeKey,
    askedNow: false,
    mergedFields: [...mergedFields],
  }
  const same = { ...PASSING, message, bans: [], register, policy: { namedWork: config.namedWorkPolicy } }
  return (rows: readonly [Prospect, ...Prospect[]]): Facts => {
    const [person] = rows
    const email = parseEmail(person.address, options)
    return {
      ...same,
      recipient: {
        exists: true,
        address: email.ok ? person.address : null,
        class: person.class,
        staff: false,
        restrictedAt: person.restricted_at,
        deadAt: null,
        neverMailed: email.ok && isNeverMailed(email.email),
      },
      permissions: rows.map((one) => ({
        id: one.permission,
        topic: row.topic,
        channel: one.channel,
        rule: one.rule,
        requestedAt: one.requested_at,
        confirmedAt: one.confirmed_at,
        confirmedByPerson: one.confirmed_from === 'link',
        withdrawnAt: one.withdrawn_at,
        expiresAt: one.expires_at,
        evidence: one.proven === 1,
      })),
    }
  }
}
