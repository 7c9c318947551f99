import { Hono, type Context } from 'hono'
import { findCaller } from '../actions/apiKeys.ts'
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
    return c.json({ status: ready ? 'ok' : 'unavailable', checks }, ready ? 200 : 503, noStore)
  })

  app.get('/metrics', async (c) => {
    if (!isLocal(c, deps) && !(await hasKey(c, deps))) {
      c.header('WWW-Authenticate', 'Bearer realm="Postilupa"')
      return problem(c, 401, 'An API key is needed', {
        detail: 'From another machine, send a key that has the scope settings:read.',
      })
    }
    return c.body(await deps.metrics.text(), 200, {
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
