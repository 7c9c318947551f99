import { Hono, type Context } from 'hono'
import { unsubscribe, type LeavingScope } from '../actions/unsubscribe.ts'
import type { Deps } from '../deps.ts'
import { links } from '../mail/tokens.ts'
import { topicOf } from '../store/topics.ts'
import { UnsubscribedPage, UnsubscribePage } from '../templates/pages/unsubscribe.tsx'
import { brokenLink } from './errors.tsx'
import { page, pageLanguage, pageProps } from './page.tsx'

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
    const shown = await show(c, link)
    return page(c, deps, <UnsubscribePage {...shown} purpose={shown.purpose} />)
  })

  app.post('/u/:token', async (c) => {
    const link = readLeaving(c.req.param('token'))
    if (!link) return brokenLink(c, deps)
    const { scope, how } = await wish(c)
    await unsubscribe(deps, link, scope, how)
    return page(c, deps, <UnsubscribedPage {...await show(c, link)} scope={scope} />)
  })

  async function show(c: Context, link: { topic: string; language: string }) {
    const lang = pageLanguage(c, link.language)
    const topic = await topicOf(deps, link.topic)
    return {
      ...pageProps(c, deps, lang),
      topic: topic?.names[lang] ?? null,
      purpose: topic ? deps.register.purposes[topic.purpose].name[lang] : '',
      action: c.req.path,
    }
  }

  return app
}

/** What the body says: the buttons of the page post `scope`; whatever else comes means the topic (A1-5, A1-10). */
async function wish(c: Context): Promise<{ scope: LeavingScope; how: string }> {
  const body: Record<string, unknown> = await c.req.parseBody().catch(() => ({}))
  const scope = body['scope']
  if (scope === 'purpose' || scope === 'all' || scope === 'topic') return { scope, how: 'page' }
  const oneClick = body['List-Unsubscribe'] === 'One-Click'
  return { scope: 'topic', how: oneClick ? 'one_click' : 'post_without_one_click_body' }
}
