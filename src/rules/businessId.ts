import { trimInvisible } from './text.ts'

export type BusinessIdResult = { ok: true; businessId: string } | { ok: false; error: string }

const weights = [7, 9, 10, 5, 8, 4, 2]

/**
 * Reads a Finnish business id (Y-tunnus) in any of its spellings: `1234567-8`, `12345678`, old ones of seven digits, and
 * the VAT number `FI12345678`. The last digit is checked: the weighted sum modulo 11 (Finnish Tax Administration).
 * @returns the id as `1234567-8`
 */
export const parseBusinessId = (input: unknown): BusinessIdResult => {
  if (typeof input !== 'string') return refuse('A business ID must be text, such as 1234567-8.')
  if (input.length > 32) return refuse(malformed)
  const typed = trimInvisible(input.normalize('NFKC')).replace(/\s/g, '').toUpperCase()
  if (typed === '') return refuse('Enter a business ID, such as 1234567-8.')
  const match = /^(?:FI-?)?(\d{6,7})\p{Pd}?(\d)$/u.exec(typed)
  if (match?.[1] === undefined || match[2] === undefined) return refuse(malformed)
  const digits = match[1].padStart(7, '0')
  // All zeros pass the sum, and fill many a form where no id was known: a ban on it would hit all of them.
  if (checkDigit(digits) !== match[2] || /^0+$/.test(digits))
    return refuse('The business ID has a wrong check digit: compare it with the business register.')
  return { ok: true, businessId: `${digits}-${match[2]}` }
}

const malformed = 'A business ID has seven digits, a hyphen and a check digit: write it as 1234567-8.'

// A remainder of 1 gives 10, which no digit equals: such numbers are never handed out.
const checkDigit = (digits: string): string => {
  const sum = weights.reduce((total, weight, place) => total + weight * Number(digits[place]), 0)
  return String((11 - (sum % 11)) % 11)
}

const refuse = (error: string): BusinessIdResult => ({ ok: false, error })
