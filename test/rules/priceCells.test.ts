import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { currencyIn, isErrorValue, isShortened, readDate, readPrice, vatIn } from '../../src/rules/priceCells.ts'

describe('a price', () => {
  it.each([
    ['12', '12', null],
    ['12,50', '12.5', null],
    ['12.50', '12.5', null],
    ['1 234,50', '1234.5', null],
    ['1\u00a0234,50', '1234.5', null],
    ['1\u202f234\u202f567,5', '1234567.5', null],
    ["1'234,50", '1234.5', null],
    ['1.234,50 €', '1234.5', 'EUR'],
    ['1,234.50', '1234.5', null],
    ['1.234.567', '1234567', null],
    ['0,045', '0.045', null],
    ['0.125', '0.125', null],
    ['1,234', '1.234', null],
    ['007,10', '7.1', null],
    ['0', '0', null],
    ['€ 12,50', '12.5', 'EUR'],
    ['EUR 12,50', '12.5', 'EUR'],
    ['12,50 eur', '12.5', 'EUR'],
    ['12,50€', '12.5', 'EUR'],
    ['99 kr', '99', 'SEK'],
    ['99 kr.', '99', 'SEK'],
    ['\u200b12,50\ufeff', '12.5', null],
    ['１２,５０', '12.5', null],
  ])('reads %j', (cell, price, currency) => {
    expect(readPrice(cell, 'written')).toEqual({ ok: true, price, currency })
  })

  it.each([
    ['', 'price_missing'],
    [' \u00a0 ', 'price_missing'],
    ['1.234', 'price_ambiguous'],
    ['-5,00', 'price_negative'],
    ['−5', 'price_negative'],
    ['sopimuksen mukaan', 'price_unreadable'],
    ['12 34', 'price_unreadable'],
    ['12,5,0', 'price_unreadable'],
    ['12,50 €/kpl', 'price_unreadable'],
    ['12 abc', 'price_unreadable'],
    ['1e5', 'price_unreadable'],
    ['0x1F', 'price_unreadable'],
    ['Infinity', 'price_unreadable'],
    ['10 000 000 000', 'price_too_large'],
    ['0,1234567', 'price_too_large'],
  ])('refuses %j', (cell, code) => {
    expect(readPrice(cell, 'written')).toEqual({ ok: false, code })
  })

  it('is no question of thousands where a workbook gave the number', () => {
    expect(readPrice('1.234', 'point')).toEqual({ ok: true, price: '1.234', currency: null })
  })

  it('is the same number however it is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), fc.integer({ min: 0, max: 99 }), (whole, cents) => {
        const groups = String(whole).replaceAll(/\B(?=(\d{3})+$)/g, '\u00a0')
        const written = readPrice(`${groups},${String(cents).padStart(2, '0')} €`, 'written')
        expect(written.ok && Number(written.price)).toBeCloseTo(whole + cents / 100, 6)
      }),
    )
  })

  it('never fails on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof readPrice(text, 'written').ok === 'boolean'))
  })
})

it.each([
  ['1.12.2026', '2026-12-01'],
  ['01.02.2026', '2026-02-01'],
  ['2026-12-01', '2026-12-01'],
  ['29.2.2028', '2028-02-29'],
  ['30.2.2026', null],
  ['1.13.2026', null],
  ['12.2026', null],
  ['1/12/2026', null],
  ['huomenna', null],
])('reads the date %j as %j', (cell, date) => {
  expect(readDate(cell)).toBe(date)
})

it('headings tell currency and tax', () => {
  expect(['Hinta (€)', 'Pris SEK', 'Hinta, EUR/kpl', 'Hinta'].map(currencyIn)).toEqual(['EUR', 'SEK', 'EUR', null])
  expect(['Hinta alv 0 %', 'Hinta (veroton)', 'Pris exkl. moms', 'Hinta sis. alv', 'Price'].map(vatIn)).toEqual([
    'excluded',
    'excluded',
    'excluded',
    'included',
    null,
  ])
})

it('knows codes that a spreadsheet shortened and cells that hold an error', () => {
  expect(['6,41E+12', '6.41E+12', '641', 'E12'].map(isShortened)).toEqual([true, true, false, false])
  expect(['#N/A', '#REF!', '#PUUTTUU!', '#JAKO/0!', '#12', 'A#1'].map(isErrorValue)).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ])
})

it('tells an error value from a long text at once', () => {
  // Looked at again from each of its characters it would take minutes.
  expect(isErrorValue(`#${'A'.repeat(1_000_000)}.`)).toBe(false)
})
