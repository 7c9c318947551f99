import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import { makeHome, startServer, type Server } from '../server.ts'
import { createPostgresDatabase } from '../stores.ts'
import { addRecipients, deskOf, faults, makeChance, numbered, until, wait, type Report } from './campaign.ts'
import { startSink, type Sink } from './sinks.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

type Engine = 'SQLite' | 'PostgreSQL'

/** Two servers on one database, and the relay that both use. */
async function twoNodes(engine: Engine, size: number, paceMs: number) {
  const sink = await startSink({ paceMs })
  const order = mkdtempSync(join(tmpdir(), 'postilupa-nodes-'))
  open.push(sink, { close: async () => rmSync(order, { recursive: true }) })
  const url = engine === 'PostgreSQL' ? { DATABASE_URL: await createPostgresDatabase() } : {}
  const env = { ...url, MAIL_URL: `${sink.url}?connections=4`, LOG_LEVEL: 'error' }
  const home = makeHome(env)
  const addressOf = await addRecipients(home.env, numbered(size))
  const start = (name: string) =>
    startServer({ home, env: { HAND_OVER_LOG: join(order, name) }, args: ['--import', './test/faults/handOver.ts'] })
  const one = await start('one')
  open.push(one)
  const two = await start('two')
  open.push(two)
  const marks = (name: string) =>
    readFileSync(join(order, name), 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
  return {
    sink,
    one,
    two,
    addressOf,
    marks,
    pool: engine === 'PostgreSQL' ? poolOf(home.env['DATABASE_URL'] ?? '') : null,
  }
}

function poolOf(connectionString: string) {
  const pool = new Pool({ connectionString, max: 2 })
  open.push({ close: () => pool.end() })
  return pool
}

const finished = (server: Server, id: string, withinMs = 60_000): Promise<Report> =>
  until(
    'the mailing is finished',
    async () => {
      const report = await deskOf(server).report(id)
      return report.state === 'finished' && report
    },
    withinMs,
  )

const sentBy = async (server: Server) =>
  Number(/^postilupa_sent_total\{.*\} (\d+)/m.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1] ?? 0)

const times = (sink: Sink) =>
  [...Map.groupBy(sink.taken(), ({ to }) => to)].map(([to, all]) => [to, all.length] as const)

describe.each<Engine>(['PostgreSQL', 'SQLite'])('P24 two processes on one database (%s)', (engine) => {
  const size = faults ? 2000 : 400

  test('F19 F20 share one mailing: nobody is lost, nobody gets it twice', async () => {
    const { sink, one, two } = await twoNodes(engine, size, 10)
    const id = await deskOf(one).send()
    expect((await finished(two, id)).counts).toMatchObject({ proposed: size, sent: size, uncertain: 0, failed: 0 })
    expect(times(sink).length).toBe(size)
    expect(times(sink).filter(([, n]) => n > 1)).toEqual([])
    const [first, second] = [await sentBy(one), await sentBy(two)]
    expect([first > 0, second > 0, first + second]).toEqual([true, true, size])
  }, 120_000)

  test.runIf(faults || engine === 'PostgreSQL')(
    'F15 one that is frozen longer than its lease, and wakes up, harms nobody but those it had in flight, and they are listed',
    async () => {
      const { sink, one, two, pool, addressOf } = await twoNodes(engine, size, 20)
      const id = await deskOf(one).send()
      await until('both are at it', async () => sink.taken().length > size / 10 && (await sentBy(one)) > 0, 30_000)
      process.kill(one.pid, 'SIGSTOP')
      // What the other one claimed before this moment has its outcome two seconds later; what is left is the frozen one's.
      const leases = faults || pool === null ? [] : await leasesNow(pool)
      await wait(faults ? 35_000 : 2000)
      if (pool) await lapse(pool, leases)
      const listed = async () =>
        new Set((await deskOf(two).deliveries(id, 'uncertain')).map(({ contactId }) => addressOf.get(contactId) ?? ''))
      const waiting = await until(
        'what it had is listed',
        async () => {
          const report = await deskOf(two).report(id)
          return report.reason === 'uncertain' && report.counts.sending === 0 && report
        },
        60_000,
      )
      const unsure = await listed()
      expect([waiting.counts.uncertain, unsure.size]).toEqual([unsure.size, waiting.counts.uncertain])
      expect(unsure.size).toBeLessThanOrEqual(64)
      process.kill(one.pid, 'SIGCONT')
      // What it writes of its old claims is void: they stay a person's to decide.
      await wait(2500)
      expect(await listed()).toEqual(unsure)
      await deskOf(two).act(id, 'resend-uncertain')
      await finished(two, id)
      expect(times(sink).length).toBe(size)
      for (const [to, n] of times(sink)) expect([to, n <= (unsure.has(to) ? 2 : 1)]).toEqual([to, true])
    },
    150_000,
  )

  test.runIf(faults)(
    'one that is killed leaves at most a window behind, and the other one goes on',
    async () => {
      const { sink, one, two, addressOf } = await twoNodes(engine, size, 10)
      const id = await deskOf(two).send()
      await until('it is under way', () => sink.taken().length > makeChance().between(10, size / 2), 30_000, 2)
      await one.kill()
      await until(
        'the other one comes to the end',
        async () => (await deskOf(two).report(id)).counts.queued === 0,
        60_000,
      )
      const unsure = await until(
        'it is decided',
        async () => {
          const { state, reason, counts } = await deskOf(two).report(id)
          if (state === 'finished') return []
          return reason === 'uncertain' && counts.sending === 0 && deskOf(two).deliveries(id, 'uncertain')
        },
        60_000,
      )
      expect(unsure.length).toBeLessThanOrEqual(64)
      const reached = new Set(times(sink).map(([to]) => to))
      const known = new Set(unsure.map(({ contactId }) => addressOf.get(contactId)))
      expect([...addressOf.values()].filter((to) => !reached.has(to) && !known.has(to))).toEqual([])
      expect(times(sink).filter(([, n]) => n > 1)).toEqual([])
    },
    120_000,
  )

  test.runIf(faults || engine === 'PostgreSQL')(
    'P07 a ban that one answered is kept by the other within a second',
    async () => {
      const { sink, one, two, addressOf, marks } = await twoNodes(engine, size, 20)
      const chance = makeChance()
      const id = await deskOf(one).send()
      await until('it is under way', () => sink.taken().length > 5, 30_000)
      const noes: { to: string; answer: string; by: string }[] = []
      const all = [...addressOf].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, to]) => to)
      for (let handed = 0; handed < size * 0.9; handed = sink.taken().length) {
        const to = all[Math.min(size - 1, Math.floor(handed + chance.between(0, 140)))] ?? ''
        const [by, server] = chance.pick([
          ['one', one],
          ['two', two],
        ] as const)
        const answer = await server.api('POST', '/bans', { kind: 'email', value: to.toUpperCase() })
        noes.push({ to, by, answer: answer.headers.get('x-request-id') ?? '' })
        await wait(chance.between(0, 20))
      }
      await finished(two, id)
      const late = noes.flatMap(({ to, by, answer }) => {
        const at = Number(marks(by).find(([kind, what]) => kind === 'answer' && what === answer)?.[2])
        const begun = ['one', 'two'].flatMap((node) =>
          marks(node)
            .filter(([kind, what]) => kind === 'rcpt' && what === to)
            .map(([, , ms]) => ({ node, after: Number(ms) - at })),
        )
        return begun.filter(({ node, after }) => after > (node === by ? 0 : 1000)).map((one) => ({ to, by, ...one }))
      })
      expect(late).toEqual([])
      const banned = new Set(noes.map(({ to }) => to))
      expect(sink.taken().filter(({ to }) => banned.has(to)).length).toBeLessThan(banned.size)
      expect(times(sink).filter(([, n]) => n > 1)).toEqual([])
    },
    120_000,
  )
})

/** The half minute of these claims goes by at once. */
const lapse = (pool: Pool, leases: readonly string[]) =>
  pool.query(`update deliveries set lease_until = 1 where state = 'sending' and lease = any($1)`, [leases])

async function leasesNow(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ lease: string }>(`select distinct lease from deliveries where state = 'sending'`)
  return rows.map(({ lease }) => lease)
}

test.runIf(faults)(
  'F40 while the ban list cannot be read nothing goes out, and what was banned meanwhile never does',
  async () => {
    const sink = await startSink({ paceMs: 5 })
    open.push(sink)
    const home = makeHome({
      DATABASE_URL: await createPostgresDatabase(),
      MAIL_URL: `${sink.url}?connections=2`,
      LOG_LEVEL: 'error',
    })
    const size = 600
    const addressOf = await addRecipients(home.env, numbered(size))
    const server = await startServer({ home })
    open.push(server)
    const pool = poolOf(home.env['DATABASE_URL'] ?? '')
    const locker = await pool.connect()
    const id = await deskOf(server).send()
    await until('it is under way', () => sink.taken().length > 50, 20_000, 2)
    await locker.query('begin')
    await locker.query('lock table bans in access exclusive mode')
    // What was asked about before the lock may still go, for a second.
    await wait(1200)
    const before = sink.events().length
    await wait(faults ? 10_000 : 2000)
    expect(sink.events().length).toBe(before)
    const reached = new Set(sink.taken().map(({ to }) => to))
    const last = [...addressOf.values()].find((to) => !reached.has(to)) ?? ''
    const hash = await locker.query(
      `select k ->> 'k' as hash from contacts, json_array_elements(keys::json) as k where address = $1 limit 1`,
      [last],
    )
    await locker.query(
      `insert into bans (id, kind, scope, source, external, at) values ('locked', 'email', 'all', 'own', 0, $1)`,
      [Date.now()],
    )
    await locker.query(`insert into ban_keys (hash, ban_id, key_id, form) values ($1, 'locked', 'x', 'strict')`, [
      (hash.rows[0] as { hash: string }).hash,
    ])
    await locker.query('commit')
    locker.release()
    const { counts } = await finished(server, id)
    expect(counts).toMatchObject({ sent: size - 1, skipped: 1 })
    expect(sink.taken().filter(({ to }) => to === last)).toEqual([])
  },
  120_000,
)
