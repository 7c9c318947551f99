import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { csvLine, plainCell, splitCsv } from '../../src/rules/csv.ts'

const rows = (text: string, separator = ',') => splitCsv(text, separator, true).records.map(({ cells }) => cells)

describe('splitting CSV', () => {
  it.each([
    [
      'comma in quotes',
      'first,address\nJohn,"120 any st., Anytown"\n',
      [
        ['first', 'address'],
        ['John', '120 any st., Anytown'],
      ],
    ],
    [
      'empty cells',
      'a,b,c\n1,"",""\n2,3,4',
      [
        ['a', 'b', 'c'],
        ['1', '', ''],
        ['2', '3', '4'],
      ],
    ],
    [
      'escaped quotes',
      'a,b\n1,"ha ""ha"" ha"\n3,4\n',
      [
        ['a', 'b'],
        ['1', 'ha "ha" ha'],
        ['3', '4'],
      ],
    ],
    [
      'JSON in a cell',
      'key,val\n1,"{""type"": ""Point"", ""coordinates"": [102.0, 0.5]}"\n',
      [
        ['key', 'val'],
        ['1', '{"type": "Point", "coordinates": [102.0, 0.5]}'],
      ],
    ],
    [
      'line ends in quotes',
      'a,b\n"Once upon\na time",5\n',
      [
        ['a', 'b'],
        ['Once upon\na time', '5'],
      ],
    ],
    [
      'quotes and line ends',
      'a,b\n1,"ha \n""ha"" \nha"\n',
      [
        ['a', 'b'],
        ['1', 'ha \n"ha" \nha'],
      ],
    ],
    [
      'the plain case',
      'a,b,c\n1,2,3\n',
      [
        ['a', 'b', 'c'],
        ['1', '2', '3'],
      ],
    ],
    [
      'letters of many scripts',
      'a,b\n4,ʤ\n',
      [
        ['a', 'b'],
        ['4', 'ʤ'],
      ],
    ],
    [
      'no line end at the end',
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'empty last cell without line end',
      'a,b\n1,',
      [
        ['a', 'b'],
        ['1', ''],
      ],
    ],
    ['an empty line', 'a\n\nb\n', [['a'], [''], ['b']]],
    ['a quote within a cell', '5" pipe,b\n', [['5" pipe', 'b']]],
    [
      'spaces behind a closing quote',
      '"a"  ,"b" \nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['nothing', '', []],
  ])('reads %s', (_, text, expected) => {
    expect(rows(text)).toEqual(expected)
  })

  it('reads whatever a well-formed file holds, as Papa Parse does', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'ä', '"', ',', ';', '\n', ' ', '=', "'"), maxLength: 6 })
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }),
        fc.constantFrom(',', ';'),
        (data, separator) => {
          const text = Papa.unparse(data, { delimiter: separator, newline: '\n' })
          expect(rows(text, separator)).toEqual(Papa.parse(text, { delimiter: separator, newline: '\n' }).data)
          expect(rows(text, separator)).toEqual(data)
        },
      ),
    )
  })

  it('reads a file that comes in pieces as it reads the whole', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' '), maxLength: 60 })
    fc.assert(
      fc.property(text, fc.nat(60), (whole, cut) => {
        const first = splitCsv(whole.slice(0, cut), ',', false)
        const rest = splitCsv(whole.slice(first.consumed), ',', true)
        const all = splitCsv(whole, ',', true)
        expect([...first.records, ...rest.records]).toEqual(all.records)
        expect(rest.open).toBe(all.open)
      }),
    )
  })

  it('says when a quote is never closed', () => {
    expect(splitCsv('a,b\n"c,d\ne,f\n', ',', true)).toEqual({
      records: [{ cells: ['a', 'b'], stray: false }],
      consumed: 4,
      open: true,
    })
  })

  it('marks a row with text behind a closing quote, and reads the next one as it stands', () => {
    expect(splitCsv('"a"b,c\nd,e\n', ',', true).records).toEqual([
      { cells: ['a', 'c'], stray: true },
      { cells: ['d', 'e'], stray: false },
    ])
  })
})

describe('writing CSV', () => {
  it('T16 leaves no cell that a spreadsheet takes for a formula', () => {
    for (const cell of ['=1+1', '+358401234567', '-1', '@SUM(A1)', '\tx', '\rx', '＝1', '＋1', '－1', '＠1', "'=1"])
      expect(csvLine([cell])).toBe(`"'${cell}"\r\n`)
    expect(csvLine(['a=1', 'x', 5, null])).toBe('"a=1","x","5",""\r\n')
  })

  it('is undone by reading, whatever the cells hold', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom("'", '=', '+', '"', ',', '\n', '\t', 'a') }),
    )
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 5 }), (cells) => {
        const line = csvLine(cells).slice(0, -2)
        expect(splitCsv(line, ',', true).records.map((record) => record.cells.map(plainCell))).toEqual([cells])
      }),
    )
  })
})
