import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseEmail, type EmailResult } from '../../src/rules/address.ts'
import { isNeverMailed } from '../../src/rules/addressClass.ts'
import { cleanText, hasHeaderBreak, textLimits } from '../../src/rules/text.ts'
import { corpora, inputs } from '../inputs.ts'

const production = { allowReserved: false }
const name = { field: 'Name', max: textLimits.name }
const freeText = { field: 'Message', max: textLimits.freeText, multiline: true }

const readCorpus = (path: string): string | undefined => {
  const file = corpora && new URL(path, corpora)
  return file && existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

describe('class A: e-mail addresses', () => {
  const normalised: Record<string, string> = {
    A014: 'A@example.com',
    A015: 'a@xn--mnch-0ra.de',
    A018: 'a@example.com',
    A019: 'a@example.com',
    A022: 'a@example.com',
    A023: 'a@example.com',
  }

  // Answered like any other, and no mail leaves. Where that depends on what is stored, the address is an ordinary one.
  const neverMailed: Record<string, boolean> = { A096: true, A098: true, A099: true, A103: false }

  const check = (id: string, typed: unknown, expected: string): void => {
    const result: EmailResult = parseEmail(typed, production)
    if (expected.startsWith('reject')) return expect(result.ok).toBe(false)
    if (!result.ok) throw new Error(result.error)
    if (expected.startsWith('ok: stored unchanged')) return expect(result.email.address).toBe(typed)
    if (expected.startsWith('ok: normalised'))
      return expect(result.email.address).toBe(normalised[id] ?? result.email.address)
    if (id in neverMailed) expect(isNeverMailed(result.email)).toBe(neverMailed[id])
  }

  for (const { id, in: typed, expect: expected } of inputs('A'))
    it(`${id} ${expected}`, () => {
      check(id, typed, expected)
    })

  it('are refused as numbers, nothing, lists and objects too', () => {
    for (const typed of [undefined, null, 0, false, [], {}, new Uint8Array(3)])
      expect(parseEmail(typed, production).ok).toBe(false)
  })
})

describe('class B: names and free text', () => {
  // Decided otherwise than the line's group, with the reason.
  const refusedAsEmpty: Record<string, string> = {
    B076: 'a code point that is no character is removed, and what is left of this name is empty',
  }

  for (const { id, in: typed, expect: expected } of inputs('B'))
    it(`${id} ${expected}`, () => {
      const result = cleanText(typed, name)
      if (expected.startsWith('reject') || id in refusedAsEmpty) return expect(result.ok).toBe(false)
      if (!result.ok) throw new Error(result.error)
      expect(hasHeaderBreak(result.value)).toBe(false)
      if (expected.startsWith('ok: stored as typed')) expect(result.value).toBe(String(typed).normalize('NFC'))
      else expect(result.value).toMatch(/^[\w :-]+$/)
    })

  it('are taken up to 200 code units of a name and 5,000 of free text', () => {
    expect(cleanText('a'.repeat(201), name).ok).toBe(false)
    expect(cleanText('a'.repeat(201), freeText).ok).toBe(true)
    expect(cleanText('a'.repeat(5_001), freeText).ok).toBe(false)
  })
})

describe('the 164 addresses of isemail', () => {
  const xml = readCorpus('addresses/isemail-tests.xml') ?? ''
  const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
  const decode = (text: string): string =>
    text
      .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
      .replace(/&#(\d+);/g, (_, decimal: string) => String.fromCodePoint(Number(decimal)))
      .replace(/&(\w+);/g, (entity, key: string) => entities[key] ?? entity)
      // The file writes control characters as their symbols.
      .replace(/[\u2400-\u241f]/g, (symbol) => String.fromCharCode(symbol.charCodeAt(0) - 0x2400))
  const cases = [...xml.matchAll(/<test id="(\d+)">([\s\S]*?)<\/test>/g)].map(([, id = '', body = '']) => ({
    id: Number(id),
    typed: decode(/<address>([\s\S]*?)<\/address>/.exec(body)?.[1] ?? ''),
    // Without these two categories an address needs quoting, comments, literals or leniency, or is wrong.
    plain: /<category>ISEMAIL_(?:VALID_CATEGORY|DNSWARN)<\/category>/.test(body),
  }))
  const accepted = (typed: string): boolean => parseEmail(typed, production).ok
  const idsWhere = (test: (one: (typeof cases)[number]) => boolean): number[] => cases.filter(test).map(({ id }) => id)

  it('A3-8 take plain addresses only, but for white space around them and one dot behind', () => {
    if (cases.length === 0) return
    expect(cases).toHaveLength(164)
    const trailingDot = [35]
    const whiteSpaceAround = [
      88, 89, 99, 127, 128, 132, 141, 142, 143, 144, 145, 146, 147, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157,
      158,
    ]
    expect(idsWhere(({ typed, plain }) => accepted(typed) && !plain)).toEqual([...trailingDot, ...whiteSpaceAround])
  })

  it('refuse of the plain ones only those that cannot be mailed or are exotic', () => {
    if (cases.length === 0) return
    const exoticLocalPart = [19]
    const bareTopLevel = [5]
    const endingDoesNotExist = [13, 33, 37, 38, 100]
    expect(idsWhere(({ typed, plain }) => plain && !accepted(typed))).toEqual(
      [...exoticLocalPart, ...bareTopLevel, ...endingDoesNotExist].toSorted((a, b) => a - b),
    )
  })
})

describe('the big list of naughty strings', () => {
  const strings = JSON.parse(readCorpus('strings/blns.json') ?? '[]') as string[]

  it('A3-7 passes through typed text without an exception and comes out unable to break a header', () => {
    for (const typed of strings)
      for (const rule of [name, freeText]) {
        const result = cleanText(typed, { ...rule, optional: true })
        if (!result.ok) expect(result.error).toMatch(/too long/)
        else expect(hasHeaderBreak(result.value.replaceAll(rule === freeText ? '\n' : '\0', ''))).toBe(false)
      }
  })

  it('holds no e-mail address, alone or before or behind an @', () => {
    for (const typed of strings) {
      expect(parseEmail(typed, production).ok).toBe(false)
      const before = parseEmail(`${typed}@example.com`, production)
      if (before.ok) expect(before.email.address).toMatch(/^\w[\w'+.-]*@example\.com$/)
      const behind = parseEmail(`a@${typed}`, production)
      if (behind.ok) expect(behind.email.address).toMatch(/^a@[a-z0-9.-]+\.[a-z0-9-]+$/)
    }
  })
})
