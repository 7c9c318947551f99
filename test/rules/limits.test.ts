import { describe, expect, it } from 'vitest'
import { cappedBy, capsFor, hourOf, isHurried } from '../../src/rules/limits.ts'

const caps = { network: 10, form: 100, all: 1000 }

describe('P12 how many confirmations an hour the forms may cause', () => {
  it.each([
    [{ network: 0, form: 0, all: 0 }, null],
    [{ network: 9, form: 99, all: 999 }, null],
    [{ network: 10, form: 0, all: 0 }, 'network'],
    [{ network: 0, form: 100, all: 0 }, 'form'],
    [{ network: 0, form: 0, all: 1000 }, 'all'],
    [{ network: 10, form: 100, all: 1000 }, 'network'],
    [{ network: Number.NaN, form: 0, all: 0 }, 'network'],
  ])('%j is stopped by %j', (queued, by) => {
    expect(cappedBy(queued, caps)).toBe(by)
  })

  it('halves the caps for whoever is too quick, and never to nothing', () => {
    expect(capsFor(caps, false)).toEqual(caps)
    expect(capsFor(caps, true)).toEqual({ network: 5, form: 50, all: 500 })
    expect(capsFor({ network: 1, form: 1, all: 1 }, true)).toEqual({ network: 1, form: 1, all: 1 })
  })

  it.each([
    [null, true],
    [9_000, true],
    [8_001, true],
    [8_000, false],
    [0, false],
    [20_000, true],
    [Number.NaN, true],
  ])('a form shown at %j and posted at 10000 was filled in too quickly: %j', (shownAt, hurried) => {
    expect(isHurried(shownAt, 10_000)).toBe(hurried)
  })

  it('counts by the hour', () => {
    expect(hourOf(Date.UTC(2026, 4, 18, 6, 59, 59, 999))).toBe(Date.UTC(2026, 4, 18, 6))
  })
})
