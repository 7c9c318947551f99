import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RetentionRule } from '../../src/rules/register.ts'
import { defaultRegister } from '../../src/rules/registerData.ts'
import {
  consentEndsAt,
  isFiscalYearEnd,
  keepInvoiceUntil,
  pendingEndsAt,
  retentionEndsAt,
} from '../../src/rules/retention.ts'

const at = (text: string) => Date.parse(text)
const rule = (unit: RetentionRule['period']['unit'], count: number): RetentionRule => ({
  subject: 'data',
  clock: 'handled',
  period: { unit, count },
  then: 'erase',
})

describe('six years of bookkeeping', () => {
  it.each([
    ['2017-04-30', '04-30', '2023-12-31'],
    ['2024-03-31', '03-31', '2030-12-31'],
    ['2025-12-31', '12-31', '2031-12-31'],
    ['2025-01-01', '12-31', '2031-12-31'],
    ['2026-06-30', '06-30', '2032-12-31'],
    ['2025-07-15', '06-30', '2032-12-31'],
    ['2025-06-30', '06-30', '2031-12-31'],
    ['2025-07-01', '06-30', '2032-12-31'],
    ['2024-02-29', '02-28', '2030-12-31'],
    ['2024-02-29', '02-29', '2030-12-31'],
    ['2023-02-28', '02-29', '2029-12-31'],
    ['2024-03-01', '02-28', '2031-12-31'],
  ])('B4-1 an invoice of %s in fiscal years that end on %s is kept until %s', (invoiced, yearEnd, until) => {
    expect(keepInvoiceUntil(invoiced, yearEnd)).toBe(until)
  })

  it('B4-4 is never shorter than six years and never longer than eight', () => {
    const date = fc.date({ min: new Date('2000-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
    const day = (value: Date) => value.toISOString().slice(0, 10)
    fc.assert(
      fc.property(date, date, (invoice, yearEnd) => {
        const until = keepInvoiceUntil(day(invoice), day(yearEnd).slice(5))
        const years = Number(until.slice(0, 4)) - invoice.getUTCFullYear()
        expect(until.endsWith('-12-31') && (years === 6 || years === 7)).toBe(true)
      }),
    )
  })

  it('B4-4 refuses to count from dates that are none', () => {
    for (const bad of ['', '2025-02-30', '2025-13-01', '15.7.2025'])
      expect(() => keepInvoiceUntil(bad, '12-31')).toThrow(RangeError)
    for (const bad of ['', '31-12', '12/31', '02-30', '13-01', '1-1']) {
      expect(isFiscalYearEnd(bad)).toBe(false)
      expect(() => keepInvoiceUntil('2025-07-15', bad)).toThrow(/FISCAL_YEAR_END/)
    }
    expect(isFiscalYearEnd('02-29')).toBe(true)
  })

  it('B4-1 the rule of the register lets go on the day after', () => {
    const [invoices] = defaultRegister.purposes.invoicing.retention
    if (!invoices) throw new Error('the register has a rule for invoices')
    expect(retentionEndsAt(invoices, at('2025-07-15T09:00Z'), '06-30')).toBe(at('2033-01-01T00:00Z'))
  })
})

describe('other periods', () => {
  it('A9-7 an unconfirmed sign-up stays seven days', () => {
    expect(pendingEndsAt(at('2026-07-01T12:00Z'))).toBe(at('2026-07-08T12:00Z'))
    expect(pendingEndsAt(at('2026-07-01T12:00Z'), 2)).toBe(at('2026-07-03T12:00Z'))
  })

  it('B1-8 a consent is good for 24 months', () => {
    expect(consentEndsAt(at('2026-07-01T12:00Z'))).toBe(at('2028-07-01T12:00Z'))
    expect(consentEndsAt(at('2024-02-29T12:00Z'))).toBe(at('2026-02-28T12:00Z'))
  })

  it.each([
    [rule('months', 1), '2026-01-31T10:00Z', '2026-02-28T10:00Z'],
    [rule('months', 1), '2024-01-31T10:00Z', '2024-02-29T10:00Z'],
    [rule('months', 12), '2026-03-15T10:00Z', '2027-03-15T10:00Z'],
    [rule('months', 3), '2026-11-30T10:00Z', '2027-02-28T10:00Z'],
    [rule('months', 0), '2026-03-31T10:00Z', '2026-03-31T10:00Z'],
    [rule('days', 7), '2026-12-28T10:00Z', '2027-01-04T10:00Z'],
  ])('C-X counts %o from %s', (period, from, until) => {
    expect(retentionEndsAt(period, at(from), '12-31')).toBe(at(until))
  })
})
