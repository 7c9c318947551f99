/** How a spreadsheet shows a number: a date, or digits with so many decimals and a percent sign perhaps. */
export type CellFormat =
  | { kind: 'general' }
  | { kind: 'date' }
  | { kind: 'number'; digits: number; least: number; most: number; percent: boolean }

const GENERAL: CellFormat = { kind: 'general' }
const DATE: CellFormat = { kind: 'date' }

/**
 * Reads a number format (ECMA-376 part 1, 18.8.30 and 18.8.31).
 * @param id of the format; those below 164 are built in
 * @param code the format's own code, where the file has one
 */
export const cellFormat = (id: number, code: string | null): CellFormat => {
  if (code === null && isBuiltInDate(id)) return DATE
  const written = code ?? BUILT_IN[id]
  if (written === undefined) return GENERAL
  // The first section is for positive numbers; what is quoted, escaped, coloured or only keeps a width shows no digit.
  const [first = ''] = written.replaceAll(/"[^"]*"|\\.|[_*]./g, '').split(';')
  const bare = first.replaceAll(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
  if (/general|@/i.test(bare)) return GENERAL
  if (/[dmyhs]/i.test(bare)) return DATE
  // Fractions and powers of ten are read as the numbers they are.
  const match = /[#0?][#0?, ]*(?:\.([#0?]+))?/.exec(bare)
  if (match === null || /[/e]/i.test(bare)) return GENERAL
  const decimals = match[1] ?? ''
  return {
    kind: 'number',
    digits: (match[0].split('.')[0] ?? '').replaceAll(/[^0]/g, '').length,
    least: decimals.replaceAll(/[^0]/g, '').length,
    most: Math.min(decimals.length, 15),
    percent: bare.includes('%'),
  }
}

const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)

const BUILT_IN: Readonly<Record<number, string | undefined>> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  5: '#,##0',
  6: '#,##0',
  7: '#,##0.00',
  8: '#,##0.00',
  9: '0%',
  10: '0.00%',
  37: '#,##0',
  38: '#,##0',
  39: '#,##0.00',
  40: '#,##0.00',
  41: '#,##0',
  42: '#,##0',
  43: '#,##0.00',
  44: '#,##0.00',
}

/**
 * A number as the sheet shows it, with a point and without groups: leading zeros and decimals of its format kept, the noise
 * of binary fractions gone. Dates are ISO 8601.
 * @param value as the file has it, perhaps with an exponent
 * @returns null where it is no number
 */
export const shownNumber = (value: string, format: CellFormat, from1904: boolean): string | null => {
  const number = Number(value)
  if (value.trim() === '' || !Number.isFinite(number)) return null
  if (format.kind === 'date') return shownDate(number + (from1904 ? DAYS_1900_TO_1904 : 0)) ?? plainNumber(number)
  if (format.kind === 'general') return plainNumber(number)
  const shown = rounded(format.percent ? number * 100 : number, format.most)
  const [whole = '', decimals = ''] = shown.replace('-', '').split('.')
  const kept = decimals.replace(/0+$/, '').padEnd(format.least, '0')
  const text = whole.padStart(format.digits, '0') + (kept === '' ? '' : `.${kept}`)
  return `${number < 0 && /[1-9]/.test(text) ? '-' : ''}${text}${format.percent ? ' %' : ''}`
}

/** Spreadsheets keep 15 digits. */
const plainNumber = (number: number): string => {
  const kept = Number(number.toPrecision(15))
  return Math.abs(kept) < 1e21 && (kept === 0 || Math.abs(kept) >= 1e-6)
    ? String(kept)
    : kept.toFixed(15).replace(/\.?0+$/, '')
}

/** Rounded half away from zero, as spreadsheets do, on the decimal digits that they show. */
const rounded = (number: number, decimals: number): string => {
  const [mantissa = '0', exponent = '0'] = Math.abs(Number(number.toPrecision(15)))
    .toExponential()
    .split('e')
  const scaled = Math.round(Number(`${mantissa}e${Number(exponent) + decimals}`))
  return Number.isSafeInteger(scaled) ? fixed(scaled, decimals) : plainNumber(Math.abs(number))
}

const fixed = (scaled: number, decimals: number): string => {
  const digits = String(scaled).padStart(decimals + 1, '0')
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

const DAYS_1900_TO_1904 = 1462
const DAYS_1900_TO_1970 = 25_569
/** 9999-12-31 */
const LAST_DAY = 2_958_465
const SECONDS = 86_400

/** Serial days since 1900, which counts a 29 February 1900 that never was. */
const shownDate = (serial: number): string | null => {
  const seconds = Math.round(serial * SECONDS)
  const day = Math.floor(seconds / SECONDS)
  if (day < 0 || day > LAST_DAY) return null
  const time = new Date((seconds - day * SECONDS) * 1000).toISOString().slice(11, 19).replace(/:00$/, '')
  if (day === 0) return time
  const date = new Date((day - DAYS_1900_TO_1970 + (day < 60 ? 1 : 0)) * SECONDS * 1000).toISOString().slice(0, 10)
  return seconds % SECONDS === 0 ? date : `${date}T${time}`
}

/** What a column is called: 1 is A, 28 is AB. */
export const columnName = (column: number): string =>
  column <= 0 ? '' : columnName(Math.floor((column - 1) / 26)) + String.fromCharCode(65 + ((column - 1) % 26))
