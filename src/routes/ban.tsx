import { Hono } from 'hono'
import { banFromPage, undoBan } from '../actions/publicBan.ts'
import type { Deps } from '../deps.ts'
import { links } from '../mail/tokens.ts'
import { BanDone, BanPage, BanUndo, BanUndone } from '../templates/pages/ban.tsx'
import { words } from '../templates/words/index.ts'
import { brokenLink, onlyThese } from './errors.tsx'
import { page, pageLanguage, pageProps } from './page.tsx'

/** The public ban page: an address or a phone number, no log-in, no reason. */
export function banRoutes(deps: Deps): Hono {
  const app = new Hono()
  const { read } = links(deps)

  app.get('/ban', (c) => page(c, deps, <BanPage {...pageProps(c, deps, pageLanguage(c))} values={{}} problems={[]} />))

  app.post('/ban', async (c) => {
    const body: Record<string, unknown> = await c.req.parseBody()
    const language = pageLanguage(c)
    const props = pageProps(c, deps, language)
    const typed = (name: string) => (typeof body[name] === 'string' ? body[name].trim() : '')
    const values = { email: typed('email'), phone: typed('phone') }
    const nothing = values.email === '' && values.phone === ''
    const result = nothing
      ? { ok: false as const, errors: [{ path: 'email', message: words[language].ban.either }] }
      : await banFromPage(deps, { ...values, language })
    if (result.ok) return page(c, deps, <BanDone {...props} />)
    return page(c, deps, <BanPage {...props} values={values} problems={result.errors} />, { status: 422 })
  })
  app.all('/ban', onlyThese(deps, 'GET, HEAD, POST, OPTIONS'))

  app.get('/ban/undo/:token', (c) => {
    const link = read('b', c.req.param('token'))
    if (!link.ok) return brokenLink(c, deps, link.expired ? 410 : 404)
    return page(c, deps, <BanUndo {...pageProps(c, deps, pageLanguage(c))} action={c.req.path} />)
  })

  app.post('/ban/undo/:token', async (c) => {
    const link = read('b', c.req.param('token'))
    if (!link.ok) return brokenLink(c, deps, link.expired ? 410 : 404)
    await undoBan(deps, link.id)
    return page(c, deps, <BanUndone {...pageProps(c, deps, pageLanguage(c))} />)
  })

  return app
}
