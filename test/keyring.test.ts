import fc from 'fast-check'
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { keyedHash, makeKeyring, sha256 } from '../src/keyring.ts'

const old = 'an old secret of more than thirty-two characters'
const newer = 'a newer secret of more than thirty-two characters'
const ring = makeKeyring([newer, old])
const before = makeKeyring([old])
const stranger = makeKeyring(['the secret of another house, of more than 32 letters'])

/** Unreserved URL characters (RFC 3986 §2.3), of which payloads are made. */
const payload = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_~'), minLength: 1, maxLength: 200 })
const scope = fc.constantFrom('c', 'u', 'p', 'b', 't')

describe('hashes', () => {
  it('D-6 are HMAC-SHA-256, as the reference vector says', () => {
    expect(keyedHash('test-key-not-secret', 'email:v1:matti.meikalainen@example.fi').toString('hex')).toBe(
      '90a0e4cc56c1c0b8f0aeec6407f03720239b4fd3b24b8356fdc3349638185b3e',
    )
  })

  it('D-6 keep the kinds apart by the prefix of the form, and never are a plain hash of the value', () => {
    const value = 'maija@yritys.example'
    const hashes = [ring.hash(`email:v1:${value}`), ring.hash(`domain:v1:${value}`), ring.hash(value)]
    expect(new Set(hashes).size).toBe(3)
    expect(hashes).not.toContain(Buffer.from(sha256(`email:v1:${value}`), 'hex').toString('base64url'))
    expect(hashes.every((hash) => /^[A-Za-z0-9_-]{43}$/.test(hash))).toBe(true)
  })

  it('D-7 are made under the newest key and known under every key of the ring, newest first', () => {
    const form = 'email:v1:maija@yritys.example'
    expect(ring.hashes(form).map(({ keyId }) => keyId)).toEqual(ring.ids)
    expect(ring.hashes(form)[0]?.hash).toBe(ring.hash(form))
    expect(ring.hashes(form)[1]).toEqual(before.hashes(form)[0])
  })

  it('V11.2.2 use another key than the links, and key ids say nothing of a secret', () => {
    expect(createHmac('sha256', old).update('x').digest('base64url')).not.toBe(before.hash('x'))
    expect(ring.ids.every((id) => /^[0-9a-f]{8}$/.test(id) && !newer.includes(id) && !old.includes(id))).toBe(true)
  })
})

describe('signed tokens', () => {
  it('come back as they were signed, and consist of characters that every mail program leaves alone (A9-6)', () => {
    fc.assert(
      fc.property(scope, payload, (kind, text) => {
        const token = ring.sign(kind, text)
        expect(token).toMatch(/^[A-Za-z0-9._~-]+$/)
        expect(ring.verify(kind, token)).toBe(text)
      }),
    )
  })

  it('T12 F86 an old key still verifies, and never signs again; a key of another house does not', () => {
    fc.assert(
      fc.property(scope, payload, (kind, text) => {
        expect(ring.verify(kind, before.sign(kind, text))).toBe(text)
        expect(ring.sign(kind, text).split('.')[1]).toBe(ring.ids[0])
        expect(before.verify(kind, ring.sign(kind, text))).toBeNull()
        expect(ring.verify(kind, stranger.sign(kind, text))).toBeNull()
      }),
    )
  })

  it('T12 A1-4 one scope is worthless as another', () => {
    fc.assert(
      fc.property(scope, scope, payload, (made, asked, text) => {
        fc.pre(made !== asked)
        const token = ring.sign(made, text)
        expect(ring.verify(asked, token)).toBeNull()
        const relabelled = token.split('.')
        relabelled[2] = asked
        expect(ring.verify(asked, relabelled.join('.'))).toBeNull()
      }),
    )
  })

  it('T12 any bit that is flipped, any character that is added, taken or moved, makes it nothing', () => {
    fc.assert(
      fc.property(scope, payload, fc.nat(), fc.integer({ min: 0, max: 7 }), (kind, text, at, bit) => {
        const token = ring.sign(kind, text)
        const bytes = Buffer.from(token)
        const i = at % bytes.length
        bytes[i] = (bytes[i] ?? 0) ^ (1 << bit)
        expect(ring.verify(kind, bytes.toString('latin1'))).toBeNull()
        expect(ring.verify(kind, token.slice(0, i))).toBeNull()
        expect(ring.verify(kind, `${token.slice(0, i)}A${token.slice(i)}`)).toBeNull()
      }),
      { numRuns: 500 },
    )
  })

  it('have one spelling only: the unused bits of the last character of the signature count too', () => {
    const token = ring.sign('u', 'price-list~fi')
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const good = [...alphabet].filter((last) => ring.verify('u', token.slice(0, -1) + last) !== null)
    expect(good).toEqual([token.at(-1)])
  })

  it('A1-4 carry a signature of 128 bits', () => {
    expect(Buffer.from(ring.sign('u', 'x').split('.').at(-1) ?? '', 'base64url')).toHaveLength(16)
  })

  it('P22 refuse what is longer than any of ours, and whatever else is no token, without a word', () => {
    for (const text of [
      '',
      '.',
      '....',
      'v1',
      `v1.${ring.ids[0]}.u.x.`,
      'a'.repeat(2001),
      '\0',
      '\u{1f600}'.repeat(10),
      'v1.x.u.x.é',
    ])
      expect(ring.verify('u', text)).toBeNull()
  })

  it('needs a secret', () => {
    expect(() => makeKeyring([])).toThrow('SECRETS')
  })
})
