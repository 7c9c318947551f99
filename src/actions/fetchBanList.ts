import type { BanSourceConfig } from '../config.ts'
import type { Deps } from '../deps.ts'
import type { SourceFault } from '../rules/banSource.ts'

/** What must arrive in a given time, so that a drop every ten seconds is not waited for, while a long list may take its time. */
export type FetchLimits = { stepMs: number; stepBytes: number; maxBytes: number }
export const fetchLimits: FetchLimits = { stepMs: 30_000, stepBytes: 1024 * 1024, maxBytes: 1024 ** 3 }

export type Fetched =
  | { kind: 'unchanged' }
  | { kind: 'list'; bytes: AsyncIterable<Uint8Array>; etag: string | null; writtenAt: number | null }
  | { kind: 'fault'; fault: SourceFault }

/** Thrown while the bytes of a list are read. */
export class ListFault extends Error {
  readonly fault: SourceFault
  constructor(fault: SourceFault) {
    super(fault.code)
    this.fault = fault
  }
}

/**
 * Opens the list of a source: a file of this machine, or an HTTP register with its bearer token and ETag. Redirects are not
 * followed: the token would go where they lead.
 * @throws ListFault while `bytes` are read
 */
export async function fetchBanList(
  deps: Pick<Deps, 'readFile'>,
  source: BanSourceConfig,
  etag: string | null,
  signal: AbortSignal,
  limits: FetchLimits = fetchLimits,
): Promise<Fetched> {
  if (source.kind === 'http') return fetchOver(source, etag, signal, limits)
  if (!deps.readFile) return fault({ code: 'not_here' })
  const file = await deps.readFile(source.path ?? '')
  if (!file) return fault({ code: 'no_file' })
  return { kind: 'list', bytes: counted(file.bytes, limits), etag: null, writtenAt: file.writtenAt }
}

async function fetchOver(
  { url = '', token }: BanSourceConfig,
  etag: string | null,
  signal: AbortSignal,
  limits: FetchLimits,
): Promise<Fetched> {
  const pace = keepPace(limits)
  const both = AbortSignal.any([signal, pace.signal])
  const headers = {
    Accept: 'application/json, text/csv',
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...(etag === null ? {} : { 'If-None-Match': etag }),
  }
  const why = (error: unknown): SourceFault =>
    pace.signal.aborted ? { code: 'slow' } : signal.aborted ? { code: 'interrupted' } : { code: networkFault(error) }
  // Not told apart by `instanceof`: a server may have put a Response of its own in the place of the global one.
  const asked = await fetch(url, { headers, redirect: 'manual', signal: both }).then(
    (answer) => ({ answer }),
    (error: unknown) => ({ answer: null, fault: why(error) }),
  )
  if (asked.answer === null) return stopped(asked.fault)
  const { answer } = asked
  // A redirect that is not followed may come without its status.
  if (answer.type === 'opaqueredirect' || [301, 302, 303, 307, 308].includes(answer.status))
    return stopped({ code: 'redirect' })
  if (answer.status === 304 && etag !== null) return stopped(null)
  if (answer.status !== 200) return stopped({ code: 'status', detail: String(answer.status) })
  const type = (answer.headers.get('Content-Type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (/^(text\/html|application\/xhtml\+xml)$/.test(type)) return stopped({ code: 'web_page' })
  if (!/^$|^(text\/(csv|plain)|application\/([\w.-]+\+)?json|application\/(csv|octet-stream))$/.test(type))
    return stopped({ code: 'media_type', detail: /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : '–' })
  if (!answer.body) return stopped({ code: 'empty' })
  const bytes = paced(answer.body, pace, why, limits)
  return { kind: 'list', bytes, etag: answer.headers.get('ETag'), writtenAt: null }

  function stopped(found: SourceFault | null): Fetched {
    pace.stop()
    void asked.answer?.body?.cancel().catch(() => undefined)
    return found ? fault(found) : { kind: 'unchanged' }
  }
}

async function* paced(
  body: ReadableStream<Uint8Array>,
  pace: ReturnType<typeof keepPace>,
  why: (error: unknown) => SourceFault,
  limits: FetchLimits,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of counted(piecesOf(body), limits)) {
      pace.got(piece.length)
      yield piece
    }
  } catch (error) {
    throw error instanceof ListFault ? error : new ListFault(why(error))
  } finally {
    pace.stop()
  }
}

/** As `for await` over the stream, but nobody waits for a peer to agree that we have had enough. */
async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    void reader.cancel().catch(() => undefined)
  }
}

async function* counted(body: AsyncIterable<Uint8Array>, { maxBytes }: FetchLimits): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const piece of body) {
    bytes += piece.length
    if (bytes > maxBytes) throw new ListFault({ code: 'too_large' })
    yield piece
  }
}

/** Aborts when a step's time is over before its bytes are there. */
function keepPace({ stepMs, stepBytes }: FetchLimits) {
  const controller = new AbortController()
  const cut = () => controller.abort()
  let timer = setTimeout(cut, stepMs)
  let left = stepBytes
  return {
    signal: controller.signal,
    got(bytes: number) {
      left -= bytes
      if (left > 0) return
      left = stepBytes
      clearTimeout(timer)
      timer = setTimeout(cut, stepMs)
    },
    stop: () => clearTimeout(timer),
  }
}

function networkFault(error: unknown): 'tls' | 'unreachable' {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return /CERT|TLS|SSL|UNABLE_TO_VERIFY/.test(code) ? 'tls' : 'unreachable'
}

function fault(found: SourceFault): Fetched {
  return { kind: 'fault', fault: found }
}
