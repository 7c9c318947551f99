import { Hono, type Context } from 'hono'
import { findCaller } from '../actions/apiKeys.ts'
import { sourceStates } from '../actions/sourceStates.ts'
import type { Deps } from '../deps.ts'
import { schemaVersion } from '../store/migrate.ts'
import { bearerKey } from './api/guards.ts'
import { problem } from './errors.tsx'

/** A ticker that has not finished for so long is stuck: it runs every second. */
const TICKER_STUCK_MS = 60_000
/** What proxies add; a request with any of these came from further away than its socket says. */
const FORWARDED = ['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Host', 'X-Real-IP', 'Via', 'CF-Connecting-IP']

/** For supervisors and scrapers: does the process live, can it work, what has it counted. */
export function healthRoutes(deps: Deps): Hono {
  const app = new Hono()

  app.get('/livez', (c) => c.json({ status: 'ok' }, 200, noStore))

  app.get('/readyz', async (c) => {
    const checks = { database: await databaseWorks(deps), ticker: tickerWorks(deps) }
    const ready = Object.values(checks).every((check) => check.ok)
    // A stale register holds mailings; sign-ups and everything else go on, so it makes nobody unready.
    const banSources = checks.database.ok ? (await sourceStates(deps)).map(({ name, fresh }) => ({ name, fresh })) : []
    return c.json({ status: ready ? 'ok' : 'unavailable', checks, banSources }, ready ? 200 : 503, noStore)
  })

  app.get('/metrics', async (c) => {
    if (!isLocal(c, deps) && !(await hasKey(c, deps))) {
      c.header('WWW-Authenticate', 'Bearer realm="Postilupa"')
      return problem(c, 401, 'An API key is needed', {
        detail: 'From another machine, send a key that has the scope settings:read.',
      })
    }
    return c.body((await deps.metrics.text()) + (await sourceGauges(deps)), 200, {
      ...noStore,
      'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
    })
  })

  return app
}

const noStore = { 'Cache-Control': 'no-store' }

/** Reads the schema's version: a database that answers and has our tables. */
async function databaseWorks({ store, log }: Deps): Promise<{ ok: boolean; schema?: number }> {
  try {
    const schema = await schemaVersion(store)
    return { ok: schema > 0, schema }
  } catch (error) {
    log.error('not_ready', { error: String(error) })
    return { ok: false }
  }
}

/** Where another process ticks, there is nothing to be said about it here. */
function tickerWorks({ tickedAt, now }: Deps): { ok: boolean; age?: number } {
  if (!tickedAt) return { ok: true }
  const age = now() - tickedAt()
  return { ok: age < TICKER_STUCK_MS, age }
}

/** Whether each ban source is fresh, and how old it is, in Prometheus text; nothing while the database is away. */
async function sourceGauges(deps: Deps): Promise<string> {
  const states = await sourceStates(deps).catch(() => [])
  if (states.length === 0) return ''
  const gauge = (name: string, help: string, lines: readonly (readonly [string, number])[]) =>
    [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} gauge`,
      ...lines.map(([source, value]) => `${name}{source="${source}"} ${value}`),
      '',
    ].join('\n')
  const ages = states.flatMap(({ name, fetchedAt }) =>
    fetchedAt === null ? [] : [[name, (deps.now() - fetchedAt) / 1000] as const],
  )
  return (
    gauge(
      'postilupa_ban_source_fresh',
      '1 while the source is fresh',
      states.map(({ name, fresh }) => [name, fresh ? 1 : 0]),
    ) + gauge('postilupa_ban_source_age_seconds', 'age of the last good version', ages)
  )
}

function isLocal(c: Context, { peerOf }: Deps): boolean {
  return (
    /^(?:::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/i.test(peerOf(c)) &&
    !FORWARDED.some((name) => c.req.header(name) !== undefined)
  )
}

async function hasKey(c: Context, deps: Deps): Promise<boolean> {
  const key = bearerKey(c)
  return key !== null && ((await findCaller(deps, key))?.scopes.includes('settings:read') ?? false)
}
