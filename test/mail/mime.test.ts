import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base64Lines, boundary, quotedPrintable } from '../../src/mail/mime.ts'

/** Decodes by the RFC alone: soft line breaks away, codes to bytes. */
function decode(encoded: string): string {
  const bytes = encoded
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc
    .array(fc.constantFrom('.', ' ', '\t', '\n', '=', 'ä', '😀', 'a', '..', '  \n', 'x'.repeat(75)), { maxLength: 60 })
    .map((parts) => parts.join('')),
)

describe('quoted-printable', () => {
  it('A3-2 gives back every text, in lines of at most 76 ASCII characters with CRLF alone', () => {
    fc.assert(
      fc.property(text, (value) => {
        const encoded = quotedPrintable(value)
        expect(decode(encoded)).toBe(value.replace(/\r\n?|\n/g, '\r\n'))
        expect(encoded).toMatch(/^[\t\r\n -~]*$/)
        for (const line of encoded.split('\r\n')) {
          expect(line.length).toBeLessThanOrEqual(76)
          expect(line.startsWith('.')).toBe(false)
          expect(line).not.toMatch(/[ \t]$|[\r\n]/)
        }
      }),
    )
  })

  it('can be cut anywhere: pieces encoded apart and put together say what the whole says', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), (pieces) => {
        const clean = pieces.map((piece) => piece.replace(/\r\n?/g, '\n'))
        expect(decode(clean.map(quotedPrintable).join(''))).toBe(clean.join('').replaceAll('\n', '\r\n'))
      }),
    )
  })

  it('CT65 leaves no bare line end and no lone dot, whatever a text tries', () => {
    for (const smuggled of [
      'a\n.\nMAIL FROM:<x@y.example>',
      'a\r.\rb',
      'a\n.\r\nMAIL FROM:',
      '.\r\n',
      '\r\n.\r\n',
      'x'.repeat(75) + '.',
    ]) {
      const encoded = quotedPrintable(smuggled)
      expect(encoded.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
      expect(encoded).not.toMatch(/^\./m)
    }
  })

  it('spells out a blank that a line ends with', () => {
    expect(quotedPrintable('a \nb\t\n')).toBe('a=20\r\nb=09\r\n')
    expect(quotedPrintable(`${'x'.repeat(74)} \n`)).toBe(`${'x'.repeat(74)}=\r\n=20\r\n`)
  })

  it('is nothing where there is nothing', () => {
    expect(quotedPrintable('')).toBe('')
  })
})

describe('base64 bodies', () => {
  it('A3-2 stand in lines of 76 characters, each closed', () => {
    const lines = base64Lines(Buffer.alloc(1000, 7).toString('base64')).split('\r\n')
    expect(lines.at(-1)).toBe('')
    expect(lines.slice(0, -2).every((line) => line.length === 76)).toBe(true)
    expect(Buffer.from(lines.join(''), 'base64')).toEqual(Buffer.alloc(1000, 7))
  })

  it('refuses what is not base64', () => {
    expect(() => base64Lines('not base64!')).toThrow('not base64')
  })
})

describe('boundaries', () => {
  it('are the same for the same message and cannot occur in what they divide', () => {
    expect(boundary('mixed', 'm-01')).toBe(boundary('mixed', 'm-01'))
    fc.assert(
      fc.property(text, fc.stringMatching(/^[A-Za-z0-9-]{1,60}$/), (value, seed) => {
        const mark = boundary('alternative', seed)
        expect(mark.length).toBeLessThanOrEqual(70)
        expect(quotedPrintable(`${mark} ${value} --${mark}`)).not.toContain(mark)
      }),
    )
  })
})
