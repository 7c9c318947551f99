import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { remembered } from '../../src/rules/remembered.ts'
import { cleanText } from '../../src/rules/text.ts'

describe('what is kept at hand to be quick', () => {
  it('says what it would say anew, and asks once', () => {
    let asked = 0
    const length = remembered((text) => {
      asked++
      return text.length
    })
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 120 }), (text) => length(text) === text.length))
    asked = 0
    expect([length('yritys.fi'), length('yritys.fi'), length('x'.repeat(101)), length('x'.repeat(101))]).toEqual([
      9, 9, 101, 101,
    ])
    expect(asked).toBe(3)
  })

  it('a plain text becomes what it becomes with a sign in it that is taken out again', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'aZ09 <="\'ÄöåéßÿÀ×÷'), maxLength: 30 })
    fc.assert(
      fc.property(letters, fc.boolean(), (typed, multiline) => {
        const rule = { field: 'Name', max: 20, multiline }
        expect(cleanText(typed, rule)).toEqual(cleanText(`\u0001${typed}`, rule))
      }),
    )
  })
})
