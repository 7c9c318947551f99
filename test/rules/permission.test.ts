import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PermissionFact } from '../../src/rules/facts.ts'
import {
  CLOCK_SKEW_MS,
  CONFIRM_LINK_MS,
  confirm,
  hasExpired,
  request,
  stateOf,
  withdraw,
} from '../../src/rules/permission.ts'
import type { RequestFacts } from '../../src/rules/permission.ts'
import { DAY, NOW, permission } from './facts.ts'

const HOUR = DAY / 24
const asked = (change: Partial<PermissionFact> = {}) =>
  permission({ confirmedAt: null, confirmedByPerson: false, requestedAt: NOW - HOUR, ...change })

describe('the state of a permission', () => {
  it.each([
    ['requested', asked()],
    ['expired', asked({ requestedAt: NOW - 7 * DAY })],
    ['confirmed', permission()],
    ['confirmed', permission({ requestedAt: null })],
    ['withdrawn', permission({ withdrawnAt: NOW })],
    ['withdrawn', asked({ withdrawnAt: NOW })],
    ['withdrawn', permission({ withdrawnAt: NOW + DAY })],
    ['expired', permission({ expiresAt: NOW })],
    ['confirmed', permission({ expiresAt: NOW + 1 })],
    ['expired', permission({ confirmedAt: NOW - 731 * DAY })],
    ['confirmed', permission({ confirmedAt: NOW - 731 * DAY, rule: 'legal_person' })],
    ['confirmed', permission({ confirmedAt: NOW + CLOCK_SKEW_MS })],
    ['unknown', permission({ confirmedAt: NOW + CLOCK_SKEW_MS + 1 })],
    ['unknown', permission({ confirmedAt: null, requestedAt: null })],
    ['unknown', permission({ expiresAt: Number.NaN })],
  ])('B5-2 is %s', (state, row) => {
    expect(stateOf(row, NOW)).toBe(state)
  })

  it('B5-2 is unknown at a time that is none', () => {
    expect(stateOf(permission(), Number.NaN)).toBe('unknown')
  })
})

describe('F71 the end of a link', () => {
  it('forgives five minutes of clock difference, on both sides', () => {
    expect(hasExpired(NOW, NOW - CLOCK_SKEW_MS)).toBe(false)
    expect(hasExpired(NOW, NOW + CLOCK_SKEW_MS)).toBe(false)
    expect(hasExpired(NOW, NOW + CLOCK_SKEW_MS + 1)).toBe(true)
    expect(hasExpired(Number.NaN, NOW)).toBe(true)
  })

  it('A9-7 a confirm link works 72 hours', () => {
    expect(CONFIRM_LINK_MS).toBe(72 * HOUR)
  })
})

describe('a sign-up', () => {
  const facts = (change: Partial<RequestFacts> = {}): RequestFacts => ({
    neverMailed: false,
    mailedAt: [],
    permissions: [],
    ...change,
  })
  const both = { topics: ['newsletter', 'price-list', 'newsletter'] }

  it.each([
    ['asks a new address once for each topic', facts(), { kind: 'ask', topics: ['newsletter', 'price-list'] }],
    [
      'asks a subscribed address too, so that the answer tells nothing',
      facts({ permissions: [permission()] }),
      { kind: 'ask', topics: ['newsletter', 'price-list'] },
    ],
    [
      'asks somebody who left',
      facts({ permissions: [permission({ withdrawnAt: NOW - DAY })] }),
      { kind: 'ask', topics: ['newsletter', 'price-list'] },
    ],
    [
      'writes no second row for a pending topic',
      facts({ mailedAt: [NOW - 2 * DAY], permissions: [asked({ requestedAt: NOW - 2 * DAY })] }),
      { kind: 'ask', topics: ['price-list'] },
    ],
    [
      'renews a request that would end before the new link',
      facts({ mailedAt: [NOW - 5 * DAY], permissions: [asked({ requestedAt: NOW - 5 * DAY })] }),
      { kind: 'ask', topics: ['newsletter', 'price-list'] },
    ],
    [
      'sends no second mail within a day, and adds the other topic to the page',
      facts({ mailedAt: [NOW - HOUR], permissions: [asked()] }),
      { kind: 'already_pending', topics: ['price-list'] },
    ],
    [
      'sends again after a day',
      facts({ mailedAt: [NOW - DAY] }),
      { kind: 'ask', topics: ['newsletter', 'price-list'] },
    ],
    [
      'sends no fourth mail in 30 days',
      facts({ mailedAt: [NOW - 29 * DAY, NOW - 20 * DAY, NOW - 10 * DAY] }),
      { kind: 'capped' },
    ],
    [
      'still adds to the page behind the third',
      facts({ mailedAt: [NOW - 29 * DAY, NOW - 20 * DAY, NOW - 2 * DAY] }),
      { kind: 'already_pending', topics: ['newsletter', 'price-list'] },
    ],
    [
      'sends again when the first of three is 30 days old',
      facts({ mailedAt: [NOW - 30 * DAY, NOW - 20 * DAY, NOW - 10 * DAY] }),
      { kind: 'ask', topics: ['newsletter', 'price-list'] },
    ],
    ['does nothing for an address that nobody reads', facts({ neverMailed: true }), { kind: 'never_mailed' }],
  ])('P12 %s', (_, told, decision) => {
    expect(request(told, both, NOW)).toEqual(decision)
  })

  it('P12 whatever the order of posts: one mail in 24 hours, three in 30 days', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 12 * HOUR }), { maxLength: 150 }), (gaps) => {
        const mailedAt: number[] = []
        let now = NOW
        for (const gap of gaps) {
          now += gap
          if (request(facts({ mailedAt }), both, now).kind === 'ask') mailedAt.push(now)
        }
        for (const [i, at] of mailedAt.entries()) {
          expect((mailedAt[i + 1] ?? Infinity) - at).toBeGreaterThanOrEqual(DAY)
          expect((mailedAt[i + 3] ?? Infinity) - at).toBeGreaterThanOrEqual(30 * DAY)
        }
      }),
    )
  })
})

describe('confirming and leaving', () => {
  it('A9-7 confirms every pending request of the address, each for 24 months', () => {
    const rows = [asked({ id: 'a' }), asked({ id: 'b', topic: 'price-list' }), permission({ id: 'c' })]
    expect(confirm(rows, NOW)).toEqual({ kind: 'confirm', ids: ['a', 'b'], expiresAt: Date.UTC(2028, 6, 1, 12) })
  })

  it('P11 confirms once: the second press finds it done', () => {
    expect(confirm([permission()], NOW)).toEqual({ kind: 'already_confirmed' })
  })

  it.each([
    ['a request that was withdrawn', [asked({ withdrawnAt: NOW })]],
    ['a request older than seven days', [asked({ requestedAt: NOW - 8 * DAY })]],
    ['a permission that an import brought', [permission({ confirmedByPerson: false })]],
    ['nothing', []],
  ])('A9-7 does not confirm %s', (_, rows) => {
    expect(confirm(rows, NOW)).toEqual({ kind: 'nothing_pending' })
  })

  it('P09 leaving a topic closes its open rows and its pending requests, and no other topic', () => {
    const rows = [
      permission({ id: 'a' }),
      asked({ id: 'b' }),
      permission({ id: 'c', topic: 'price-list' }),
      permission({ id: 'd', withdrawnAt: NOW - DAY }),
    ]
    expect(withdraw(rows, ['newsletter'])).toEqual(['a', 'b'])
    expect(withdraw(rows, 'all')).toEqual(['a', 'b', 'c'])
  })
})
