import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ban } from '../../src/actions/ban.ts'
import { formOf, runToEnd, startImports } from '../actions/imported.ts'
import { marketer } from '../adminScreens.ts'
import { inputs } from '../inputs.ts'
import { ours, signIn } from '../signedIn.ts'
import {
  acceptedFiles,
  counted,
  harmlessWorkbooks,
  hostileWorkbooks,
  refusedFiles,
  refusesInFinnish,
  type Content,
} from './spelled.ts'

/**
 * Classes F and G through the doors that test/actions/importCorpus.test.ts does not use: bans by the API, and contacts and bans by
 * the page, where every word is Finnish. The decisions for each line are those of that file; only what differs stands here.
 */

let t: Awaited<ReturnType<typeof startImports>>
let admin: Awaited<ReturnType<typeof marketer>>
const begin = async () => {
  t = await startImports()
  admin = await marketer(t)
}
const end = () => t.close()

const bytes = (content: Content) => (typeof content === 'string' ? content : new Uint8Array(content))
const upload = (kind: 'contacts' | 'bans', content: Content, name = 'lista.csv') =>
  admin.post(`/admin/imports/upload/${kind}`, { file: new File([bytes(content)], name) })
/** What the page chooses by itself, said with the import's source. */
const about = { source: 'Asiakasrekisteri', language: 'fi', dryRun: 'false' }
const people = 'email,name\nmatti@yritys.example,Matti Mäki\n'
const banned = 'kind,value\nemail,matti@yritys.example\n'
const empty = (all: Record<string, number>) => Object.values(all).every((n) => n === 0)

describe('class F: files that are refused as a whole', () => {
  beforeAll(begin)
  afterAll(end)

  it.each(Object.keys(refusedFiles(people)))(
    '%s is refused on the page in Finnish, and for bans by the API',
    async (id) => {
      const contacts = refusedFiles(people)[id] ?? ''
      const bans = refusedFiles(banned)[id] ?? ''
      for (const [kind, content] of [
        ['contacts', contacts],
        ['bans', bans],
      ] as const) {
        const answer = await upload(kind, content)
        // F010: a header of a hundred thousand columns has no rows; F011: a row without end.
        expect(refusesInFinnish(answer, answer.status === 413 ? 413 : 422)).toMatch(/[.:] \S|Valitse|Lisää/)
      }
      const answer = await t.post('/bans/imports', bytes(bans))
      expect([413, 415, 422]).toContain(answer.status)
      expect(((await answer.json()) as { errors: object[] }).errors).toMatchObject([{ path: 'file' }])
      expect(empty(await counted(t))).toBe(true)
    },
  )

  it('F012 answers 413 to 200 MiB of bans before reading them', async () => {
    const form = new Request('http://x.example', { method: 'POST', body: formOf(people, {}) })
    const headers = {
      'content-type': form.headers.get('content-type') ?? '',
      'content-length': String(201 * 1024 * 1024),
    }
    expect((await t.api('/bans/imports', { method: 'POST', headers, body: await form.text() })).status).toBe(413)
    expect(empty(await counted(t))).toBe(true)
  })

  it('a file above the limit of other forms is taken by the page as by the API', async () => {
    const rows = Array.from({ length: 40_000 }, (_, n) => `${n}@yritys.example,${'x'.repeat(20)}\n`).join('')
    expect(rows.length).toBeGreaterThan(1024 * 1024)
    for (const kind of ['contacts', 'bans'] as const) {
      const uploaded = await upload(kind, `email,name\n${rows}`)
      expect(uploaded.status).toBe(303)
      await admin.post(`${uploaded.location}/discard`)
    }
    const form = new Request('http://x.example', { method: 'POST', body: formOf(people, {}) })
    const headers = {
      'content-type': form.headers.get('content-type') ?? '',
      'content-length': String(201 * 1024 * 1024),
    }
    const cookie = await signIn(t)
    const init = { method: 'POST', headers: { ...headers, ...ours, Cookie: cookie }, body: await form.text() }
    const answer = await t.request('/admin/imports/upload/contacts', init)
    expect([answer.status, await answer.text()]).toEqual([
      413,
      expect.stringContaining('tuo alle 200 megatavua kerralla'),
    ])
    expect(empty(await counted(t))).toBe(true)
  })

  it('F028 G a name that is a path is refused, any other is shown as the text that it is', async () => {
    for (const { in: value } of inputs('G').filter(({ in: given }) => typeof given === 'string' && given !== '')) {
      const name = String(value)
      const answer = await upload('contacts', people, name)
      if (/[/\\]|^\.\.?$/.test(name)) expect(refusesInFinnish(answer)).toContain('polkua')
      else {
        expect([name, answer.status]).toEqual([name, 303])
        const mapping = await admin.look(answer.location)
        expect(mapping.html).not.toMatch(/<svg|<script>alert|filename="evil/)
        await admin.post(`${answer.location}/discard`)
      }
    }
    expect(empty(await counted(t))).toBe(true)
  })
})

describe('class F: files that are read', () => {
  beforeEach(begin)
  afterEach(end)

  it.each(Object.keys(acceptedFiles(people)))('%s is read on the page and by the API of bans', async (id) => {
    const uploaded = await upload('contacts', acceptedFiles(people)[id] ?? '')
    const queued = await admin.post(uploaded.location, { ...about, 'column.0': 'email', 'column.1': 'name' })
    expect(queued.status).toBe(303)
    await runToEnd(t)
    expect(await t.contacts()).toMatchObject([{ strict: 'matti@yritys.example', name: 'Matti Mäki' }])
    expect(await t.importBans(bytes(acceptedFiles(banned)[id] ?? ''))).toMatchObject({ added: 1, refused: 0 })
  })

  /** Row → its column on the page. F057 is no fault of a ban: the same twice is one (below). */
  const rows: Record<
    string,
    { header?: string; row: string; columns: Record<string, string>; where: [string, RegExp] }
  > = {
    F054: { row: 'bad,x', columns: {}, where: ['Sähköposti', /@/] },
    F055: { row: 'a@yritys.example', columns: {}, where: ['Koko rivi', /./] },
    F057: { row: 'MATTI@yritys.example,x', columns: {}, where: ['Sähköposti', /ylempänä/] },
    F062: {
      header: 'email,consentDate',
      row: 'a@yritys.example,2026-12-24',
      columns: { 'column.1': 'consentDate' },
      where: ['Suostumuksen päivä', /tulevaisuudessa/],
    },
    F063: {
      header: 'email,consentDate',
      row: 'a@yritys.example,31.02.2026',
      columns: { 'column.1': 'consentDate' },
      where: ['Suostumuksen päivä', /28\.2\.2026/],
    },
    F067: { row: 'a@yritys.example,<script>alert(1)</script>', columns: {}, where: ['Nimi', /./] },
    F069: { row: `a@yritys.example,${'x'.repeat(1_048_576)}`, columns: {}, where: ['Nimi', /./] },
    F071: {
      header: 'email,phone',
      row: 'a@yritys.example,+420123456789',
      columns: { 'column.1': 'phone' },
      where: ['Puhelin', /./],
    },
  }

  it.each(Object.entries(rows))(
    '%s is listed in Finnish by row, column and mend, and its neighbours are imported',
    async (_, one) => {
      const { header = 'email,name', row, columns, where } = one
      const second = header.endsWith('name') ? 'Liisa' : ''
      const uploaded = await upload(
        'contacts',
        `${header}\nmatti@yritys.example,${second}\n${row}\nliisa@yritys.example,${second}\n`,
      )
      const permission = { topics: 'newsletter', rule: 'duty_evidence', evidence: 'Nimetty ostajaksi sopimuksessa' }
      const queued = await admin.post(uploaded.location, {
        ...about,
        ...permission,
        'column.0': 'email',
        'column.1': 'name',
        ...columns,
      })
      expect([queued.status, queued.text.slice(0, 400)]).toMatchObject([303, ''])
      await runToEnd(t)
      expect((await t.contacts()).map(({ strict }) => strict)).toEqual(['liisa@yritys.example', 'matti@yritys.example'])
      const csv = (await admin.look(`${queued.location.split('?')[0]}/refused.csv`)).html
      const [, line = ''] = csv.split('\r\n')
      const [number, column, mend = ''] = line.split('","').map((text) => text.replaceAll(/^"|"$/g, ''))
      expect([number, column]).toEqual(['3', where[0]])
      expect(mend).toMatch(where[1])
      expect(mend).not.toMatch(/\b(the|is|write|row|must|Tarkista se\.$)\b/i)
      expect((await admin.look(queued.location)).html).not.toContain('<script>alert')
    },
  )

  it('F054 F055 F057 F069 wrong rows of bans are listed, and the others ban', async () => {
    const file = [
      'kind,value,scope,reason',
      'email,a@yritys.example,,',
      'email,bad,,',
      'email',
      'email,A@yritys.example,,',
      `domain,${'x'.repeat(1_048_576)}.example,,`,
      'domain,gmail.com,,',
      'person,Matti,,',
      'email,b@yritys.example,everything,',
      "email,c@yritys.example,,=cmd|' /C calc'!A0",
      'phone,+358401234567,,',
    ].join('\n')
    const done = await t.importBans(file)
    const refused = await t.refusals(done.id)
    expect(refused.map(({ row_number, field }) => [row_number, field])).toEqual([
      [3, 'value'],
      [4, 'row'],
      [6, 'value'],
      [7, 'value'],
      [8, 'kind'],
      [9, 'scope'],
    ])
    for (const { message } of refused) expect(message.length).toBeGreaterThan(15)
    expect(await t.deps.store.db.selectFrom('bans').select('kind').execute()).toHaveLength(3)
    const page = await admin.look(`/admin/imports/${done.id}`)
    expect(page.text).not.toMatch(/Tätä kohtaa ei voi tuoda|\bThe |\bUse \b/)
  })

  it('F059 F079 nobody who left or is banned comes back by an import, and the page says so of each row', async () => {
    await ban(t.deps, { kind: 'domain', value: 'yritys.example' }, 'system')
    const uploaded = await upload('contacts', 'email\na@yritys.example\nb@yritys.example\n')
    const queued = await admin.post(uploaded.location, { ...about, 'column.0': 'email' })
    await runToEnd(t)
    const { text } = await admin.look(queued.location)
    expect(text.match(/on kieltänyt markkinoinnin: vain he itse voivat palata/g)).toHaveLength(2)
    expect(await t.contacts()).toEqual([])
  })
})

describe('hostile workbooks', () => {
  beforeAll(begin)
  afterAll(end)

  it.each(hostileWorkbooks(['email', 'name'], ['a@yritys.example', 'A']))(
    'with %s are refused everywhere, and on the page in Finnish with the mend',
    async (_, make, mend) => {
      const book = make()
      for (const path of ['/imports', '/bans/imports'] as const) {
        const answer = await t.post(path, bytes(book), path === '/imports' ? { source: 'x' } : {}, 'lista.xlsx')
        expect([413, 415, 422]).toContain(answer.status)
        const { errors } = (await answer.json()) as { errors: { path: string; message: string }[] }
        expect(errors).toMatchObject([{ path: 'file', message: expect.stringMatching(mend.en) }])
      }
      for (const kind of ['contacts', 'bans'] as const) {
        const answer = await upload(kind, book, 'lista.xlsx')
        expect(refusesInFinnish(answer, answer.status === 413 ? 413 : 422)).toMatch(mend.fi)
      }
      expect(empty(await counted(t))).toBe(true)
    },
  )
})

describe('workbooks that only look hostile', () => {
  beforeEach(begin)
  afterEach(end)

  it.each(harmlessWorkbooks(['email', 'name'], ['a@yritys.example', '=1+1']))(
    '%s: its table is read, and nothing beside it',
    async (_, make) => {
      expect(await t.importContacts(bytes(make()), { source: 'x' })).toMatchObject({ rows: 1, added: 1 })
      expect(await t.contacts()).toMatchObject([{ strict: 'a@yritys.example', name: '=1+1' }])
    },
  )
})

describe('classes H and I: what is typed beside a file', () => {
  beforeAll(begin)
  afterAll(end)

  const texts = [...inputs('H').filter((one) => one.expect.startsWith('treated as plain')), ...inputs('I')].map(
    ({ id, in: value }) => [id, String(value)] as const,
  )

  it('T08 headers, mappings and sources are texts', async () => {
    for (const [id, text] of texts) {
      const quoted = `"${text.replaceAll('"', '""').slice(0, 300)}"`
      const uploaded = await upload('contacts', `email,${quoted}\na@yritys.example,x\n`)
      // A file with NUL in it is no text (F004).
      if (text.includes('\0')) {
        expect(refusesInFinnish(uploaded)).toContain('tallenna se')
        continue
      }
      expect([id, uploaded.status]).toEqual([id, 303])
      const mapping = await admin.look(uploaded.location)
      expect(mapping.html).not.toMatch(/<(object|embed|noscript|mj-)|<script>alert|onerror=1>|<a href="https:\/\/x"/)
      const wrong = await admin.post(uploaded.location, {
        ...about,
        source: text,
        'column.0': text,
        'column.1': 'name',
      })
      refusesInFinnish(wrong)
      await admin.post(`${uploaded.location}/discard`)
      for (const path of ['/admin/imports', '/admin/imports/uploads'])
        expect((await admin.look(`${path}/${encodeURIComponent(text)}`)).status).toBe(404)
    }
    expect(empty(await counted(t))).toBe(true)
  }, 20_000)
})
