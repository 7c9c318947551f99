import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fetchLimits } from '../../src/actions/fetchBanList.ts'
import { syncBanSource, syncDueSources } from '../../src/actions/syncBanSource.ts'
import { readBanFile } from '../../src/entries/banFile.ts'
import { startApp, type TestApp } from '../app.ts'
import { banned, listOf } from '../faults/register.ts'
import { clientOf } from '../routes/api/client.ts'

const server = setupServer()
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }))
afterAll(() => server.close())

const url = 'https://kiellot.example/luettelo/'
const folder = mkdtempSync(join(tmpdir(), 'postilupa-bans-'))
const file = join(folder, 'kiellot.csv')
afterAll(() => rmSync(folder, { recursive: true }))

let t: TestApp
afterEach(async () => {
  server.resetHandlers()
  await t.close()
})

async function begin(...sources: object[]) {
  t = await startApp({ env: { BAN_SOURCES: JSON.stringify(sources) } })
  t.deps.readFile = readBanFile
}
const ofHttp = { name: 'crm', kind: 'http', url, maxAge: '24h' }
const ofFile = { name: 'asml', kind: 'file', path: file, maxAge: '24h' }
const rows = () => t.deps.store.db.selectFrom('ban_sources').selectAll().orderBy('name').execute()
const drop = (text: string, at = t.clock.now()) => {
  writeFileSync(file, text)
  utimesSync(file, at / 1000, at / 1000)
}

describe('the API of ban sources', () => {
  it('P08 fetches a source and answers after the attempt, with the reason in words when it failed', async () => {
    await begin(ofHttp)
    const client = await clientOf(t)
    server.use(http.get(url, () => new HttpResponse('nope', { status: 503 })))
    const failed = await client.call('POST', '/ban-sources/crm/sync')
    expect([failed.status, failed.json]).toMatchObject([
      200,
      { name: 'crm', fresh: false, fetchedAt: null, entries: null, error: expect.stringMatching(/status 503/) },
    ])
    server.use(http.get(url, () => HttpResponse.text(listOf(banned(3), 4))))
    const good = await client.call('POST', '/ban-sources/crm/sync')
    expect(good.json).toMatchObject({
      fresh: true,
      error: null,
      entries: 3,
      sequence: 4,
      maxAge: 86_400,
      fetchedAt: new Date(t.clock.now()).toISOString(),
    })
    expect((await client.call('GET', '/ban-sources')).json.items).toEqual([good.json])
    expect((await client.call('GET', '/bans/check?kind=email&value=kielto1@yritys.example')).json).toMatchObject({
      banned: true,
      by: [{ kind: 'email', scope: 'all', source: 'crm' }],
    })
    expect((await client.call('POST', '/ban-sources/mail/sync')).status).toBe(404)
  })

  it('metrics and readiness say which source is fresh', async () => {
    await begin(ofHttp, { ...ofFile, required: false })
    server.use(http.get(url, () => HttpResponse.text(listOf(banned(3)))))
    await syncBanSource(t.deps, 'crm')
    t.clock.advance(60_000)
    const metrics = await (await t.request('/metrics')).text()
    expect(metrics).toContain(
      'postilupa_ban_source_fresh{source="crm"} 1\npostilupa_ban_source_fresh{source="asml"} 0\n',
    )
    expect(metrics).toContain('postilupa_ban_source_age_seconds{source="crm"} 60\n')
    expect(metrics).toContain('postilupa_ban_source_fetches_total{source="crm",outcome="good"} 1')
    const ready = await t.request('/readyz')
    expect([ready.status, await ready.json()]).toMatchObject([
      200,
      {
        banSources: [
          { name: 'crm', fresh: true },
          { name: 'asml', fresh: false },
        ],
      },
    ])
  })
})

describe('a file that is dropped', () => {
  it('D-22 is as old as the day it was written, not as the last look at it', async () => {
    await begin(ofFile)
    drop('kind,value\nemail,a@yritys.example\ndomain,yritys2.example\n', t.clock.now() - 3_600_000)
    expect(await syncBanSource(t.deps, 'asml')).toEqual({ ok: true, added: 2, unchanged: false })
    expect(await rows()).toMatchObject([{ fetched_at: t.clock.now() - 3_600_000, entries: 2, sequence: null }])
    t.clock.advance(23 * 3_600_000)
    const fresh = async () =>
      ((await (await clientOf(t)).call('GET', '/ban-sources')).json.items as { fresh: boolean }[])[0]?.fresh
    expect(await syncBanSource(t.deps, 'asml')).toMatchObject({ ok: true, unchanged: true })
    expect(await fresh()).toBe(true)
    t.clock.advance(1)
    expect(await syncBanSource(t.deps, 'asml')).toMatchObject({ ok: true, unchanged: true })
    expect(await fresh()).toBe(false)
  })

  it.each([
    ['that is not there', undefined, 'no_file'],
    ['that is a web page', '<html>', 'web_page'],
    ['without a header', 'a@yritys.example\n', 'garbled'],
    ['that is empty', '', 'empty'],
    ['with a header only', 'kind,value\n', 'empty'],
    ['with an unknown kind', 'kind,value\nperson,Matti\n', 'entry'],
  ])('%s bans nobody and says why', async (_, text, code) => {
    await begin(ofFile)
    rmSync(file, { force: true })
    if (text !== undefined) drop(text)
    expect(await syncBanSource(t.deps, 'asml')).toMatchObject({ ok: false, fault: { code } })
    expect(await t.deps.store.db.selectFrom('bans').selectAll().execute()).toEqual([])
  })

  it('that is written to while it is read counts for nothing', async () => {
    await begin(ofFile)
    drop(`kind,value\n${'email,a@yritys.example\n'.repeat(20_000)}`)
    t.deps.readFile = async (path) => {
      const opened = await readBanFile(path)
      if (!opened) return null
      const bytes = async function* () {
        for await (const piece of opened.bytes) {
          yield piece
          writeFileSync(file, 'kind,value\n')
        }
      }
      return { ...opened, bytes: bytes() }
    }
    expect(await syncBanSource(t.deps, 'asml')).toMatchObject({
      ok: false,
      fault: { code: expect.stringMatching(/changing|garbled/) },
    })
  })

  it('is not there at all where there are no files', async () => {
    await begin(ofFile)
    delete t.deps.readFile
    expect(await syncBanSource(t.deps, 'asml')).toEqual({ ok: false, fault: { code: 'not_here' } })
  })
})

describe('several sources', () => {
  it('are fetched side by side when they are due: one that fails keeps none waiting, nor is the file looked at before its time', async () => {
    await begin(ofHttp, ofFile)
    drop('kind,value\nemail,a@yritys.example\n')
    server.use(http.get(url, () => HttpResponse.error()))
    await syncDueSources(t.deps)
    expect(await rows()).toMatchObject([
      { name: 'asml', error: null, next_at: t.clock.now() + 8 * 3_600_000 * 0.95 },
      { name: 'crm', error: 'unreachable', failures: 1, next_at: t.clock.now() + 950 },
    ])
    t.clock.advance(950)
    await syncDueSources(t.deps)
    expect(await rows()).toMatchObject([
      { tried_at: t.clock.now() - 950 },
      { failures: 2, next_at: t.clock.now() + 1900 },
    ])
  })
})

describe('limits', () => {
  it('a list that is larger than is allowed is cut off', async () => {
    await begin(ofHttp)
    server.use(http.get(url, () => HttpResponse.text(listOf(banned(1000)))))
    expect(await syncBanSource(t.deps, 'crm', { limits: { ...fetchLimits, maxBytes: 10_000 } })).toMatchObject({
      ok: false,
      fault: { code: 'too_large' },
    })
  })

  it('a run that is told to end ends, and begins anew later', async () => {
    await begin(ofHttp)
    server.use(http.get(url, () => new Promise(() => undefined)))
    const ending = new AbortController()
    const run = syncBanSource(t.deps, 'crm', { signal: ending.signal })
    setTimeout(() => ending.abort(), 50)
    expect(await run).toEqual({ ok: false, fault: { code: 'interrupted' } })
  })
})
