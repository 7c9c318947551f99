import { Hono, type Context } from 'hono'
import { unsubscribe } from '../actions/unsubscribe.ts'
import type { Deps } from '../deps.ts'
import { links } from '../mail/tokens.ts'
import { topicOf } from '../store/topics.ts'
import { UnsubscribedPage, UnsubscribePage } from '../templates/pages/unsubscribe.tsx'
import { brokenLink, onlyThese } from './errors.tsx'
import { clientNetwork, coarseNetwork } from './network.ts'
import { inChosenLanguage, page, pageLanguage, pageProps } from './page.tsx'

/**
 * RFC 8058 to the letter (standards A1): the POST needs no cookie, origin, body or redirect; the GET shows a button and changes
 * nothing. Mounted outside any CSRF guard and outside every limit (A1-13).
 */
export function unsubscribeRoutes(deps: Deps): Hono {
  const app = new Hono()
  const { readLeaving } = links(deps)

  app.get('/u/:token', async (c) => {
    const link = readLeaving(c.req.param('token'))
    if (!link) return brokenLink(c, deps)
    return page(c, deps, <UnsubscribePage {...await show(c, link)} />)
  })

  app.post('/u/:token', async (c) => {
    const link = readLeaving(c.req.param('token'))
    if (!link) return brokenLink(c, deps)
    const network = coarseNetwork(clientNetwork(c, deps))
    const scope = await unsubscribe(deps, link, { ...wishOf(await startOfBody(c)), network })
    return page(c, deps, <UnsubscribedPage {...await show(c, link)} scope={scope} />)
  })

  app.all('/u/:token', onlyThese(deps, 'GET, HEAD, POST, OPTIONS'))

  async function show(c: Context, link: { topic: string; language: string }) {
    const lang = pageLanguage(c, link.language)
    const topic = await topicOf(deps, link.topic)
    return {
      ...pageProps(c, deps, lang),
      topic: topic?.names[lang] ?? null,
      purpose: topic ? deps.register.purposes[topic.purpose].name[lang] : null,
      action: inChosenLanguage(c),
    }
  }

  return app
}

/** What the body says: the buttons of the page post `scope`; whatever else comes means the topic (A1-5, A1-10). */
function wishOf(body: Fields | null) {
  const scope = body?.get('scope')
  if (scope === 'purpose' || scope === 'all' || scope === 'topic') return { scope, how: 'page' } as const
  const oneClick = body?.get('List-Unsubscribe') === 'One-Click'
  return { scope: 'topic', how: oneClick ? 'one_click' : 'post_without_one_click_body' } as const
}

type Fields = { get(name: string): unknown }

/** A one-click body has 26 bytes, or a few hundred as multipart. */
const ENOUGH = 16 * 1024

/**
 * The form in the body, or null for anything else: no body is a reason to refuse, so one that is too long is not read to its
 * end, and one that breaks off counts as none.
 */
async function startOfBody(c: Context): Promise<Fields | null> {
  const type = c.req.header('Content-Type') ?? ''
  const length = Number(c.req.header('Content-Length') ?? Number.NaN)
  try {
    // Read whole where its length is told and small: a stream costs more than everything else of a one-click POST.
    const bytes = length <= ENOUGH ? new Uint8Array(await c.req.arrayBuffer()) : await firstBytes(c.req.raw.body)
    if (bytes === null) return null
    if (/^application\/x-www-form-urlencoded\b/i.test(type)) return new URLSearchParams(new TextDecoder().decode(bytes))
    return await new Response(bytes, { headers: { 'Content-Type': type } }).formData()
  } catch {
    return null
  }
}

async function firstBytes(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array<ArrayBuffer> | null> {
  const reader = body?.getReader()
  if (!reader) return null
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      pieces.push(next.value)
      size += next.value.length
      if (size > ENOUGH) return null
    }
    return Buffer.concat(pieces)
  } finally {
    reader.releaseLock()
  }
}
