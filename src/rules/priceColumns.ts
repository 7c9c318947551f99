/** How the columns of a table are read, and how a later file finds its way into the same columns. */

export const columnFields = ['code', 'name', 'unit', 'price', 'extra', 'skip'] as const
/** `extra` columns are shown as they are, under their own heading. */
export type ColumnField = (typeof columnFields)[number]

/** One entry for each heading, in the order of the table. */
export type Mapping = { heading: string; field: ColumnField }[]

/** Headings in a table's own words; `row` is the index of the row they stand in. */
export type Heading = { row: number; headings: string[] }

export const columnLimits = { columns: 40, extra: 6, headingRows: 30, heading: 200 } as const

/** Each is the beginning of a heading; no letter follows. */
const WORDS: Record<'code' | 'name' | 'unit' | 'price', RegExp> = {
  price:
    /^((netto|brutto|ovh|myynti|yksikkö|lista|svh)[- ]?)?(hinta|hinnat|a-hinta)(?!\p{L})|^(pris|à-pris|styckpris|listpris|nettopris|price|unit price|list price|net price)(?!\p{L})/u,
  code: /^(tuote|nimike|artikkeli|tuotteen )?-?(koodi|numero|nro|no|tunnus)(?!\p{L})|^(ean|sku|gtin|code|item|product|article|art|artikel|produkt)( ?-?(code|number|no|nr|nro|nummer|kod))(?!\p{L})|^(ean|sku|gtin|id|kod|artikelnr|artikelnummer|produktkod|tuotekoodi|tuotenumero|tuotenro|lvi-?(nro|numero)|snro)(?!\p{L})/u,
  unit: /^(yksikkö|yks|my|myyntiyksikkö|enhet|unit|uom|försäljningsenhet)(?!\p{L})/u,
  name: /^(tuote|nimike|nimi|tuotenimi|tuotteen nimi|nimitys|kuvaus|selite|artikkeli|benämning|namn|produkt|artikel|beskrivning|name|product|item|description|product name)(?!\p{L})/u,
}

/** A heading without what differs between two files that mean the same. */
const bare = (heading: string): string =>
  heading
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\p{White_Space}\p{Cf}]+/gu, ' ')
    .trim()

/** A price that is no longer asked. */
const OLD = /(?<!\p{L})(ennen|vanha|aiempi|entinen|edellinen|old|previous|before|gammalt?|tidigare|förra)(?!\p{L})/u

const fieldOf = (heading: string): 'code' | 'name' | 'unit' | 'price' | null => {
  const text = bare(heading).replaceAll(/[.:]+/g, ' ').replaceAll(/\s+/g, ' ').trim()
  for (const field of ['price', 'code', 'unit', 'name'] as const) if (WORDS[field].test(text)) return field
  return null
}

/**
 * Finds the row of the headings: the first in which known words stand, a price among them at best; else the first with two
 * filled cells. What stands above it (a title, a date) is left out.
 */
export const findHeading = (rows: readonly string[][], known: Mapping | null): Heading | null => {
  const first = rows.slice(0, columnLimits.headingRows)
  const headingsOf = (row: number): Heading => ({ row, headings: trimmed(rows[row] ?? []) })
  if (known !== null) {
    const wanted = new Set(known.filter(({ field }) => field !== 'skip').map(({ heading }) => bare(heading)))
    const counts = first.map((cells) => trimmed(cells).filter((cell) => wanted.has(bare(cell))).length)
    const most = Math.max(0, ...counts)
    if (most >= Math.min(2, wanted.size)) return headingsOf(counts.indexOf(most))
  }
  const knownFields = first.map((cells) => new Set(cells.map(fieldOf).filter((field) => field !== null)))
  const best = knownFields.findIndex((fields) => fields.has('price') && fields.size > 1)
  if (best !== -1) return headingsOf(best)
  const filled = first.findIndex((cells) => cells.filter((cell) => cell.trim() !== '').length >= 2)
  return filled === -1 ? null : headingsOf(filled)
}

/** Headings stand in messages and are remembered, so each is one short line. */
const trimmed = (cells: readonly string[]): string[] => {
  const headings = cells.map((cell) =>
    cell
      .replaceAll(/[\p{Cc}\s]+/gu, ' ')
      .trim()
      .slice(0, columnLimits.heading)
      .trim(),
  )
  while (headings.at(-1) === '') headings.pop()
  return headings
}

/** What the headings themselves say; each field once, unknown ones as they are. */
export const guessMapping = (headings: readonly string[]): Mapping => {
  const taken = new Set<ColumnField>()
  let extras = 0
  return headings.map((heading) => {
    const field = fieldOf(heading)
    if (field !== null && !taken.has(field) && !(field === 'price' && OLD.test(bare(heading)))) {
      taken.add(field)
      return { heading, field }
    }
    // A second price (an old one, or one with tax) is no column to guess about.
    if (heading === '' || field !== null || extras === columnLimits.extra) return { heading, field: 'skip' }
    extras += 1
    return { heading, field: 'extra' }
  })
}

export type Fitted = {
  mapping: Mapping
  /** Headings that the remembered mapping has and this table has not. */
  missing: string[]
  /** Headings that the remembered mapping does not know; they are left out until somebody says what they are. */
  added: string[]
}

/** The remembered mapping on the headings of another file: by their words, wherever they stand now. */
export const fitMapping = (known: Mapping, headings: readonly string[]): Fitted => {
  const left = known.filter(({ heading }) => heading !== '').map((one) => ({ ...one, key: bare(one.heading) }))
  const added: string[] = []
  const mapping = headings.map((heading) => {
    const at = left.findIndex(({ key }) => key === bare(heading))
    if (at === -1) {
      if (heading !== '') added.push(heading)
      return { heading, field: 'skip' as const }
    }
    const [found] = left.splice(at, 1)
    return { heading, field: found?.field ?? 'skip' }
  })
  return { mapping, missing: left.filter(({ field }) => field !== 'skip').map(({ heading }) => heading), added }
}

export type MappingFault = 'no_price_column' | 'two_of_a_field' | 'nothing_named' | 'too_many_extra'

/** Whether rows can be read by a mapping: one price, and a code or a name. */
export const mappingFault = (mapping: Mapping): MappingFault | null => {
  const count = (field: ColumnField) => mapping.filter((one) => one.field === field).length
  if (count('price') === 0) return 'no_price_column'
  if ((['code', 'name', 'unit', 'price'] as const).some((field) => count(field) > 1)) return 'two_of_a_field'
  if (count('code') + count('name') === 0) return 'nothing_named'
  return count('extra') > columnLimits.extra ? 'too_many_extra' : null
}
