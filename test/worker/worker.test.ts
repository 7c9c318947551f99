import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { company, until } from '../journey.ts'
import { readMigrations } from '../migrations.ts'
import { selfSigned } from '../selfSigned.ts'
import { startSmtpSink, type SinkOptions } from '../smtpPeers.ts'
import { startWorker } from './start.ts'

const certificate = selfSigned()
const folder = mkdtempSync(join(tmpdir(), 'postilupa-trust-'))
writeFileSync(join(folder, 'ca.pem'), certificate.cert)
process.env['NODE_EXTRA_CA_CERTS'] = join(folder, 'ca.pem')

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const it of opened.splice(0).reverse()) await it.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a Worker that is not in order', { timeout: 120_000 }, () => {
  it('P03 answers every request with 503 until it is configured, and its log names every key', async () => {
    const worker = await aWorker({ MAIL_URL: 'outbox:./data/outbox', SECRETS: 'short' })
    for (const path of ['/livez', '/f/newsletter', '/api/v1/contacts']) {
      const answer = await fetch(worker.url + path)
      expect(answer.status).toBe(503)
      expect(answer.headers.get('Retry-After')).toBe('60')
      expect(await answer.text()).toBe('The service is not configured yet: its log names the missing or wrong keys.\n')
    }
    expect(worker.logged()[0]).toEqual({
      level: 'error',
      event: 'not_configured',
      problems: [
        'MAIL_URL: is missing or no way out of here: set it to smtp://… or smtps://…',
        'SECRETS.0: each secret needs at least 32 characters',
      ],
    })
  })

  it('P03 answers 503 with the command that mends the schema, and puts everything in order once that was run', async () => {
    const worker = await aWorker({ ...company, MAIL_URL: 'smtp://127.0.0.1:9' })
    const stale = await fetch(`${worker.url}/f/newsletter`)
    expect([stale.status, await stale.text()]).toEqual([
      503,
      `The database schema is at version 0 and this program needs ${readMigrations().length}: run "npx wrangler d1 migrations apply DB --remote".\n`,
    ])
    await worker.migrate()
    expect((await fetch(`${worker.url}/f/newsletter`)).status).toBe(200)
    const state = async () => ({
      settings: await worker.rows('select key, updated_at from settings order by key'),
      forms: await worker.rows('select id from forms'),
      guards: await worker.rows("select name from sqlite_master where type = 'trigger' order by name"),
    })
    const before = await state()
    expect(before).toMatchObject({
      settings: [{ key: 'keyring' }, { key: 'prepared' }],
      forms: [{ id: 'newsletter' }],
      guards: [{ name: 'bans_kept' }, { name: 'ledger_kept' }, { name: 'ledger_sealed' }],
    })
    // Not at every request: what an operator takes away stays away until the next version is deployed.
    await worker.rows("delete from forms where id = 'newsletter'")
    expect((await fetch(`${worker.url}/f/newsletter`)).status).toBe(404)
    expect(await state()).toEqual({ ...before, forms: [] })
  })
})

describe('mail from workerd', { timeout: 120_000 }, () => {
  it.each([
    ['smtps', { tls: 'wrapped', certificate }, 'smtps://localhost'],
    ['STARTTLS', { tls: 'starttls', certificate }, 'smtp://localhost'],
  ] as const)('%s leaves to a relay whose certificate bears its name', async (_name, options, start) => {
    const sink = await aSink(options)
    const worker = await migrated({ MAIL_URL: `${start}:${sink.port}?tls=required`.replace(/^(smtps.*)\?.*/, '$1') })
    await signUp(worker.url)
    await until('the confirmation', async () => sink.messages[0])
  })

  it.each([
    ['smtps', { tls: 'wrapped', certificate: selfSigned() }, 'smtps://localhost'],
    ['STARTTLS', { tls: 'starttls', certificate: selfSigned() }, 'smtp://localhost'],
  ] as const)(
    'F46 %s to a relay with an unknown certificate sends nothing and keeps the message',
    async (_name, options, start) => {
      const sink = await aSink(options)
      const worker = await migrated({ MAIL_URL: `${start}:${sink.port}?tls=required`.replace(/^(smtps.*)\?.*/, '$1') })
      await signUp(worker.url)
      const rows = () => worker.rows("select state, attempts from deliveries where attempts > 0 and state = 'queued'")
      expect(await until('the refusal', async () => (await rows())[0])).toEqual({ state: 'queued', attempts: 1 })
      expect(sink.messages).toEqual([])
    },
  )

  it('is found by the clock when nothing woke it: what a relay put off goes out with a later cron', async () => {
    let busy = true
    const sink = await aSink({ onRcpt: () => (busy ? '451 4.3.0 come again' : undefined) })
    const worker = await migrated({ MAIL_URL: sink.url })
    await signUp(worker.url)
    await until(
      'the deferral',
      async () => (await worker.rows("select id from deliveries where reason = 'deferred'"))[0],
    )
    busy = false
    await worker.rows('update deliveries set due_at = 0')
    await worker.cron()
    await until('the confirmation', async () => sink.messages[0])
  })

  it('P07 a ban that another invocation answered stops whoever waits in the window, within a second', async () => {
    let begun = 0
    const gate = Promise.withResolvers<void>()
    const sink = await aSink({ onRcpt: async () => (++begun > 5 ? gate.promise : undefined) })
    // However many are wished for, an invocation opens four: Cloudflare lets it have six, for everything.
    const worker = await migrated({ MAIL_URL: `${sink.url}?connections=20` })
    const people = Array.from({ length: 30 }, (_, n) => `p${n}@asiakas.example`)
    for (const email of people) await addContact(worker.url, email)
    const mailing = await schedule(worker.url)
    await worker.cron()
    await until('the window to be full', async () => (begun > 8 ? true : null))
    const last = people.at(-1) ?? ''
    await call(worker.url, '/bans', { kind: 'email', value: last })
    await new Promise((resolve) => setTimeout(resolve, 1100))
    gate.resolve()
    expect(sink.connections()).toBe(4)
    expect((await finished(worker.url, mailing)).counts).toMatchObject({ sent: 29, skipped: 1 })
    expect(sink.messages.map(({ to }) => to).toSorted()).toEqual(people.slice(0, -1).toSorted())
  })
})

describe('an import on Workers', { timeout: 120_000 }, () => {
  it('runs behind the queue, and every row gets its verdict', async () => {
    const worker = await migrated({ MAIL_URL: 'smtp://127.0.0.1:9' })
    const people = Array.from({ length: 2500 }, (_, n) => `p${n}@asiakas.example;P ${n}`)
    const body = new FormData()
    body.set(
      'file',
      new File([['email;name', ...people, 'no address;Q'].join('\n')], 'people.csv', { type: 'text/csv' }),
    )
    for (const [name, value] of [
      ['source', 'fair'],
      ['topics', 'newsletter'],
      ['rule', 'consent'],
      ['evidence', 'told our sales at the fair'],
    ] as const)
      body.set(name, value)
    const headers = { Authorization: `Bearer ${company.ADMIN_API_KEY}` }
    const queued = await fetch(`${worker.url}/api/v1/imports`, { method: 'POST', body, headers })
    expect(queued.status).toBe(202)
    const { id } = (await queued.json()) as { id: string }
    await worker.cron()
    const done = await until('the import to be finished', async () => {
      const now = await call<{ state: string; added: number; refused: number }>(worker.url, `/imports/${id}`)
      return now.state === 'finished' || now.state === 'failed' ? now : null
    })
    expect(done).toMatchObject({ state: 'finished', rows: 2501, added: 2500, refused: 1 })
  })
})

async function aWorker(env: Record<string, string>) {
  const worker = await startWorker(env)
  opened.push(worker)
  return worker
}

async function migrated(env: Record<string, string>) {
  const worker = await aWorker({ ...company, ...env })
  await worker.migrate()
  return worker
}

async function aSink(options: SinkOptions) {
  const sink = await startSmtpSink(options)
  opened.push(sink)
  return sink
}

async function signUp(url: string) {
  const body = new URLSearchParams({ email: 'matti@asiakas.example', language: 'fi' })
  expect((await fetch(`${url}/f/newsletter`, { method: 'POST', body })).status).toBe(200)
}

async function call<T>(url: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { Authorization: `Bearer ${company.ADMIN_API_KEY}`, 'Content-Type': 'application/json' },
    body: body ? JSON.stringify(body) : null,
  })
  expect(answer.ok).toBe(true)
  return (await answer.json()) as T
}

function addContact(url: string, email: string) {
  const permissions = [{ topic: 'newsletter', rule: 'consent', evidence: 'told our sales at the fair' }]
  return call<{ id: string }>(url, '/contacts', { email, language: 'fi', source: 'fair', permissions })
}

async function schedule(url: string): Promise<string> {
  const content = { format: 'markdown', body: 'Hei!\n' }
  const { id } = await call<{ id: string }>(url, '/mailings', {
    kind: 'newsletter',
    topic: 'newsletter',
    subject: 'Hei',
    content,
  })
  await call(url, `/mailings/${id}/schedule`, { at: 'now' })
  return id
}

function finished(url: string, id: string) {
  return until('the mailing to be finished', async () => {
    const mailing = await call<{ state: string; counts: Record<string, number> }>(url, `/mailings/${id}`)
    return mailing.state === 'finished' ? mailing : null
  })
}
