import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { engines } from '../../stores.ts'
import { workbook, workbookOf } from '../../workbooks.ts'
import { clientOf, read, type Client } from './client.ts'

const PDF = '%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF'
type Sent = [name: string, content: Uint8Array | string]

async function post(app: TestApp, path: string, fields: Record<string, string>, files: Sent[], headers = {}) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  for (const [name, content] of files)
    form.append('file', new File([typeof content === 'string' ? content : new Uint8Array(content)], name))
  const init = { method: 'POST', headers: { Authorization: `Bearer ${app.apiKey}`, ...headers }, body: form }
  return read(await app.request(`/api/v1${path}`, init))
}

for (const { name: engine } of engines) {
  it(`${engine}: a list, its versions by price group, what changed, its rows and files`, async () => {
    const app = await startApp({ engine })
    try {
      const client = await clientOf(app)
      const first = await post(app, '/price-lists', { name: 'Hinnasto', validFrom: '2026-01-01' }, [
        [
          'hinnasto.xlsx',
          await workbook([
            ['Koodi', 'Nimike', 'Yksikkö', 'Hinta'],
            ['00123', 'Ruuvi', 'ltk', 12.5],
            ['00124', 'Mutteri', 'kpl', 0.05],
          ]),
        ],
        ['hinnasto.pdf', PDF],
      ])
      expect(first.status).toBe(201)
      expect(first.json).toMatchObject({
        name: 'Hinnasto',
        mapping: { Koodi: 'code', Nimike: 'name', Yksikkö: 'unit', Hinta: 'price' },
        version: { validFrom: '2026-01-01', priceGroup: null, state: 'ready', rows: 2, currency: 'EUR', changes: null },
      })
      const { id } = first.json
      const csv = 'Hinta;Nimike;Koodi;Yksikkö\r\n"1 3,00 ";Ruuvi;00123;ltk\r\n'.replace('1 3', '13')
      const second = await post(app, `/price-lists/${id}/versions`, { validFrom: '1.6.2026' }, [['uusi.csv', csv]])
      expect(second.json.version).toMatchObject({
        validFrom: '2026-06-01',
        rows: 1,
        changes: { changed: 1, added: 0, removed: 1 },
      })
      const third = await post(app, '/price-lists', { name: 'Hinnasto', validFrom: '2026-06-01', priceGroup: 'A' }, [
        ['a.csv', csv],
      ])
      expect(third.json).toMatchObject({ id, version: { priceGroup: 'A', changes: null } })

      expect((await client.call('GET', '/price-lists')).json.items).toMatchObject([{ id, versions: { length: 3 } }])
      const rows = await client.call('GET', `/price-lists/${id}/versions/${second.json.version.id}/rows`)
      expect(rows.json.items).toEqual([
        { code: '00123', name: 'Ruuvi', unit: 'ltk', price: '13', was: '12.5', isNew: false, extra: {} },
      ])
      const one = await client.call('GET', `/price-lists/${id}/versions/${first.json.version.id}/rows?limit=1`)
      expect(one.json.items).toMatchObject([{ code: '00123' }])
      const two = await client.call(
        'GET',
        `/price-lists/${id}/versions/${first.json.version.id}/rows?limit=1&cursor=${one.json.nextCursor}`,
      )
      expect(two.json).toMatchObject({ items: [{ code: '00124' }], nextCursor: null })

      const pdf = first.json.version.files.find((file: { name: string }) => file.name === 'hinnasto.pdf')
      const file = await client.call('GET', `/price-lists/${id}/files/${pdf.id}`)
      expect(file.text).toBe(PDF)
      expect(file.headers.get('Content-Disposition')).toBe(
        `attachment; filename="hinnasto.pdf"; filename*=UTF-8''hinnasto.pdf`,
      )
      expect(file.headers.get('X-Content-Type-Options')).toBe('nosniff')

      expect((await client.call('DELETE', `/price-lists/${id}/versions/${first.json.version.id}`)).status).toBe(204)
      expect(await app.deps.store.db.selectFrom('price_list_files').select('id').execute()).toHaveLength(2)
      for (const gone of [second, third])
        expect((await client.call('DELETE', `/price-lists/${id}/versions/${gone.json.version.id}`)).status).toBe(204)
      expect((await client.call('GET', `/price-lists/${id}`)).status).toBe(404)
      expect(await app.deps.store.db.selectFrom('file_chunks').select('n').execute()).toEqual([])
    } finally {
      await app.close()
    }
  })
}

let app: TestApp
let client: Client
beforeAll(async () => {
  app = await startApp()
  client = await clientOf(app)
})
afterAll(() => app.close())

const named = { name: 'Lista', validFrom: '2026-01-01' }

it.each<[string, Sent[], string, string]>([
  ['without files', [], 'file', 'The file is missing'],
  ['with a table without prices', [['x.csv', 'Koodi;Nimike\n1;Ruuvi\n']], 'mapping', 'No column holds the price'],
  ['with headings and no rows', [['x.csv', 'Koodi;Hinta\n']], 'file', 'has no prices'],
  [
    'with a price that is none',
    [['x.csv', 'Koodi;Hinta\n1;5,00\n2;halpa\n']],
    'file',
    'x.csv, row 3, column B (Hinta): "halpa" is no price: write a number',
  ],
  [
    'with a price of two meanings',
    [['x.csv', 'Koodi;Hinta\n1;1.234\n']],
    'file',
    'row 2, column B (Hinta): "1.234" may mean two prices: write 1234 or 1,234',
  ],
  [
    'with a macro workbook (G058)',
    [['x.xlsm', 'PK']],
    'file',
    'x.xlsm: The workbook holds macros: save it as XLSX without them',
  ],
  [
    'with a formula that was never calculated',
    [
      [
        'x.xlsx',
        workbookOf(
          '<row r="1"><c r="A1" t="inlineStr"><is><t>Hinta</t></is></c></row><row r="2"><c r="A2"><f>1+1</f></c></row>',
        ),
      ],
    ],
    'file',
    'x.xlsx, cell A2: the formula has no value',
  ],
  ['with an encrypted workbook', [['x.xlsx', '\u00d0']], 'file', 'no Excel workbook'],
  [
    'with two tables',
    [
      ['a.csv', 'x'],
      ['b.csv', 'x'],
    ],
    'file',
    'several tables',
  ],
  ['with a page called CSV (F026)', [['x.csv', '<!doctype html><p>']], 'file', 'no text'],
  ['with bytes called CSV (F004)', [['x.csv', new Uint8Array([0, 1, 2, 3])]], 'file', 'cannot be used'],
  ['with an empty file (F001)', [['x.csv', '']], 'file', 'The file is empty: choose another.'],
  ['with a program (G049)', [['x.exe', 'MZ']], 'file', 'no file of a price list'],
  ['with a PDF that is none', [['x.pdf', 'MZ']], 'file', 'cannot be used'],
  ['with an encrypted PDF (G066)', [['x.pdf', '%PDF-1.4 /Encrypt']], 'file', 'cannot be used'],
])('a price list %s is refused, and the mend is named', async (_what, files, path, message) => {
  const answer = await post(app, '/price-lists', named, files)
  expect(answer.status).toBe(422)
  expect(answer.json.errors[0]).toMatchObject({ path, message: expect.stringContaining(message) as string })
  expect((await client.call('GET', '/price-lists')).json.items).toEqual([])
})

it('refuses what is no name, day or mapping', async () => {
  const csv: Sent[] = [['x.csv', 'Koodi;Hinta\n1;5\n']]
  const errors = async (fields: Record<string, string>) => (await post(app, '/price-lists', fields, csv)).json.errors
  expect(await errors({ name: ' ', validFrom: '30.2.2026' })).toMatchObject([{ path: 'name' }, { path: 'validFrom' }])
  for (const validFrom of ['', 'tomorrow', '2026-02-30', '01/02/2026', '1767225600', 'null'])
    expect(await errors({ name: 'x', validFrom })).toMatchObject([{ path: 'validFrom' }])
  expect(await errors({ ...named, mapping: '{"Hinta":"cost"}' })).toMatchObject([{ path: 'mapping' }])
  expect(await errors({ ...named, colour: 'red' })).toMatchObject([{ path: 'colour' }])
})

it('a mapping that was said is remembered; later files find their columns by it, and changed columns are told', async () => {
  const csv = 'Tunniste;Netto 2026;Väri\n0007;5,00;sininen\n'
  const mapping = JSON.stringify({ Tunniste: 'code', 'Netto 2026': 'price', Väri: 'extra' })
  const made = await post(app, '/price-lists', { ...named, mapping }, [['x.csv', csv]])
  expect(made.json.version).toMatchObject({ rows: 1, columns: ['Väri'] })
  const { id } = made.json
  const again = await post(app, `/price-lists/${id}/versions`, { validFrom: '2026-02-01' }, [
    ['x.csv', Buffer.from('Väri;Muuta;Netto 2026;Tunniste\nkeltainen;x;6,00;0007\n', 'latin1')],
  ])
  expect(again.json).toMatchObject({ version: { changes: { changed: 1 } }, ignoredColumns: ['Muuta'] })
  const changed = await post(app, `/price-lists/${id}/versions`, { validFrom: '2026-03-01' }, [
    ['x.csv', 'Tunniste;Netto 2027;Väri\n0007;7,00;sininen\n'],
  ])
  expect(changed.json.errors).toEqual([
    {
      path: 'mapping',
      message:
        'X.csv: '.toLowerCase() +
        'The columns are not those of the version before. Missing: Netto 2026. New: Netto 2027. Say again which column is what.',
    },
  ])
})

it.each(['; ', '|', '\t', ','].map((separator) => [separator]))(
  'reads rows parted by %j, quoted, after a mark, without a last line end',
  async (separator) => {
    const line = (...cells: string[]) => cells.map((cell) => `"${cell}"`).join(separator.trim() || separator)
    const text = `\ufeff${line('Hinnasto')}\r${line('Koodi', 'Nimike', 'Hinta')}\r\r${line('=1+1', 'a; ""b"", c', '1 234,50 €')}`
    const made = await post(
      app,
      '/price-lists',
      { name: `Lista ${separator.charCodeAt(0)}`, validFrom: '2026-01-01' },
      [['x.csv', text]],
    )
    const rows = await client.call('GET', `/price-lists/${made.json.id}/versions/${made.json.version.id}/rows`)
    expect(rows.json.items).toMatchObject([{ code: '=1+1', name: 'a; "b", c', price: '1234.5' }])
  },
)

it('the same request sent twice with one key makes one version', async () => {
  const send = () =>
    post(app, '/price-lists', { name: 'Kerran', validFrom: '2026-01-01' }, [['x.csv', 'Koodi;Hinta\n1;5\n']], {
      'Idempotency-Key': 'once',
    })
  const [one, two] = [await send(), await send()]
  expect(two.status === 201 ? two.json.version.id : one.json.version.id).toBe(one.json.version.id)
  expect((await client.call('GET', `/price-lists/${one.json.id}`)).json.versions).toHaveLength(1)
})
