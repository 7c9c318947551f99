import type { Context, MiddlewareHandler } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { endTurn, takeTurn } from '../../actions/once.ts'
import type { Deps } from '../../deps.ts'
import { sha256 } from '../../keyring.ts'
import { problem } from '../errors.tsx'
import type { ApiEnv } from './guards.ts'

type Kept = { headers: Record<string, string>; body: string }

/** What an answer says beside its body and is worth keeping. */
const KEPT_HEADERS = ['content-type', 'etag', 'location']

/**
 * `Idempotency-Key` (P13): the same key and body get the answer of the first use for a day; another body is refused with 422,
 * a second use while the first runs with 409. Only answers that changed something are kept.
 * @param digestOf everything that the effect hangs on, as one hash; the body unless an operation says otherwise
 */
export function answerOnce(
  deps: Deps,
  digestOf: (c: Context) => Promise<string> = digestOfBody,
): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const key = c.req.header('Idempotency-Key')
    if (key === undefined) return next()
    if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
      return problem(c, 400, 'The Idempotency-Key cannot be used', {
        detail: 'Use 1 to 255 visible ASCII characters, without spaces.',
      })
    }
    const of = { apiKey: c.get('caller').keyId, key }
    const turn = await takeTurn(deps, of, await digestOf(c))
    if (turn.kind === 'done') return replay(c, turn)
    if (turn.kind === 'other_body') {
      return problem(c, 422, 'The Idempotency-Key was used for another request', {
        errors: [{ path: 'Idempotency-Key', message: 'Use a new key for a new request.' }],
      })
    }
    if (turn.kind === 'running') {
      c.header('Retry-After', '1')
      return problem(c, 409, 'The first request with this Idempotency-Key has not been answered yet')
    }
    c.set('turn', turn)
    await next()
    // After a failure of ours nobody knows what was done: the key stays taken until its lease ends, and the next try finds out.
    if (c.res.status >= 500) return
    await endTurn(deps, of, c.res.status < 400 ? await answerOf(c.res) : null)
  }
}

/** Everything that the effect hangs on. Of a multipart body its boundary is left out: it is another one at every try. */
async function digestOfBody(c: Context): Promise<string> {
  const bytes = c.req.raw.body === null ? Buffer.alloc(0) : Buffer.from(await c.req.arrayBuffer())
  const boundary = /boundary="?([^";]+)"?/i.exec(c.req.header('Content-Type') ?? '')?.[1]
  const body = boundary === undefined ? bytes : Buffer.from(bytes.toString('latin1').replaceAll(boundary, ''), 'latin1')
  return sha256(Buffer.concat([Buffer.from(`${c.req.method} ${c.req.path}${new URL(c.req.url).search}\n`), body]))
}

async function answerOf(response: Response) {
  const headers = Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => (response.headers.has(name) ? [[name, response.headers.get(name) ?? '']] : [])),
  )
  const kept: Kept = { headers, body: await response.clone().text() }
  return { status: response.status, response: JSON.stringify(kept) }
}

function replay(c: Context, { status, response }: { status: number; response: string }) {
  const { headers, body } = JSON.parse(response) as Kept
  const answered = { ...headers, 'Idempotency-Replayed': 'true', 'Cache-Control': 'no-store' }
  return body === '' ? c.body(null, status as 204, answered) : c.body(body, status as ContentfulStatusCode, answered)
}
