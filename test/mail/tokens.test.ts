import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeKeyring } from '../../src/keyring.ts'
import { leavingHashes } from '../../src/mail/leavingHashes.ts'
import { banHashes, matchHashes } from '../../src/mail/matchHashes.ts'
import { links, type DatedScope } from '../../src/mail/tokens.ts'
import { parseEmail } from '../../src/rules/address.ts'
import { contactForms } from '../../src/rules/matchKeys.ts'

const old = 'an old secret of more than thirty-two characters'
const newer = 'a newer secret of more than thirty-two characters'
const keyring = makeKeyring([newer, old])
const config = { publicUrl: 'https://lista.myyja.example' } as Parameters<typeof links>[0]['config']
const day = 86_400_000
const at = Date.UTC(2026, 4, 18, 6, 30)
const linksAt = (now: number) => links({ keyring, config, now: () => now })

const id = fc.string({ unit: fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyz-'), minLength: 1, maxLength: 40 })
const hash = fc.string({ unit: fc.constantFrom(...'ABCdef019-_'), minLength: 43, maxLength: 43 })
const leaving = fc.record({
  topic: id,
  language: fc.constantFrom('fi', 'sv', 'en'),
  mailingId: id,
  contactId: fc.oneof(id, fc.constant('')),
  hashes: fc.array(hash, { maxLength: 3 }),
})

describe('unsubscribe links', () => {
  it('A1-3 carry recipient and list whole, in characters that need no encoding', () => {
    fc.assert(
      fc.property(leaving, (link) => {
        const token = linksAt(at).makeLeaving(link)
        expect(encodeURIComponent(token)).toBe(token)
        expect(linksAt(at).readLeaving(token)).toEqual({ ...link, keyId: keyring.ids[0] })
      }),
    )
  })

  it('A1-11 never expire, and say under which key their hashes were made', () => {
    const link = { topic: 'price-list', language: 'fi', mailingId: 'm', contactId: 'c', hashes: ['h'] }
    const made = links({ keyring: makeKeyring([old]), config, now: () => at }).makeLeaving(link)
    expect(linksAt(at + 20 * 365 * day).readLeaving(made)).toEqual({ ...link, keyId: keyring.ids[1] })
    expect(linksAt(0).readLeaving(made)).not.toBeNull()
  })

  it('A1-4 contain no address, and its hashes are those that a ban of the address has', () => {
    const read = parseEmail('Maija.Meikalainen+hinnat@gmail.com', { allowReserved: false })
    if (!read.ok) throw new Error(read.error)
    const { email } = read
    const keys = matchHashes(keyring, contactForms({ email }))
    const carried = leavingHashes(keyring, { address: email.address, keys })
    const kept = banHashes(keyring, 'email', email).filter(({ keyId }) => keyId === keyring.ids[0])
    expect(carried).toEqual(kept.map((one) => one.hash))
    expect(carried).toHaveLength(3)
    const plain = parseEmail('maija@yritys.fi', { allowReserved: false })
    if (!plain.ok) throw new Error(plain.error)
    const column = matchHashes(keyring, contactForms({ email: plain.email }))
    expect(leavingHashes(keyring, { address: 'maija@yritys.fi', keys: column })).toEqual([
      keyring.hash('email:v1:maija@yritys.fi'),
    ])
    expect(leavingHashes(keyring, { address: 'maija@yritys.fi', keys: null })).toEqual([
      keyring.hash('email:v1:maija@yritys.fi'),
    ])
    expect(leavingHashes(keyring, { address: null, keys: column })).toEqual([])
  })

  it('are no link when something of them is missing', () => {
    for (const text of ['', 'price-list', 'price-list~fi', 'price-list~fi~m', '~fi~m~c'])
      expect(linksAt(at).readLeaving(keyring.sign('u', text))).toBeNull()
  })
})

describe('dated links', () => {
  const life: Record<DatedScope, number> = { c: 3 * day, p: day, b: 30 * day, t: day, l: 60 * day }
  const skew = 5 * 60_000

  it.each(Object.entries(life) as [DatedScope, number][])(
    '%s lives %i ms, with five minutes for clocks on both sides (F71)',
    (scope, ms) => {
      fc.assert(
        fc.property(id, (name) => {
          const token = linksAt(at).make(scope, name)
          const seen = (now: number) => linksAt(now).read(scope, token)
          expect(seen(at)).toEqual({ ok: true, id: name, at })
          expect(seen(at + ms + skew)).toMatchObject({ ok: true })
          expect(seen(at + ms + skew + 1)).toEqual({ ok: false, expired: true, id: name })
          expect(seen(at - skew)).toMatchObject({ ok: true })
          expect(seen(at - skew - 1)).toEqual({ ok: false, expired: true, id: name })
        }),
        { numRuns: 20 },
      )
    },
  )

  it('T12 of one scope are forged for every other, and so are those with a part too few or too many', () => {
    const scopes = Object.keys(life) as DatedScope[]
    const forged = { ok: false, expired: false, id: null }
    for (const made of scopes)
      for (const asked of scopes.filter((other) => other !== made))
        expect(linksAt(at).read(asked, linksAt(at).make(made, 'x'))).toEqual(forged)
    for (const text of ['x', 'x~', 'x~!', 'x~1~2'])
      expect(linksAt(at).read('p', keyring.sign('p', text))).toEqual(forged)
    expect(
      linksAt(at).read(
        'p',
        linksAt(at).makeLeaving({ topic: 'a', language: 'fi', mailingId: 'b', contactId: 'c', hashes: [] }),
      ),
    ).toEqual(forged)
  })

  it('make whole addresses', () => {
    expect(linksAt(at).url('ban/undo', 'x')).toBe('https://lista.myyja.example/ban/undo/x')
  })
})
