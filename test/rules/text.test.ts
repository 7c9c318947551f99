import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { cleanText, hasHeaderBreak, textLimits, trimInvisible } from '../../src/rules/text.ts'

const name = { field: 'Name', max: textLimits.name }
const message = { field: 'Message', max: textLimits.freeText, multiline: true }

describe('typed text', () => {
  it.each([
    ['  Matti  Meikäläinen ', 'Matti  Meikäläinen'],
    ['Meika\u0308la\u0308inen', 'Meikäläinen'],
    ['test\u200dname', 'test\u200dname'],
    ['👨‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿', '👨‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ['<b>{{7*7}}</b> =1+1', '<b>{{7*7}}</b> =1+1'],
    ['ﬁ', 'ﬁ'],
  ])('%j is kept as typed: %j', (typed, value) => {
    expect(cleanText(typed, name)).toEqual({ ok: true, value })
  })

  it.each([
    ['a\nX-Evil: 1', 'a X-Evil: 1', 'a\nX-Evil: 1'],
    ['a\r\nb\rc', 'a b c', 'a\nb\nc'],
    ['a\u2028b\u2029c\u0085d\ve\ff', 'a b c d e f', 'a\nb\nc\nd\ne\nf'],
    ['a\tb', 'a b', 'a b'],
    ['a\0b\u001b[31m\u007f\u0080', 'ab[31m', 'ab[31m'],
    ['\u202eabc\u202c \u2066d\u2069\u200f\u061c', 'abc d', 'abc d'],
    ['a\ufeffb\ufffec\u{1ffff}d\ufdd0', 'abcd', 'abcd'],
    ['a\ud800b\udc00\0c', 'abc', 'abc'],
    ['\ud83d\0\ude00x', 'x', 'x'],
    ['e\0\u0301', 'é', 'é'],
  ])('%j becomes %j on one line and %j on several', (typed, oneLine, lines) => {
    expect(cleanText(typed, name)).toEqual({ ok: true, value: oneLine })
    expect(cleanText(typed, message)).toEqual({ ok: true, value: lines })
  })

  it.each(['', '   ', '\t\r\n', '\u00a0\u3000', '\u200b\u2060', '\u3164', '\ufffe', '\u202e'])(
    '%j is empty',
    (typed) => {
      expect(cleanText(typed, name)).toEqual({ ok: false, error: 'Name is empty: write something in it.' })
      expect(cleanText(typed, { ...name, optional: true })).toEqual({ ok: true, value: '' })
    },
  )

  it.each([null, 0, 1.5, true, [], ['a'], {}, Symbol('a')])('%j is no text, in an optional field neither', (input) => {
    for (const optional of [false, true])
      expect(cleanText(input, { ...name, optional })).toEqual({ ok: false, error: 'Name must be given as text.' })
  })

  it('may be left out of an optional field only', () => {
    expect(cleanText(undefined, { ...name, optional: true })).toEqual({ ok: true, value: '' })
    expect(cleanText(undefined, name).ok).toBe(false)
  })

  it('is limited to 200 in a name and 5,000 in free text, counted like maxlength after cleaning', () => {
    for (const rule of [name, message]) {
      expect(cleanText(` ${'a'.repeat(rule.max)}\0 `, rule).ok).toBe(true)
      expect(cleanText('e\u0301'.repeat(rule.max), rule).ok).toBe(true)
      expect(cleanText('😀'.repeat(rule.max / 2), rule).ok).toBe(true)
      for (const long of ['a'.repeat(rule.max + 1), '😀'.repeat(rule.max / 2 + 1), 'x\u0301'.repeat(5_000_000)])
        expect(cleanText(long, rule)).toEqual({
          ok: false,
          error: `${rule.field} is too long: shorten it to ${rule.max} characters.`,
        })
    }
  })

  it('A3-7 on one line can never break a header, and cleaning it twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.boolean(), (typed, multiline) => {
        const once = cleanText(typed, { ...name, multiline, optional: true })
        if (!once.ok) return
        expect(cleanText(once.value, { ...name, multiline, optional: true })).toEqual(once)
        expect(once.value.isWellFormed()).toBe(true)
        expect(hasHeaderBreak(once.value.replaceAll('\n', multiline ? '' : '\n'))).toBe(false)
      }),
      { numRuns: 500 },
    )
  })
})

describe('A3-7 a value for a header', () => {
  it.each(['a\nb', 'a\rb', 'a\0', 'a\tb', '\u001b', '\u007f', '\u0085', '\u2028', '\u2029'])(
    'A3-7 %j breaks it',
    (value) => {
      expect(hasHeaderBreak(value)).toBe(true)
    },
  )

  it.each(['', 'Hintaluettelo – äöå 😀', 'a\u00a0b'])('A3-7 %j does not', (value) => {
    expect(hasHeaderBreak(value)).toBe(false)
  })
})

describe('the ends of a value', () => {
  it('lose what cannot be seen, and the middle keeps it', () => {
    expect(trimInvisible('\u200b \u202aa \u200b b\u00ad\ufeff\n')).toBe('a \u200b b')
    expect(trimInvisible(' \u200b')).toBe('')
    expect(trimInvisible('\0a')).toBe('\0a')
  })
})
