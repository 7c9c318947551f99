import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import {
  domainChain,
  guardDomainBan,
  isPublicSuffix,
  parseDomain,
  parseEmail,
  type Email,
} from '../../src/rules/address.ts'

const production = { allowReserved: false }
const tests = { allowReserved: true }

const read = (input: unknown, options = production): Email => {
  const result = parseEmail(input, options)
  if (!result.ok) throw new Error(`${JSON.stringify(input)} refused: ${result.error}`)
  return result.email
}

const refusal = (input: unknown, options = production): string | undefined => {
  const result = parseEmail(input, options)
  return result.ok ? undefined : result.error
}

describe('D-2 the strict key of an address', () => {
  it.each([
    ['Matti.Meikalainen@Example.COM', 'matti.meikalainen@example.com'],
    ['a@Käsityö.FI', 'a@xn--ksity-gra4k.fi'],
    ['a@kA\u0308sityo\u0308.fi', 'a@xn--ksity-gra4k.fi'],
    ['a@XN--KSITY-GRA4K.fi', 'a@xn--ksity-gra4k.fi'],
    ['a@faß.de', 'a@xn--fa-hia.de'],
    ['a@ﬁrma.fi', 'a@firma.fi'],
    ['a@exam\u00adple.com', 'a@example.com'],
    ['a@example.com.', 'a@example.com'],
    ['a@EXAMPLE。com', 'a@example.com'],
    ['a@ｅｘａｍｐｌｅ．com', 'a@example.com'],
    [' \u00a0\u200b\ufeffa@example.com\u3000\u200d\r\n', 'a@example.com'],
    ['<a@example.com>', 'a@example.com'],
    ['< MAILTO:a@example.com >', 'a@example.com'],
    ['mailto:a@example.com', 'a@example.com'],
    ['a@пример.рф', 'a@xn--e1afmkfd.xn--p1ai'],
  ])('%j has the key %s', (typed, key) => {
    expect(read(typed).strict).toBe(key)
  })

  it('D-2 is refused for a domain with a space in it', () => {
    expect(refusal('a@exa mple.com')).toMatch(/domain is not valid/)
  })

  it('D-4 does not depend on letters that change length or alphabet in lower case', () => {
    expect(read('\u212aalle@example.com')).toMatchObject({ address: 'Kalle@example.com', strict: 'kalle@example.com' })
    expect(refusal('İ@example.com')).toMatch(/SMTPUTF8/)
    expect(refusal('ß@example.com')).toMatch(/SMTPUTF8/)
    expect(read('a@\u212a.fi').domain).toBe('k.fi')
  })

  it('D-5 leaves a local part that looks like punycode alone', () => {
    expect(read('xn--ls8ha@example.com')).toMatchObject({ local: 'xn--ls8ha', address: 'xn--ls8ha@example.com' })
  })
})

describe('A3-5 letters beyond ASCII', () => {
  it('A3-5 sends a non-ASCII domain as A-label', () => {
    expect(read('Myynti@Münch.de').address).toBe('Myynti@xn--mnch-0ra.de')
  })

  it.each(['аdmin@example.com', 'päivi@example.com', 'ａ@example.com', 'a\u200bb@example.com', '😀@example.com'])(
    'A3-5 refuses the local part of %s and says why',
    (typed) => {
      expect(refusal(typed)).toMatch(/SMTPUTF8/)
    },
  )

  it('A3-6 keeps the case of the local part for sending', () => {
    expect(read("O'Brien_X@EXAMPLE.com")).toMatchObject({ address: "O'Brien_X@example.com", local: "O'Brien_X" })
  })
})

describe('A3-7 no character of an address can break a header, an envelope or a URL', () => {
  it.each(['\0', '\r', '\n', '\r\n', '\t', '\u007f', '\u0085', '\u2028'])('A3-7 refuses %j inside', (character) => {
    expect(refusal(`a${character}b@example.com`)).toBeDefined()
    expect(refusal(`a@exam${character}ple.com`)).toBeDefined()
    expect(refusal(`a@example.com${character}Bcc: x`)).toBeDefined()
  })
})

describe('A3-8 the limits of an address', () => {
  const domainOf = (length: number): string => {
    const labels = `${'b'.repeat(60)}.`.repeat(4)
    return `${'c'.repeat(length - labels.length - 3)}.${labels}fi`.replace('..', '.')
  }

  it('A3-8 takes 64 characters before the @ and refuses 65', () => {
    expect(read(`${'a'.repeat(64)}@example.com`).local).toHaveLength(64)
    expect(refusal(`${'a'.repeat(65)}@example.com`)).toMatch(/too long/)
  })

  it('A3-8 takes 254 characters in all and refuses 255', () => {
    expect(`a@${domainOf(252)}`).toHaveLength(254)
    expect(read(`a@${domainOf(252)}`).address).toHaveLength(254)
    expect(refusal(`ab@${domainOf(252)}`)).toMatch(/too long/)
  })

  it('A3-8 takes a label of 63 characters and refuses 64, counted as A-label', () => {
    expect(read(`a@${'b'.repeat(63)}.com`).domain).toHaveLength(67)
    expect(refusal(`a@${'b'.repeat(64)}.com`)).toMatch(/not valid/)
    expect(refusal(`a@${'ä'.repeat(60)}${'ö'.repeat(3)}.com`)).toMatch(/not valid/)
  })

  it('A3-8 takes a domain of 253 characters and refuses 254', () => {
    expect(parseDomain(domainOf(253), production)).toEqual({ ok: true, domain: domainOf(253) })
    expect(parseDomain(domainOf(254), production).ok).toBe(false)
    expect(refusal(`a@${domainOf(254)}`)).toMatch(/not valid/)
  })

  it('refuses a megabyte for its length, before anything else of it is looked at', () => {
    expect(refusal(`${'é@'.repeat(500_000)}`)).toMatch(/too long/)
    expect(refusal(' '.repeat(1_000_000))).toMatch(/too long/)
  })
})

describe('an address that cannot be mailed is refused with one sentence that says how to mend it', () => {
  it.each<[unknown, RegExp]>([
    ['', /^Enter an e-mail address/],
    [' \u200b ', /^Enter an e-mail address/],
    ['<>', /^Enter an e-mail address/],
    [null, /must be text/],
    [12, /must be text/],
    [['a@example.com'], /must be text/],
    [{ toString: 'a@example.com' }, /must be text/],
    ['example.com', /needs an @/],
    ['a@b@example.com', /one e-mail address only/],
    ['a@example.com, b@example.com', /one e-mail address only/],
    ['@example.com', /is missing/],
    ['Matti <matti@example.com>', /^Write the address alone/],
    ['"a"@example.com', /^Write the address alone/],
    ['-x@example.com', /^Write the address alone/],
    ['a%0d%0aBcc:x@example.com', /^Write the address alone/],
    ['.a@example.com', /^Write the address alone/],
    ['a..b@example.com', /dot/],
    ['a.@example.com', /dot/],
    ['a@', /domain is not valid/],
    ['a@.com', /domain is not valid/],
    ['a@ example.com', /domain is not valid/],
    ['a@example..com', /domain is not valid/],
    ['a@example.com..', /domain is not valid/],
    ['a@-example.com', /domain is not valid/],
    ['a@example-.com', /domain is not valid/],
    ['a@exam_ple.com', /domain is not valid/],
    ['a@exam＿ple.com', /domain is not valid/],
    ['a@example.com:25', /domain is not valid/],
    ['a@example.com/x', /domain is not valid/],
    ['a@example.com?subject=x', /domain is not valid/],
    ['a@exa%6dple.com', /domain is not valid/],
    ['a@exa％6dple.com', /domain is not valid/],
    ['a@[10.0.0.1]', /domain is not valid/],
    ['a@xn--zz-a.com', /domain is not valid/],
    ['a@xn--.com', /domain is not valid/],
    ['a@\u202emoc.elpmaxe', /domain is not valid/],
    ['a@\ud800.com', /domain is not valid/],
    ['a@example', /lacks its ending/],
    ['a@com', /lacks its ending/],
    ['a@localhost', /lacks its ending/],
    ['a@127.0.0.1', /does not exist/],
    ['a@1.1', /does not exist/],
    ['a@0x7f.1', /does not exist/],
    ['a@１２７.0.0.1', /does not exist/],
    ['a@example.c', /does not exist/],
    ['a@example.con', /does not exist/],
    ['a@printer.local', /does not exist/],
    ['a@example.test', /reserved for tests/],
    ['a@abcdefghijklmnop.onion', /reserved for tests/],
  ])('%j', (typed, error) => {
    expect(refusal(typed)).toMatch(error)
  })

  it('P23 never repeats the address in the error', () => {
    for (const typed of ['canary..x@example.com', 'canary@canary', 'canary@exam ple.com', 'canary b@example.com'])
      expect(refusal(typed)).not.toContain('canary')
  })
})

describe('reserved endings', () => {
  it.each(['test', 'invalid', 'example', 'localhost', 'onion'])('.%s is let in for tests and demos only', (ending) => {
    expect(read(`a@yritys.${ending}`, tests).domain).toBe(`yritys.${ending}`)
    expect(refusal(`a@yritys.${ending}`)).toMatch(/reserved/)
  })
})

describe('D-3 the loose keys of an address: match wide, permit narrow', () => {
  it.each<[string, string[]]>([
    ['matti@yritys.fi', []],
    ['Matti+Uutiset@yritys.fi', ['matti@yritys.fi']],
    ['matti+a+b@yritys.fi', ['matti@yritys.fi']],
    ['m.atti@yritys.fi', []],
    ['matti@gmail.com', []],
    ['matti@googlemail.com', ['matti@gmail.com']],
    ['m.at.ti@gmail.com', ['matti@gmail.com']],
    ['m.atti+x@googlemail.com', ['m.atti@googlemail.com', 'matti@gmail.com']],
  ])('D-3 %s is also known as %j', (typed, loose) => {
    expect(read(typed).loose).toEqual(loose)
  })
})

const localPart = fc
  .stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_'+.-]{0,20}$/)
  .filter((local) => !local.includes('..') && !local.endsWith('.'))
const domain = fc.constantFrom(
  'example.com',
  'Käsityö.fi',
  'faß.de',
  'gmail.com',
  'GoogleMail.com',
  'a.b.co.uk',
  'xn--mnchen-3ya.de',
)
const address = fc.tuple(localPart, domain).map(([local, name]) => `${local}@${name}`)
const fullWidth = (text: string): string =>
  text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0))

describe('normal forms', () => {
  it('reads what it wrote into the same address', () => {
    fc.assert(
      fc.property(address, (typed) => {
        const email = read(typed)
        expect(read(email.address)).toEqual(email)
        expect(read(email.strict).strict).toBe(email.strict)
      }),
    )
  })

  it('D-2 gives one key for every case, width and composition of an address', () => {
    fc.assert(
      fc.property(localPart, domain, (local, name) => {
        const { strict } = read(`${local}@${name}`)
        const upper = name === 'faß.de' ? 'FAß.DE' : name.toUpperCase()
        for (const spelling of [
          `${local.toUpperCase()}@${upper}`,
          `${local}@${name.normalize('NFD')}`,
          `${local}@${fullWidth(name)}`,
          `\u200b${local}@${name}.\u00a0`,
        ])
          expect(read(spelling).strict).toBe(strict)
      }),
    )
  })

  it('D-3 never counts the strict key among the loose ones, nor one twice', () => {
    fc.assert(
      fc.property(address, (typed) => {
        const { strict, loose } = read(typed)
        expect(loose).not.toContain(strict)
        expect(new Set(loose).size).toBe(loose.length)
      }),
    )
  })

  it('D-3 gives two tags of one mailbox a common key', () => {
    fc.assert(
      fc.property(localPart, domain, (local, name) => {
        const [one, other] = [read(`${local}+a@${name}`), read(`${local}+b@${name}`)]
        expect([one.strict, ...one.loose].some((key) => [other.strict, ...other.loose].includes(key))).toBe(true)
      }),
    )
  })

  it('answers any text at all without an exception, and writes ASCII only', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.anything()),
        fc.string({ unit: 'binary' }),
        (input, host) => {
          for (const result of [
            parseEmail(input, tests),
            parseEmail(`a@${host}`, tests),
            parseEmail(`a@${host}.fi`, tests),
          ])
            if (result.ok) expect(result.email.address).toMatch(/^[\w'+.-]+@[a-z0-9.-]+$/)
            else expect(result.error).not.toBe('')
        },
      ),
    )
  })
})

describe('a domain', () => {
  it.each([
    ['Yritys.FI', 'yritys.fi'],
    ['@yritys.fi', 'yritys.fi'],
    [' käsityö.fi. ', 'xn--ksity-gra4k.fi'],
    ['co.uk', 'co.uk'],
  ])('%j is read as %s', (typed, name) => {
    expect(parseDomain(typed, production)).toEqual({ ok: true, domain: name })
  })

  it.each<[unknown, RegExp]>([
    ['', /^Enter a domain/],
    [null, /must be text/],
    ['fi', /lacks its ending/],
    ['https://yritys.fi/', /not valid/],
    ['a@yritys.fi', /not valid/],
    ['yritys.example', /reserved/],
    ['x'.repeat(1_000_000), /not valid/],
  ])('%j is refused', (typed, error) => {
    expect(parseDomain(typed, production)).toMatchObject({ ok: false, error: expect.stringMatching(error) })
  })

  it.each(['*', '*.yritys.fi', '*@yritys.fi', '%.fi', '/.*fi/', '^yritys.fi$', 'yritys.?i'])(
    'D-13 takes no wildcard or expression: %s',
    (typed) => {
      expect(parseDomain(typed, production).ok).toBe(false)
      expect(parseEmail(`${typed}@yritys.fi`, production).ok).toBe(false)
    },
  )

  it('is read again into itself', () => {
    fc.assert(
      fc.property(domain, (typed) => {
        const once = parseDomain(typed, production)
        expect(once.ok && parseDomain(once.domain, production)).toEqual(once)
      }),
    )
  })
})

describe('D-9 a domain ban covers the domain and its subdomains', () => {
  it.each<[string, string[]]>([
    ['example.fi', ['example.fi']],
    ['mail.example.fi', ['mail.example.fi', 'example.fi']],
    ['a.b.firma.co.uk', ['a.b.firma.co.uk', 'b.firma.co.uk', 'firma.co.uk']],
    ['x.dy.fi', ['x.dy.fi', 'dy.fi']],
    ['www.yritys.example', ['www.yritys.example', 'yritys.example']],
    ['nic.in', ['nic.in']],
  ])('D-9 %s is hit by bans on %j', (name, chain) => {
    expect(domainChain(name)).toEqual(chain)
  })

  it('D-9 never reaches a domain that only ends in the same letters', () => {
    expect(domainChain('notexample.fi')).not.toContain('example.fi')
    const label = fc.stringMatching(/^[a-z]{1,8}$/)
    fc.assert(
      fc.property(
        fc.array(label, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('fi', 'co.uk', 'test'),
        (labels, ending) => {
          const name = `${labels.join('.')}.${ending}`
          for (const parent of domainChain(name)) expect(`.${name}`.endsWith(`.${parent}`)).toBe(true)
          expect(domainChain(name)).not.toContain(ending)
        },
      ),
    )
  })

  it.each(['fi', 'co.uk', 'dy.fi', 'aland.fi', 'onmicrosoft.com'])(
    'D-9 refuses a ban on %s, where many have names',
    (name) => {
      expect(guardDomainBan(name)).toMatch(/Many organisations/)
    },
  )

  it.each(['gmail.com', 'hotmail.com', 'kolumbus.fi', 'pp.inet.fi', 'iki.fi', 'kapsi.fi', 'elisanet.fi'])(
    'D-9 refuses a ban on %s, where many have their mail',
    (name) => {
      expect(guardDomainBan(name)).toMatch(/Many/)
    },
  )

  it.each(['yritys.fi', 'mail.yritys.fi', 'firma.onmicrosoft.com', 'firma.dy.fi', 'yritys.example'])(
    'D-9 takes a ban on %s, which one organisation has',
    (name) => {
      expect(guardDomainBan(name)).toBeNull()
    },
  )

  it('knows where strangers register names', () => {
    expect(['fi', 'dy.fi', 'co.uk'].map(isPublicSuffix)).toEqual([true, true, true])
    expect(['yritys.fi', 'x.dy.fi', 'yritys.test'].map(isPublicSuffix)).toEqual([false, false, false])
  })
})
