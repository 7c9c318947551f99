import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { weigh } from '../../../src/mail/smtp/weigh.ts'
import { aMessage } from '../../smtpPeers.ts'

const bytes = (...texts: string[]) => texts.map((text) => Buffer.from(text, 'latin1'))

describe('T15 the last look before the wire', () => {
  test('a message as compose promises it is weighed', () => {
    expect(weigh(aMessage('a', { segments: bytes('A: b\r\n', '\r\n', '', 'x.\r\n') }))).toBe(12)
  })

  test.each([
    ['a line that begins with a dot', ['a\r\n.b\r\n']],
    ['a dot at the very beginning', ['.a\r\n']],
    ['a dot that begins a segment after a line end', ['a\r\n', '.\r\n']],
    ['a smuggled end: bare LF', ['a\n.\nb\r\n']],
    ['a smuggled end: bare LF, then CRLF', ['a\n.\r\nMAIL FROM:<x@example.com>\r\n']],
    ['a smuggled end: bare CR', ['a\r.\rb\r\n']],
    ['a bare LF across segments', ['a', '\nb\r\n']],
    ['a bare CR across segments', ['a\r', 'b\r\n']],
    ['a NUL', ['a\0b\r\n']],
    ['a byte above 127', ['a\xe4b\r\n']],
    ['a byte above 127 at the very beginning', ['\xe4\r\n']],
    ['no CRLF at the end', ['a\r\nb']],
    ['a lone CR at the end', ['a\r\nb\r']],
    ['nothing at all', []],
  ])('refuses %s', (_name, segments) => {
    expect(weigh(aMessage('a', { segments: bytes(...segments) }))).toMatchObject({ stage: 'data', status: '5.6.0' })
  })

  test('a CRLF may be cut in two by a segment end', () => {
    expect(weigh(aMessage('a', { segments: bytes('a\r', '\nb\r\n') }))).toBe(6)
  })

  test.each([
    ['matti@yritys.example>\r\nRCPT TO:<x@example.com', '5.1.3'],
    ['matti virtanen@yritys.example', '5.1.3'],
    ['matti@yritys.example\r\nDATA', '5.1.3'],
    ['', '5.1.3'],
    [`${'a'.repeat(255)}@yritys.example`, '5.1.3'],
  ])('the recipient %j never reaches a command', (to, status) => {
    expect(weigh(aMessage('a', { to }))).toMatchObject({ outcome: 'refused', stage: 'rcpt', code: null, status })
  })

  test('A3-5 a local part that needs SMTPUTF8 is refused here, never guessed at', () => {
    expect(weigh(aMessage('a', { to: 'käyttäjä@yritys.example' }))).toMatchObject({ stage: 'rcpt', status: '5.6.7' })
  })

  test('a sender that could end the command is the sender’s fault; the null sender is fine', () => {
    expect(weigh(aMessage('a', { from: 'x@example.com> SIZE=1' }))).toMatchObject({ stage: 'mail', status: '5.1.7' })
    expect(weigh(aMessage('a', { from: '' }))).toBeTypeOf('number')
  })

  test('however a message is cut into segments, and seen before or not, the verdict is that of its bytes', () => {
    const aPart = fc.constantFrom('a', '.', '\r', '\n', '\r\n', '\r\n.', 'x'.repeat(600), '\0', '\xe9')
    fc.assert(
      fc.property(fc.array(fc.array(aPart, { maxLength: 4 }), { maxLength: 6 }), (parts) => {
        const segments = bytes(...parts.map((part) => part.join('')))
        const whole = Buffer.concat(segments).toString('latin1')
        const isSafe = /^(?:(?!\.)[\x01-\x09\x0b\x0c\x0e-\x7f]*\r\n)+$/.test(whole)
        for (let time = 0; time < 2; time++)
          expect(weigh(aMessage('a', { segments }))).toEqual(
            isSafe ? whole.length : expect.objectContaining({ status: '5.6.0' }),
          )
      }),
    )
  })
})
