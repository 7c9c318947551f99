/** What a JSON body holds, or why it is refused: 400 for what is no JSON that can be kept, 422 for a key that comes twice. */
export type ReadJson =
  | { ok: true; value: Record<string, unknown> }
  | { ok: false; status: 400 | 422; errors: { path: string; message: string }[] }

const DEEPEST = 64
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|-?\d[\d.eE+-]*/g

/**
 * Reads a JSON object strictly (RFC 8259, RFC 7493 "I-JSON"): UTF-8 only, no lone surrogates, no NUL, no number beyond a
 * double, no key twice. What JSON.parse would repair in silence is refused, so that nobody reads another value than we do.
 */
export function readJson(bytes: Uint8Array): ReadJson {
  const text = decoded(bytes)
  if (text === null) return malformed('The body is not UTF-8.')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The engine's own message quotes what was sent.
    return malformed('The body is not JSON.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return malformed('The body must be a JSON object.')
  return fault(text) ?? { ok: true, value: value as Record<string, unknown> }
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

type Frame = { keys: Set<string> | null; at: string | number; expectsKey: boolean }

/** The first thing in well-formed JSON that is refused all the same. */
function fault(text: string): Extract<ReadJson, { ok: false }> | null {
  const open: Frame[] = []
  for (const [token] of text.matchAll(TOKEN)) {
    const frame = open.at(-1)
    if (token === '{') open.push({ keys: new Set(), at: '', expectsKey: true })
    else if (token === '[') open.push({ keys: null, at: 0, expectsKey: false })
    else if (token === '}' || token === ']') open.pop()
    else if (token === ',' && frame) {
      if (frame.keys) frame.expectsKey = true
      else frame.at = Number(frame.at) + 1
    } else if (token.startsWith('"')) {
      const string = JSON.parse(token) as string
      if (!string.isWellFormed()) return malformed('The body holds half a character (a lone surrogate).')
      if (string.includes('\0')) return malformed('The body holds a NUL character.')
      if (frame?.keys && frame.expectsKey) {
        frame.at = string
        frame.expectsKey = false
        if (frame.keys.has(string))
          return { ok: false, status: 422, errors: [{ path: pathOf(open), message: 'This key comes twice.' }] }
        frame.keys.add(string)
      }
    } else if (/^[-\d]/.test(token) && !Number.isFinite(Number(token)))
      return malformed('The body holds a number that is too large.')
    if (open.length > DEEPEST) return malformed(`The body is nested more than ${DEEPEST} deep.`)
  }
  return null
}

const malformed = (message: string): Extract<ReadJson, { ok: false }> => ({
  ok: false,
  status: 400,
  errors: [{ path: '', message }],
})

function pathOf(open: readonly Frame[]): string {
  return pathText(open.map(({ at }) => at))
}

/** A path as errors show it. Names that are no ordinary ones may be anything, an address too, and are not repeated (P23). */
export function pathText(path: readonly PropertyKey[]): string {
  return path.map((part) => (/^[\w-]{1,64}$/.test(String(part)) ? String(part) : '…')).join('.')
}
