import { describe, expect, it } from 'vitest'
import { readImportRow, type Declaration } from '../../src/rules/importRow.ts'
import type { ContactColumn } from '../../src/rules/importColumns.ts'

const now = Date.UTC(2026, 4, 18, 22, 30)
const declared: Declaration = { rule: 'duty_evidence', evidence: 'Named as buyers in their contracts' }
const read = (columns: ContactColumn[], cells: string[], declaration: Declaration | null = declared) =>
  readImportRow(columns, cells, { allowReserved: true, declared: declaration, now, today: '2026-05-19' })
const refused = (columns: ContactColumn[], cells: string[], declaration: Declaration | null = declared) => {
  const result = read(columns, cells, declaration)
  return result.ok ? null : result.field
}

describe('a row of contacts', () => {
  it('is read with every field in its normal form', () => {
    const columns: ContactColumn[] = [
      'email',
      'name',
      'company',
      'businessId',
      'title',
      'phone',
      'language',
      'priceGroup',
      'externalId',
      'street',
      'postcode',
      'city',
    ]
    const cells = [
      'Matti@YRITYS.example',
      ' Matti  ',
      'Yritys Oy',
      'FI12345671',
      'Ostaja',
      '040 123 4567',
      'SV',
      'A',
      '0001',
      'Katu 1',
      '00100',
      'Helsinki',
    ]
    const result = read(columns, cells, null)
    expect(result).toMatchObject({
      ok: true,
      row: {
        email: { strict: 'matti@yritys.example', address: 'Matti@yritys.example' },
        contact: { name: 'Matti', company: 'Yritys Oy', title: 'Ostaja', phone: '+358401234567', externalId: '0001' },
        language: 'sv',
        company: { businessId: '1234567-1', priceGroup: 'A', address: 'Katu 1, 00100 Helsinki' },
        permission: null,
      },
    })
  })

  it('says nothing of what it leaves empty', () => {
    const result = read(['email', 'name', 'phone', 'language'], ['a@yritys.example', '', ' ', ''])
    expect(result.ok && result.row.contact).toEqual({})
    expect(result.ok && result.row.language).toBe(null)
  })

  it.each<[string, ContactColumn[], string[], string]>([
    ['fewer cells than columns', ['email', 'name'], ['a@yritys.example'], 'row'],
    ['more cells than columns', ['email'], ['a@yritys.example', 'x'], 'row'],
    ['no address', ['email', 'name'], ['', 'x'], 'email'],
    ['a broken address', ['email'], ['bad'], 'email'],
    ['a name too long', ['email', 'name'], ['a@yritys.example', 'x'.repeat(201)], 'name'],
    ['a cell of a megabyte', ['email', 'name'], ['a@yritys.example', 'x'.repeat(1_048_576)], 'name'],
    ['markup', ['email', 'name'], ['a@yritys.example', '<script>alert(1)</script>'], 'name'],
    ['a phone number that is none', ['email', 'phone'], ['a@yritys.example', '+420123456789'], 'phone'],
    ['a wrong business id', ['email', 'businessId'], ['a@yritys.example', '1234567-8'], 'businessId'],
    ['another language', ['email', 'language'], ['a@yritys.example', 'de'], 'language'],
    ['another rule', ['email', 'rule'], ['a@yritys.example', 'friend'], 'rule'],
    ['evidence too short', ['email', 'evidence'], ['a@yritys.example', 'yes'], 'evidence'],
    ['a consent of the future', ['email', 'consentDate'], ['a@yritys.example', '2026-05-20'], 'consentDate'],
    ['a consent later today', ['email', 'consentDate'], ['a@yritys.example', '2026-05-18T23:00:00Z'], 'consentDate'],
    ['31 February', ['email', 'consentDate'], ['a@yritys.example', '31.02.2026'], 'consentDate'],
    ['31 February, the other way round', ['email', 'consentDate'], ['a@yritys.example', '2026-02-31'], 'consentDate'],
    ['no date', ['email', 'consentDate'], ['a@yritys.example', 'spring'], 'consentDate'],
  ])('is refused for %s', (_, columns, cells, field) => {
    expect(refused(columns, cells)).toBe(field)
  })

  it('never repeats what was written, so that no address reaches a report (P23)', () => {
    const result = read(['email', 'name'], ['canary@@leak.example', 'x'])
    expect(JSON.stringify(result)).not.toContain('canary')
  })

  it.each([
    ['28.2.2026', Date.UTC(2026, 1, 28)],
    ['2026-02-28', Date.UTC(2026, 1, 28)],
    ['2026-05-19', now],
    ['2026-02-28T10:00:00.5+02:00', Date.UTC(2026, 1, 28, 8, 0, 0, 500)],
  ])('takes the date of a consent as %s', (text, at) => {
    const result = read(['email', 'consentDate'], ['a@yritys.example', text], {
      rule: 'consent',
      evidence: 'Signed form in the folder',
    })
    expect(result.ok && result.row.permission?.confirmedAt).toBe(at)
  })

  it('B1-8 refuses a consent older than 24 months', () => {
    const consent: Declaration = { rule: 'consent', evidence: 'Signed form in the folder' }
    expect(refused(['email', 'consentDate'], ['a@yritys.example', '2024-05-18'], consent)).toBe('consentDate')
    expect(refused(['email', 'consentDate'], ['a@yritys.example', '2024-05-19'], consent)).toBe(null)
  })

  it('B2 needs evidence for every rule but that of legal persons, from the row or once for the file', () => {
    const none = { rule: 'consent' as const, evidence: null }
    expect(refused(['email', 'evidence'], ['a@yritys.example', ''], none)).toBe('evidence')
    expect(refused(['email', 'evidence'], ['a@yritys.example', 'Signed form in the folder'], none)).toBe(null)
    expect(refused(['email', 'rule'], ['info@yritys.example', 'legal_person'], none)).toBe(null)
    expect(refused(['email', 'rule'], ['info@yritys.example', ''], { rule: null, evidence: null })).toBe('rule')
  })

  it('takes evidence of a row before the declaration of the file, as text or as duty, how, when and by', () => {
    const duty = { duty: 'Buys bolts', how: 'Contract 12', when: '2026-01-02', by: 'Liisa' }
    const result = read(['email', 'evidence'], ['a@yritys.example', JSON.stringify(duty)])
    expect(result.ok && result.row.permission?.evidence).toEqual(duty)
    expect(refused(['email', 'evidence'], ['a@yritys.example', '{"duty":"x"}'])).toBe('evidence.how')
  })

  it("T16 takes off the ' that keeps a spreadsheet from running a cell", () => {
    const result = read(['email', 'phone', 'name'], ['a@yritys.example', "'+358401234567", "'=Oy"])
    expect(result.ok && result.row.contact).toEqual({ phone: '+358401234567', name: '=Oy' })
  })
})
