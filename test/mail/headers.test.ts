import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  badInHeader,
  dateField,
  encodedWords,
  isHttpUrl,
  isPlainAddress,
  isPlainToken,
  namedField,
  parameter,
  textField,
} from '../../src/mail/headers.ts'
import { headersOf, parsed } from './fixtures.ts'

const shown = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }).filter((text) => !badInHeader(text))
const message = (fields: string) => `${fields}MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nHei\r\n`

describe('text in header fields', () => {
  it('A3-3 keeps "Hintaluettelo – äöå 😀" whole, however often it is said', async () => {
    const subject = 'Hintaluettelo – äöå 😀 '.repeat(5).trim()
    expect((await parsed(message(textField('Subject', subject)))).subject).toBe(subject)
  })

  it('A3-3 writes words of at most 75 characters on lines of at most 76, whole characters in each', () => {
    fc.assert(
      fc.property(shown, fc.integer({ min: 4, max: 20 }), (text, column) => {
        const lines = `${'x'.repeat(column)}${encodedWords(text, column)}`.split('\r\n')
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(76)
        for (const word of encodedWords(text, column).split('\r\n ')) {
          expect(word.length).toBeLessThanOrEqual(75)
          const [, encoding, content = ''] = /^=\?UTF-8\?([QB])\?([!->@-~]*)\?=$/.exec(word) ?? []
          const bytes =
            encoding === 'B'
              ? Buffer.from(content, 'base64')
              : Buffer.from(
                  content
                    .replaceAll('_', ' ')
                    .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
                  'latin1',
                )
          expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).not.toThrow()
        }
      }),
    )
  })

  it('A3-2 gives every subject back to two parsers', async () => {
    await fc.assert(
      fc.asyncProperty(
        shown.filter((text) => text.trim() === text),
        async (subject) => {
          const field = textField('Subject', subject)
          for (const line of field.split('\r\n')) expect(line.length).toBeLessThanOrEqual(76)
          expect((await parsed(message(field))).subject).toBe(subject)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('leaves plain words readable and folds them at blanks only', () => {
    const field = textField(
      'Subject',
      'a plain subject that goes on for so long that it has to be folded once at least',
    )
    expect(field).toBe(
      'Subject: a plain subject that goes on for so long that it has to be folded\r\n once at least\r\n',
    )
  })
})

describe('names in header fields', () => {
  it('A3-3 gives every display name back to two parsers and never hides an address in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        shown.filter((text) => text.trim() === text),
        async (name) => {
          const { to } = await parsed(message(namedField('To', name, 'matti@asiakas.example')))
          expect(to).toEqual({ name, address: 'matti@asiakas.example' })
        },
      ),
      { numRuns: 200 },
    )
  })

  it('A3-3 quotes plain names and never puts an encoded-word into quotation marks', () => {
    expect(namedField('To', 'Meikalainen, Matti "M"', 'm@a.example')).toBe(
      'To: "Meikalainen, Matti \\"M\\"" <m@a.example>\r\n',
    )
    expect(namedField('To', 'Mäki', 'm@a.example')).toBe('To: =?UTF-8?Q?M=C3=A4ki?= <m@a.example>\r\n')
    expect(namedField('To', '=?UTF-8?Q?x?=', 'm@a.example')).toContain('=?UTF-8?')
    expect(namedField('To', '', 'm@a.example')).toBe('To: <m@a.example>\r\n')
  })

  it('A2-6 never folds between < and >', () => {
    const [field] = headersOf(namedField('List-Id', 'Hinnasto '.repeat(12).trim(), `${'a'.repeat(200)}.example`))
    expect(field?.value).toContain(`<${'a'.repeat(200)}.example>`)
    expect(namedField('To', 'x'.repeat(50), `${'a'.repeat(60)}@b.example`)).toContain(
      `\r\n <${'a'.repeat(60)}@b.example>`,
    )
  })
})

describe('parameters', () => {
  it('A3-4 gives every file name back to two parsers', async () => {
    const fileName = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 120 })
      .filter((text) => !badInHeader(text) && text.trim() === text)
    await fc.assert(
      fc.asyncProperty(fileName, async (name) => {
        const field = `Content-Disposition: attachment${parameter('filename', name)}\r\n`
        for (const line of field.split('\r\n')) expect(line.length).toBeLessThanOrEqual(76)
        expect(field).not.toContain('=?')
        const file = `${field}Content-Transfer-Encoding: base64\r\n`
        const mail = await parsed(`${file}Content-Type: application/pdf\r\nMIME-Version: 1.0\r\n\r\nSGVp\r\n`)
        expect(mail.attachments[0]?.name).toBe(name)
      }),
      { numRuns: 200 },
    )
  })

  it('A3-4 writes hinnasto-päivitys.pdf by RFC 2231, in numbered sections where it is long', () => {
    expect(parameter('filename', 'hinnasto-päivitys.pdf')).toBe(";\r\n filename*=UTF-8''hinnasto-p%C3%A4ivitys.pdf")
    expect(parameter('filename', 'ä'.repeat(20))).toMatch(
      /filename\*0\*=UTF-8''[%A-F0-9]+;\r\n filename\*1\*=[%A-F0-9]+/,
    )
    expect(parameter('filename', 'price list.pdf')).toBe(';\r\n filename="price list.pdf"')
  })
})

describe('what may stand in a header', () => {
  it.each(['a\r\nBcc: x@y.example', 'a\nb', 'a\rb', 'a\0b', 'a\u0085b', 'a\u2028b', '\ud800'])(
    'A3-7 refuses %j',
    (text) => {
      expect(badInHeader(text)).toBe(true)
    },
  )

  it.each([
    ['matti@asiakas.example', true],
    [`${'a'.repeat(64)}@b.example`, true],
    [`${'a'.repeat(65)}@b.example`, false],
    [`a@${`${'b'.repeat(60)}.`.repeat(4)}${'c'.repeat(8)}`, true],
    [`a@${`${'b'.repeat(60)}.`.repeat(4)}${'c'.repeat(9)}`, false],
    ['mätti@asiakas.example', false],
    ['matti@käsityö.example', false],
    ['a b@c.example', false],
    ['a@b.example>, <c@d.example', false],
    ['a@b.example\r\nRCPT TO:<c@d.example>', false],
  ])('A3-5 A3-8 says of the address %j: %s', (address, plain) => {
    expect(isPlainAddress(address)).toBe(plain)
  })

  it('takes no link and no identifier that could close its brackets', () => {
    expect(isHttpUrl('https://posti.yritys.example/u/v1.abc')).toBe(true)
    for (const url of [
      'https://a.example/>x',
      'https://a.example/ x',
      'https://a.example/\r\nX: y',
      'javascript:alert(1)',
      'https://ä.example/',
    ]) {
      expect(isHttpUrl(url)).toBe(false)
    }
    expect(isPlainToken('d01@yritys.example')).toBe(true)
    expect(isPlainToken('d01>@yritys.example')).toBe(false)
  })

  it('A3-1 writes dates as RFC 5322 has them', () => {
    expect(dateField(Date.UTC(2026, 8, 1, 6, 5, 4))).toBe('Date: Tue, 01 Sep 2026 06:05:04 +0000\r\n')
  })
})
