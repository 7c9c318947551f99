import { describe, expect, it } from 'vitest'
import { findHeading, fitMapping, guessMapping, mappingFault } from '../../src/rules/priceColumns.ts'
import { readTable } from '../../src/rules/priceTable.ts'

const read = (table: string[][], decimals: 'point' | 'written' = 'written') => {
  const heading = findHeading(table, null)
  if (!heading) throw new Error('no heading')
  return readTable(table, heading, guessMapping(heading.headings), decimals)
}

describe('the columns', () => {
  it('are found below a title, by their words in three languages', () => {
    const table = [
      ['Hinnasto 2027'],
      [],
      ['Tuotenumero', 'Nimike', 'Yks.', 'Hinta alv 0 %', 'Pakkaus', 'Hinta alv 24 %'],
    ]
    const heading = findHeading(table, null)
    expect(heading?.row).toBe(2)
    expect(guessMapping(heading?.headings ?? []).map(({ field }) => field)).toEqual([
      'code',
      'name',
      'unit',
      'price',
      'extra',
      'skip',
    ])
    const fields = (headings: string[]) => guessMapping(headings).map(({ field }) => field)
    expect(fields(['Artikelnr', 'Benämning', 'Enhet', 'Pris'])).toEqual(['code', 'name', 'unit', 'price'])
    expect(fields(['Item no', 'Description', 'Unit', 'Unit price'])).toEqual(['code', 'name', 'unit', 'price'])
    expect(fields(['Koodi', 'Tuote', 'Yksikkö', 'Hinta'])).toEqual(['code', 'name', 'unit', 'price'])
    expect(fields(['EAN', 'Tuotteen nimi', 'Myyntihinta (€)'])).toEqual(['code', 'name', 'price'])
    expect(fields(['Nimi', 'Yksikköhinta'])).toEqual(['name', 'price'])
    expect(fields(['Tuotenumero', 'Nimi', 'Hinta ennen', 'Hinta'])).toEqual(['code', 'name', 'skip', 'price'])
  })

  it('are mapped once: a later file finds its way by its headings, and what changed is told', () => {
    const known = guessMapping(['Koodi', 'Nimike', 'Hinta', 'Väri'])
    expect(fitMapping(known, ['HINTA ', 'Koodi', 'Nimike', 'Väri'])).toEqual({
      mapping: [
        { heading: 'HINTA ', field: 'price' },
        { heading: 'Koodi', field: 'code' },
        { heading: 'Nimike', field: 'name' },
        { heading: 'Väri', field: 'extra' },
      ],
      missing: [],
      added: [],
    })
    expect(fitMapping(known, ['Koodi', 'Nimike', 'Uusi hinta'])).toMatchObject({
      missing: ['Hinta', 'Väri'],
      added: ['Uusi hinta'],
    })
  })

  it('need one price, and a code or a name', () => {
    expect(mappingFault(guessMapping(['Koodi', 'Nimike']))).toBe('no_price_column')
    expect(mappingFault([{ heading: 'x', field: 'price' }])).toBe('nothing_named')
    expect(
      mappingFault([
        { heading: 'x', field: 'price' },
        { heading: 'y', field: 'price' },
      ]),
    ).toBe('two_of_a_field')
    expect(mappingFault(guessMapping(['Koodi', 'Hinta']))).toBeNull()
  })
})

describe('the rows', () => {
  it('keep leading zeros, headings between products, dates and free columns', () => {
    const result = read([
      ['Koodi', 'Nimike', 'Yksikkö', 'Hinta (€)', 'Saatavilla'],
      ['', 'Ruuvit'],
      ['00123', 'Ruuvi  4×40', 'ltk', '1 234,50', '1.12.2026'],
      ['', '', '', '', ''],
      ["'=1+1", 'Mutteri', 'kpl', '0,05', 'heti'],
    ])
    expect(result).toEqual({
      ok: true,
      rows: [
        { heading: 'Ruuvit' },
        { code: '00123', name: 'Ruuvi 4×40', unit: 'ltk', price: '1234.5', extra: ['2026-12-01'] },
        { code: '=1+1', name: 'Mutteri', unit: 'kpl', price: '0.05', extra: ['heti'] },
      ],
      facts: {
        products: 2,
        currency: 'EUR',
        vat: null,
        shows: { code: true, name: true, unit: true },
        extra: ['Saatavilla'],
        decimals: 'written',
      },
    })
  })

  it('are exact or refused, each fault with its row, column and value as the spreadsheet shows them', () => {
    const result = read([
      ['Hinnasto'],
      ['Koodi', 'Nimike', 'Hinta'],
      ['1', 'Ruuvi', ''],
      ['2', 'Mutteri', '1.234'],
      ['6,41E+12', 'Aluslevy', '1,00'],
      ['', '', '5,00'],
      ['4', '#PUUTTUU!', '5,00'],
      ['5', 'Naula', '10 kr'],
      ['6', 'Lista', '10 €'],
      ['7', 'x'.repeat(400), '10 kr'],
    ])
    expect(result).toEqual({
      ok: false,
      faults: [
        { code: 'price_missing', row: 3, column: 'C', heading: 'Hinta', value: '' },
        { code: 'price_ambiguous', row: 4, column: 'C', heading: 'Hinta', value: '1.234' },
        { code: 'code_shortened', row: 5, column: 'A', heading: 'Koodi', value: '6,41E+12' },
        { code: 'row_unnamed', row: 6, column: 'A', heading: 'Koodi', value: '' },
        { code: 'error_value', row: 7, column: 'B', heading: 'Nimike', value: '#PUUTTUU!' },
        { code: 'currency_mixed', row: 9, column: 'C', heading: 'Hinta', value: '10 €' },
        { code: 'text_too_long', row: 10, column: 'B', heading: 'Nimike', value: 'x'.repeat(40) },
      ],
    })
  })

  it('a price list without products is refused', () => {
    expect(
      read([
        ['Koodi', 'Hinta'],
        ['Otsikko', ''],
      ]),
    ).toEqual({ ok: false, faults: [{ code: 'no_rows' }] })
    const many = Array.from({ length: 20_001 }, () => ['1', '2'])
    expect(read([['Koodi', 'Hinta'], ...many])).toEqual({ ok: false, faults: [{ code: 'too_many_rows' }] })
  })
})

it('keeps of a heading what people can read, and no more than a heading is long', () => {
  const table = [
    ['Koodi', 'Hinta', 'Pak\u0000kaus\u0085koko', 'x'.repeat(50_000)],
    ['1', '2,00', 'a', 'b'],
  ]
  const heading = findHeading(table, null)
  expect(heading?.headings).toEqual(['Koodi', 'Hinta', 'Pak kaus koko', 'x'.repeat(200)])
  const mapping = guessMapping(heading?.headings ?? [])
  expect(fitMapping(mapping, findHeading(table, mapping)?.headings ?? [])).toEqual({ mapping, missing: [], added: [] })
  expect(read(table)).toMatchObject({ ok: true, facts: { extra: ['Pak kaus koko', 'x'.repeat(200)] } })
})
