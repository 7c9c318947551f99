import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeSync, openSync, closeSync, unlinkSync } from 'node:fs'
import { CompiledQuery, sql } from 'kysely'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { startApp } from '../app.ts'
import { makeHome, startServer } from '../server.ts'
import { signUp } from '../signUps.ts'
import { addRecipients, deskOf, faults, numbered, until, wait, withDatabase } from './campaign.ts'
import { startSink } from './sinks.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

test('P16 F21 with a full disk a sign-up is answered 503 with Retry-After, pages are shown all the same, and it recovers by itself', async () => {
  const t = await startApp()
  open.push(t)
  const { db } = t.deps.store
  const pages = (await sql<{ page_count: number }>`pragma page_count`.execute(db)).rows[0]?.page_count ?? 0
  const limit = (n: number) => db.executeQuery(CompiledQuery.raw(`pragma max_page_count = ${n}`))
  const json = { Accept: 'application/json' }
  await limit(pages + 2)
  const promised: string[] = []
  let refusals = 0
  for (let n = 0; refusals < 5 && n < 500; n++) {
    const email = `uusi${n}@yritys.example`
    const answer = await signUp(t, { email, name: 'x'.repeat(100) }, { headers: json })
    if (answer.status === 202) promised.push(email)
    else {
      refusals++
      expect([answer.status, Number(answer.headers.get('Retry-After')) > 0]).toEqual([503, true])
      expect(answer.headers.get('Content-Type')).toContain('application/problem+json')
    }
  }
  expect(refusals).toBe(5)
  for (const [path, status] of [
    ['/f/newsletter', 200],
    ['/privacy', 200],
    ['/livez', 200],
    ['/readyz', 200],
  ] as const)
    expect([path, (await t.request(path)).status]).toEqual([path, status])
  expect((await t.request('/api/v1/contacts', { headers: { Authorization: `Bearer ${t.apiKey}` } })).status).toBe(200)
  const ban = { method: 'POST', headers: { Authorization: `Bearer ${t.apiKey}`, 'Content-Type': 'application/json' } }
  const asked = await t.request('/api/v1/bans', {
    ...ban,
    body: JSON.stringify({ kind: 'email', value: 'kielto@yritys.example', reason: 'x'.repeat(400) }),
  })
  // What changes rows in place may still find room; nothing is promised that was not kept.
  const banned = (await db.selectFrom('bans').select('id').execute()).length
  expect(banned).toBe(asked.status === 201 ? 1 : 0)
  await limit(1_000_000)
  expect((await signUp(t, { email: 'taas@yritys.example' }, { headers: json })).status).toBe(202)
  const kept = (await db.selectFrom('signups').select('strict').execute()).map((row) => row.strict)
  expect(kept.toSorted()).toEqual([...promised, 'taas@yritys.example'].toSorted())
})

const run = (command: string, ...args: string[]) => spawnSync(command, args).status === 0

/** A small disk of its own, where this machine lets us have one. */
function smallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'postilupa-disk-'))
  if (!run('mount', '-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder)) {
    rmSync(folder, { recursive: true })
    return null
  }
  open.push({
    close: async () => {
      run('umount', '-l', folder)
      rmSync(folder, { recursive: true })
    },
  })
  return folder
}

test.runIf(faults)(
  'P16 F22 a disk that is full in the middle of a mailing stops it without a word to anybody twice, and it goes on when there is room',
  async () => {
    const folder = smallDisk()
    if (folder === null)
      return console.info('No small disk can be mounted here: the full disk is not tried on a whole server.')
    const size = 2000
    const sink = await startSink({ paceMs: 10 })
    open.push(sink)
    const file = join(folder, 'postilupa.db')
    const home = makeHome({ DATABASE_URL: `file:${file}`, MAIL_URL: `${sink.url}?connections=4` })
    await addRecipients(home.env, numbered(size))
    const server = await startServer({ home })
    open.push(server)
    const id = await deskOf(server).send()
    await until('it is under way', () => sink.taken().length > 200, 30_000, 2)
    const filler = join(folder, 'filler')
    fill(filler)
    await until(
      'nothing more goes out',
      async () => {
        const before = sink.events().length
        await wait(700)
        return sink.events().length === before
      },
      20_000,
    )
    const stopped = sink.taken().length
    expect(stopped).toBeLessThan(size)
    const post = () =>
      fetch(`${server.url}/f/newsletter`, {
        method: 'POST',
        body: new URLSearchParams({ email: 'uusi@yritys.example' }),
      })
    const refused = await post()
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, '5'])
    for (const path of ['/f/newsletter', '/livez'])
      expect([path, (await fetch(server.url + path)).status]).toEqual([path, 200])
    expect((await deskOf(server).report(id)).state).toBe('sending')
    expect(sink.taken().length).toBe(stopped)

    unlinkSync(filler)
    await until('a sign-up is taken', async () => (await post()).status === 200, 10_000)
    const unsure = new Set<string>()
    await until(
      'the mailing is finished',
      async () => {
        const { state, reason } = await deskOf(server).report(id)
        if (reason === 'uncertain') {
          for (const { messageId } of await deskOf(server).deliveries(id, 'uncertain')) unsure.add(`<${messageId}>`)
          await deskOf(server).act(id, 'resend-uncertain')
        }
        return state === 'finished'
      },
      120_000,
    )
    const times = Map.groupBy(
      sink.taken().filter(({ messageId }) => messageId.includes(id)),
      ({ messageId }) => messageId,
    )
    expect(times.size).toBe(size)
    expect(unsure.size).toBeLessThanOrEqual(64)
    for (const [messageId, all] of times)
      expect([messageId, all.length <= (unsure.has(messageId) ? 2 : 1)]).toEqual([messageId, true])
    expect(withDatabase(file, (database) => database.pragma('integrity_check'))).toEqual([{ integrity_check: 'ok' }])
  },
  240_000,
)

function fill(path: string) {
  const handle = openSync(path, 'w')
  for (let piece = 1 << 20; piece >= 1; piece >>= 1) {
    try {
      for (;;) writeSync(handle, Buffer.alloc(piece))
    } catch {
      // No room for a piece of this size: a smaller one may still fit.
    }
  }
  closeSync(handle)
}
