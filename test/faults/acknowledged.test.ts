import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { links } from '../../src/mail/tokens.ts'
import { keysOfColumn } from '../../src/store/keys.ts'
import { makeHome, startServer, type Env, type Server } from '../server.ts'
import { faults, lapseLeases, makeChance, numbered, onData, until, wait, withDatabase } from './campaign.ts'
import type { Load } from './loadProcess.ts'
import { addPeople } from '../people.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

type Said = { tried: string[]; done: string[]; wrong: string[] }

/** Runs the load against the server until `done` has so many lines, then kills the server `late` ms after that. */
async function killUnderLoad(
  server: Server,
  load: Omit<Load, 'url' | 'key'>,
  enough: number,
  late: number,
): Promise<Said> {
  const program = join(import.meta.dirname, 'loadProcess.ts')
  const child = spawn(process.execPath, [program, JSON.stringify({ ...load, url: server.url, key: server.key })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (chunk) => (text += String(chunk)))
  const ended = new Promise((done) => child.once('close', done))
  const lines = (word: string) =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${word} `))
      .map((line) => line.slice(word.length + 1))
  await until('requests are answered', () => lines('done').length >= enough || lines('wrong').length > 0, 30_000, 1)
  await wait(late)
  await server.kill()
  await ended
  return { tried: lines('tried'), done: lines('done'), wrong: lines('wrong') }
}

const of = (kind: string, lines: readonly string[]) =>
  lines.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1))

/** Links as recipients have them in their mail. */
async function makeLinks(env: Env, people: number) {
  return onData(env, async (deps) => {
    await addPeople({ deps }, numbered(people))
    const { makeLeaving } = links(deps)
    const contacts = await deps.store.db.selectFrom('contacts').select(['id', 'keys']).execute()
    return contacts.map(({ id, keys }) => {
      const hashes = keysOfColumn(keys).slice(0, 1)
      return {
        id,
        path: `/u/${makeLeaving({ topic: 'price-list', language: 'fi', mailingId: 'm1', contactId: id, hashes })}`,
      }
    })
  })
}

const confirmLinks = (env: Env) =>
  onData(env, async (deps) => {
    const rows = await deps.store.db.selectFrom('signups').select('id').where('confirmed_at', 'is', null).execute()
    return rows.map(({ id }) => ({ id, path: `/c/${links(deps).make('c', id)}` }))
  })

describe('what was answered with 2xx', () => {
  const rounds = faults ? 20 : 2

  test(`P01 survives kill -9 while sign-ups, confirmations, one-click POSTs, bans and contacts come in, ${rounds} times`, async () => {
    const chance = makeChance()
    console.info(`SEED=${chance.seed}`)
    // One network posts it all: what it may cause in an hour is not the subject here.
    const caps = { LIMIT_PER_NETWORK: '100000', LIMIT_PER_FORM: '100000', LIMIT_IN_ALL: '100000' }
    const home = makeHome({ LOG_LEVEL: 'error', ...caps })
    const leave = await makeLinks(home.env, faults ? 4000 : 300)
    const server = await startServer({ home })
    open.push(server)
    const promised: string[] = []
    const unanswered: string[] = []
    for (let round = 0; round < rounds; round++) {
      const confirm = await confirmLinks(home.env)
      const load = { mark: `r${round}`, leave: leave.splice(0, faults ? 200 : 150), confirm: confirm.slice(0, 200) }
      const { tried, done, wrong } = await killUnderLoad(server, load, chance.between(50, 400), chance.between(0, 10))
      expect(wrong).toEqual([])
      promised.push(...done)
      for (const email of of('signup', tried)) if (!done.includes(`signup ${email}`)) unanswered.push(email)
      await server.restart()
      expect(missing(home.file, promised)).toEqual({ signup: [], leave: [], confirm: [], ban: [], contact: [] })
      expect(withDatabase(home.file, (database) => database.pragma('integrity_check'))).toEqual([
        { integrity_check: 'ok' },
      ])
    }
    for (const kind of ['signup', 'leave', 'ban', 'contact'])
      expect([kind, of(kind, promised).length > 5]).toEqual([kind, true])
    expect(of('confirm', promised).length).toBeGreaterThan(0)
    console.info(`promised=${promised.length} unanswered sign-ups=${unanswered.length}`)

    // F02: a visitor who got no answer tries again; that is one sign-up and one confirmation, whatever was kept before.
    for (const email of unanswered) {
      const again = await fetch(`${server.url}/f/newsletter`, { method: 'POST', body: new URLSearchParams({ email }) })
      expect(again.status).toBe(200)
    }
    withDatabase(home.file, (database) => {
      for (const email of unanswered)
        expect(database.prepare('select count(*) from signups where strict = ?').pluck().get(email)).toBe(1)
      // F03: the sign-up and its confirmation are one; neither is ever there without the other.
      const signups = 'select id from signups'
      const asked = `select data ->> 'signup' from deliveries where kind = 'confirmation'`
      expect(database.prepare(`${signups} except ${asked}`).all()).toEqual([])
      expect(database.prepare(`${asked} except ${signups}`).all()).toEqual([])
    })
  }, 600_000)
})

/** What the database does not have of what was promised. */
function missing(file: string, promised: readonly string[]) {
  return withDatabase(file, (database) => {
    const kept = (query: string) => new Set(database.prepare(query).pluck().all() as string[])
    const gone = (kind: string, query: string) => {
      const there = kept(query)
      return of(kind, promised).filter((one) => !there.has(one))
    }
    return {
      signup: gone('signup', `select strict from signups union select strict from contacts`),
      leave: gone(
        'leave',
        `select p.contact_id from permissions p join ledger l on l.subject = p.contact_id and l.event in ('objection', 'permission_withdrawn')
         where p.withdrawn_at is not null`,
      ),
      confirm: gone(
        'confirm',
        `select p.signup_id from permissions p join contacts c on c.id = p.contact_id where p.confirmed_at is not null`,
      ),
      ban: gone('ban', `select b.id from bans b join ban_keys k on k.ban_id = b.id`),
      contact: gone('contact', `select c.id from contacts c join permissions p on p.contact_id = c.id`),
    }
  })
}

describe('a confirmation', () => {
  test('F04 whose sending is cut by kill -9 goes out again, with the same Message-ID and never a third time', async () => {
    const { startSink } = await import('./sinks.ts')
    const sink = await startSink({ paceMs: 60_000 })
    open.push(sink)
    const home = makeHome({ MAIL_URL: sink.url, LOG_LEVEL: 'error' })
    const server = await startServer({ home })
    open.push(server)
    const body = new URLSearchParams({ email: 'uusi@yritys.example' })
    expect((await fetch(`${server.url}/f/newsletter`, { method: 'POST', body })).status).toBe(200)
    await until('the relay holds the confirmation', () => sink.taken().length === 1, 10_000)
    await server.kill()
    lapseLeases(home.file)
    await server.restart()
    await until('it is sent again', () => sink.taken().length === 2, 10_000)
    const [first, second] = sink.taken()
    expect(second).toMatchObject({ to: 'uusi@yritys.example', messageId: first?.messageId })
    await wait(1500)
    expect(sink.taken()).toHaveLength(2)
  }, 60_000)
})
