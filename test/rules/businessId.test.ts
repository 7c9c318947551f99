import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { parseBusinessId } from '../../src/rules/businessId.ts'

describe('D-10 a company is known by its business id', () => {
  it.each([
    ['1234567-1', '1234567-1'],
    ['12345671', '1234567-1'],
    ['FI12345671', '1234567-1'],
    ['fi 1234567-1', '1234567-1'],
    ['FI-1234567-1', '1234567-1'],
    [' 1234567–1\u200b', '1234567-1'],
    ['１２３４５６７－１', '1234567-1'],
    ['0201256-6', '0201256-6'],
    ['201256-6', '0201256-6'],
    ['2012566', '0201256-6'],
  ])('%j is %s', (typed, businessId) => {
    expect(parseBusinessId(typed)).toEqual({ ok: true, businessId })
  })

  it.each<[unknown, RegExp]>([
    ['1234567-8', /check digit/],
    ['0000000-0', /check digit/],
    ['0000010-1', /check digit/],
    ['', /^Enter a business ID/],
    ['123456', /write it as/],
    ['123456789', /write it as/],
    ['SE123456789101', /write it as/],
    ['12345*7-1', /write it as/],
    ['1234567-1 ja 1234567-1', /write it as/],
    ['1'.repeat(1_000_000), /write it as/],
    [12345671, /must be text/],
    [null, /must be text/],
  ])('%j is refused', (typed, error) => {
    expect(parseBusinessId(typed)).toMatchObject({ ok: false, error: expect.stringMatching(error) })
  })

  it('accepts at most one check digit for a number, and reads what it wrote into the same id', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999_999 }), (number) => {
        const digits = String(number).padStart(7, '0')
        const read = Array.from({ length: 10 }, (_, digit) => parseBusinessId(`${digits}-${digit}`)).filter(
          ({ ok }) => ok,
        )
        expect(read.length).toBeLessThanOrEqual(1)
        for (const result of read) if (result.ok) expect(parseBusinessId(result.businessId)).toEqual(result)
      }),
    )
  })

  it('notices any one mistyped digit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 9 }), (place, shift) => {
        const digits = [...'1234567']
        digits[place] = String((Number(digits[place]) + shift) % 10)
        expect(parseBusinessId(`${digits.join('')}-1`).ok).toBe(false)
      }),
    )
  })
})
