import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ban } from '../../src/actions/ban.ts'
import { inputs } from '../inputs.ts'
import { declared, formOf, startImports } from './imported.ts'

type Imports = Awaited<ReturnType<typeof startImports>>

let app: Imports
beforeEach(async () => {
  app = await startImports()
})
afterEach(() => app.close())

type File = string | Uint8Array<ArrayBuffer>
const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : part)))
const zip = (name: string) => bytes('PK', [3, 4, 20, 0, 0, 0, 8, 0], name, [0, 255, 0])
const utf16 = (text: string, order: 'le' | 'be', mark: boolean) => {
  const buffer = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le')
  return Uint8Array.from(order === 'le' ? buffer : buffer.swap16())
}
const good = 'email,name\nmatti@yritys.example,Matti Mäki\n'

/** The whole file is refused with one clear message, and nothing of it is there. */
const refused: Record<string, { file: File; status: number; name?: string; words: RegExp }> = {
  F001: { file: '', status: 422, words: /is empty/ },
  F002: { file: 'email,name\n', status: 422, words: /no rows/ },
  F004: { file: new Uint8Array(), status: 415, words: /no text/ },
  F010: { file: '', status: 422, words: /no rows|columns/ },
  F011: { file: '', status: 422, words: /Row 2 has more than/ },
  F013: { file: zip('../../evil.csv'), status: 415, words: /workbook/ },
  F014: { file: zip('/etc/evil.csv'), status: 415, words: /workbook/ },
  F015: { file: zip('link'), status: 415, words: /workbook/ },
  F017: { file: zip('42.csv'), status: 415, words: /workbook/ },
  F020: { file: bytes('PK', [3, 4, 20, 0, 1, 0]), status: 415, words: /password/ },
  F021: { file: utf16(good, 'le', false), status: 415, words: /UTF-16/ },
  F026: { file: '<!DOCTYPE html>\n<html><body>email,name</body></html>\n', status: 415, words: /web page/ },
  F028: { file: good, status: 422, name: '../../x.csv', words: /path/ },
}

/** The file is read, and the values are exactly these. */
const accepted: Record<string, { file: File; name?: string }> = {
  F030: { file: `\ufeff${good}` },
  F031: { file: utf16(good, 'le', true) },
  F032: { file: utf16(good, 'be', true) },
  F036: { file: good },
  F037: { file: good.replaceAll('\n', '\r') },
  F041: { file: good.replaceAll(',', '|') },
  F043: { file: 'email,name\n"matti@yritys.example","Matti Mäki"\n' },
  F045: { file: 'email,name\nmatti@yritys.example,"Mäki, Matti"\n', name: 'Mäki, Matti' },
  F046: { file: 'email,name\nmatti@yritys.example,"Matti\nMäki"\n' },
  F048: { file: 'email,name\n\n\nmatti@yritys.example,Matti Mäki\n\n' },
  F050: { file: good.replace('email,name', 'email  , Name ') },
  F051: { file: good.trimEnd() },
  F052: { file: 'email,name\r\nmatti@yritys.example,"Matti ""Masa"" Mäki"\r\n', name: 'Matti "Masa" Mäki' },
}

/** The second row is skipped and listed under this field; the row behind it is imported. */
const skipped: Record<string, { header?: string; row: string; field: string }> = {
  F054: { row: 'bad,x', field: 'email' },
  F055: { row: 'a@yritys.example', field: 'row' },
  F057: { row: 'MATTI@yritys.example,x', field: 'email' },
  F062: { header: 'email,consentDate', row: 'a@yritys.example,2026-12-24', field: 'consentDate' },
  F063: { header: 'email,consentDate', row: 'a@yritys.example,31.02.2026', field: 'consentDate' },
  F064: { header: 'email,evidence', row: 'a@yritys.example,', field: 'evidence' },
  F067: { row: 'a@yritys.example,<script>alert(1)</script>', field: 'name' },
  F069: { row: `a@yritys.example,${'x'.repeat(1_048_576)}`, field: 'name' },
  F071: { header: 'email,phone', row: 'a@yritys.example,+420123456789', field: 'phone' },
}

/** Job-level lines, and those that say otherwise than their group, with where or why. */
const elsewhere: Record<string, string> = {
  F012: 'is below: only its length is sent',
  F053: 'is measured by the benchmark; that a file comes in pieces and none is lost is below',
  F059: 'P09 of importContacts.test.ts',
  F072: 'is below: "0001" and "1e10" are texts like others, kept as they are, and no reason to skip a row',
  F073: 'importResume.test.ts',
  F074: 'importContacts.test.ts',
  F076: 'is below',
  F077: 'importResume.test.ts',
  F078: 'importResume.test.ts',
  F079: 'is below',
  F080: 'test/cli/export.test.ts',
}

const content = (id: string, given: unknown, file: File): File =>
  id === 'F004' || id === 'F010' || id === 'F011' ? (given as File) : file
const firstError = async (answer: Response) =>
  ((await answer.json()) as { errors: { message: string }[] }).errors[0]?.message ?? ''

describe('class F: files to import', () => {
  it('has a decision for every line', () => {
    const decided = { ...refused, ...accepted, ...skipped, ...elsewhere }
    expect(
      inputs('F')
        .filter(({ id }) => !(id in decided))
        .map(({ id, in: given }) => `${id} ${String(given)}`),
    ).toEqual([])
  })

  for (const { id, in: given } of inputs('F').filter((line) => line.id in refused)) {
    const { file, status, name, words } = refused[id]!
    it(`${id} is refused as a whole, and nothing of it is imported`, async () => {
      const answer = await app.post('/imports', content(id, given, file), declared, name)
      expect(answer.status).toBe(status)
      expect(await firstError(answer)).toMatch(words)
      const { db } = app.deps.store
      for (const table of ['imports', 'contacts', 'file_chunks'] as const)
        expect(await db.selectFrom(table).selectAll().execute()).toEqual([])
    })
  }

  for (const { id, file, name = 'Matti Mäki' } of Object.entries(accepted).map(([id, rest]) => ({ id, ...rest })))
    it(`${id} is imported, and its values are exact`, async () => {
      expect(await app.importContacts(file)).toMatchObject({ state: 'finished', rows: 1, added: 1, refused: 0 })
      expect(await app.contacts()).toMatchObject([{ strict: 'matti@yritys.example', name }])
    })

  for (const { id, header = 'email,name', row, field } of Object.entries(skipped).map(([id, rest]) => ({
    id,
    ...rest,
  })))
    it(`${id} is skipped and listed, and the rows around it are imported`, async () => {
      const more = header.includes('evidence') ? 'Signed form at the fair' : header === 'email,name' ? 'x' : ''
      const file = `${header}\nmatti@yritys.example,${more}\n${row}\nliisa@yritys.example,${more}\n`
      const options = header.includes('evidence') ? { source: 'x', topics: 'newsletter', rule: 'consent' } : declared
      const done = await app.importContacts(file, options)
      expect(done).toMatchObject({ rows: 3, added: 2, refused: 1 })
      expect(await app.refusals(done.id)).toMatchObject([{ row_number: 3, field }])
      const report = await (await app.api(`/imports/${done.id}/refused.csv`)).text()
      expect(report).toMatch(new RegExp(`^"row","field","message"\r\n"3","${field}","[^"]{10,}`))
    })

  it('F072 keeps numbers as the texts that they are', async () => {
    await app.importContacts('email,name,externalId\na@yritys.example,1e10,0001\n')
    expect(await app.contacts()).toMatchObject([{ name: '1e10', external_id: '0001' }])
  })

  it('reads windows-1252 where a file is no UTF-8, semicolons and CR LF', async () => {
    await app.importContacts(bytes('email;name\r\nmatti@yritys.example;M\xe4ki \x80\r\n'))
    expect(await app.contacts()).toMatchObject([{ name: 'Mäki €' }])
  })

  it('refuses a file as a whole that turns out to be broken further down, before any row of it is imported', async () => {
    const rows = Array.from({ length: 40_000 }, (_, n) => `row${n}@yritys.example,x\n`).join('')
    const done = await app.importContacts(`email,name\n${rows}a@yritys.example,"never closed\n`)
    expect(done).toMatchObject({ state: 'failed', added: 0, error: 'A quote that opens in row 40002 is never closed.' })
    expect(await app.contacts()).toEqual([])
    expect(await app.importContacts(`email,name\n${rows}a@yritys.example,\0\n`)).toMatchObject({
      state: 'failed',
      added: 0,
    })
  })

  it('loses no row and cuts no character where a file comes in pieces', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `row${n}@yritys.example,n${'ä€😀'.repeat(n % 9)}"${n}"\r\n`)
    const done = await app.importContacts(`\ufeffemail,name\r\n${rows.join('')}`)
    expect(done).toMatchObject({ rows: 20_000, added: 20_000, refused: 0 })
    const named = await app.deps.store.db.selectFrom('contacts').select(['strict', 'name']).execute()
    for (const { strict, name } of named) {
      const n = Number(/\d+/.exec(strict)?.[0])
      expect(name).toBe(`n${'ä€😀'.repeat(n % 9)}"${n}"`)
    }
  }, 120_000)

  it('F012 answers 413 to 200 MiB before reading them', async () => {
    const form = new Request('http://x.example', { method: 'POST', body: formOf(good, declared) })
    const headers = {
      'content-type': form.headers.get('content-type') ?? '',
      'content-length': String(200 * 1024 * 1024 + 70_000),
    }
    const answer = await app.api('/imports', { method: 'POST', headers, body: await form.text() })
    expect(answer.status).toBe(413)
  })

  it('F079 imports nobody of a list where all are banned, and says so of every row', async () => {
    await ban(app.deps, { kind: 'domain', value: 'yritys.example' }, 'system')
    const done = await app.importContacts(
      `email\n${Array.from({ length: 700 }, (_, n) => `row${n}@yritys.example\n`).join('')}`,
    )
    expect(done).toMatchObject({ state: 'finished', rows: 700, added: 0, refused: 700 })
    expect(await app.contacts()).toEqual([])
  })

  it('F076 lets nobody into a mailing that was started before', async () => {
    await app.importContacts('email\nbefore@yritys.example\n')
    app.clock.advance(1000)
    const json = (path: string, body: object) =>
      app.api(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    const mailing = {
      kind: 'newsletter',
      topic: 'newsletter',
      subject: 'News',
      content: { format: 'markdown', body: 'Hello' },
    }
    const { id } = (await (await json('/mailings', mailing)).json()) as { id: string }
    expect((await json(`/mailings/${id}/schedule`, { at: 'now' })).status).toBe(200)
    const { db } = app.deps.store
    await app.deps.store.batch([db.updateTable('mailings').set({ started_at: app.clock.now() }).where('id', '=', id)])
    app.clock.advance(1000)
    await app.importContacts('email\nlater@yritys.example\n')
    await app.tick()
    await app.deliver()
    expect((await app.mails()).map(({ recipient }) => recipient)).toEqual(['before@yritys.example'])
  })
})

describe('the request of an import', () => {
  it('needs the right to write contacts, and is documented', async () => {
    const answer = await app.request('/api/v1/imports', { method: 'POST', body: formOf(good, declared) })
    expect(answer.status).toBe(401)
    expect((await app.api('/imports/none')).status).toBe(404)
    const bans = (await (await app.post('/bans/imports', 'email\na@yritys.example\n')).json()) as { id: string }
    expect((await app.api(`/imports/${bans.id}`)).status).toBe(404)
  })

  it.each<[string, () => Promise<Response>, number]>([
    ['a field that is not known', () => app.post('/imports', good, { ...declared, colour: 'red' }), 422],
    ['no file', () => app.api('/imports', { method: 'POST', body: new URLSearchParams({ a: 'b' }) }), 415],
    [
      'a form without the file',
      () => {
        const form = new FormData()
        form.append('source', 'x')
        return app.api('/imports', { method: 'POST', body: form })
      },
      422,
    ],
    [
      'JSON',
      () => app.api('/imports', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }),
      415,
    ],
    [
      'a body that breaks off',
      () =>
        app.api('/imports', {
          method: 'POST',
          headers: { 'content-type': 'multipart/form-data; boundary=b' },
          body: '--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nemail',
        }),
      400,
    ],
    [
      'a compressed body',
      () =>
        app.api('/imports', {
          method: 'POST',
          headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-encoding': 'gzip' },
          body: 'x',
        }),
      415,
    ],
    [
      'fields that the purpose may not hold',
      () => app.post('/imports', 'email,title\na@yritys.example,x\n', declared),
      422,
    ],
  ])('is refused with %s', async (_, send, status) => {
    const answer = await send()
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      status,
      'application/problem+json; charset=utf-8',
    ])
    expect(await app.deps.store.db.selectFrom('file_chunks').selectAll().execute()).toEqual([])
  })

  it('is refused over a real connection too, as soon as it is seen that the file is none', async () => {
    const url = await app.listen()
    const send = (file: File) =>
      fetch(`${url}/api/v1/imports`, {
        method: 'POST',
        headers: { authorization: `Bearer ${app.apiKey}` },
        body: formOf(file, declared),
      })
    expect((await send(bytes('PK', [3, 4], Array<number>(5_000_000).fill(1)))).status).toBe(415)
    expect((await send(good)).status).toBe(202)
  })

  it('P13 has one effect and one answer for one Idempotency-Key, and refuses the key with another file', async () => {
    const send = (file: string) =>
      app.api('/imports', { method: 'POST', headers: { 'idempotency-key': 'k1' }, body: formOf(file, declared) })
    const [first, second] = [await send(good), await send(good)]
    expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([202, 202, 'true'])
    expect(await second.json()).toEqual(await first.json())
    expect((await send(`${good}x@yritys.example,X\n`)).status).toBe(422)
    expect(await app.deps.store.db.selectFrom('imports').select('id').execute()).toHaveLength(1)
    expect(await app.deps.store.db.selectFrom('file_chunks').select('sha256').distinct().execute()).toHaveLength(1)
  })
})
