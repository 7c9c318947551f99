import type { ExecutionContext, Queue } from '@cloudflare/workers-types'
import { ensureKeyring } from './actions/rekey.ts'
import { seed } from './actions/seed.ts'
import { syncDueSources } from './actions/syncBanSource.ts'
import { createApp } from './app.ts'
import { withoutAddresses, type Deps, type Log } from './deps.ts'
import htmx from 'htmx.org/dist/htmx.min.js'
import { wire } from './entries/wire.ts'
import { configure, type Env } from './entries/workerEnv.ts'
import { run } from './entries/workerRun.ts'
import { tick } from './mail/tick.ts'
import { openD1 } from './store/d1.ts'
import { schemaVersion } from './store/migrate.ts'
import { rememberSetting, settingOf } from './store/settings.ts'

/** The newest file of migrations/, which the Worker cannot read. */
const SCHEMA_VERSION = 7

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
      await syncDueSources(deps)
      deps.wake()
    })
  },

  /** However many messages came, they say the same: there is something to deliver. */
  async queue(_batch: unknown, env: Env, context: ExecutionContext): Promise<void> {
    await invoke(env, context, run)
  },
}

type Answer<T> = { ok: true; result: T } | { ok: false; problem: string }

/** One invocation: Deps of its own, what must be in order before any work, and at most one message to the queue after it. */
async function invoke<T>(
  env: Env,
  context: ExecutionContext,
  act: (deps: Deps, queries: () => number) => T | Promise<T>,
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
    htmx,
    outbox: null,
  })
  const problem = await problemOf(deps, env.VERSION.id)
  if (problem !== null) {
    log.error('not_in_order', { problem })
    return { ok: false, problem }
  }
  try {
    return { ok: true, result: await act(deps, () => queries) }
  } finally {
    if (woken) context.waitUntil(send(env.WAKE))
  }
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
      if (!keys.ok) return keys.problem
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
