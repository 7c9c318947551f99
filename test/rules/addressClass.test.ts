import { describe, expect, it } from 'vitest'
import { parseEmail, type Email } from '../../src/rules/address.ts'
import { classifyAddress, isNeverMailed } from '../../src/rules/addressClass.ts'
import { disposableDomains, personalMailDomains, tenantDomains } from '../../src/rules/mailDomains.ts'
import { machineNames, placeNames, roleNames } from '../../src/rules/roleNames.ts'

const read = (typed: string): Email => {
  const result = parseEmail(typed, { allowReserved: true })
  if (!result.ok) throw new Error(`${typed}: ${result.error}`)
  return result.email
}

describe('B2 whose an address is', () => {
  it.each(
    `info myynti hallinto ostot tilaukset laskut Myynti asiakas-palvelu osto.laskut laskut2026 info+arkisto myynti.turku
    sales-finland info.myynti kundtjanst office postmaster noreply no-reply`.split(/\s+/),
  )('B2 role_work: %s@ a work domain names a role', (local) => {
    expect(classifyAddress(read(`${local}@yritys.example`))).toBe('role_work')
    expect(classifyAddress(read(`${local}@yritys.fi`), { companyForm: 'legal_person' })).toBe('role_work')
  })

  it.each(
    `matti.meikalainen m.meikalainen matti toimitusjohtaja ceo myynti.virtanen virtanen.myynti turku infomatti x`.split(
      ' ',
    ),
  )('B2 named_work: %s@ a work domain is one person', (local) => {
    expect(classifyAddress(read(`${local}@yritys.example`))).toBe('named_work')
  })

  it.each(['matti', 'info'])('B2 sole_trader: %s@ the domain of a sole trader is a natural person', (local) => {
    expect(classifyAddress(read(`${local}@toiminimi.example`), { companyForm: 'sole_trader' })).toBe('sole_trader')
  })

  it.each(
    `gmail.com googlemail.com outlook.com hotmail.fi live.fi yahoo.co.uk icloud.com luukku.com kotiposti.net iki.fi
    kolumbus.fi pp.inet.fi elisanet.fi saunalahti.fi welho.com telia.com t-online.de mailinator.com x.yopmail.com`.split(
      /\s+/,
    ),
  )('B2 private: any address at %s, whoever the company is', (domain) => {
    expect(classifyAddress(read(`matti.meikalainen@${domain}`))).toBe('private')
    expect(classifyAddress(read(`info@${domain}`), { companyForm: 'legal_person' })).toBe('private')
    expect(classifyAddress(read(`info@${domain}`), { companyForm: 'sole_trader' })).toBe('private')
  })

  it.each(['info@dy.fi', 'matti@aland.fi', 'matti@nic.in'])(
    'B2 unknown: %s, at a domain under which anybody registers',
    (typed) => {
      expect(classifyAddress(read(typed))).toBe('unknown')
    },
  )

  it('B2 looks at whole words and whole labels only', () => {
    expect(classifyAddress(read('infonen@yritys.example'))).toBe('named_work')
    expect(classifyAddress(read('matti@notgmail.com'))).toBe('named_work')
    expect(classifyAddress(read('matti@gmail.com.yritys.fi'))).toBe('named_work')
  })
})

describe('addresses that no message of ours may go to', () => {
  it.each(
    `noreply@yritys.fi no-reply@yritys.fi No.Reply@yritys.fi do_not_reply@yritys.fi donotreply@yritys.fi
    noreply-tilaukset@yritys.fi tilaukset-no-reply@yritys.fi noreply+x@yritys.fi noreply2@yritys.fi ei-vastausta@yritys.fi
    postmaster@yritys.fi Abuse@yritys.fi mailer-daemon@yritys.fi MAILER-DAEMON@gmail.com
    matti@mailinator.com matti@eu.mailinator.com matti@guerrillamail.com matti@10minutemail.com`.split(/\s+/),
  )('%s', (typed) => {
    expect(isNeverMailed(read(typed))).toBe(true)
  })

  it.each(
    `info@yritys.fi webmaster@yritys.fi matti@gmail.com reply@yritys.fi eino.reply@yritys.fi abuser@yritys.fi
    noreplyn@yritys.fi matti@notmailinator.com`.split(/\s+/),
  )('but %s may be asked', (typed) => {
    expect(isNeverMailed(read(typed))).toBe(false)
  })
})

describe('the lists behind it', () => {
  it('hold domains in the form in which addresses are compared', () => {
    for (const domain of [...personalMailDomains, ...disposableDomains, ...tenantDomains])
      expect(read(`a@${domain.toUpperCase()}`).domain).toBe(domain)
  })

  it('count no domain as both a home of people and a throw-away', () => {
    expect([...disposableDomains].filter((domain) => personalMailDomains.has(domain))).toEqual([])
  })

  it('hold words without separators, none of them both a role and a place', () => {
    for (const word of [...roleNames, ...placeNames, ...machineNames]) expect(word).toMatch(/^[a-z]+$/)
    expect([...placeNames].filter((word) => roleNames.has(word))).toEqual([])
  })
})
