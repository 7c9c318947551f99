import { describe, expect, it } from 'vitest'
import {
  faultText,
  isBroken,
  isDue,
  isFresh,
  judgeVersion,
  nextFetchIn,
  readEntry,
  readFault,
} from '../../src/rules/banSource.ts'

const sha256 = 'f'.repeat(64)
const last = { sequence: 10, sha256, entries: 100 }
const read = (entries: number, sequence: number | null = 11, count: number | null = entries) => ({
  entries,
  sequence,
  count,
  sha256,
})

describe('D-22 a version of a ban source', () => {
  it.each([
    ['the first one', null, read(3), null],
    ['the next one', last, read(101), null],
    ['the same one again', last, read(100, 10), null],
    ['the same sequence with more in it', last, read(103, 10), null],
    ['a list without a sequence', last, read(100, null, null), null],
    ['as much smaller as the limit allows', last, read(95), null],
    ['smaller than the limit allows', last, read(94), 'shrunken 94 100'],
    ['half of it', last, read(50), 'shrunken 50 100'],
    ['half of a list without a sequence', { ...last, sequence: null }, read(50, null, null), 'shrunken 50 100'],
    ['an older sequence', last, read(100, 9), 'replayed 9 10'],
    ['the same sequence with less in it', last, read(99, 10), 'altered 10'],
    ['another count than it says', last, read(100, 11, 101), 'count 100 101'],
    ['nothing in it', last, read(0), 'empty'],
    ['nothing in the first one', null, read(0), 'empty'],
  ])('%s', (_, before, now, expected) => {
    const fault = judgeVersion(before, now, 0.05)
    expect(fault && faultText(fault)).toBe(expected)
    if (fault) expect([isBroken(fault), readFault(faultText(fault))]).toEqual([true, fault])
  })

  it('a limit of 1 lets any smaller list in', () => {
    expect(judgeVersion(last, read(1), 1)).toBeNull()
  })

  it('D-23 is fresh for its maximum age, in both directions of the clock, and not when the last answer was broken', () => {
    const at = (fetchedAt: number | null, brokenAt: number | null = null) => ({ fetchedAt, brokenAt })
    expect(isFresh(at(1000), 500, 1500)).toBe(true)
    expect(isFresh(at(1000), 500, 1501)).toBe(false)
    expect(isFresh(at(1000), 500, 499)).toBe(false)
    expect(isFresh(at(1000, 1200), 500, 1300)).toBe(false)
    expect(isFresh(at(null), 500, 1000)).toBe(false)
    expect(isFresh(undefined, 500, 1000)).toBe(false)
  })

  it('is fetched every third of its maximum age, and after failures from a second on, at least every minute', () => {
    const day = 86_400_000
    expect(nextFetchIn(day, 0, 0)).toBe(day / 3)
    expect(nextFetchIn(day, 0, 0.999)).toBeGreaterThanOrEqual((day / 3) * 0.9)
    expect([1, 2, 3, 7, 500].map((failures) => nextFetchIn(day, failures, 0))).toEqual([
      1000, 2000, 4000, 60_000, 60_000,
    ])
    expect(nextFetchIn(3000, 5, 0)).toBe(1000)
    expect(isDue(null, day, 5)).toBe(true)
    expect(isDue(5, day, 5)).toBe(true)
    expect(isDue(6, day, 5)).toBe(false)
    expect(isDue(6 + day, day, 5)).toBe(true)
  })

  it('a fault that another version wrote says nothing', () => {
    expect(readFault('meteor 3')).toBeNull()
    expect(readFault('')).toBeNull()
  })
})

describe('an entry of a ban source', () => {
  const forms = (entry: unknown) => readEntry(entry)?.forms.map(({ text }) => text) ?? null

  it.each([
    ['an address', { kind: 'email', value: ' Matti@Yritys.FI ' }, ['email:v1:matti@yritys.fi']],
    [
      'an address with a tag',
      { kind: 'email', value: 'a+x@yritys.fi' },
      ['email:v1:a+x@yritys.fi', 'email:v1:a@yritys.fi'],
    ],
    ['a domain', { kind: 'domain', value: 'Yritys.fi' }, ['domain:v1:yritys.fi']],
    ['a business id', { kind: 'company', value: 'FI12345671' }, ['company:v1:1234567-1']],
    ['a phone number', { kind: 'phone', value: '040 123 4567' }, ['phone:v1:+358401234567']],
    ['a digest', { kind: 'email', sha256: sha256.toUpperCase() }, [`email:sha256:v1:${sha256}`]],
    ['more than is asked', { kind: 'domain', value: 'yritys.fi', since: 2020 }, ['domain:v1:yritys.fi']],
    [
      'an address of an ending that does not exist',
      { kind: 'email', value: 'A@firma.local' },
      ['email:v1:a@firma.local'],
    ],
    ['an address that cannot be mailed', { kind: 'email', value: 'jörö@yritys.fi' }, ['email:v1:jörö@yritys.fi']],
    ['a domain of an ending that does not exist', { kind: 'domain', value: 'firma.local' }, ['domain:v1:firma.local']],
  ])('%s is a ban', (_, entry, expected) => {
    expect(forms(entry)).toEqual(expected)
  })

  it.each([
    ['D-9 a public suffix', { kind: 'domain', value: 'fi' }],
    ['D-9 a domain of many people', { kind: 'domain', value: 'gmail.com' }],
    ['D-13 a wildcard', { kind: 'domain', value: '*.yritys.fi' }],
    ['D-22 no address', { kind: 'email', value: 'matti' }],
    ['D-22 two addresses', { kind: 'email', value: 'a@yritys.fi, b@yritys.fi' }],
    ['D-22 markup', { kind: 'email', value: '<a href=x>a@yritys.fi' }],
    ['D-22 an empty value', { kind: 'email', value: '' }],
    ['D-22 a wrong check digit', { kind: 'company', value: '1234567-2' }],
    ['D-22 an unknown kind', { kind: 'person', value: 'Matti' }],
    ['D-22 half a digest', { kind: 'email', sha256: 'abc' }],
    ['D-22 a digest of what is no address', { kind: 'domain', sha256 }],
    ['D-22 no value', { kind: 'email' }],
    ['D-22 a number', 7],
    ['D-22 nothing', null],
  ])('%s is none', (_, entry) => {
    expect(readEntry(entry)).toBeNull()
  })
})
