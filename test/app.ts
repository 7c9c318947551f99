import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { serve, type ServerType } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, Hono } from 'hono'
import PostalMime, { type Email as Parsed } from 'postal-mime'
import { seed } from '../src/actions/seed.ts'
import { ensureKeyring } from '../src/actions/rekey.ts'
import { createApp } from '../src/app.ts'
import { readHtmx } from '../src/entries/htmx.ts'
import { parseConfig } from '../src/config.ts'
import { makeSignals, timeSortedId, type Deps } from '../src/deps.ts'
import { makeKeyring } from '../src/keyring.ts'
import { makeDoor } from '../src/mail/deliver.ts'
import { tick } from '../src/mail/tick.ts'
import { makeTransport } from '../src/mail/transport.ts'
import { parseRegister } from '../src/rules/register.ts'
import { defaultRegister } from '../src/rules/registerData.ts'
import { makeMetrics } from '../src/telemetry.ts'
import { engines, type Engine } from './stores.ts'

/** A message that left, as its recipient sees it. `links`: every URL of its text part. */
export type Mail = Parsed & { raw: string; recipient: string; links: string[] }

export type TestApp = {
  app: Hono
  deps: Deps
  /** A request from `peer` (127.0.0.1 unless said), without a socket. */
  request(path: string, init?: RequestInit & { peer?: string }): Promise<Response>
  /** The same app on a real port of loopback, by @hono/node-server; the address ends without a slash. */
  listen(): Promise<string>
  /** What left so far, oldest first (with MAIL_URL=outbox:, which is the default). */
  mails(): Promise<Mail[]>
  mailsTo(address: string): Promise<Mail[]>
  tick(): Promise<void>
  /** Delivers whatever is due. */
  deliver(): Promise<void>
  clock: { now(): number; advance(ms: number): void }
  /** What was logged, one text a line. */
  logged: string[]
  /** A key with every right, for `Authorization: Bearer`. */
  apiKey: string
  close(): Promise<void>
}

const apiKey = 'test-key-that-opens-everything-0123456789'

const environment = {
  PUBLIC_URL: 'http://127.0.0.1:8080',
  MAIL_URL: 'outbox:memory',
  MAIL_FROM: 'Myyjä Oy <uutiset@myyja.example>',
  SECRETS: 'a secret of the tests of more than 32 characters',
  ADMIN_API_KEY: apiKey,
  COMPANY_NAME: 'Myyjä Oy',
  COMPANY_BUSINESS_ID: '1234567-1',
  COMPANY_ADDRESS: 'Satamakatu 1, 00100 Helsinki',
}

/**
 * A whole Postilupa on a temporary database, with the real door and transport; its clock stands still until it is moved.
 * @param options.engine SQLite unless said
 * @param options.env added to the environment of the tests
 */
export async function startApp(
  options: { engine?: Engine['name']; env?: Record<string, string> } = {},
): Promise<TestApp> {
  const parsed = parseConfig({ ...environment, ...options.env })
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'))
  const register = parseRegister(defaultRegister)
  if (!register.ok) throw new Error('the default register is not valid')
  const opened = await engines.find(({ name }) => name === (options.engine ?? 'SQLite'))!.open()

  let at = Date.UTC(2026, 4, 18, 6, 30)
  const outbox: Promise<Mail>[] = []
  const logged: string[] = []
  const log = (event: string, fields: Record<string, unknown> = {}) =>
    void logged.push(JSON.stringify({ event, ...fields }))
  const deps: Deps = {
    config: parsed.config,
    register: register.register,
    store: opened.store,
    keyring: makeKeyring(parsed.config.secrets),
    now: () => at,
    id: () => timeSortedId(at, randomBytes(16)),
    secret: () => randomBytes(32).toString('base64url'),
    random: () => 0.5,
    wake: () => undefined,
    signals: makeSignals(),
    peerOf,
    log: { info: log, error: log },
    metrics: makeMetrics(),
    htmx: await readHtmx(),
    outbox: null,
  }
  const keys = await ensureKeyring(deps)
  if (!keys.ok) throw new Error(keys.problem)
  await seed(deps)
  const transport = makeTransport(deps.config.mailUrl, {
    now: deps.now,
    clientName: 'tests.example',
    writeFile: async (_name, bytes) => void outbox.push(readMail(bytes)),
  })
  const door = makeDoor(deps, transport)
  const app = createApp(deps)
  let server: ServerType | undefined

  const mails = () => Promise.all(outbox)
  return {
    app,
    deps,
    request: async (path, { peer = '127.0.0.1', ...init } = {}) => app.request(path, init, { peer }),
    async listen() {
      server ??= serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
      if (!server.listening) await once(server, 'listening')
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    },
    mails,
    mailsTo: async (address) => (await mails()).filter((mail) => mail.recipient === address),
    tick: () => tick(deps),
    deliver: () => door.run(),
    clock: {
      now: () => at,
      advance: (ms) => {
        at += ms
      },
    },
    logged,
    apiKey,
    async close() {
      await new Promise((done) => (server ? server.close(done) : done(null)))
      await door.stop()
      await opened.close()
    },
  }
}

/** The peer of a real socket, or the one that a test says it is. */
function peerOf(c: Context): string {
  const env = c.env as { peer?: string }
  return env.peer ?? getConnInfo(c).remote.address ?? ''
}

async function readMail(bytes: Uint8Array): Promise<Mail> {
  const parsed = await PostalMime.parse(bytes)
  return {
    ...parsed,
    raw: new TextDecoder().decode(bytes),
    recipient: parsed.to?.[0]?.address ?? '',
    links: (parsed.text ?? '').match(/https?:\/\/[^\s<>()]+/g) ?? [],
  }
}
