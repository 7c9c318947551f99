import { strToU8, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { readSheet, SHEET_LIMITS, type SheetLimits } from '../../src/actions/sheetRows.ts'
import { unpackPart, ZipFault } from '../../src/actions/zipPart.ts'
import { withParts, workbook, workbookOf } from '../workbooks.ts'

const rowsOf = async (bytes: Uint8Array, limits?: SheetLimits) => {
  const read = await readSheet(bytes, limits)
  return read.ok ? read.rows : read.fault
}

const styles = (...formats: string[]): Record<string, string> => ({
  'xl/styles.xml': `<styleSheet><numFmts>${formats
    .map((code, n) => `<numFmt numFmtId="${164 + n}" formatCode="${code}"/>`)
    .join('')}</numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${formats
    .map((_, n) => `<xf numFmtId="${164 + n}" xfId="0"/>`)
    .join('')}</cellXfs></styleSheet>`,
})

it('reads what a spreadsheet program writes: texts, numbers, dates and empty cells', async () => {
  const bytes = await workbook([
    ['Tuotenumero', 'Nimike', 'Hinta', 'Voimassa'],
    ['00123', 'Ruuvi 4×40 <"&\'>', 12.5, { value: new Date('2026-12-01T00:00:00Z'), type: Date, format: 'dd.mm.yyyy' }],
    [],
    ['00124', null, 1234567, true],
  ])
  expect(await rowsOf(bytes)).toEqual([
    ['Tuotenumero', 'Nimike', 'Hinta', 'Voimassa'],
    ['00123', 'Ruuvi 4×40 <"&\'>', '12.5', '2026-12-01'],
    [],
    ['00124', '', '1234567', 'TRUE'],
  ])
})

it('shows a number as its cell does: leading zeros, decimals, percents, and no noise of binary fractions', async () => {
  const bytes = workbookOf(
    '<row r="1"><c r="A1" s="1"><v>123</v></c><c r="B1" s="2"><v>12.345678</v></c><c r="C1" s="3"><v>0.255</v></c>' +
      '<c r="D1"><v>12.100000000000001</v></c><c r="E1" s="2"><f>B1*2</f><v>1.005</v></c><c r="F1"><v>6.412345678901E12</v></c></row>',
    styles('00000', '#,##0.00\\ &quot;€&quot;;[Red]-#,##0.00', '0.0%'),
  )
  expect(await rowsOf(bytes)).toEqual([['00123', '12.35', '25.5 %', '12.1', '1.01', '6412345678901']])
})

it('reads rich, inline, formula and escaped texts, and leaves reading aids out', async () => {
  const bytes = workbookOf(
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><r><t>Ku</t></r><r><t>mi</t></r></is></c>' +
      '<c r="C1" t="str"><f>"a"</f><v>a_x000A_b</v></c><c r="D1" t="e"><v>#N/A</v></c><c r="E1" t="str"><f>""</f><v></v></c></row>',
    {
      'xl/sharedStrings.xml':
        '<sst><si><r><t>Mutteri </t></r><r><t xml:space="preserve">M8 &amp; &#8364;</t></r><rPh sb="0" eb="1"><t>aid</t></rPh></si></sst>',
    },
  )
  expect(await rowsOf(bytes)).toEqual([['Mutteri M8 & €', 'Kumi', 'a\nb', '#N/A']])
})

it('reads the first sheet that people see, with prefixes, and dates counted from 1904', async () => {
  const bytes = workbookOf('', {
    'xl/workbook.xml':
      '<x:workbook xmlns:x="m" xmlns:r="o"><x:workbookPr date1904="1"/><x:sheets><x:sheet name="Laskenta" sheetId="1" state="hidden" r:id="rId9"/><x:sheet name="Hinnat" sheetId="2" r:id="rId1"/></x:sheets></x:workbook>',
    'xl/worksheets/sheet1.xml':
      '<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c s="1"><x:v>44896.5</x:v></x:c><x:c><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>',
    ...styles('d.m.yyyy h:mm'),
  })
  expect(await rowsOf(bytes)).toEqual([['2026-12-02T12:00', '7']])
})

const big = `<row r="1"><c r="A1" t="inlineStr"><is><t>${'0'.repeat(20_000_000)}</t></is></c></row>`

it.each<[string, () => Uint8Array, string, string]>([
  ['a text file', () => strToU8('email;name'), 'not_workbook', 'XLSX or CSV'],
  ['nothing', () => new Uint8Array(), 'not_workbook', 'XLSX or CSV'],
  ['another ZIP file', () => zipSync({ '../../evil.csv': strToU8('x') }), 'not_workbook', 'XLSX or CSV'],
  ['an XLS file', () => strToU8('\xd0\xcf\x11\xe0 old', true), 'old_workbook', 'save it as XLSX'],
  ['an XLSB file', () => zipSync({ 'xl/workbook.bin': strToU8('x') }), 'old_workbook', 'save it as XLSX'],
  [
    'a workbook with a password',
    () => strToU8(`\xd0\xcf\x11\xe0${'EncryptedPackage'.replaceAll(/./g, '$&\0')}`, true),
    'encrypted',
    'without one',
  ],
  [
    'an encrypted ZIP file',
    () => {
      const bytes = workbookOf('')
      bytes[6] = 1
      return bytes
    },
    'encrypted',
    'without one',
  ],
  ['a workbook with macros', () => workbookOf('', { 'xl/vbaProject.bin': 'x' }), 'macros', 'without them'],
  [
    'a macro workbook under another name',
    () =>
      workbookOf('', {
        '[Content_Types].xml': '<Types ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>',
      }),
    'macros',
    'without them',
  ],
  [
    'a workbook that links to others',
    () => workbookOf('', { 'xl/externalLinks/externalLink1.xml': '<x/>' }),
    'external_links',
    'break the links',
  ],
  ['a zip bomb', () => workbookOf(big), 'too_large', 'divide it'],
  [
    'a formula that was never calculated',
    () => workbookOf('<row r="7"><c r="C7"><f>A1*1.24</f><v></v></c></row>'),
    'formula',
    'Cell C7 has a formula without a value',
  ],
  [
    'a row number beyond any sheet',
    () => workbookOf('<row r="999999999"><c><v>1</v></c></row>'),
    'too_large',
    'divide',
  ],
  ['a column beyond any sheet', () => workbookOf('<row r="1"><c r="XFD1"><v>1</v></c></row>'), 'too_large', 'divide'],
  ['a row number that is none', () => workbookOf('<row r="x"><c><v>1</v></c></row>'), 'damaged', 'open it in Excel'],
  [
    'rows out of order',
    () => workbookOf('<row r="2"><c><v>1</v></c></row><row r="1"/>'),
    'damaged',
    'open it in Excel',
  ],
  ['a text that is not there', () => workbookOf('<row><c t="s"><v>9</v></c></row>'), 'damaged', 'open it in Excel'],
  [
    'XML that declares entities',
    () => workbookOf('', { 'xl/worksheets/sheet1.xml': '<!DOCTYPE x [<!ENTITY a "b">]><x/>' }),
    'damaged',
    'open it',
  ],
  ['XML that breaks off', () => workbookOf('<row><c'), 'damaged', 'open it in Excel'],
  ['an endless tag', () => workbookOf(`<row ${'a'.repeat(3_000_000)}`), 'damaged', 'open it in Excel'],
  [
    'an empty sheet',
    () => workbookOf('<row r="1048576"><c r="XFD1048576" s="1"/></row>'),
    'empty',
    'put the table there',
  ],
  ['half a file', () => workbookOf('<row><c><v>1</v></c></row>').slice(0, 700), 'damaged', 'open it in Excel'],
])('refuses %s and names the mend', async (_what, make, code, mend) => {
  const read = await readSheet(make(), { ...SHEET_LIMITS, unpacked: 10 * 1024 * 1024 })
  expect(read).toMatchObject({ ok: false, fault: { code, message: expect.stringContaining(mend) as string } })
})

it('refuses bytes that were damaged on the way, wherever the damage is, without ever failing otherwise', async () => {
  const bytes = await workbook([['Koodi', 'Hinta'], ...Array.from({ length: 50 }, (_, n) => [`0${n}`, n + 0.5])])
  for (let at = 0; at < bytes.length; at += 7) {
    const damaged = bytes.slice()
    damaged[at] = (damaged[at] ?? 0) ^ 0xff
    const read = await readSheet(damaged)
    if (!read.ok) expect(read.fault.message).not.toBe('')
  }
})

it('a part that lies about its size never unpacks to more than it said', async () => {
  const bytes = workbookOf(big)
  const lying = bytes.slice()
  const view = new DataView(lying.buffer)
  for (let at = 0; at + 46 < lying.length; at++) {
    if (view.getUint32(at, true) === 0x02014b50 && view.getUint32(at + 24, true) > 1_000_000)
      view.setUint32(at + 24, 100, true)
  }
  expect(await readSheet(lying)).toMatchObject({ ok: false, fault: { code: 'damaged' } })
})

it('reads the same rows whatever other parts the workbook has', async () => {
  const bytes = await workbook([['a'], ['b']])
  expect(await rowsOf(withParts(bytes, { 'xl/media/image1.png': new Uint8Array(2_000_000) }))).toEqual([['a'], ['b']])
})

it('refuses a sheet whose cells say far more than its file holds: a long text that many cells share', async () => {
  const long = 'a'.repeat(30_000)
  const cells = Array.from({ length: 200 }, (_, n) => `<row r="${n + 1}"><c r="A${n + 1}" t="s"><v>0</v></c></row>`)
  const shared = { 'xl/sharedStrings.xml': `<sst><si><t>${long}</t></si></sst>` }
  const bytes = workbookOf(cells.join(''), shared)
  expect(await rowsOf(bytes, { ...SHEET_LIMITS, unpacked: 1024 * 1024 })).toMatchObject({ code: 'too_large' })
  expect(await rowsOf(workbookOf(cells[0] ?? '', shared))).toEqual([[long]])
  const longer = { 'xl/sharedStrings.xml': `<sst><si><t>${'a'.repeat(32_768)}</t></si></sst>` }
  expect(await rowsOf(workbookOf(cells[0] ?? '', longer))).toMatchObject({ code: 'damaged', cell: 'A1' })
})

it('refuses tags within tags without end, and formats and rows that no spreadsheet program writes', async () => {
  const deep = '<t>x'.repeat(200_000)
  expect(await rowsOf(workbookOf(`<row><c t="inlineStr">${deep}`))).toMatchObject({ code: 'damaged' })
  const zeros = workbookOf('<row><c s="1"><v>1</v></c></row>', styles('0'.repeat(1000)))
  expect(await rowsOf(zeros)).toMatchObject({ code: 'damaged' })
  expect(await rowsOf(workbookOf('<row r="1.5"><c><v>1</v></c></row>'))).toMatchObject({ code: 'damaged' })
})

it('lets no control character in by its number', async () => {
  const cells = '<row><c t="inlineStr"><is><t>a&#0;b&#x1F;c&#xD800;d_x0000_e&#10;f</t></is></c></row>'
  expect(await rowsOf(workbookOf(cells))).toEqual([['a\ufffdb\ufffdc\ufffdd\ufffde\nf']])
})

it('P22 unpacks no part further than the table of contents says, so that a lie there costs nobody any time', async () => {
  const bytes = workbookOf('', { 'xl/workbook.xml': new Uint8Array(32 * 1024 * 1024) })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at + 28 < bytes.length; at++)
    if (view.getUint32(at, true) === 0x02014b50 && view.getUint32(at + 24, true) === 32 * 1024 * 1024)
      view.setUint32(at + 24, 1000, true)
  // Cut at what the lie says, the part would be the beginning of something: it is refused, not read.
  expect(() => unpackPart(bytes, 'xl/workbook.xml', 1000)).toThrow(ZipFault)
  expect(await rowsOf(bytes)).toMatchObject({ code: 'damaged' })
})
