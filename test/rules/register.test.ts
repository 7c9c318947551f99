import { describe, expect, it } from 'vitest'
import { fieldsAllowed, parseRegister, purposeKeys, refuseFields } from '../../src/rules/register.ts'
import type { PurposeKey, Register } from '../../src/rules/register.ts'
import { defaultRegister, REGISTER_VERSION } from '../../src/rules/registerData.ts'
import { changed } from './changed.ts'

type Row = [PurposeKey, string, string, string[], string[]]

/** The controller's notice, copied out so that a slip in the data is seen. */
const notice: Row[] = [
  [
    'customer_events',
    'Asiakastilaisuudet ja niihin rekisteröityminen',
    'name company title workAddress workEmail workPhone marketingActivities',
    ['legitimate_interest'],
    ['data event_ended 12 months', 'participation_history other_purposes_ended 0 months'],
  ],
  [
    'direct_marketing',
    'Suoramarkkinointi, verkkolomakkeet, uutiskirjeet',
    'name workEmail workPhone formAnswers bans',
    ['legitimate_interest'],
    [
      'data last_affirmation 24 months',
      'data duty_verified 24 months',
      'pending_sign_up sign_up_requested 7 days',
      'enquiry case_closed 12 months',
    ],
  ],
  [
    'customer_service',
    'Asiakaspalvelu',
    'name company workEmail workAddress workPhone',
    ['contract', 'legitimate_interest'],
    ['data case_closed 12 months'],
  ],
  [
    'customer_relationship',
    'Asiakkuuden hoito, sopimukset, takuu',
    'name company title workEmail workAddress workPhone purchaseHistory relationshipRecords',
    ['contract'],
    ['data contract_ended 36 months', 'data warranty_ended 36 months'],
  ],
  [
    'offers_deliveries',
    'Tarjoukset ja toimitukset',
    'name company title workEmail workAddress workPhone purchaseHistory',
    ['contract'],
    ['offer offer_lapsed 12 months', 'delivery delivery_made 12 months', 'delivery warranty_ended 0 months'],
  ],
  [
    'feedback_complaints',
    'Palautteet ja reklamaatiot',
    'name company title workEmail workAddress workPhone purchaseHistory relationshipRecords',
    ['contract', 'legitimate_interest'],
    ['data handled 24 months'],
  ],
  [
    'customer_photos',
    'Asiakasvalokuvat markkinoinnissa',
    'name photo',
    ['consent'],
    ['photo consent_withdrawn 0 months', 'proof consent_withdrawn 36 months'],
  ],
  [
    'invoicing',
    'Laskutus',
    'name company title workEmail workPhone',
    ['contract', 'legitimate_interest', 'legal_obligation'],
    ['invoice invoice_dated 6 fiscal_years'],
  ],
  [
    'surveys',
    'Markkinatutkimus, asiakastyytyväisyys',
    'workEmail',
    ['legitimate_interest'],
    ['invitation survey_closed 6 months'],
  ],
  [
    'price_list',
    'Hinnastopostitus',
    'name company title companyAddress workPhone workEmail',
    ['legitimate_interest'],
    ['data details_verified 12 months'],
  ],
]

const other = (path: string, to: unknown): unknown => changed(defaultRegister, path, to)

const errorsOf = (input: unknown) => {
  const parsed = parseRegister(input)
  return parsed.ok ? [] : parsed.errors
}

describe('the default register', () => {
  it.each(notice)('B1-23 %s says exactly what the notice says', (key, name, fields, bases, periods) => {
    const purpose = defaultRegister.purposes[key]
    expect(purpose.name.fi).toBe(name)
    expect(purpose.fields).toEqual(fields.split(' '))
    expect(purpose.bases).toEqual(bases)
    expect(
      purpose.retention.map(({ subject, clock, period }) => `${subject} ${clock} ${period.count} ${period.unit}`),
    ).toEqual(periods)
  })

  it('B1-23 has the ten purposes in the order of the notice and passes its own schema', () => {
    expect(Object.keys(defaultRegister.purposes)).toEqual(notice.map(([key]) => key))
    expect([...purposeKeys]).toEqual(notice.map(([key]) => key))
    expect(parseRegister(defaultRegister)).toEqual({ ok: true, register: defaultRegister })
    expect(defaultRegister.version).toBe(REGISTER_VERSION)
  })

  it('offers to verify price-list contacts again before they are erased, and nothing else', () => {
    const asks = purposeKeys.filter((key) =>
      defaultRegister.purposes[key].retention.some((rule) => rule.then === 'reverify'),
    )
    expect(asks).toEqual(['price_list'])
  })
})

describe('reading a register', () => {
  it.each([
    ['a purpose is missing', other('purposes.surveys', undefined), 'purposes.surveys', /missing/],
    ['a purpose is unknown', other('purposes.horoscopes', {}), 'purposes', /does not know horoscopes/],
    [
      'a field is unknown',
      other('purposes.surveys.fields.1', 'shoeSize'),
      'purposes.surveys.fields.1',
      /use one of name, company/,
    ],
    ['a field stands twice', other('purposes.surveys.fields.1', 'workEmail'), 'purposes.surveys.fields', /twice/],
    ['a purpose has no field', other('purposes.surveys.fields', []), 'purposes.surveys.fields', /at least 1/],
    [
      'a basis is unknown',
      other('purposes.surveys.bases.0', 'vital_interest'),
      'purposes.surveys.bases.0',
      /use one of consent/,
    ],
    [
      'a text is missing in Swedish',
      other('purposes.surveys.kept.sv', undefined),
      'purposes.surveys.kept.sv',
      /missing/,
    ],
    ['a text is empty', other('purposes.surveys.name.fi', ' '), 'purposes.surveys.name.fi', /at least 1/],
    ['a key is misspelt', other('purposes.surveys.feilds', []), 'purposes.surveys', /does not know feilds/],
    [
      'a period is negative',
      other('purposes.surveys.retention.0.period.count', -1),
      'purposes.surveys.retention.0.period.count',
      /at least 0/,
    ],
    ['the version is missing', other('version', undefined), 'version', /missing/],
    [
      'B4-4 invoices would be erased before six years',
      other('purposes.invoicing.retention.0.period.count', 5),
      'purposes.invoicing.retention.0.period',
      /at least 6/,
    ],
    [
      'B4-1 invoices would be counted in months',
      other('purposes.invoicing.retention.0.period', { unit: 'months', count: 72 }),
      'purposes.invoicing.retention.0.period',
      /fiscal_years/,
    ],
    [
      'A9-7 unconfirmed sign-ups would stay longer than 30 days',
      other('purposes.direct_marketing.retention.2.period.count', 31),
      'purposes.direct_marketing.retention.2.period',
      /at most 30 days/,
    ],
  ] as [string, unknown, string, RegExp][])('names the path and the mend when %s', (_, input, path, message) => {
    expect(errorsOf(input)).toContainEqual({ path, message: expect.stringMatching(message) })
  })

  it('refuses what is no register at all', () => {
    for (const input of [null, undefined, [], 'register', 7]) expect(errorsOf(input)).toHaveLength(1)
  })
})

describe('fields of purposes', () => {
  it('allows a field when any of the purposes allows it', () => {
    expect([...fieldsAllowed(defaultRegister, ['surveys'])]).toEqual(['workEmail'])
    expect(fieldsAllowed(defaultRegister, ['direct_marketing', 'price_list']).has('company')).toBe(true)
    expect(fieldsAllowed(defaultRegister, []).size).toBe(0)
  })

  it('names the fields that no purpose allows, unknown ones included', () => {
    expect(refuseFields(defaultRegister, ['surveys'], ['name', 'workEmail', 'shoeSize'])).toEqual(['name', 'shoeSize'])
    expect(refuseFields(defaultRegister, ['price_list', 'surveys'], ['name', 'workEmail'])).toEqual([])
    expect(refuseFields(defaultRegister, [], ['workEmail'])).toEqual(['workEmail'])
  })

  it('follows a register that was changed', () => {
    const register = other('purposes.surveys.fields.1', 'name') as Register
    expect(refuseFields(register, ['surveys'], ['name'])).toEqual([])
  })
})
