import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { lastDue, nextDates, repeatInput, type Repeat } from '../../src/rules/recurrence.ts'

const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds
const local = (instant: number, zone = 'Europe/Helsinki') =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).toString({ timeZoneName: 'never' })
const repeat = (change: object): Repeat =>
  repeatInput.parse({
    pattern: { every: 'monthWeekday', nth: 1, weekday: 'MO', interval: 1 },
    time: '09:00',
    from: '2026-01-01',
    ...change,
  })
const four = (change: object, after: string) => nextDates(repeat(change), at(after), 4).map((one) => local(one))

describe('P15 a repeated mailing', () => {
  test('comes every first Monday at nine in Helsinki, summer and winter', () => {
    expect(four({}, '2026-02-10T00:00:00Z')).toEqual([
      '2026-03-02T09:00:00+02:00',
      // Easter Monday is 6 April.
      '2026-04-07T09:00:00+03:00',
      '2026-05-04T09:00:00+03:00',
      '2026-06-01T09:00:00+03:00',
    ])
  })

  test('comes every two weeks, counted from its first week on', () => {
    const pattern = { every: 'week', interval: 2, weekdays: ['TH'] }
    expect(four({ pattern, from: '2026-09-03', holidays: 'send' }, '2026-10-01T07:00:00Z')).toEqual([
      '2026-10-15T09:00:00+03:00',
      '2026-10-29T09:00:00+02:00',
      '2026-11-12T09:00:00+02:00',
      '2026-11-26T09:00:00+02:00',
    ])
  })

  test('comes on the 31st, and on the last day of shorter months', () => {
    const pattern = { every: 'monthDay', day: 31, interval: 1 }
    expect(four({ pattern, holidays: 'send' }, '2027-01-15T00:00:00Z').map((text) => text.slice(0, 10))).toEqual([
      '2027-01-31',
      '2027-02-28',
      '2027-03-31',
      '2027-04-30',
    ])
  })

  test('leaves holidays out, or moves to the next working day and never comes twice on it', () => {
    const pattern = { every: 'workday' }
    const days = (holidays: string) =>
      four({ pattern, holidays }, '2026-04-02T10:00:00Z').map((text) => text.slice(0, 10))
    expect(days('skip')).toEqual(['2026-04-07', '2026-04-08', '2026-04-09', '2026-04-10'])
    expect(days('next_working_day')).toEqual(['2026-04-07', '2026-04-08', '2026-04-09', '2026-04-10'])
    expect(days('send')).toEqual(['2026-04-03', '2026-04-06', '2026-04-07', '2026-04-08'])
  })

  test('at a time that the clocks skip it comes an hour later, at one that comes twice the first time', () => {
    const pattern = { every: 'week', interval: 1, weekdays: ['SU'] }
    const change = { pattern, time: '03:30', holidays: 'send' }
    expect(four(change, '2026-03-23T00:00:00Z')[0]).toBe('2026-03-29T04:30:00+03:00')
    expect(four(change, '2026-10-19T00:00:00Z')[0]).toBe('2026-10-25T03:30:00+03:00')
  })

  test('ends with its last day', () => {
    expect(four({ until: '2026-03-31' }, '2026-01-15T00:00:00Z')).toEqual([
      '2026-02-02T09:00:00+02:00',
      '2026-03-02T09:00:00+02:00',
    ])
  })

  test('after a long outage only the last time that was missed is left', () => {
    const pattern = { every: 'workday' }
    const due = lastDue(repeat({ pattern }), at('2026-02-02T07:00:00Z'), at('2026-02-13T12:00:00Z'))
    expect(due && { at: local(due.at), missed: due.missed }).toEqual({ at: '2026-02-13T09:00:00+02:00', missed: 8 })
    expect(lastDue(repeat({ pattern }), at('2026-02-13T07:00:00Z'), at('2026-02-13T12:00:00Z'))).toBeNull()
  })

  test('from wherever one looks, the next times are the same ones, in order', () => {
    const patterns = fc.oneof(
      fc.constant({ every: 'workday' as const }),
      fc.record({
        every: fc.constant('week' as const),
        interval: fc.integer({ min: 1, max: 5 }),
        weekdays: fc.uniqueArray(fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'), { minLength: 1 }),
      }),
      fc.record({
        every: fc.constant('monthWeekday' as const),
        nth: fc.constantFrom(1, 2, 3, 4, -1),
        weekday: fc.constantFrom('MO', 'WE', 'FR', 'SU'),
        interval: fc.integer({ min: 1, max: 3 }),
      }),
      fc.record({
        every: fc.constant('monthDay' as const),
        day: fc.integer({ min: 1, max: 31 }),
        interval: fc.integer({ min: 1, max: 3 }),
      }),
    )
    const begin = at('2026-01-01T00:00:00Z')
    fc.assert(
      fc.property(
        patterns,
        fc.constantFrom('send', 'next_working_day', 'skip'),
        fc.integer({ min: 0, max: 900 }),
        (pattern, holidays, days) => {
          const one = repeat({ pattern, holidays })
          const look = begin + days * 86_400_000
          const [next, second] = nextDates(one, look, 2)
          if (next === undefined || second === undefined) return false
          expect(next).toBeGreaterThan(look)
          expect(second).toBeGreaterThan(next)
          expect(nextDates(one, next - 1, 1)).toEqual([next])
          expect(nextDates(one, next, 1)).toEqual([second])
          expect(lastDue(one, look, next)).toEqual({ at: next, missed: 0 })
          return true
        },
      ),
      { numRuns: 150 },
    )
  })

  test.each([
    ['a time of day', { time: '9' }],
    ['a zone', { timeZone: '+02:00' }],
    ['an end before the beginning', { until: '2025-12-31' }],
    ['no weekday', { pattern: { every: 'week', interval: 1, weekdays: [] } }],
    ['a day that no month has', { pattern: { every: 'monthDay', day: 32, interval: 1 } }],
  ])('refuses %s', (_, change) => {
    expect(() => repeat(change)).toThrow()
  })
})
