import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max'
import { trimInvisible } from './text.ts'

export type PhoneResult = { ok: true; e164: string } | { ok: false; error: string }

const typedLimit = 64

/**
 * Reads one typed phone number into E.164. Any spelling of a number gives the same key: spaces, (0), digits of other
 * scripts, invisible characters, `tel:`. An extension is dropped: a ban on it is a ban on the line. Emergency and other
 * short numbers, wildcards and numbers inside other text are refused.
 * @param defaultRegion where a number without a country code is at home
 */
export const parsePhone = (input: unknown, defaultRegion: CountryCode = 'FI'): PhoneResult => {
  if (typeof input !== 'string') return refuse('A phone number must be text, such as +358 40 123 4567.')
  if (input.length > typedLimit) return refuse('The phone number is too long: enter one number only.')
  const typed = trimInvisible(input.replace(/\p{Cf}/gu, '')).replace(/^tel:/i, '')
  if (typed === '') return refuse('Enter a phone number, such as +358 40 123 4567.')
  const number = parsePhoneNumberFromString(typed, { defaultCountry: defaultRegion, extract: false })
  if (number?.isValid() !== true)
    return refuse('The phone number is not valid: check it, with its country code, as in +358 40 123 4567.')
  return { ok: true, e164: number.number }
}

const refuse = (error: string): PhoneResult => ({ ok: false, error })
