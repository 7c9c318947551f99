import { setTimeout as sleep } from 'node:timers/promises'
import type { D1Database, ExecutionContext, Queue } from '@cloudflare/workers-types'
import { ensureKeyring } from './actions/rekey.ts'
import { seed } from './actions/seed.ts'
import { createApp } from './app.ts'
import { parseConfig, type Config } from './config.ts'
import { withoutAddresses, type Deps, type Log } from './deps.ts'
import { wire } from './entries/wire.ts'
import { makeDoor } from './mail/deliver.ts'
import { parseMailUrl } from './mail/mailUrl.ts'
import { tick } from './mail/tick.ts'
import { makeTransport } from './mail/transport.ts'
import { openD1 } from './store/d1.ts'
import { schemaVersion } from './store/migrate.ts'
import { rememberSetting, settingOf } from './store/settings.ts'

/** The bindings of wrangler.toml; all other keys are variables and secrets, the same as in the environment on Node. */
type Env = { DB: D1Database; WAKE: Queue; VERSION: { id: string }; [key: string]: unknown }

/** The newest file of migrations/, which the Worker cannot read. */
const SCHEMA_VERSION = 1
/** An invocation may hold six connections open; D1 and the queue take theirs. */
const CONNECTIONS = 4
/** An invocation may ask D1 1,000 queries; the rest is for what ends a run. */
const QUERIES = 900
/** A queue's consumer may run for 15 minutes; a short run lets the next version take over soon. */
const RUN_MS = 90_000
const FAILED_RUNS = 5

/** The deployed version that this isolate has found to be in order. Nothing else outlives an invocation. */
let inOrder: string | null = null

// oxlint-disable-next-line import/no-default-export -- how a Worker is found
export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    const answer = await invoke(env, context, (deps) => createApp(deps).fetch(request))
    return answer.ok ? answer.result : unavailable(answer.problem)
  },

  /** The clock, once a minute; the message also finds what a lost one should have woken. */
  async scheduled(_controller: unknown, env: Env, context: ExecutionContext): Promise<void> {
    await invoke(env, context, async (deps) => {
      await tick(deps)
      deps.wake()
    })
  },

  /** However many messages came, they say the same: there is something to deliver. */
  async queue(_batch: unknown, env: Env, context: ExecutionContext): Promise<void> {
    await invoke(env, context, deliver)
  },
}

type Answer<T> = { ok: true; result: T } | { ok: false; problem: string }

/** One invocation: Deps of its own, what must be in order before any work, and at most one message to the queue after it. */
async function invoke<T>(
  env: Env,
  context: ExecutionContext,
  work: (deps: Deps, queries: () => number) => T | Promise<T>,
): Promise<Answer<T>> {
  const configured = configure(env)
  if (!configured.ok) {
    log.error('not_configured', { problems: configured.problems })
    return { ok: false, problem: 'The service is not configured yet: its log names the missing or wrong keys.' }
  }
  let queries = 0
  let woken = false
  const prepare = (text: string) => {
    queries++
    return env.DB.prepare(text)
  }
  const deps = wire(configured.config, {
    store: openD1({ prepare, batch: (statements) => env.DB.batch(statements) }),
    wake: () => {
      woken = true
    },
    // Cloudflare sets it on every request and lets no client bring its own.
    peerOf: (c) => c.req.header('CF-Connecting-IP') ?? '',
    log,
    // Cloudflare counts by itself; the counters of one isolate would say little.
    metrics: { count: () => {}, text: async () => '' },
    outbox: null,
  })
  const problem = await problemOf(deps, env.VERSION.id)
  if (problem !== null) return { ok: false, problem }
  try {
    return { ok: true, result: await work(deps, () => queries) }
  } finally {
    if (woken) context.waitUntil(send(env.WAKE))
  }
}

/** The environment of Node, with what is different here: D1 is the database, and mail leaves by SMTP. */
function configure(env: Env): { ok: true; config: Config } | { ok: false; problems: string[] } {
  const given = Object.entries(env).flatMap(([key, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [[key, String(value)] as const] : [],
  )
  const parsed = parseConfig({ DATABASE_URL: 'd1:DB', ...Object.fromEntries(given) })
  const problems = [
    ...['DB', 'WAKE', 'VERSION'].filter((key) => env[key] == null).map((key) => `${key}: is missing: bind it in wrangler.toml`),
    ...(env['PUBLIC_URL'] ? [] : ['PUBLIC_URL: is missing: set it to the address of this Worker']),
    ...mailProblems(env['MAIL_URL']),
    ...(parsed.ok ? [] : parsed.problems),
  ]
  if (!parsed.ok || problems.length > 0) return { ok: false, problems }
  return { ok: true, config: { ...parsed.config, mailUrl: withFewConnections(parsed.config.mailUrl) } }
}

function mailProblems(mailUrl: unknown): string[] {
  if (typeof mailUrl !== 'string' || !/^smtps?:/.test(mailUrl))
    return ['MAIL_URL: is missing or no way out of here: set it to smtp://… or smtps://…']
  try {
    parseMailUrl(mailUrl)
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

function withFewConnections(mailUrl: string): string {
  const url = new URL(mailUrl)
  const wish = Number(url.searchParams.get('connections') ?? CONNECTIONS)
  url.searchParams.set('connections', String(Math.min(wish, CONNECTIONS)))
  return url.href
}

/**
 * What a start does on Node: the schema's version, the guards, the keyring, the default topics and form. Once for each
 * deployed version, which the database remembers; a further isolate asks it once, and then only knows.
 * @returns one sentence with the mend, or null
 */
async function problemOf(deps: Deps, version: string): Promise<string | null> {
  if (inOrder === version) return null
  const { store } = deps
  try {
    const schema = await schemaVersion(store)
    if (schema < SCHEMA_VERSION)
      return `The database schema is at version ${schema} and this program needs ${SCHEMA_VERSION}: run "npx wrangler d1 migrations apply DB --remote".`
    if (schema > SCHEMA_VERSION)
      return `The database schema is at version ${schema} and this program knows only ${SCHEMA_VERSION}: deploy the newer program.`
    if ((await settingOf(store, 'prepared')) !== version) {
      await store.batch(store.guards)
      const keys = await ensureKeyring(deps)
      if (!keys.ok) {
        log.error('not_configured', { problems: [keys.problem] })
        return 'The service is not configured yet: its log names the missing or wrong keys.'
      }
      await seed(deps)
      await store.batch([rememberSetting(store, 'prepared', version, deps.now())])
    }
    inOrder = version
    return null
  } catch (error) {
    log.error('not_prepared', { error: String(error) })
    return 'The database did not answer. Try again in a minute.'
  }
}

/** Starts what is due and delivers, until nothing is left or this invocation has had its share; the next one goes on. */
async function deliver(deps: Deps, queries: () => number): Promise<void> {
  await tick({ ...deps, wake: () => {} })
  const { mailUrl, publicUrl } = deps.config
  const door = makeDoor(deps, makeTransport(mailUrl, { now: deps.now, clientName: new URL(publicUrl).hostname }))
  const until = deps.now() + RUN_MS
  const enough = () => deps.now() >= until || queries() >= QUERIES
  try {
    for (let failed = 0; ; ) {
      try {
        await door.run(enough)
        break
      } catch (error) {
        // What was handed over wants recording, and D1 now and then loses a connection: the door keeps it for the next try.
        log.error('delivery_stopped', { error: String(error) })
        if (++failed === FAILED_RUNS) throw error
        await sleep(failed * 1000)
      }
    }
  } finally {
    await door.stop()
  }
  if (enough()) deps.wake()
}

/** A message that is lost does no harm: the next tick finds what it should have woken. */
function send(queue: Queue): Promise<void> {
  return queue.send('wake').then(
    () => undefined,
    (error: unknown) => log.error('wake_lost', { error: String(error) }),
  )
}

const log: Log = {
  info: (event, fields = {}) => console.log(JSON.stringify({ level: 'info', event, ...fields })),
  error: (event, fields = {}) => console.error(JSON.stringify({ level: 'error', event, ...withoutAddresses(fields) })),
}

function unavailable(problem: string): Response {
  return new Response(`${problem}\n`, {
    status: 503,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', 'Retry-After': '60' },
  })
}
