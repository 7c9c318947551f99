import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { syncBanSource } from '../../src/actions/syncBanSource.ts'
import { readBanFile } from '../../src/entries/banFile.ts'
import { marketer } from '../adminScreens.ts'
import { startApp, type TestApp } from '../app.ts'
import { inputs } from '../inputs.ts'
import { workbookOf } from '../workbooks.ts'
import { acceptedFiles, refusedFiles, type Content } from './spelled.ts'

/**
 * Classes F and H through ban registers. A register is whole or it is none (standards D-22): where class F skips a row and takes the
 * others, one entry that cannot be read refuses the version, because nobody knows whom else it lost; its bans of before stay.
 */

const url = 'https://kiellot.example/luettelo'
const server = setupServer()
const folder = mkdtempSync(join(tmpdir(), 'postilupa-corpora-'))
const file = join(folder, 'kiellot.csv')
let t: TestApp
let admin: Awaited<ReturnType<typeof marketer>>
afterAll(async () => {
  server.close()
  rmSync(folder, { recursive: true })
  await t.close()
})
beforeAll(async () => {
  server.listen({ onUnhandledRequest: 'error' })
  const sources = [
    { name: 'tiedosto', kind: 'file', path: file, maxAge: '24h' },
    { name: 'rekisteri', kind: 'http', url, maxAge: '24h' },
  ]
  t = await startApp({ env: { BAN_SOURCES: JSON.stringify(sources) } })
  t.deps.readFile = readBanFile
  admin = await marketer(t)
})
afterEach(() => server.resetHandlers())

const good = 'kind,value\nemail,ennen@yritys.example\n'
async function byFile(content: Content) {
  writeFileSync(file, content)
  utimesSync(file, t.clock.now() / 1000, t.clock.now() / 1000)
  return syncBanSource(t.deps, 'tiedosto')
}
const byHttp = (content: Content) => {
  server.use(http.get(url, () => new HttpResponse(typeof content === 'string' ? content : new Uint8Array(content))))
  return syncBanSource(t.deps, 'rekisteri')
}
const bans = async () => (await t.deps.store.db.selectFrom('bans').select(['kind', 'source']).execute()).length
/** The page names each source with what is wrong and the mend, in Finnish. */
const isSaidInFinnish = async () => {
  const { text } = await admin.look('/admin/ban-sources')
  expect(text).toMatch(/Luettelo|Tiedosto|Rekisteri/)
  expect(text).not.toMatch(/\b(garbled|encoding|web_page|media_type|empty|entry|the|list is)\b/i)
}

describe('class F', () => {
  it.each(Object.entries(refusedFiles(good)))('%s: no version, and the bans of before stay', async (_, content) => {
    await byFile(good)
    await byHttp(good)
    const before = await bans()
    for (const sync of [byFile, byHttp])
      expect(await sync(content)).toMatchObject({ ok: false, fault: { code: expect.any(String) } })
    expect(await bans()).toBe(before)
    await isSaidInFinnish()
  })

  /** UTF-16 and a bar between cells are no CSV of a register, which is made by a program: RFC 8259 and RFC 4180 in UTF-8, or semicolons. */
  const differs: Record<string, string> = { F031: 'encoding', F032: 'encoding', F041: 'garbled' }
  it.each(Object.keys(acceptedFiles(good)))('%s is read, or its fault is named', async (id) => {
    const wanted = id in differs ? { ok: false, fault: { code: differs[id] } } : { ok: true, added: 1 }
    const [one, other] = ['tiedosto', 'rekisteri'].map((name) => `kind,value\nemail,${id}@${name}.example\n`)
    expect([id, await byFile(acceptedFiles(one ?? '')[id] ?? '')]).toMatchObject([id, wanted])
    expect([id, await byHttp(acceptedFiles(other ?? '')[id] ?? '')]).toMatchObject([id, wanted])
    if (id in differs) await isSaidInFinnish()
  })

  it.each([
    ['F054', 'email,bad'],
    ['F055', 'email'],
    ['F067', 'email,<script>alert(1)</script>'],
    ['F069', `domain,${'x'.repeat(1_048_576)}.example`],
    ['F071', 'phone,=+358401234567'],
    ['F072', 'phone,1e10'],
    ['a domain of strangers', 'domain,gmail.com'],
    ['an unknown kind', 'person,Matti'],
    ['a quote that is never closed', 'email,"a@yritys.example'],
  ])('%s: one wrong entry refuses the version and is told by its number', async (_, row) => {
    await byFile(good)
    const before = await bans()
    const result = await byFile(`${good}${row}\nemail,toinen@yritys.example\n`)
    expect(result).toMatchObject({ ok: false, fault: { code: expect.stringMatching(/entry|garbled/) } })
    if (result && 'fault' in result && result.fault.code === 'entry') expect(result.fault.detail).toBe('2')
    expect(await bans()).toBe(before)
    await isSaidInFinnish()
  })

  it('F057 the same twice is one ban, F074 the same file again is no change, F080 the good version goes on', async () => {
    expect(await byFile(`${good}email,ENNEN@yritys.example\n`)).toMatchObject({ ok: true })
    expect(await byFile(`${good}email,ENNEN@yritys.example\n`)).toMatchObject({ ok: true, unchanged: true })
    const { by } = (await (
      await t.request('/api/v1/bans/check?kind=email&value=ennen@yritys.example', {
        headers: { Authorization: `Bearer ${t.apiKey}` },
      })
    ).json()) as { by: object[] }
    expect(by.length).toBeGreaterThan(0)
  })

  it('a workbook is no list, hostile or not: nothing of it is unpacked', async () => {
    const before = await bans()
    expect(await byFile(workbookOf('<row><c t="inlineStr"><is><t>kind</t></is></c></row>'))).toMatchObject({
      ok: false,
    })
    expect(await bans()).toBe(before)
  })
})

describe('class H', () => {
  it('T08 values are text: what is no address refuses the version, what is one bans nobody else', async () => {
    await byHttp(good)
    const before = await bans()
    for (const { id, in: value } of inputs('H').filter(({ expect: wanted }) => wanted.startsWith('treated'))) {
      const entries = [
        { kind: 'email', value: 'ennen@yritys.example' },
        { kind: 'email', value },
      ]
      expect([id, await byHttp(JSON.stringify({ sequence: 1, count: 2, entries }))]).toMatchObject([
        id,
        { ok: false, fault: { code: 'entry', detail: '2' } },
      ])
    }
    expect(await bans()).toBe(before)
    for (const { in: value } of inputs('H')) {
      const screen = await admin.post(`/admin/ban-sources/${encodeURIComponent(String(value).slice(0, 500))}/sync`)
      expect(screen.status).toBeOneOf([303, 404])
    }
  })
})
