import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mayReceive } from '../../src/rules/mayReceive.ts'
import { plainKind } from '../../src/rules/plainFacts.ts'
import { ban, DAY, newsletter, NOW, permission } from './facts.ts'

const time = fc.constantFrom(NOW - 900 * DAY, NOW - 10 * DAY, NOW - 9 * DAY, NOW - DAY, NOW + 30 * DAY)
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null, freq: 2 })

const facts = fc
  .record({
    recipient: fc.record({
      class: fc.constantFrom('role_work', 'named_work', 'sole_trader', 'private', 'unknown'),
      address: maybe(fc.constantFrom('aino@a.example', 'bertta@b.example', 'laskut@a.example', 'invoice@b.example')),
      restrictedAt: maybe(time),
      deadAt: fc.option(time, { nil: null, freq: 5 }),
      neverMailed: fc.boolean(),
    }),
    permission: fc.record({
      rule: fc.constantFrom('consent', 'existing_customer', 'duty_evidence', 'legal_person'),
      requestedAt: time,
      confirmedAt: maybe(time),
      confirmedByPerson: fc.boolean(),
      withdrawnAt: fc.option(time, { nil: null, freq: 3 }),
      expiresAt: maybe(time),
      evidence: fc.boolean(),
    }),
    bans: fc.array(
      fc.record({
        kind: fc.constantFrom('email', 'domain', 'company', 'phone'),
        scope: fc.constantFrom('all', 'no_contact', 'topic:newsletter', 'topic:other', 'purpose:direct_marketing'),
        external: fc.boolean(),
        reason: fc.constantFrom(null, 'complaint'),
        form: fc.constantFrom('strict', 'loose'),
        at: time,
      }),
      { maxLength: 2 },
    ),
  })
  .map((one) =>
    newsletter({
      recipient: one.recipient,
      permissions: [permission(one.permission)],
      bans: one.bans.map((each, n) => ban({ ...each, id: `ban-${n}` })),
    }),
  )

test('people of one kind get one answer from the gate, whatever else is known of them', () => {
  const answers = new Map<string, string>()
  fc.assert(
    fc.property(facts, (one) => {
      const kind = plainKind(one, NOW) ?? ''
      const verdict = mayReceive(one, NOW)
      const answer = verdict.allowed ? verdict.by : verdict.reason
      const known = answers.get(kind) ?? answer
      answers.set(kind, known)
      expect(answer).toBe(known)
    }),
    { numRuns: 20_000 },
  )
})

test('who has two permissions, or is counted by how often they were asked, is asked about alone', () => {
  expect(plainKind(newsletter({ permissions: [permission(), permission({ id: 'b' })] }), NOW)).toBeNull()
  expect(plainKind(newsletter({ permissions: [] }), NOW)).toBeNull()
  expect(plainKind(newsletter({ frequency: { sentInWindow: 0, cap: 1 } }), NOW)).toBeNull()
})
