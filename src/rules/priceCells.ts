/** What a cell of a price list says: prices, currencies and dates as people in Finland write them. */

export const currencies = ['EUR', 'SEK', 'NOK', 'DKK', 'USD', 'GBP'] as const
export type Currency = (typeof currencies)[number]

export type PriceFaultCode =
  | 'price_missing'
  | 'price_unreadable'
  | 'price_ambiguous'
  | 'price_negative'
  | 'price_too_large'

/** `price`: digits with a point, without needless zeros, such as `1234.5`. */
export type PriceResult = { ok: true; price: string; currency: Currency | null } | { ok: false; code: PriceFaultCode }

/** Cells of a workbook have a point for their decimals; in a text file `1.234` may be a thousand or a fraction. */
export type Decimals = 'point' | 'written'

/**
 * Reads a price: `1 234,50`, `1.234,50 €`, `EUR 12,5`, `12.50`. Any blank may part thousands, and a currency may stand on
 * either side. What could mean two things is refused.
 */
export const readPrice = (cell: string, decimals: Decimals): PriceResult => {
  const text = cell
    .normalize('NFKC')
    .replaceAll(/[\p{White_Space}\p{Cf}]+/gu, ' ')
    .trim()
  if (text === '') return { ok: false, code: 'price_missing' }
  const { currency, rest } = withoutCurrency(text)
  const number = rest.replace(/^[−–]/, '-')
  if (/^-\s?\d/.test(number)) return { ok: false, code: 'price_negative' }
  const plain = plainNumber(number, decimals)
  if (typeof plain !== 'string') return plain
  const [whole = '', fraction = ''] = plain.split('.')
  if (whole.replace(/^0+/, '').length > 9 || fraction.length > 6) return { ok: false, code: 'price_too_large' }
  return { ok: true, price: normal(whole, fraction), currency }
}

const plainNumber = (text: string, decimals: Decimals): string | Extract<PriceResult, { ok: false }> => {
  const digits = text.replaceAll(/(?<=\d)[ '’](?=\d{3}(?!\d))/g, '')
  if (/^\d+$/.test(digits)) return digits
  if (/^\d+,\d+$/.test(digits)) return digits.replace(',', '.')
  // Three digits behind the only point: a thousand to some, a fraction to others.
  const isAmbiguous = /^[1-9]\d{0,2}\.\d{3}$/.test(digits)
  if (isAmbiguous && decimals === 'written') return { ok: false, code: 'price_ambiguous' }
  if (/^\d+\.\d+$/.test(digits)) return digits
  if (/^\d{1,3}(\.\d{3})+,\d+$/.test(digits)) return digits.replaceAll('.', '').replace(',', '.')
  if (/^\d{1,3}(,\d{3})+\.\d+$/.test(digits)) return digits.replaceAll(',', '')
  if (/^\d{1,3}(\.\d{3}){2,}$/.test(digits)) return digits.replaceAll('.', '')
  return { ok: false, code: 'price_unreadable' }
}

const normal = (whole: string, fraction: string): string => {
  const kept = fraction.replace(/0+$/, '')
  return (whole.replace(/^0+(?=\d)/, '') || '0') + (kept === '' ? '' : `.${kept}`)
}

const MARKS: Readonly<Record<string, Currency | undefined>> = {
  '€': 'EUR',
  EURO: 'EUR',
  EUROA: 'EUR',
  KR: 'SEK',
  $: 'USD',
  '£': 'GBP',
}

const currencyOf = (mark: string): Currency | null =>
  MARKS[mark] ?? currencies.find((currency) => currency === mark) ?? null

const withoutCurrency = (text: string): { currency: Currency | null; rest: string } => {
  const [, before = '', rest = text, after = ''] =
    /^([A-Za-z€$£]{0,5})\s?([^A-Za-z€$£]*)\s?([A-Za-z€$£]{0,5})\.?$/.exec(text) ?? []
  const mark = before === '' ? after : after === '' ? before : ''
  if (mark === '') return { currency: null, rest: text }
  const currency = currencyOf(mark.toUpperCase())
  return currency === null ? { currency: null, rest: text } : { currency, rest: rest.trim() }
}

/** The currency that a heading names, as in `Hinta (€)` or `Pris SEK`. */
export const currencyIn = (heading: string): Currency | null => {
  for (const word of heading.toUpperCase().split(/[\s()[\]/,.:]+/)) {
    const currency = currencyOf(word)
    if (currency !== null) return currency
  }
  return null
}

/** What a heading says of value added tax, as in `Hinta alv 0 %`. */
export const vatIn = (heading: string): 'excluded' | 'included' | null => {
  const text = heading.toLowerCase().replaceAll(/[\s.:()]+/g, ' ')
  if (/(alv|vat|moms) ?0 ?%|veroton|ilman alv|excl|exkl|utan moms/.test(text)) return 'excluded'
  return /sis(ältää)? alv|verollinen|incl|inkl/.test(text) ? 'included' : null
}

/** A date that a cell shows, as ISO 8601: `1.12.2026`, `01.12.2026` or ISO itself; null for anything else. */
export const readDate = (cell: string): string | null => {
  const text = cell.trim()
  const finnish = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text)
  const [year, month, day] = finnish
    ? [finnish[3], finnish[2], finnish[1]]
    : (/^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.slice(1) ?? [])
  if (year === undefined || month === undefined || day === undefined) return null
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const at = Date.parse(`${iso}T00:00:00Z`)
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== iso ? null : iso
}

/** `6,41E+12` is what a spreadsheet made of a long code; the digits are gone. */
export const isShortened = (code: string): boolean => /^\d([.,]\d+)?E\+\d+$/i.test(code.trim())

/** `#N/A`, `#REF!` and their like, in the languages of spreadsheet programs here. */
export const isErrorValue = (cell: string): boolean => /^#[\p{L}/0]{1,20}[!?]?[\p{L}/0]{0,20}[!?]?$/u.test(cell.trim())
