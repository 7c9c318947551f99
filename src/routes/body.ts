import type { Context } from 'hono'
import type { Fault, Posted } from '../rules/submission.ts'
import { readJson } from './api/strictJson.ts'
import { isJson } from './errors.tsx'

export type Body =
  | { ok: true; posted: Posted }
  | { ok: false; status: 400 | 415; detail: string }
  /** A name that a JSON text gives twice. */
  | { ok: false; status: 422; faults: Fault[] }

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
  if (bytes.length === 0) return { ok: true, posted: new Map() }
  const isForm = type === 'application/x-www-form-urlencoded'
  if (!isForm && !isJson(c))
    return {
      ok: false,
      status: 415,
      detail: 'Send application/x-www-form-urlencoded, multipart/form-data or application/json.',
    }
  return isForm ? readUrlencoded(new TextDecoder().decode(bytes)) : readObject(bytes)
}

/** A field's text as it was meant, or '' where there is none (or a file). */
export function textOf(posted: Posted, name: string): string {
  const value = posted.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

async function readMultipart(c: Context): Promise<Body> {
  try {
    return { ok: true, posted: grouped(await c.req.formData()) }
  } catch {
    return { ok: false, status: 400, detail: 'The multipart body cannot be read: check its boundary.' }
  }
}

function readUrlencoded(text: string): Body {
  const posted = grouped(new URLSearchParams(text))
  // What is no UTF-8 became U+FFFD, and half a name would be kept.
  const mangled =
    !/%EF%BF%BD|\ufffd/i.test(text) && [...posted.values()].some((value) => String(value).includes('\ufffd'))
  if (mangled) return { ok: false, status: 400, detail: 'The form is not UTF-8: set accept-charset="utf-8" on it.' }
  return { ok: true, posted }
}

function grouped(pairs: Iterable<[string, unknown]>): Posted {
  const posted = new Map<string, unknown>()
  for (const [name, value] of pairs) {
    const before = posted.get(name)
    posted.set(name, before === undefined ? value : [before, value].flat())
  }
  return posted
}

function readObject(bytes: Uint8Array): Body {
  const read = readJson(bytes)
  if (read.ok) return { ok: true, posted: new Map(Object.entries(read.value)) }
  if (read.status === 422)
    return { ok: false, status: 422, faults: read.errors.map(({ path }) => ({ path, fault: 'once' })) }
  return { ok: false, status: 400, detail: read.errors.map(({ message }) => message).join(' ') }
}
