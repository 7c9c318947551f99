import type { Context, MiddlewareHandler } from 'hono'
import { findCaller, type ApiCaller } from '../../actions/apiKeys.ts'
import type { Deps } from '../../deps.ts'
import type { ApiScope } from '../../rules/apiScopes.ts'
import { isJson, problem } from '../errors.tsx'
import { readJson } from './strictJson.ts'

export type ApiEnv = {
  Variables: {
    caller: ApiCaller
    /** Present when the request carries an Idempotency-Key. */
    turn?: { first: string; id: () => string; again: boolean }
  }
}

/** Who calls, from `Authorization: Bearer <key>` (RFC 6750); nothing below /api/v1 is reached without. */
export function authenticated(deps: Deps): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const key = bearerKey(c)
    const caller = key === null ? null : await findCaller(deps, key)
    if (caller) {
      c.set('caller', caller)
      return next()
    }
    c.header('WWW-Authenticate', `Bearer realm="Postilupa"${key === null ? '' : ', error="invalid_token"'}`)
    return problem(c, 401, 'An API key is needed', {
      detail: 'Send "Authorization: Bearer <key>" with a key that is in force.',
    })
  }
}

/** The key of the Authorization header; its scheme may be written in any case (RFC 9110 §11.1). */
export function bearerKey(c: Context): string | null {
  return /^bearer +([\x21-\x7e]{1,256})$/i.exec(c.req.header('Authorization') ?? '')?.[1] ?? null
}

/** Every operation names the right it needs; a key has those that it was made with (threats T11). */
export function allowed(scope: ApiScope): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (c.get('caller').scopes.includes(scope)) return next()
    c.header('WWW-Authenticate', `Bearer realm="Postilupa", error="insufficient_scope", scope="${scope}"`)
    return problem(c, 403, 'Not allowed', { detail: `This key lacks the scope ${scope}.` })
  }
}

/** @param offered media types that the operation can answer with */
export function acceptable(offered: readonly string[]): MiddlewareHandler {
  return async (c, next) => {
    if (accepts(c.req.header('Accept'), [...offered, 'application/problem+json'])) return next()
    return problem(c, 406, 'No such representation', { detail: `This is answered as ${offered.join(' or ')}.` })
  }
}

/** RFC 9110 §12.5.1: a range counts unless its weight is 0; without the header anything is welcome. */
function accepts(header: string | undefined, offered: readonly string[]): boolean {
  if (header === undefined || header.trim() === '') return true
  return header.split(',').some((part) => {
    const [range = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase())
    if (parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) return false
    return offered.some(
      (type) => range === '*/*' || range === type || (range.endsWith('/*') && type.startsWith(range.slice(0, -1))),
    )
  })
}

/**
 * A body is JSON, strictly read, and a JSON object where the operation wants one. What passes is parsed again by the
 * operation's schema; what does not is refused before anything else looks at it.
 */
export function readable(wants: 'json' | 'nothing'): MiddlewareHandler {
  return async (c, next) => {
    const bytes = c.req.raw.body === null ? new Uint8Array() : new Uint8Array(await c.req.arrayBuffer())
    if (bytes.length > 0 && !isJson(c)) return wrongType(c, 'Send application/json.')
    if (bytes.length === 0 && wants === 'nothing') return next()
    if (bytes.length > 0 && isEncoded(c)) return wrongType(c, 'Send the body without Content-Encoding.')
    const read = readJson(bytes)
    if (read.ok) return next()
    const title = read.status === 400 ? 'The JSON cannot be read' : 'The content is not valid'
    return problem(c, read.status, title, { errors: read.errors })
  }
}

/** An upload says where its parts are divided, and is not compressed. */
export const multipart: MiddlewareHandler = async (c, next) => {
  if (!/^multipart\/form-data\s*;.*\bboundary=/i.test(c.req.header('Content-Type') ?? '')) {
    return wrongType(c, 'Send multipart/form-data with its boundary.')
  }
  return isEncoded(c) ? wrongType(c, 'Send the body without Content-Encoding.') : next()
}

function isEncoded(c: Context): boolean {
  const coding = c.req.header('Content-Encoding')?.trim().toLowerCase() ?? ''
  return coding !== '' && coding !== 'identity'
}

function wrongType(c: Context, detail: string) {
  return problem(c, 415, 'This media type is not understood', { detail })
}
