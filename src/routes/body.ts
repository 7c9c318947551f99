import type { Context } from 'hono'
import type { Posted } from '../rules/submission.ts'
import { isJson } from './errors.tsx'

/** `doubled`: names that a JSON text gives twice, of which a parser would silently keep one. */
export type Body = { ok: true; posted: Posted; doubled: string[] } | { ok: false; status: 400 | 415; detail: string }

/**
 * Reads what a form posted: urlencoded, multipart or JSON, never more than the limit of app.ts lets through.
 * No body at all is an empty form; 415 is for a body of another kind, 400 for one that its kind cannot be read from.
 */
export async function readBody(c: Context): Promise<Body> {
  if (!/^(identity)?$/i.test(c.req.header('Content-Encoding') ?? ''))
    return { ok: false, status: 415, detail: 'Send the body without Content-Encoding.' }
  const type = (c.req.header('Content-Type') ?? '').split(';')[0]?.trim().toLowerCase()
  if (type === 'multipart/form-data') return readMultipart(c)
  const bytes = new Uint8Array(await c.req.arrayBuffer())
  if (bytes.length === 0) return { ok: true, posted: new Map(), doubled: [] }
  const isForm = type === 'application/x-www-form-urlencoded'
  if (!isForm && !isJson(c))
    return { ok: false, status: 415, detail: 'Send application/x-www-form-urlencoded, multipart/form-data or application/json.' }
  const text = decode(bytes)
  if (text === null) return { ok: false, status: 400, detail: 'The body is not UTF-8.' }
  return isForm ? readUrlencoded(text) : readJson(text)
}

async function readMultipart(c: Context): Promise<Body> {
  try {
    return { ok: true, posted: grouped(await c.req.formData()), doubled: [] }
  } catch {
    return { ok: false, status: 400, detail: 'The multipart body cannot be read: check its boundary.' }
  }
}

function readUrlencoded(text: string): Body {
  const posted = grouped(new URLSearchParams(text))
  // What is no UTF-8 became U+FFFD, and half a name would be kept.
  const mangled = !/%EF%BF%BD|\ufffd/i.test(text) && [...posted.values()].some((value) => String(value).includes('\ufffd'))
  if (mangled) return { ok: false, status: 400, detail: 'The form is not UTF-8: set accept-charset="utf-8" on it.' }
  return { ok: true, posted, doubled: [] }
}

function grouped(pairs: Iterable<[string, unknown]>): Posted {
  const posted = new Map<string, unknown>()
  for (const [name, value] of pairs) {
    const before = posted.get(name)
    posted.set(name, before === undefined ? value : [before, value].flat())
  }
  return posted
}

function readJson(text: string): Body {
  const wrong = (detail: string) => ({ ok: false as const, status: 400 as const, detail })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return wrong('The JSON cannot be read.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('Send one JSON object.')
  const posted = new Map<string, unknown>(Object.entries(value))
  for (const one of posted.values()) {
    if (typeof one === 'number' && !Number.isFinite(one)) return wrong('A number is too large.')
    if (typeof one === 'string' && !one.isWellFormed()) return wrong('A text holds half a character.')
  }
  return { ok: true, posted, doubled: doubledNames(text) }
}

/** Names that stand twice at the top of a JSON object that is known to be well-formed. */
export function doubledNames(text: string): string[] {
  const seen = new Set<string>()
  const doubled = new Set<string>()
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    else if (depth === 1 && token.endsWith(':')) {
      const name = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1)) as string
      if (seen.has(name)) doubled.add(name)
      seen.add(name)
    }
  }
  return [...doubled]
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
