import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factsSchema } from '../../src/rules/facts.ts'
import type { Facts } from '../../src/rules/facts.ts'
import { mayReceive } from '../../src/rules/mayReceive.ts'
import { purposeKeys } from '../../src/rules/register.ts'
import { stateOf } from '../../src/rules/permission.ts'
import { changed } from './changed.ts'
import { ban, confirmation, DAY, newsletter, NOW, permission, receipt, survey, testSend } from './facts.ts'

const time = fc.integer({ min: NOW - 300 * DAY, max: NOW + DAY })
const maybeTime = fc.option(time)
const mostlyNever = fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: time })
const topic = fc.constantFrom('newsletter', 'price-list', 'survey')
const scope = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      'all',
      'no_contact',
      'topic:newsletter',
      'topic:survey',
      'purpose:surveys',
      'purpose:direct_marketing',
    ),
  },
  { weight: 1, arbitrary: fc.string() },
)

const bans = fc.record({
  id: fc.uuid(),
  kind: fc.constantFrom('email' as const, 'domain' as const, 'company' as const, 'phone' as const, 'postal' as const),
  scope,
  external: fc.boolean(),
  reason: fc.constantFrom(null, 'complaint', 'one_click'),
  form: fc.constantFrom('strict' as const, 'loose' as const),
  at: time,
})

const permissions = fc.record({
  id: fc.uuid(),
  topic,
  channel: fc.constantFrom('email' as const, 'email' as const, 'post' as const),
  rule: fc.constantFrom(
    'consent' as const,
    'existing_customer' as const,
    'duty_evidence' as const,
    'legal_person' as const,
  ),
  requestedAt: maybeTime,
  confirmedAt: maybeTime,
  confirmedByPerson: fc.boolean(),
  withdrawnAt: mostlyNever,
  expiresAt: mostlyNever,
  evidence: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
})

const anyFacts: fc.Arbitrary<Facts> = fc
  .record({
    base: fc.constantFrom(newsletter(), newsletter(), survey(), confirmation(), receipt(), testSend()),
    topic,
    purpose: fc.constantFrom(...purposeKeys),
    class: fc.constantFrom(
      'role_work' as const,
      'named_work' as const,
      'sole_trader' as const,
      'private' as const,
      'unknown' as const,
    ),
    namedWork: fc.constantFrom('consent_only' as const, 'duty_evidence' as const, 'opt_out' as const),
    bans: fc.array(bans, { maxLength: 2 }),
    permissions: fc.array(permissions, { maxLength: 4 }),
  })
  .map(({ base, topic: of, purpose, class: recipientClass, namedWork, bans: hit, permissions: rows }) => ({
    ...base,
    message: { ...base.message, topic: of, purpose, mergedFields: [] },
    recipient: { ...base.recipient, class: recipientClass },
    policy: { namedWork },
    bans: hit,
    permissions: rows,
  }))

describe('mayReceive, whatever it is told', () => {
  it('D-19 never throws, and never sends on facts that it cannot read', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (facts, now) => {
        expect(mayReceive(facts as Facts, now as number)).toMatchObject({ allowed: false, reason: 'unknown' })
      }),
    )
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('broken')
        },
      },
    )
    expect(mayReceive(hostile as Facts, NOW)).toMatchObject({ reason: 'unknown' })
    expect(mayReceive({ ...newsletter(), register: {} as Facts['register'] }, NOW)).toMatchObject({
      reason: 'unknown',
      detail: 'error',
    })
  })

  it('D-19 stops for every single fact that is missing, of another type, NaN, or a word it does not know', () => {
    const { register, ...told } = newsletter({
      bans: [ban({ kind: 'phone' })],
      frequency: { sentInWindow: 0, cap: 5 },
    })
    const ask = (path: string, bad: unknown) =>
      mayReceive({ ...(changed(told, path, bad) as typeof told), register }, NOW)
    expect(ask('hold', null)).toMatchObject({ allowed: true })

    // Without a frequency there is no cap: the one fact that may be absent.
    const needed = paths(told).filter((path) => path !== 'frequency' && !path.endsWith('.0'))
    expect(needed.length).toBeGreaterThan(30)
    for (const path of needed) {
      for (const bad of [undefined, Number.NaN, { not: 'known' }]) {
        expect(ask(path, bad), path).toMatchObject({ allowed: false, reason: 'unknown' })
      }
    }
    for (const path of [
      'message.class',
      'message.kind',
      'message.purpose',
      'message.mergedFields.0',
      'recipient.class',
      'bans.0.kind',
      'bans.0.form',
      'permissions.0.channel',
      'permissions.0.rule',
      'policy.namedWork',
    ]) {
      expect(ask(path, 'horoscope')).toEqual({ allowed: false, reason: 'unknown', detail: path })
    }
    for (const now of [Number.NaN, Infinity, undefined]) {
      expect(mayReceive({ ...told, register }, now as number)).toMatchObject({ allowed: false, reason: 'unknown' })
    }
  })

  it('P07 never turns a stop into a send because a ban was added', () => {
    fc.assert(
      fc.property(anyFacts, bans, (facts, added) => {
        const before = mayReceive(facts, NOW)
        const after = mayReceive({ ...facts, bans: [...facts.bans, added] }, NOW)
        expect(before.allowed || !after.allowed).toBe(true)
      }),
      { numRuns: 3000 },
    )
  })

  it('P07 never sends marketing or research without an open permission for its topic', () => {
    let sent = 0
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const verdict = mayReceive(facts, NOW)
        if (!verdict.allowed || facts.message.kind !== 'mailing') return
        sent++
        const row = facts.permissions.find(({ id }) => id === verdict.evidence)
        expect(row).toMatchObject({ topic: facts.message.topic, channel: 'email', rule: verdict.by, withdrawnAt: null })
        expect(row && stateOf(row, NOW)).toBe('confirmed')
      }),
      { numRuns: 5000 },
    )
    expect(sent).toBeGreaterThan(50)
  })

  it('P09 never sends marketing to an address whose own ban or withdrawal is newer than every consent of the person', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const consents = facts.permissions.filter(
          (row) => row.rule === 'consent' && row.confirmedByPerson && row.topic === facts.message.topic,
        )
        const lastConsent = Math.max(...consents.map((row) => row.confirmedAt ?? -Infinity), -Infinity)
        const objected =
          facts.bans.some(
            ({ kind, scope: of, at }) => (kind === 'email' || kind === 'domain') && of === 'all' && at >= lastConsent,
          ) ||
          facts.permissions.some(
            (row) =>
              row.topic === facts.message.topic &&
              row.channel === 'email' &&
              row.withdrawnAt !== null &&
              row.withdrawnAt >= lastConsent,
          )
        if (objected && facts.message.kind === 'mailing') expect(mayReceive(facts, NOW).allowed).toBe(false)
      }),
      { numRuns: 3000 },
    )
  })

  it('D-25 says the same whatever the order of rows, and never names an address', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const verdict = mayReceive(facts, NOW)
        const turned = { ...facts, bans: facts.bans.toReversed(), permissions: facts.permissions.toReversed() }
        expect(mayReceive(turned, NOW)).toEqual(verdict)
        expect(JSON.stringify(verdict)).not.toContain('@')
      }),
    )
  })

  it('D-16 leaves the facts as they were', () => {
    const facts = newsletter({ bans: [ban()], permissions: [permission(), permission({ id: '2' })] })
    const copy = structuredClone(facts)
    mayReceive(facts, NOW)
    expect(facts).toEqual(copy)
    expect(factsSchema.safeParse(facts).success).toBe(true)
  })
})

/** Every path into a plain value, containers included. */
const paths = (value: unknown, path = ''): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [path + key, ...paths(inner, `${path}${key}.`)])
    : []
