import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { parseEmail, type Email } from '../../src/rules/address.ts'
import { contactForms, matchForms } from '../../src/rules/matchKeys.ts'

const read = (typed: string): Email => {
  const result = parseEmail(typed, { allowReserved: true })
  if (!result.ok) throw new Error(result.error)
  return result.email
}

const texts = (typed: string): string[] => matchForms('email', read(typed)).map(({ text }) => text)

describe('D-6 what is hashed for the ban list', () => {
  it('D-6 gives the reference hash for the reference address', () => {
    const [strict] = matchForms('email', read('Matti.Meikalainen@Example.FI'))
    expect(strict?.form).toBe('strict')
    expect(
      createHmac('sha256', 'test-key-not-secret')
        .update(strict?.text ?? '')
        .digest('hex'),
    ).toBe('90a0e4cc56c1c0b8f0aeec6407f03720239b4fd3b24b8356fdc3349638185b3e')
  })

  it('D-6 D-8 keeps the kinds apart by a prefix with the version of the normal form', () => {
    expect(matchForms('email', read('M.atti+x@gmail.com'))).toEqual([
      { form: 'strict', text: 'email:v1:m.atti+x@gmail.com' },
      { form: 'loose', text: 'email:v1:m.atti@gmail.com' },
      { form: 'loose', text: 'email:v1:matti@gmail.com' },
    ])
    expect(matchForms('domain', 'yritys.fi')).toEqual([{ form: 'strict', text: 'domain:v1:yritys.fi' }])
    expect(matchForms('company', '1234567-1')).toEqual([{ form: 'strict', text: 'company:v1:1234567-1' }])
    expect(matchForms('phone', '+358401234567')).toEqual([{ form: 'strict', text: 'phone:v1:+358401234567' }])
    expect(matchForms('postal', { strict: 'm|katu 1|00100', loose: ['katu 1|00100'] })).toEqual([
      { form: 'strict', text: 'postal:v1:m|katu 1|00100' },
      { form: 'loose', text: 'postal:v1:katu 1|00100' },
    ])
  })
})

describe('every text under which a ban can hit a contact', () => {
  it('D-9 D-10 D-11 are the address, its domains, the phone and the company', () => {
    const contact = { email: read('matti+x@mail.yritys.example'), phone: '+358401234567', businessId: '1234567-1' }
    expect(contactForms(contact)).toEqual([
      'email:v1:matti+x@mail.yritys.example',
      'email:v1:matti@mail.yritys.example',
      'domain:v1:mail.yritys.example',
      'domain:v1:yritys.example',
      'phone:v1:+358401234567',
      'company:v1:1234567-1',
    ])
    expect(contactForms({ email: read('matti@yritys.example') })).toEqual([
      'email:v1:matti@yritys.example',
      'domain:v1:yritys.example',
    ])
  })

  it.each([
    ['matti@yritys.example', 'Matti+tarjoukset@YRITYS.example'],
    ['matti+tarjoukset@yritys.example', 'matti@yritys.example'],
    ['matti+a@yritys.example', 'matti+b@yritys.example'],
    ['m.atti@gmail.com', 'matti@googlemail.com'],
    ['matti@käsityö.fi', 'matti@xn--ksity-gra4k.fi'],
  ])('P07 D-3 a ban on %s hits %s', (banned, contact) => {
    const forms = contactForms({ email: read(contact) })
    expect(texts(banned).some((text) => forms.includes(text))).toBe(true)
  })

  it('D-3 a ban on one person does not hit another', () => {
    const names = fc.stringMatching(/^[a-z]{3,8}$/)
    fc.assert(
      fc.property(names, names, fc.constantFrom('gmail.com', 'yritys.example'), (one, other, domain) => {
        fc.pre(one !== other)
        const forms = contactForms({ email: read(`${other}+x@${domain}`) })
        expect(texts(`${one}@${domain}`).some((text) => forms.includes(text))).toBe(false)
      }),
    )
  })
})
