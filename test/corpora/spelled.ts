import { strToU8, zipSync } from 'fflate'
import { expect } from 'vitest'
import type { Tables } from '../../src/store/tables.ts'
import type { TestApp } from '../app.ts'
import type { Screen } from '../adminScreens.ts'
import { inputs } from '../inputs.ts'
import { workbookOf } from '../workbooks.ts'

export type Content = string | Uint8Array

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : part)))
const zip = (name: string) => bytes('PK', [3, 4, 20, 0, 0, 0, 8, 0], name, [0, 255, 0])
const utf16 = (text: string, order: 'le' | 'be', mark: boolean) => {
  const buffer = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le')
  return Uint8Array.from(order === 'le' ? buffer : buffer.swap16())
}

/** The files of class F that are refused whatever they are meant for. @param good a table with a header, commas and one row */
export function refusedFiles(good: string): Record<string, Content> {
  const given = (id: string) => (inputs('F').find((line) => line.id === id)?.in ?? '') as Content
  return {
    F001: '',
    F002: `${good.split('\n')[0]}\n`,
    F004: given('F004'),
    F010: given('F010'),
    F011: given('F011'),
    F013: zip('../../evil.csv'),
    F014: zip('/etc/evil.csv'),
    F015: zip('link'),
    F017: zip('42.csv'),
    F020: bytes('PK', [3, 4, 20, 0, 1, 0]),
    F021: utf16(good, 'le', false),
    F026: '<!DOCTYPE html>\n<html><body>Hinta</body></html>\n',
  }
}

/** The same table as class F has it accepted. */
export function acceptedFiles(good: string): Record<string, Content> {
  const [header = '', row = ''] = good.split('\n')
  return {
    F030: `\ufeff${good}`,
    F031: utf16(good, 'le', true),
    F032: utf16(good, 'be', true),
    F036: good,
    F037: good.replaceAll('\n', '\r'),
    F041: good.replaceAll(',', '|'),
    F043: `${header}\n${row
      .split(',')
      .map((cell) => `"${cell}"`)
      .join(',')}\n`,
    F048: `${header}\n\n\n${row}\n\n`,
    F050: `${header.split(',').join('  , ')} \n${row}\n`,
    F051: good.trimEnd(),
  }
}

const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`
const relations = (target: string, mode = '') =>
  `<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="${target}"${mode}/></Relationships>`

/**
 * Workbooks that mean harm, each with the row that a good one would have. `mend`: what the Finnish and the English answer say.
 * @param header and row: cells of a table that would be taken
 */
export function hostileWorkbooks(header: readonly string[], row: readonly string[]) {
  const rows = [header, row].map((cells) => `<row>${cells.map(cell).join('')}</row>`).join('')
  const sheet = 'xl/worksheets/sheet1.xml'
  const laughs = `<!DOCTYPE x [<!ENTITY a "ha">${Array.from({ length: 9 }, (_, n) => `<!ENTITY a${n} "${`&a${n === 0 ? '' : n - 1};`.repeat(10)}">`).join('')}]>`
  const made: [name: string, make: () => Uint8Array, mend: { fi: RegExp; en: RegExp }][] = [
    [
      'a sheet that unpacks to 70 MB',
      () => workbookOf(rows, { [sheet]: new Uint8Array(70 * 1024 * 1024).fill(32) }),
      { fi: /liian suuri: jaa/, en: /divide it/ },
    ],
    [
      'an entity bomb',
      () => workbookOf('', { [sheet]: `${laughs}<worksheet><sheetData>${rows}&a8;</sheetData></worksheet>` }),
      { fi: /vioittunut: avaa/, en: /damaged: open/ },
    ],
    [
      'an entity that is a file',
      () =>
        workbookOf('', {
          [sheet]: `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet><sheetData>${rows.replace(header[0] ?? '', '&a;')}</sheetData></worksheet>`,
        }),
      { fi: /vioittunut: avaa/, en: /damaged: open/ },
    ],
    ['macros', () => workbookOf(rows, { 'xl/vbaProject.bin': 'x' }), { fi: /makroja/, en: /without them/ }],
    [
      'macros of Excel 4',
      () => workbookOf(rows, { 'xl/macrosheets/sheet1.xml': '<x/>' }),
      { fi: /makroja/, en: /without them/ },
    ],
    [
      'links to other workbooks',
      () => workbookOf(rows, { 'xl/externalLinks/externalLink1.xml': '<x/>' }),
      { fi: /katkaise linkit/, en: /break the links/ },
    ],
    [
      'a sheet that lies elsewhere on the disk',
      () => workbookOf(rows, { 'xl/_rels/workbook.xml.rels': relations('../../../etc/passwd') }),
      { fi: /vioittunut: avaa/, en: /damaged: open/ },
    ],
    [
      'a sheet that lies on the network',
      () =>
        workbookOf(rows, { 'xl/_rels/workbook.xml.rels': relations('http://127.0.0.1:9/x', ' TargetMode="External"') }),
      { fi: /vioittunut: avaa/, en: /damaged: open/ },
    ],
    [
      'a value in row 1,048,576',
      () => workbookOf(`${rows}<row r="1048576"><c r="A1048576"><v>1</v></c></row>`),
      { fi: /liian suuri: jaa/, en: /divide it/ },
    ],
    [
      'a formula that was never calculated',
      () => workbookOf(`${rows}<row r="3"><c r="A3"><f>WEBSERVICE("http://127.0.0.1:9/")</f></c></row>`),
      { fi: /olu A3|olun A3/, en: /[Cc]ell A3/ },
    ],
    [
      'a password',
      () => strToU8(`\xd0\xcf\x11\xe0${'EncryptedPackage'.replaceAll(/./g, '$&\0')}`, true),
      { fi: /ilman salasanaa/, en: /without one/ },
    ],
    ['nothing of a workbook', () => zipSync({ '../../evil.csv': strToU8('x') }), { fi: /XLSX/, en: /XLSX/ }],
    ['no cells', () => workbookOf(''), { fi: /tyhjä: siirrä/, en: /empty: put/ }],
  ]
  return made
}

/** Workbooks that look hostile and are none: their cells are read as the texts that they show. */
export function harmlessWorkbooks(header: readonly string[], row: readonly string[]): [string, () => Uint8Array][] {
  const rows = [header, row].map((cells) => `<row>${cells.map(cell).join('')}</row>`).join('')
  return [
    [
      'that claims 1,048,576 rows',
      () =>
        workbookOf('', {
          'xl/worksheets/sheet1.xml': `<worksheet><dimension ref="A1:XFD1048576"/><sheetData>${rows}<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData></worksheet>`,
        }),
    ],
    [
      'with a picture, a link and a query beside the table',
      () =>
        workbookOf(rows, {
          'xl/connections.xml': '<connections><connection odcFile="http://127.0.0.1:9/"/></connections>',
          'xl/drawings/drawing1.xml': '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>',
          'xl/worksheets/_rels/sheet1.xml.rels': relations('file:///etc/passwd', ' TargetMode="External"'),
        }),
    ],
    ['with another workbook within', () => workbookOf(rows, { 'xl/embeddings/inner.xlsx': new Uint8Array(2_000_000) })],
  ]
}

const kept = [
  'contacts',
  'companies',
  'bans',
  'imports',
  'import_uploads',
  'file_chunks',
  'price_lists',
  'price_list_versions',
  'price_list_files',
  'segments',
  'surveys',
  'series',
  'company_objections',
  'images',
  'mailings',
  'deliveries',
] as const satisfies readonly (keyof Tables)[]

/** How many rows of everything that people make there are: what was refused leaves all of it as it was. */
export async function counted({ deps }: Pick<TestApp, 'deps'>): Promise<Record<string, number>> {
  const rows = await Promise.all(kept.map((table) => deps.store.db.selectFrom(table).selectAll().execute()))
  return Object.fromEntries(kept.map((table, n) => [table, rows[n]?.length ?? 0]))
}

/** The summary of errors on a page, as it is read; '' where the page has none. */
export function alertOf({ html }: Screen): string {
  const start = html.indexOf('role="alert"')
  if (start === -1) return ''
  const opening = html.lastIndexOf('<', start)
  const tag = /^<(\w+)/.exec(html.slice(opening))?.[1] ?? ''
  const end = html.indexOf(`</${tag}>`, start)
  return html
    .slice(html.indexOf('>', start) + 1, end)
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** A page that refuses: it says so in Finnish, and in no other language, and names the mend. */
export function refusesInFinnish(screen: Screen, status: 413 | 422 = 422): string {
  expect([screen.status, screen.html.slice(0, 300)]).toEqual([status, expect.stringContaining('<html lang="fi"')])
  const said = alertOf(screen)
  expect(said).not.toBe('')
  // What was typed may be quoted; the rest is the page's own.
  expect(said.replaceAll(/”[^”]*”/g, '')).not.toMatch(
    /\b(the|is|are|must|file|save|send|write|give|row|column|field|invalid|expected|error|too|not|at least|at most)\b/i,
  )
  return said
}

/** What of a page would run or fetch, if anything of what people typed does; text and quoted values are escaped, so they are no tags. */
export function liveIn(html: string): string | undefined {
  const tags = html.replaceAll(/"[^"]*"/g, '""')
  const found = /<(object|embed|noscript|mj-|svg on|iframe|meta http)|<script>|<[a-z][^>]*\son\w+\s*=/i.exec(tags)
  return (found ?? /(href|src|action)="\s*javascript/i.exec(html))?.[0]
}
