import type { RetentionRule } from './register.ts'

/** How long things are kept, as far as a date alone decides it. Instants are milliseconds UTC. */

const DAY_MS = 86_400_000

/** standards B1-8: a consent is good for 24 months from the last active affirmation; opens and clicks never extend it. */
const CONSENT_MONTHS = 24

/** The default register's period for sign-ups that nobody confirmed. */
const PENDING_DAYS = 7

/** When an unconfirmed sign-up is erased with its address. */
export const pendingEndsAt = (requestedAt: number, days: number = PENDING_DAYS): number => requestedAt + days * DAY_MS

/** The first instant at which the consent no longer opens anything. */
export const consentEndsAt = (confirmedAt: number, months: number = CONSENT_MONTHS): number =>
  addMonths(confirmedAt, months)

/**
 * When one retention rule lets go.
 * @param startedAt the instant that the rule's clock names
 * @param fiscalYearEnd month and day, "12-31"; matters to `fiscal_years` only
 * @returns the first instant at which the data may be erased
 */
export const retentionEndsAt = ({ period }: RetentionRule, startedAt: number, fiscalYearEnd: string): number => {
  if (period.unit === 'days') return startedAt + period.count * DAY_MS
  if (period.unit === 'months') return addMonths(startedAt, period.count)
  const lastDay = keepInvoiceUntil(new Date(startedAt).toISOString().slice(0, 10), fiscalYearEnd, period.count)
  return Date.parse(`${lastDay}T00:00:00Z`) + DAY_MS
}

/**
 * The last day on which a voucher must be kept: six years from the end of the calendar year in which its fiscal year
 * ended. Source: Accounting Act (KPL 1336/1997) 2:10. An invoice of 15.7.2025 in the fiscal year that ends on 30.6.2026
 * is kept until 31.12.2032.
 * @param invoiceDate "YYYY-MM-DD"
 * @param fiscalYearEnd "MM-DD"; "02-28" and "02-29" both mean the last day of February
 * @returns "YYYY-12-31"
 * @throws RangeError when a date is not one: erasing vouchers by a wrong date cannot be mended
 */
export const keepInvoiceUntil = (invoiceDate: string, fiscalYearEnd: string, years: number = 6): string => {
  const invoiced = isDay(invoiceDate) ? invoiceDate : null
  if (!invoiced) throw new RangeError('the invoice date is not a date: write it as YYYY-MM-DD')
  if (!isFiscalYearEnd(fiscalYearEnd))
    throw new RangeError('FISCAL_YEAR_END is not a day: write it as MM-DD, such as 12-31')
  const lastDay = fiscalYearEnd === '02-28' ? '02-29' : fiscalYearEnd
  const endsNextYear = invoiced.slice(5) > lastDay
  return `${Number(invoiced.slice(0, 4)) + (endsNextYear ? 1 : 0) + years}-12-31`
}

/** Is it a month and a day of some year ("02-29" is)? For the configuration. */
export const isFiscalYearEnd = (text: string): boolean => /^\d\d-\d\d$/.test(text) && isDay(`2024-${text}`)

const isDay = (text: string): boolean => {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text)
}

/** The same day and time so many months later, clamped to the end of a shorter month (31 January → 28 or 29 February). */
const addMonths = (at: number, months: number): number => {
  const date = new Date(at)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, lastDay))
  return date.getTime()
}
