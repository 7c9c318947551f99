import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanReply, makeReplyReader, refusal } from '../../../src/mail/smtp/reply.ts'
import type { Reply } from '../../../src/mail/smtp/reply.ts'

describe('reading what a relay answers', () => {
  test.each<[string, string, (Reply | 'garbage')[]]>([
    ['one line', '250 2.0.0 Ok\r\n', [{ code: 250, text: '2.0.0 Ok' }]],
    ['several lines', '250-a\r\n250-b\r\n250 c\r\n', [{ code: 250, text: 'a b c' }]],
    [
      'several replies',
      '250 a\r\n354 b\r\n',
      [
        { code: 250, text: 'a' },
        { code: 354, text: 'b' },
      ],
    ],
    [
      'L058 a code without text (RFC 5321 §4.2)',
      '250\r\n250 \r\n',
      [
        { code: 250, text: '' },
        { code: 250, text: '' },
      ],
    ],
    ['bare LF line ends', '250 a\n', [{ code: 250, text: 'a' }]],
    ['an unfinished line', '250 a', []],
    ['an unfinished reply', '250-a\r\n', []],
    ['codes that differ within one reply', '250-a\r\n550 b\r\n', ['garbage']],
    ['words', 'hello\r\n', ['garbage']],
    ['an empty line', '\r\n', ['garbage']],
    ['a code without its space', '2500 a\r\n', ['garbage']],
    ['codes no reply has', '199 a\r\n', ['garbage']],
    ['L062 a NUL', '250 a\0b\r\n', ['garbage']],
    ['L063 UTF-16', Buffer.from('250 a\r\n', 'utf16le').toString('latin1'), ['garbage']],
    ['a good reply before garbage', '250 a\r\nx\r\n', [{ code: 250, text: 'a' }, 'garbage']],
  ])('%s', (_name, bytes, expected) => {
    expect(readAll([Buffer.from(bytes, 'latin1')])).toEqual(expected)
  })

  test.each([
    ['a line of 10 MiB', Buffer.alloc(10_485_760, 'a')],
    ['a line of 5 KiB', Buffer.from(`250 ${'a'.repeat(5000)}\r\n`)],
    ['a reply that never ends', Buffer.from('250-a\r\n'.repeat(101))],
    ['long lines without an end', Buffer.from(`250-${'a'.repeat(4000)}\r\n`.repeat(20))],
  ])('F62 gives up on %s', (_name, bytes) => {
    expect(readAll(inChunks(bytes, 16_384))).toEqual(['garbage'])
  })

  test('replies are the same however the network cuts them', () => {
    const aLine = fc.record({ code: fc.integer({ min: 200, max: 599 }), text: fc.stringMatching(/^[ -~]{0,40}$/) })
    fc.assert(
      fc.property(fc.array(aLine, { maxLength: 8 }), fc.integer({ min: 1, max: 9 }), (replies, size) => {
        const bytes = Buffer.from(replies.map(({ code, text }) => `${code}-x\r\n${code} ${text}\r\n`).join(''))
        const expected = replies.map(({ code, text }) => ({ code, text: `x ${text}` }))
        expect(readAll(inChunks(bytes, size))).toEqual(expected)
      }),
    )
  })

  test('whatever bytes come, reading ends and never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 }), (chunks) => {
        readAll(chunks)
      }),
    )
  })
})

describe('keeping what a relay said', () => {
  test('a refusal carries code, RFC 3463 status and cleaned text', () => {
    expect(refusal('rcpt', { code: 550, text: '5.1.1 <matti@yritys.example>: no such user' })).toEqual({
      outcome: 'refused',
      stage: 'rcpt',
      code: 550,
      status: '5.1.1',
      reply: '5.1.1 <address> no such user',
    })
    expect(refusal('rcpt', { code: 550, text: '5.1.1234 x' }).status).toBeNull()
  })

  test.each([
    ['2.0.0 Ok: queued as 4XyZ', '2.0.0 Ok: queued as 4XyZ'],
    ['<matti@yritys.example> unknown', '<address> unknown'],
    ['bounce from b+matti=yritys.example@relay.example', 'bounce from <address>'],
    ['see https://why.example/?id=matti%40yritys.example', 'see <address>'],
    ['matti＠yritys.example', '<address>'],
    ['a\tb\x1b[31m\x07 c\x7f', 'a b [31m c'],
    ['abc\u202edef', 'abc def'],
    ['käyttäjä', 'käyttäjä'],
    ['x'.repeat(10_000), 'x'.repeat(500)],
  ])('P23 %j is kept as %j', (said, kept) => {
    expect(cleanReply(Buffer.from(said, 'utf8').toString('latin1'))).toBe(kept)
  })

  test('P23 whatever a relay says, no address and no control character is kept, and at most 500 characters', () => {
    const address = fc.emailAddress()
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), address, fc.string({ unit: 'binary' }), (before, email, after) => {
        const kept = cleanReply(`${before} ${email} ${after}`)
        expect(kept).not.toContain(email)
        expect(kept).not.toMatch(/[\p{Cc}@]/u)
        expect(kept.length).toBeLessThanOrEqual(500)
      }),
    )
  })
})

function readAll(chunks: Uint8Array[]) {
  const reader = makeReplyReader()
  const read: (Reply | 'garbage')[] = []
  for (const chunk of chunks) {
    reader.push(chunk)
    for (let reply = reader.next(); reply !== null; reply = reader.next()) {
      read.push(reply)
      if (reply === 'garbage') return read
    }
  }
  return read
}

function inChunks(bytes: Buffer, size: number) {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, n * size + size))
}
