import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { marketer } from '../adminScreens.ts'
import { startApp, type TestApp } from '../app.ts'
import { inputs } from '../inputs.ts'
import { clientOf, read, type Client } from '../routes/api/client.ts'
import {
  acceptedFiles,
  counted,
  harmlessWorkbooks,
  hostileWorkbooks,
  refusedFiles,
  refusesInFinnish,
  type Content,
} from './spelled.ts'

/** Classes F, G, H, I and K through price lists: what is refused leaves nothing, and says where it is wrong and what to do. */

let t: TestApp
let client: Client
let admin: Awaited<ReturnType<typeof marketer>>
beforeAll(async () => {
  t = await startApp()
  client = await clientOf(t)
  admin = await marketer(t)
})
afterAll(() => t.close())

let n = 0
const named = () => ({ name: `Hinnasto ${n++}`, validFrom: '2026-01-01' })
const fileOf = (content: Content, name: string) =>
  new File([typeof content === 'string' ? content : new Uint8Array(content)], name)

async function send(content: Content | File[], name: string, fields: Record<string, string> = {}) {
  const form = new FormData()
  for (const [key, value] of Object.entries({ ...named(), ...fields })) form.append(key, value)
  const files = Array.isArray(content) ? content : [fileOf(content, name)]
  for (const file of files) form.append('file', file)
  const init = { method: 'POST', headers: { Authorization: `Bearer ${t.apiKey}` }, body: form }
  return read(await t.request('/api/v1/price-lists', init))
}
const upload = (content: Content, name: string, fields: Record<string, string> = {}) =>
  admin.post('/admin/price-lists', { ...named(), ...fields, file: fileOf(content, name) })
const rowsOf = async ({ json }: { json: { id: string; version: { id: string } } }) =>
  (await client.call('GET', `/price-lists/${json.id}/versions/${json.version.id}/rows`)).json.items

const good = 'Koodi,Nimike,Hinta\n007,Mäki €,1.5\n'
const product = { code: '007', name: 'Mäki €', price: '1.5' }

describe('class F: tables', () => {
  const refused = refusedFiles(good)
  const accepted = acceptedFiles(good)

  /** A price list is exact or it is none: one wrong row refuses the file, whose place is named. "Others imported" is for lists of people. */
  const wrongRow: Record<string, { table: string; where: RegExp }> = {
    F054: { table: 'Koodi;Hinta\n1;5\n2;bad\n', where: /row 3, column B \(Hinta\): "bad" is no price: write a number/ },
    F055: {
      table: 'Koodi;Nimike;Hinta\n1;a;5\n2;b\n',
      where: /row 3, column C \(Hinta\): the price is missing: write it/,
    },
    F069: {
      table: `Koodi;Nimike;Hinta\n1;a;5\n2;${'x'.repeat(1_048_576)};5\n`,
      where: /row 3, column B \(Nimike\): the text is too long: shorten/,
    },
    F072: { table: 'Koodi;Hinta\n0001;1e10\n', where: /row 2, column B \(Hinta\): "1e10" is no price/ },
  }

  /** What the corpus says of people's rows, decided for prices. */
  const elsewhere: Record<string, string> = {
    F012: 'is below: only its length is sent',
    F028: 'a path before a name is taken off, as class G has it: the name is never a path here; below',
    F045: 'is below',
    F046: 'is below: a line break in a cell is one space in a table of one line a product',
    F052: 'rules/csv.test.ts; quotes are below',
    F053: 'is below: a price list has 20,000 rows, no 500,000; more are refused with the mend',
    F057: 'is below: one code twice is a price by quantity, no mistake',
    F059: 'of people only',
    F062: 'of people only; a day to come is what validFrom is for',
    F063: 'as validFrom below (K); in a column of its own a text that is shown as it stands',
    F064: 'of people only',
    F067: 'is below: text like any other, shown inert; nothing is left out silently',
    F071: 'is below: kept as text, and no reason to leave a product out',
    F073: 'all rows of a version are one batch: store/contract.test.ts',
    F074: 'is below: a correction for the same day takes over; Idempotency-Key makes it one (routes/api/priceLists.test.ts)',
    F076: 'mail/priceLists.test.ts: scheduling freezes the versions',
    F077: 'nothing to cancel: a version is made at once',
    F078: 'as F073',
    F079: 'of people only',
    F080: 'nothing exports price lists but the file itself',
  }

  it('has a decision for every line', () => {
    const decided = { ...refused, ...accepted, ...wrongRow, ...elsewhere }
    expect(
      inputs('F')
        .filter(({ id }) => !(id in decided))
        .map(({ id, in: given }) => `${id} ${String(given)}`),
    ).toEqual([])
  })

  it.each(Object.entries(refused))(
    '%s is refused in English and Finnish, and nothing of it is there',
    async (_, content) => {
      const before = await counted(t)
      for (const name of ['hinnat.csv', 'hinnat.xlsx']) {
        const { status, json } = await send(content, name)
        expect([422, 413]).toContain(status)
        expect(json.errors[0]).toMatchObject({
          path: expect.stringMatching(/^(file|mapping)$/),
          message: expect.stringMatching(/: \w/),
        })
        const answer = await upload(content, name)
        refusesInFinnish(answer, answer.status === 413 ? 413 : 422)
      }
      expect(await counted(t)).toEqual(before)
    },
  )

  it.each(Object.entries(accepted))('%s is read, and its values are exact', async (_, content) => {
    const made = await send(content, 'hinnat.csv')
    expect([made.status, made.json.errors]).toEqual([201, undefined])
    expect(await rowsOf(made)).toMatchObject([product])
  })

  it.each(Object.entries(wrongRow))(
    '%s refuses the whole list and names row, column and mend',
    async (_, { table, where }) => {
      const before = await counted(t)
      const { status, json } = await send(table, 'hinnat.csv')
      expect([status, json.errors[0].message]).toEqual([422, expect.stringMatching(where)])
      const waits = await upload(table, 'hinnat.csv')
      const columns = table.startsWith('Koodi;Hinta')
        ? { c0: 'code', c1: 'price' }
        : { c0: 'code', c1: 'name', c2: 'price' }
      expect(refusesInFinnish(await admin.post(waits.location, columns))).toMatch(
        /rivi \d, sarake [BC] \((Hinta|Nimike)\): .+: /,
      )
      await admin.post(waits.location.replace('/columns', '/delete'))
      expect(await counted(t)).toEqual(before)
    },
  )

  it('F045 F046 F052 F057 F067 F071 F072 hostile cells are the texts that they are', async () => {
    const cells = [
      '"with , comma"',
      '"with\nnewline"',
      '"Matti ""Masa"""',
      '<script>alert(1)</script>',
      "=cmd|' /C calc'!A0",
      '1e10',
      '@SUM(A1)',
    ]
    const table = `Koodi,Nimike,Hinta\n${cells.map((text) => `0001,${text},5`).join('\n')}\n+420123456789,x,5\n`
    const items = await rowsOf(await send(table, 'hinnat.csv'))
    expect(items.map(({ code, name }: { code: string; name: string }) => [code, name])).toEqual([
      ['0001', 'with , comma'],
      ['0001', 'with newline'],
      ['0001', 'Matti "Masa"'],
      ['0001', '<script>alert(1)</script>'],
      ['0001', "=cmd|' /C calc'!A0"],
      ['0001', '1e10'],
      ['0001', '@SUM(A1)'],
      ['+420123456789', 'x'],
    ])
  })

  it('F053 more rows than a price list may have are refused with the mend', async () => {
    const table = `Koodi;Hinta\n${Array.from({ length: 20_001 }, (_, row) => `${row};5\n`).join('')}`
    expect((await send(table, 'hinnat.csv')).json.errors[0].message).toContain('divide it')
  })

  it('F074 the same file twice for one day is a correction: the later one is sent', async () => {
    const fields = { name: 'Kahdesti' }
    const first = await send(good, 'a.csv', fields)
    const second = await send(good, 'a.csv', fields)
    expect([second.status, second.json.id]).toEqual([201, first.json.id])
    expect(second.json.versions).toHaveLength(2)
    expect(await rowsOf(first)).toEqual(await rowsOf(second))
  })

  it('F012 answers 413 to 200 MiB before reading them, on the page in Finnish', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b', 'content-length': String(200 * 1024 * 1024) }
    const answer = await t.request('/api/v1/price-lists', {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${t.apiKey}` },
      body: '--b--',
    })
    expect(answer.status).toBe(413)
  })
})

describe('hostile workbooks', () => {
  const header = ['Koodi', 'Hinta']
  const row = ['007', '1,50']

  it.each(hostileWorkbooks(header, row))(
    'with %s are refused, in both languages with the mend',
    async (_, make, mend) => {
      const before = await counted(t)
      const book = make()
      const { status, json } = await send(book, 'hinnat.xlsx')
      expect([status, json.errors[0].message]).toEqual([422, expect.stringMatching(/: \w/)])
      const said = refusesInFinnish(await upload(book, 'hinnat.xlsx'))
      // Where the bytes alone tell, one sentence stands for password, macros and other kinds.
      if (!said.includes('sen sisältö ei vastaa päätettä')) {
        expect(json.errors[0].message).toMatch(mend.en)
        expect(said).toMatch(mend.fi)
      }
      expect(await counted(t)).toEqual(before)
    },
  )

  it.each(harmlessWorkbooks(header, row))('%s: its table is read, and nothing beside it', async (_, make) => {
    const made = await send(make(), 'hinnat.xlsx')
    expect([made.status, made.json.errors]).toEqual([201, undefined])
    expect(await rowsOf(made)).toMatchObject([{ code: '007', price: '1.5' }])
  })
})

describe('class G: files beside the table', () => {
  const pdf = '%PDF-1.7\n%%EOF'

  it.each(inputs('G').filter(({ expect: wanted }) => /^(stored under|name rewritten)/.test(wanted)))(
    '$id $in: $expect',
    async ({ in: value, expect: wanted }) => {
      const before = await counted(t)
      const name = String(value)
      const made = await send([fileOf(pdf, name === '' ? '""' : name)], '')
      if (wanted.startsWith('stored under')) expect(made.status).toBe(201)
      if (made.status !== 201) {
        expect([made.status, made.json.errors[0]]).toMatchObject([
          422,
          { path: 'file', message: expect.stringContaining('PDF') },
        ])
        return expect(await counted(t)).toEqual(before)
      }
      const [file] = made.json.version.files
      expect(file.name).toMatch(/^[^\p{Cc}"<>:;|?*%/\\=+@.\s-][^\p{Cc}"<>:;|?*%/\\]{0,115}\.pdf$/iu)
      const saved = await client.call('GET', `/price-lists/${made.json.id}/files/${file.id}`)
      expect(saved.headers.get('Content-Disposition')).toMatch(
        /^attachment; filename="[\x20-\x7e]+"(; filename\*=UTF-8''[\w%.!~*'()-]+)?$/,
      )
      expect(saved.headers.get('Content-Disposition')?.match(/filename=/g)).toHaveLength(1)
      expect(saved.headers.get('X-Content-Type-Options')).toBe('nosniff')
    },
  )

  /** G073 is a picture: routes/images. G062 and G064 are here refused by their ending, as any picture is. */
  it.each(inputs('G').filter(({ id, expect: wanted }) => wanted.startsWith('refused 415') && id !== 'G073'))(
    '$id $in is refused with the kinds that may be sent',
    async ({ in: value }) => {
      const before = await counted(t)
      const text = String(value)
      const name = text.split(' ')[0] ?? ''
      const content = /SVG/.test(text) ? '<svg/>' : /encrypted/.test(text) ? '%PDF-1.7 /Encrypt' : 'MZ'
      expect((await send(content, name)).json.errors[0]).toMatchObject({
        path: 'file',
        message: expect.stringMatching(/: (send|The|save|.*Save)/),
      })
      expect(refusesInFinnish(await upload(content, name))).toMatch(/XLSX|Tallenna/)
      expect(await counted(t)).toEqual(before)
    },
  )

  it('G080 G082 G083 what is too large is refused when it is saved; G086 G087 a kept file is what was sent', async () => {
    const before = await counted(t)
    const big = (bytes: number) =>
      fileOf(new Uint8Array(Buffer.concat([Buffer.from(pdf), Buffer.alloc(bytes - pdf.length)])), 'a.pdf')
    const MIB = 1024 * 1024
    for (const files of [[big(10 * MIB + 1)], [big(25 * MIB)], [big(9 * MIB), big(9 * MIB), big(9 * MIB)]])
      expect((await send(files, '')).status).toBe(413)
    refusesInFinnish(await admin.post('/admin/price-lists', { ...named(), file: big(10 * MIB + 1) }), 413)
    expect(await counted(t)).toEqual(before)
    // What a version sends is found by its hash (store/files.ts): other bytes would be another file.
    const made = await send([fileOf(pdf, 'a.pdf')], '')
    const [file] = made.json.version.files
    expect((await client.call('GET', `/price-lists/${made.json.id}/files/${file.id}`)).text).toBe(pdf)
  })
})

describe('class H: names and look-ups', () => {
  it.each(inputs('H').filter(({ expect: wanted }) => wanted.startsWith('treated as plain text')))(
    'T08 $id is a name like any other',
    async ({ in: value }) => {
      const name = String(value)
      const made = await send(good, 'a.csv', { name, priceGroup: name })
      if (made.status === 201) {
        expect(made.json.name).toBe(name.normalize('NFC').trim())
        expect((await client.call('GET', `/price-lists/${made.json.id}`)).json.versions).toHaveLength(1)
      } else
        expect(made.json.errors).toMatchObject([
          { path: 'name' },
          ...(name.length > 64 ? [{ path: 'priceGroup' }] : []),
        ])
      const asked = encodeURIComponent(name)
      for (const path of [
        `/price-lists/${asked}`,
        `/price-lists/${asked}/versions/${asked}`,
        `/price-lists?cursor=${asked}`,
      ])
        expect([404, 422]).toContain((await client.call('GET', path)).status)
      for (const path of [`/admin/price-lists/versions/${asked}`, `/admin/price-lists/files/${asked}`])
        expect((await admin.look(path)).status).toBe(404)
      expect((await admin.look(`/admin/price-lists/new?list=${asked}`)).status).toBe(200)
    },
  )

  it.each(['sort=(select 1)', 'filter[a][b]=1', 'page=1e308', 'per_page=all', 'cursor=W10'])(
    'T08 no list takes %s',
    async (query) => {
      expect((await client.call('GET', `/price-lists?${query}`)).status).toBe(422)
    },
  )
})

describe('class I: cells of a table', () => {
  it('are text in the message, in HTML and in plain text, and on the pages', async () => {
    const texts = inputs('I').flatMap(({ in: value }) =>
      String(value).length > 300 ? [] : [String(value).replaceAll(/\s+/g, ' ')],
    )
    const quoted = texts.map((text, row) => `${row};"${text.replaceAll('"', '""')}";5`)
    const made = await send(`Koodi;Nimike;Hinta\n${quoted.join('\n')}\n`, 'a.csv')
    expect((await rowsOf(made)).map(({ name }: { name: string }) => name)).toEqual(texts)
    const frame =
      '<mjml><mj-body><mj-section><mj-column><mj-text>Hei</mj-text><mj-text>{{ priceTable }}</mj-text></mj-column></mj-section></mj-body></mjml>'
    for (const content of [
      { format: 'markdown', body: 'Hei' },
      { format: 'mjml', body: frame },
    ]) {
      const mailing = { kind: 'price_list', topic: 'price-list', subject: 'Hinnat', content, priceList: made.json.id }
      const { json } = await client.call('POST', '/mailings', mailing)
      const { html, text } = (await client.call('POST', `/mailings/${json.id}/preview`, { language: 'fi' })).json
      // The table stands in a cell of its own: whatever begins with "<" in it is a tag of ours.
      const table = html.slice(html.indexOf('<table', html.indexOf('Hei')))
      expect(table).not.toMatch(
        /<(script|object|embed|iframe|noscript|textarea|mj-|img|svg)|<meta[^>]*refresh|<[a-z][^>]*(\son\w+\s*=|href="\s*javascript|url\(\/\/)/i,
      )
      for (const one of texts) expect(text).toContain(one)
    }
    const view = await admin.look(`/admin/price-lists/versions/${made.json.version.id}`)
    expect(view.html).not.toMatch(/<(object|embed|mj-|textarea|noscript)|onerror=1>|<script>alert/i)
  })
})

describe('class K: the day from which prices count', () => {
  it.each(inputs('K').filter(({ expect: wanted }) => wanted === '422' || wanted.startsWith('ok')))(
    '$id $in is no day, and the mend is named',
    async ({ in: validFrom }) => {
      // A day has no time and no zone: what the corpus takes for an instant is here as wrong as the rest.
      const before = await counted(t)
      const fields = { validFrom: String(validFrom) }
      expect((await send(good, 'a.csv', fields)).json.errors).toEqual([
        { path: 'validFrom', message: expect.stringContaining('write it as 2026-12-01') },
      ])
      expect(refusesInFinnish(await upload(good, 'a.csv', fields))).toContain('kirjoita se muodossa 1.12.2026')
      expect(await counted(t)).toEqual(before)
    },
  )
})
