import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listReader } from '../../src/rules/banList.ts'

/** What a list read in pieces of this length is, or null. */
const read = (text: string, length = text.length || 1) => {
  const reader = listReader(text)
  if (!reader) return null
  const entries: unknown[] = []
  for (let at = 0; at < text.length; at += length) {
    const some = reader.push(text.slice(at, at + length))
    if (!some) return null
    entries.push(...some)
  }
  const end = reader.end()
  return end && { sequence: end.sequence, count: end.count, entries: [...entries, ...end.entries] }
}

const list = (entries: unknown[], more: object = {}) =>
  JSON.stringify({ sequence: 7, count: entries.length, ...more, entries })
const a = { kind: 'email', value: 'a@yritys.example' }
const b = { kind: 'domain', value: 'b.example' }

describe('a ban list in JSON', () => {
  it('is its sequence, its count and its entries, however it is cut into pieces and spaced', () => {
    for (const text of [
      list([a, b]),
      JSON.stringify({ entries: [a, b], count: 2, sequence: 7 }, null, 2),
      `\ufeff${list([a, b])}`.trimStart(),
    ])
      for (const length of [1, 2, 3, 7, text.length])
        expect(read(text, length)).toEqual({ sequence: 7, count: 2, entries: [a, b] })
  })

  it('keeps brackets, quotes and escapes within texts for what they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ kind: fc.constant('email'), value: fc.string({ unit: 'grapheme' }) })),
        fc.integer({ min: 1, max: 50 }),
        fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant({ deep: [[1], { x: ['}'] }] }))),
        (entries, length, more) => {
          const { entries: _, sequence: __, count: ___, ...others } = more
          const text = list(entries, others)
          // Only one list may stand at the top.
          const expected = { sequence: 7, count: entries.length, entries }
          expect(read(text, length)).toEqual(expected)
        },
      ),
    )
  })

  it('D-22 cut off anywhere it is no list', () => {
    const text = list([a, b])
    for (let length = 1; length < text.length; length++)
      expect(read(text.slice(0, length)), text.slice(0, length)).toBeNull()
  })

  it.each([
    ['an empty array', '[]'],
    ['an array of entries', JSON.stringify([a])],
    ['an object without a list', '{"sequence": 1, "count": 0}'],
    ['a list of texts', '{"sequence": 1, "count": 1, "entries": ["a@yritys.example"]}'],
    ['no sequence', JSON.stringify({ count: 1, entries: [a] })],
    ['no count', JSON.stringify({ sequence: 1, entries: [a] })],
    ['a sequence that is no number', JSON.stringify({ sequence: '1', count: 1, entries: [a] })],
    ['two lists', JSON.stringify({ sequence: 1, count: 1, others: [b], entries: [a] })],
    ['a comma too many', '{"sequence": 1, "count": 1, "entries": [{"kind": "email"},]}'],
    ['a comma too few', '{"sequence": 1, "count": 2, "entries": [{"kind": "email"} {"kind": "email"}]}'],
    ['a broken entry', '{"sequence": 1, "count": 1, "entries": [{"kind": }]}'],
    ['more behind its end', `${list([a])}${list([a])}`],
    ['a closing brace too many', `${list([a])}}`],
    ['a web page', '<!doctype html><title>Error</title>'],
    ['nothing', ''],
    ['white space', ' \n\t'],
  ])('D-22 %s is no list', (_, text) => {
    expect(read(text)).toBeNull()
    expect(read(text, 1)).toBeNull()
  })

  it('an entry or a frame without end is no list, and is not waited for', () => {
    expect(read(`{"sequence": 1, "entries": [{"value": "${'x'.repeat(70_000)}`, 1000)).toBeNull()
    expect(read(`{"note": "${'x'.repeat(70_000)}`, 1000)).toBeNull()
  })
})

describe('a ban list in CSV', () => {
  it.each([
    ['with commas', 'kind,value\nemail,a@yritys.example\ndomain,b.example\n'],
    ['with semicolons', 'kind;value\r\nemail;a@yritys.example\r\ndomain;b.example'],
    ['with other columns and capitals', 'Value,Since,KIND\na@yritys.example,2024-01-02,Email\n"b.example","",domain\n'],
    ['with empty lines', '\nkind,value\n\nemail,a@yritys.example\n,\ndomain,b.example\n\n'],
  ])('%s is its rows, however it is cut', (_, text) => {
    for (const length of [1, 2, 5, text.length])
      expect(read(text, length)).toEqual({ sequence: null, count: null, entries: [a, b] })
  })

  it.each([
    ['no header', 'email,a@yritys.example\n'],
    ['a row of another length', 'kind,value\nemail\n'],
    ['a quote that never closes', 'kind,value\nemail,"a@yritys.example\n'],
    ['text behind a quote', 'kind,value\nemail,"a"b\n'],
    ['a null character', 'kind,value\nemail,a\0\n'],
    ['a line without end', `kind,value\nemail,${'x'.repeat(70_000)}`],
    ['prose', 'Service unavailable'],
  ])('D-22 %s is no list', (_, text) => {
    expect(read(text, 1000)).toBeNull()
  })
})
