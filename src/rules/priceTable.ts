import { columnName } from './cellText.ts'
import { plainCell } from './csv.ts'
import { currencyIn, isErrorValue, isShortened, readDate, readPrice, vatIn } from './priceCells.ts'
import type { Currency, Decimals, PriceFaultCode } from './priceCells.ts'
import { columnLimits, type ColumnField, type Heading, type Mapping, type MappingFault } from './priceColumns.ts'
import { cleanText } from './text.ts'

/** One row of a price list: a product with its price, or a heading between products. `price` is as `readPrice` makes it. */
export type PriceRow =
  | { heading: string }
  | { code: string; name: string; unit: string; price: string; extra: string[] }
export type Product = Exclude<PriceRow, { heading: string }>

/** What is true of all rows. */
export type TableFacts = {
  /** products, without headings between them */
  products: number
  currency: Currency
  vat: 'excluded' | 'included' | null
  shows: { code: boolean; name: boolean; unit: boolean }
  /** headings of the extra columns */
  extra: string[]
  /** how decimals stand in extra columns */
  decimals: Decimals
}

/** What is wrong with a file, where, and (in words elsewhere) the mend. `row` and `column` are as a spreadsheet shows them. */
export type PriceFault = {
  code:
    | PriceFaultCode
    | MappingFault
    | 'no_heading'
    | 'no_rows'
    | 'too_many_rows'
    | 'too_many_columns'
    | 'currency_mixed'
    | 'code_shortened'
    | 'error_value'
    | 'text_too_long'
    | 'row_unnamed'
  row?: number
  column?: string
  heading?: string
  value?: string
}

export type TableResult = { ok: true; rows: PriceRow[]; facts: TableFacts } | { ok: false; faults: PriceFault[] }

export const tableLimits = { rows: 20_000, text: 300, faults: 50 } as const

/**
 * Reads the rows below the headings. A price list is exact or it is none: whatever cannot be read is named with its row, column
 * and value, and nothing is left out silently. A row with one text and no price is a heading between products.
 */
export const readTable = (
  table: readonly string[][],
  { row: headingRow, headings }: Heading,
  mapping: Mapping,
  decimals: Decimals,
): TableResult => {
  if (headings.length > columnLimits.columns) return { ok: false, faults: [{ code: 'too_many_columns' }] }
  const body = table.slice(headingRow + 1)
  if (body.length > tableLimits.rows) return { ok: false, faults: [{ code: 'too_many_rows' }] }
  const columns = columnsOf(mapping)
  const faults: PriceFault[] = []
  const rows: PriceRow[] = []
  let currency = columns.price === null ? null : currencyIn(mapping[columns.price]?.heading ?? '')
  body.forEach((cells, index) => {
    const row = headingRow + index + 2
    const fault = (column: number | null, code: PriceFault['code']) => {
      if (column === null) return void faults.push({ code, row })
      faults.push({
        code,
        row,
        column: columnName(column + 1),
        heading: mapping[column]?.heading ?? '',
        value: (cells[column] ?? '').slice(0, 40),
      })
    }
    const used = mapping.flatMap(({ field }, column) => (field === 'skip' ? [] : [column]))
    const filled = used.filter((column) => (cells[column] ?? '').trim() !== '')
    if (filled.length === 0) return
    const texts = (column: number | null): string => {
      if (column === null) return ''
      const clean = cleanText(plainCell(cells[column] ?? ''), { field: '', max: tableLimits.text, optional: true })
      if (!clean.ok) fault(column, 'text_too_long')
      return clean.ok ? clean.value.replaceAll(/\s+/g, ' ') : ''
    }
    const [only] = filled
    if (filled.length === 1 && (only === columns.name || only === columns.code))
      return void rows.push({ heading: texts(only) })
    for (const column of filled) if (isErrorValue(cells[column] ?? '')) return fault(column, 'error_value')
    const price = readPrice(columns.price === null ? '' : plainCell(cells[columns.price] ?? ''), decimals)
    if (!price.ok) return fault(columns.price, price.code)
    if (price.currency !== null && currency !== null && price.currency !== currency)
      return fault(columns.price, 'currency_mixed')
    currency = price.currency ?? currency
    const product: Product = {
      code: texts(columns.code),
      name: texts(columns.name),
      unit: texts(columns.unit),
      price: price.price,
      extra: columns.extra.map((column) => readDate(cells[column] ?? '') ?? texts(column)),
    }
    if (product.code === '' && product.name === '') return fault(columns.code ?? columns.name, 'row_unnamed')
    if (isShortened(product.code)) return fault(columns.code, 'code_shortened')
    rows.push(product)
  })
  const products = rows.filter((row) => !('heading' in row)).length
  if (faults.length > 0) return { ok: false, faults: faults.slice(0, tableLimits.faults) }
  if (products === 0) return { ok: false, faults: [{ code: 'no_rows' }] }
  const facts: TableFacts = {
    products,
    currency: currency ?? 'EUR',
    vat: columns.price === null ? null : vatIn(mapping[columns.price]?.heading ?? ''),
    shows: { code: columns.code !== null, name: columns.name !== null, unit: columns.unit !== null },
    extra: columns.extra.map((column) => mapping[column]?.heading ?? ''),
    decimals,
  }
  return { ok: true, rows, facts }
}

const columnsOf = (mapping: Mapping) => {
  const of = (field: ColumnField): number | null => {
    const at = mapping.findIndex((one) => one.field === field)
    return at === -1 ? null : at
  }
  const extra = mapping.flatMap((one, column) => (one.field === 'extra' ? [column] : []))
  return { code: of('code'), name: of('name'), unit: of('unit'), price: of('price'), extra }
}
