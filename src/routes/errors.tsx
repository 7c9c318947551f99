import type { Context, MiddlewareHandler } from 'hono'
import { accepts } from 'hono/accepts'
import { HTTPException } from 'hono/http-exception'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Deps } from '../deps.ts'
import { ErrorPage } from '../templates/pages/error.tsx'
import { page, pageLanguage, pageProps, safeHeaders } from './page.tsx'

declare module 'hono' {
  interface ContextVariableMap {
    requestId: string
  }
}

/** Gives every request an id of ours, which errors show and logs carry; a visitor's own header is not believed. */
export function requestId({ id }: Pick<Deps, 'id'>): MiddlewareHandler {
  return async (c, next) => {
    c.set('requestId', id())
    // Before the answer is made: a header set afterwards has it built twice.
    c.header('X-Request-Id', c.get('requestId'))
    await next()
  }
}

export type FieldError = { path: string; message: string }

/** Problem JSON (RFC 9457), `errors` naming each field with its mend. */
export function problem(
  c: Context,
  status: ContentfulStatusCode,
  title: string,
  { errors, detail }: { errors?: readonly FieldError[]; detail?: string } = {},
): Response {
  const body = { type: 'about:blank', title, status, detail, errors, requestId: c.get('requestId') }
  c.header('Cache-Control', 'no-store')
  c.header('X-Content-Type-Options', 'nosniff')
  return c.body(JSON.stringify(body), status, { 'Content-Type': 'application/problem+json; charset=utf-8' })
}

/** Does the caller want JSON: below /api/, by its Accept header, or because it sent JSON itself. */
export function prefersJson(c: Context): boolean {
  if (c.req.path.startsWith('/api/') || isJson(c)) return true
  const supports = ['text/html', 'application/json', 'application/problem+json']
  return accepts(c, { header: 'Accept', supports, default: 'text/html' }) !== 'text/html'
}

export function isJson(c: Context): boolean {
  return /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(c.req.header('Content-Type') ?? '')
}

/** An answer that is no success, in the form that its caller reads. */
export function fail(c: Context, deps: Pick<Deps, 'config'>, status: ContentfulStatusCode, detail?: string) {
  if (prefersJson(c)) {
    safeHeaders(c, deps.config.publicUrl)
    return problem(c, status, titles[status] ?? 'Error', detail === undefined ? {} : { detail })
  }
  // Without language links, which would repeat the address: every page for a broken link is the same, byte for byte.
  const props = { ...pageProps(c, deps, pageLanguage(c)), languages: undefined }
  return page(c, deps, <ErrorPage {...props} status={status} requestId={c.get('requestId')} />, { status })
}

/**
 * A link that is forged, unknown, mangled or of another kind: always the same answer (corpus class C).
 * @param status 410 for a link that was good once and names nothing any more
 */
export function brokenLink(c: Context, deps: Pick<Deps, 'config'>, status: 404 | 410 = 404) {
  return fail(c, deps, status)
}

/** For every other method of a path: OPTIONS says which there are, the rest is 405 (RFC 9110 §9.3.7, §15.5.6). */
export function onlyThese(deps: Pick<Deps, 'config'>, allow: string) {
  return (c: Context) => {
    c.header('Allow', allow)
    return c.req.method === 'OPTIONS' ? c.body(null, 204) : fail(c, deps, 405)
  }
}

/** No route; a method that no route here has is not allowed anywhere. */
export function answerNotFound(deps: Pick<Deps, 'config'>, c: Context) {
  if (methods.includes(c.req.method)) return fail(c, deps, 404)
  c.header('Allow', methods.join(', '))
  return fail(c, deps, 405)
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** A broken world. The store being away is said as such, so that callers try again; what is ours is logged, never shown. */
export function answerError(deps: Pick<Deps, 'config' | 'store' | 'log'>, error: unknown, c: Context) {
  if (error instanceof HTTPException && error.status < 500) return fail(c, deps, error.status as ContentfulStatusCode)
  const away = deps.store.isDown(error)
  const fields = { requestId: c.get('requestId'), method: c.req.method, part: c.req.path.split('/')[1] ?? '' }
  deps.log.error(away ? 'store_away' : 'request_failed', { ...fields, error: String(error) })
  if (away) c.header('Retry-After', '5')
  return fail(c, deps, away ? 503 : 500)
}

const titles: Partial<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'Not found',
  405: 'This method is not allowed here',
  409: 'Conflict',
  410: 'The link has expired',
  413: 'Too large',
  415: 'This media type is not understood',
  422: 'The content is not valid',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'The service does not answer right now',
}
