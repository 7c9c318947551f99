import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pathText, readJson } from '../../../src/routes/api/strictJson.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const refused = (text: string | Uint8Array) => {
  const read = readJson(typeof text === 'string' ? bytes(text) : text)
  return read.ok ? 'read' : `${read.status} ${read.errors[0]?.path}`
}

describe('reading JSON strictly', () => {
  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['an open brace', '{'],
    ['a trailing comma', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['text behind it', '{} x'],
    ['two values', '{}{}'],
    ['NaN', '{"a":NaN}'],
    ['Infinity', '{"a":-Infinity}'],
    ['a number too large for a double', '{"a":[1e999]}'],
    ['a comment', '{"a":1 /* x */}'],
    ['a byte order mark', '\ufeff{}'],
    ['a NUL in a text', '{"a":"\\u0000"}'],
    ['a NUL in a key', '{"a\\u0000":1}'],
    ['half a character', '{"a":"x\\ud800"}'],
    ['half a character the other way round', '{"a":"\\udc00\\ud800"}'],
    ['an array', '[]'],
    ['a text', '"a"'],
    ['null', 'null'],
    ['65 levels', `{"a":${'['.repeat(64)}${']'.repeat(64)}}`],
    ['a hundred thousand levels', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('refuses %s as no JSON that can be kept', (_, text) => {
    expect(refused(text)).toBe('400 ')
  })

  it('refuses bytes that are no UTF-8', () => {
    expect(refused(new Uint8Array([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]))).toBe('400 ')
  })

  it('refuses a key that comes twice, wherever it stands, and names its place', () => {
    expect(refused('{"a":1,"a":2}')).toBe('422 a')
    expect(refused('{"a":1,"\\u0061":2}')).toBe('422 a')
    expect(refused('{"a":[{},{"b":{"c":1,"d":[1,2],"c":3}}]}')).toBe('422 a.1.b.c')
    expect(refused('{"a":{"b":1},"b":{"a":1},"c":"a"}')).toBe('read')
    expect(refused('{"a@yritys.example":1,"a@yritys.example":2}')).toBe('422 …')
  })

  it('P23 repeats nothing of what it refuses', () => {
    const read = readJson(bytes('{"email": matti@yritys.example }'))
    expect(JSON.stringify(read)).not.toContain('matti')
  })

  it('reads any other object exactly as JSON.parse does', () => {
    const object = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 5, stringUnit: 'grapheme' }))
    fc.assert(
      fc.property(object, fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        fc.pre(!text.includes('\\u0000'))
        expect(readJson(bytes(text))).toEqual({ ok: true, value: JSON.parse(text) })
      }),
    )
  })

  it('stays quick on the longest body that is let in', () => {
    const text = `{"a":"${'\\"x'.repeat(300_000)}"}`
    expect(refused(text)).toBe('read')
    expect(refused(`{"a":[${'"",'.repeat(300_000)}""]}`)).toBe('read')
  })

  it('P23 shows ordinary names in paths and nothing that might be an address', () => {
    expect(pathText(['permissions', 0, 'rule'])).toBe('permissions.0.rule')
    expect(pathText(['matti@yritys.example', 'x y'])).toBe('….…')
  })
})
