import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { syncBanSource, syncDueSources } from '../../src/actions/syncBanSource.ts'
import { fetchLimits } from '../../src/actions/fetchBanList.ts'
import { ensureKeyring } from '../../src/actions/rekey.ts'
import { makeKeyring } from '../../src/keyring.ts'
import { mailingState } from '../../src/rules/mailing.ts'
import { mailingById, timesOf } from '../../src/store/mailings.ts'
import { startApp, type TestApp } from '../app.ts'
import { addPeople, reportOf, scheduled } from '../people.ts'
import { engines } from '../stores.ts'
import { banned, json, listOf, startRegister, type Register } from './register.ts'

const people = ['a@asiakas.example', 'b@asiakas.example', 'kielto0@yritys.example', 'c@asiakas.example']
/** Short only while a register is slow on purpose: a busy machine must not look like one. */
let stepMs = fetchLimits.stepMs
const limits = () => ({ ...fetchLimits, stepMs })
const HOUR = 3_600_000

let t: TestApp
let register: Register
let closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function begin(engine: (typeof engines)[number]['name'], options: { tls?: boolean; more?: object } = {}) {
  stepMs = fetchLimits.stepMs
  register = await startRegister(options)
  closers.push(() => register.close())
  const source = {
    name: 'asml',
    kind: 'http',
    url: register.url,
    token: 'register-token',
    maxAge: '3h',
    ...options.more,
  }
  t = await startApp({ engine, env: { BAN_SOURCES: JSON.stringify([source]), ALERT_TO: 'valvoja@yritys.example' } })
  closers.push(() => t.close())
}

/** What the ticker does in one second, with the network's answer waited for. */
async function turn() {
  await syncDueSources(t.deps, { limits: limits() })
  await t.tick()
  await t.deliver()
}
const stateOf = async (id: string) => {
  const row = await mailingById(t.deps.store, id)
  return row && mailingState(timesOf(row))
}
const row = () => t.deps.store.db.selectFrom('ban_sources').selectAll().executeTakeFirstOrThrow()
const marketing = async () =>
  (await t.mails()).map(({ recipient }) => recipient).filter((to) => !to.startsWith('valvoja'))
const alerts = () => t.mailsTo('valvoja@yritys.example')

/** Faults of an answer that cannot be trusted: what was fresh is stale at once. */
const broken: [string, (r: Register) => void, RegExp][] = [
  [
    'a web page',
    (r) => r.answers(json('<!doctype html><title>Huolto</title>', 200, { 'Content-Type': 'text/html' })),
    /web_page/,
  ],
  ['a web page that is called JSON', (r) => r.answers(json('\n<html><body>Error</body></html>')), /web_page/],
  ['an empty array', (r) => r.answers(json('[]')), /garbled/],
  ['an empty list', (r) => r.answers(json(listOf([], 2))), /empty/],
  ['an empty body', (r) => r.answers(json('')), /empty/],
  ['half a JSON text', (r) => r.answers(json(listOf(banned(100), 2).slice(0, 2000))), /garbled/],
  ['an older sequence', (r) => r.answers(json(listOf(banned(100), 0))), /replayed 0 1/],
  ['half the entries', (r) => r.answers(json(listOf(banned(50), 2))), /shrunken 50 100/],
  ['half the entries and the old count', (r) => r.answers(json(listOf(banned(50), 2, 100))), /count 50 100/],
  [
    'a garbled entry',
    (r) => r.answers(json(listOf([...banned(100), { kind: 'email', value: 'm@@' }], 2))),
    /entry 101/,
  ],
  [
    'another media type',
    (r) => r.answers(json(listOf(banned(100), 2), 200, { 'Content-Type': 'image/png' })),
    /media_type image\/png/,
  ],
  [
    'another encoding',
    (r) => r.answers((res) => res.writeHead(200).end(Buffer.from('kind,value\nemail,\xe4@b.fi\n', 'latin1'))),
    /encoding/,
  ],
]

function slowly(r: Register, answer: Parameters<Register['answers']>[0]) {
  stepMs = 300
  r.answers(answer)
}

/** Faults of a register that is away: its last good version counts until it is too old. */
const away: [string, (r: Register) => void, RegExp][] = [
  ['an error', (r) => r.answers(json('{"error": "down"}', 500)), /status 500/],
  ['a refused token', (r) => r.answers(json('{}', 401)), /status 401/],
  ['a redirect', (r) => r.answers(json('', 302, { Location: `${r.url}?moved` })), /redirect/],
  ['no answer', (r) => slowly(r, () => undefined), /slow/],
  ['a dropped connection', (r) => r.answers((res) => void res.socket?.destroy()), /unreachable/],
  [
    'a drop now and then',
    (r) =>
      slowly(r, (res) => {
        res.writeHead(200, { 'Content-Type': 'application/json' })
        const timer = setInterval(() => res.write(' '), 50)
        res.once('close', () => clearInterval(timer))
      }),
    /slow/,
  ],
  [
    'a connection that is cut within the list',
    (r) =>
      r.answers((res) => {
        const body = listOf(banned(100), 2)
        res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length })
        res.write(body.slice(0, 3000), () => res.socket?.destroy())
      }),
    /unreachable/,
  ],
]

describe.each([
  ['SQLite', [...broken, ...away]] as const,
  ['PostgreSQL', [broken[5]!, broken[7]!, away[0]!]] as const,
  ['D1', [broken[5]!, broken[7]!, away[0]!]] as const,
])('P08 a required ban source (%s)', (engine, faults) => {
  beforeEach(() => begin(engine))

  it.each(faults)('%s: nothing goes out, the mailing says why, and good data let it go on', async (_, spoil, error) => {
    await addPeople(
      t,
      people.map((email) => ({ email })),
    )
    register.answers(json(listOf(banned(100))))
    await turn()
    expect(await row()).toMatchObject({ error: null, entries: 100, sequence: 1 })
    // The version of an hour ago was good; now it is too old, and what comes instead is not good.
    spoil(register)
    t.clock.advance(3 * HOUR + 1)
    const id = await scheduled(t)
    await turn()
    await turn()
    expect((await row()).error).toMatch(error)
    expect(await stateOf(id)).toEqual({ state: 'held', reason: 'source_stale' })
    expect(await marketing()).toEqual([])
    // The alert is out with the same tick.
    const [alert] = await alerts()
    expect(alert?.text).toMatch(/asml is not fresh/)
    expect(await alerts()).toHaveLength(1)
    // Back-off: a minute at most.
    t.clock.advance(60_000)
    stepMs = fetchLimits.stepMs
    register.answers(json(listOf(banned(100), 3)))
    await turn()
    await turn()
    expect(await row()).toMatchObject({ error: null, broken_at: null, failures: null, sequence: 3 })
    expect((await stateOf(id))?.state).toBe('finished')
    expect(await marketing()).toEqual(['a@asiakas.example', 'b@asiakas.example', 'c@asiakas.example'])
    expect((await reportOf(t, id)).skippedBy).toEqual({ external_ban: 1 })
  })

  it('that never answered: nothing goes out', async () => {
    await addPeople(
      t,
      people.map((email) => ({ email })),
    )
    const id = await scheduled(t)
    await turn()
    expect(await stateOf(id)).toEqual({ state: 'held', reason: 'source_stale' })
    expect(await marketing()).toEqual([])
  })
})

describe('P08 in the middle of a mailing', () => {
  beforeEach(() => begin('SQLite'))

  it.each(broken)('%s stops it at once, whatever the age of the last good version', async (_, spoil) => {
    await addPeople(
      t,
      people.map((email) => ({ email })),
    )
    register.answers(json(listOf(banned(100))))
    await turn()
    const id = await scheduled(t)
    await t.tick()
    spoil(register)
    await syncBanSource(t.deps, 'asml', { limits: limits() })
    await t.deliver()
    expect(await stateOf(id)).toEqual({ state: 'held', reason: 'source_stale' })
    expect(await marketing()).toEqual([])
    expect(await t.deps.store.db.selectFrom('ban_source_entries').selectAll().execute()).toEqual([])
  })

  it.each(away)('%s keeps the last good version until it is too old; the second failure is told', async (_, spoil) => {
    await addPeople(
      t,
      people.map((email) => ({ email })),
    )
    register.answers(json(listOf(banned(100))))
    await turn()
    spoil(register)
    t.clock.advance(HOUR)
    await turn()
    expect(await alerts()).toEqual([])
    t.clock.advance(1000)
    await turn()
    expect((await alerts()).map(({ text }) => text)).toEqual([expect.stringMatching(/asml cannot be fetched/)])
    const id = await scheduled(t)
    await turn()
    expect((await stateOf(id))?.state).toBe('finished')
    expect(await marketing()).toHaveLength(3)
    const next = await scheduled(t)
    t.clock.advance(2 * HOUR)
    await turn()
    expect(await stateOf(next)).toEqual({ state: 'held', reason: 'source_stale' })
    expect(await marketing()).toHaveLength(3)
  })
})

describe('P08 a certificate that nobody vouches for', () => {
  it('is as good as no register', async () => {
    await begin('SQLite', { tls: true })
    await addPeople(
      t,
      people.map((email) => ({ email })),
    )
    register.answers(json(listOf(banned(100))))
    const id = await scheduled(t)
    await turn()
    expect(await row()).toMatchObject({ error: 'tls', fetched_at: null })
    expect(register.asked).toEqual([])
    expect(await stateOf(id)).toEqual({ state: 'held', reason: 'source_stale' })
  })
})

describe('D-23 what a stale source holds', () => {
  it('is marketing and research: confirmations and alerts go out', async () => {
    await begin('SQLite')
    await turn()
    const answer = await t.request('/f/newsletter', {
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ email: 'uusi@asiakas.example', topics: 'newsletter' }).toString(),
    })
    expect(answer.status).toBe(202)
    await turn()
    expect(await t.mailsTo('uusi@asiakas.example')).toHaveLength(1)
    expect(await alerts()).toHaveLength(1)
  })

  it('is nothing when the source is not required', async () => {
    await begin('SQLite', { more: { required: false } })
    await addPeople(
      t,
      people.map((email) => ({ email })),
    )
    const id = await scheduled(t)
    await turn()
    expect((await stateOf(id))?.state).toBe('finished')
    expect(await alerts()).toEqual([])
  })

  it('is released when the source is no longer configured', async () => {
    await begin('SQLite')
    await addPeople(
      t,
      people.map((email) => ({ email })),
    )
    const id = await scheduled(t)
    await turn()
    t.deps.config.banSources = []
    await turn()
    await turn()
    expect((await stateOf(id))?.state).toBe('finished')
  })
})

describe.each(engines.map(({ name }) => name))('a good version (%s)', (engine) => {
  beforeEach(() => begin(engine))

  it('D-22 is remembered with its sequence, hash, count, time and end; D-24 what it lacks stays banned', async () => {
    const first = listOf(banned(100))
    register.answers(json(first))
    expect(await syncBanSource(t.deps, 'asml')).toEqual({ ok: true, added: 100, unchanged: false })
    const at = t.clock.now()
    expect(await row()).toMatchObject({
      sequence: 1,
      entries: 100,
      sha256: createHash('sha256').update(first).digest('hex'),
      fetched_at: at,
      valid_until: at + 3 * HOUR,
      lease: null,
    })
    register.answers(json(listOf(banned(98, 2), 2)))
    expect(await syncBanSource(t.deps, 'asml')).toEqual({ ok: true, added: 0, unchanged: false })
    const bans = await t.deps.store.db.selectFrom('bans').select(['source', 'external', 'scope', 'kind']).execute()
    expect(bans).toHaveLength(100)
    expect(bans[0]).toEqual({ source: 'asml', external: 1, scope: 'all', kind: 'email' })
    const events = await t.deps.store.db
      .selectFrom('ledger')
      .select(['event', 'data'])
      .where('event', '=', 'ban_source_read')
      .execute()
    expect(events.map(({ data }) => JSON.parse(data) as object)).toMatchObject([
      { source: 'asml', sequence: 1, entries: 100, added: 100 },
      { source: 'asml', sequence: 2, entries: 98, added: 0 },
    ])
    expect(await t.deps.store.db.selectFrom('ban_source_entries').selectAll().execute()).toEqual([])
  })

  it('D-6 may list plain hashes: they hit by the same look-up, also looser spellings and people of later', async () => {
    const digest = (value: string) => createHash('sha256').update(value).digest('hex')
    const entries = [
      { kind: 'email', sha256: digest('kielto0@yritys.example') },
      { kind: 'email', sha256: digest('tuleva@yritys.example').toUpperCase() },
      { kind: 'domain', value: 'kielletty.example' },
      { kind: 'email', sha256: digest('kielto0@yritys.example') },
    ]
    await addPeople(
      t,
      people.map((email) => ({ email })),
    )
    register.answers(json(listOf(entries)))
    expect(await syncBanSource(t.deps, 'asml')).toMatchObject({ ok: true, added: 3 })
    await addPeople(
      t,
      ['tuleva+hinnat@yritys.example', 'x@posti.kielletty.example'].map((email) => ({ email })),
    )
    const id = await scheduled(t)
    t.clock.advance(1000)
    await turn()
    expect((await reportOf(t, id)).skippedBy).toEqual({ external_ban: 3 })
    expect(await marketing()).toEqual(['a@asiakas.example', 'b@asiakas.example', 'c@asiakas.example'])
  })

  it('D-7 is found under a new secret as well, and is not added twice', async () => {
    const digest = createHash('sha256').update('kielto0@yritys.example').digest('hex')
    const entries = [
      { kind: 'email', sha256: digest },
      ...banned(1),
      { kind: 'email', value: 'tuntematon@yritys.example' },
    ]
    await addPeople(
      t,
      people.map((email) => ({ email })),
    )
    register.answers(json(listOf(entries)))
    expect(await syncBanSource(t.deps, 'asml')).toMatchObject({ added: 3 })
    t.deps.keyring = makeKeyring(['a newer secret, also of more than 32 characters', ...t.deps.config.secrets])
    expect(await ensureKeyring(t.deps)).toEqual({ ok: true })
    expect(await syncBanSource(t.deps, 'asml')).toEqual({ ok: true, added: 0, unchanged: true })
    const hit = async () =>
      (
        await t.deps.store.db
          .selectFrom('ban_keys')
          .select('ban_id')
          .distinct()
          .where('hash', 'in', [
            t.deps.keyring.hash(`email:sha256:v1:${digest}`),
            t.deps.keyring.hash('email:v1:kielto0@yritys.example'),
          ])
          .execute()
      ).length
    expect(await hit()).toBe(2)
    const id = await scheduled(t)
    await turn()
    expect((await reportOf(t, id)).skippedBy).toEqual({ external_ban: 1 })
  })

  it('sends its token and its ETag, and 304 makes the last version fresh again', async () => {
    register.answers((res, headers) =>
      headers['if-none-match'] === '"v1"'
        ? res.writeHead(304).end()
        : json(listOf(banned(3)), 200, { ETag: '"v1"' })(res),
    )
    await turn()
    expect(register.asked[0]).toMatchObject({ authorization: 'Bearer register-token' })
    expect(register.asked[0]?.['if-none-match']).toBeUndefined()
    await turn()
    expect(register.asked).toHaveLength(1)
    t.clock.advance(HOUR)
    await turn()
    expect(register.asked).toHaveLength(2)
    expect(await row()).toMatchObject({ fetched_at: t.clock.now(), entries: 3, sequence: 1, error: null })
  })

  it('is read by one run at a time; another waits, or leaves it to the first', async () => {
    let running = 0
    let most = 0
    register.answers((res) => {
      most = Math.max(most, ++running)
      setTimeout(() => {
        running--
        json(listOf(banned(2500)))(res)
      }, 100)
    })
    await Promise.all([syncDueSources(t.deps), syncBanSource(t.deps, 'asml'), syncBanSource(t.deps, 'asml')])
    expect(most).toBe(1)
    expect(register.asked.length).toBeGreaterThanOrEqual(2)
    expect(
      await t.deps.store.db
        .selectFrom('bans')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .executeTakeFirst(),
    ).toEqual({ n: 2500 })
  })

  it('a run that died is found after half a minute, and what it half read is gone', async () => {
    register.answers(json(listOf(banned(3))))
    await turn()
    const { store } = t.deps
    await store.batch([
      store.db.updateTable('ban_sources').set({ lease: 'dead', lease_until: t.clock.now() + 30_000 }),
      store.db
        .insertInto('ban_source_entries')
        .values({ source: 'asml', hash: 'x', ban_id: 'x', kind: 'email', hashes: '[]' }),
    ])
    t.clock.advance(HOUR)
    await turn()
    expect(await row()).toMatchObject({ lease: null, fetched_at: t.clock.now() })
    expect(await store.db.selectFrom('bans').select('id').execute()).toHaveLength(3)
  })
})
