import { Hono, type Context } from 'hono'
import { banFromPage, undoBan } from '../actions/publicBan.ts'
import type { Deps } from '../deps.ts'
import { links } from '../mail/tokens.ts'
import { BanDone, BanPage, BanUndo, BanUndone } from '../templates/pages/ban.tsx'
import { words } from '../templates/words/index.ts'
import { readBody, textOf } from './body.ts'
import { brokenLink, fail, onlyThese, prefersJson, problem } from './errors.tsx'
import { networkOrigin } from './network.ts'
import { inChosenLanguage, page, pageLanguage, pageProps, safeHeaders } from './page.tsx'

const METHODS = 'GET, HEAD, POST, OPTIONS'

/** The public ban page: an address or a phone number, no log-in, no reason. */
export function banRoutes(deps: Deps): Hono {
  const app = new Hono()
  const { read } = links(deps)

  app.get('/ban', (c) => page(c, deps, <BanPage {...pageProps(c, deps, pageLanguage(c))} values={{}} problems={[]} />))

  app.post('/ban', async (c) => {
    const body = await readBody(c)
    if (!body.ok) return fail(c, deps, body.status)
    const values = { email: textOf(body.posted, 'email'), phone: textOf(body.posted, 'phone') }
    const language = pageLanguage(c)
    const { invalid, fields } = words[language]
    if (values.email === '' && values.phone === '')
      return refused(c, values, [{ path: 'email', message: invalid.emailOrPhone }])
    const result = await banFromPage(deps, { ...values, language, origin: networkOrigin(c, deps) })
    if (!result.ok) {
      const problems = result.faults.map((path) => ({ path, message: invalid[path](fields[path]) }))
      return refused(c, values, problems)
    }
    if (!prefersJson(c)) return page(c, deps, <BanDone {...pageProps(c, deps, language)} />)
    safeHeaders(c, deps.config.publicUrl)
    return c.json({ status: 'accepted' }, 202)
  })

  app.all('/ban', onlyThese(deps, METHODS))

  app.get('/ban/undo/:token', (c) => {
    const link = read('b', c.req.param('token'))
    if (!link.ok) return brokenLink(c, deps, link.expired ? 410 : 404)
    return page(c, deps, <BanUndo {...pageProps(c, deps, pageLanguage(c))} action={inChosenLanguage(c)} />)
  })

  app.post('/ban/undo/:token', async (c) => {
    const link = read('b', c.req.param('token'))
    if (!link.ok) return brokenLink(c, deps, link.expired ? 410 : 404)
    await undoBan(deps, link.id)
    return page(c, deps, <BanUndone {...pageProps(c, deps, pageLanguage(c))} />)
  })

  app.all('/ban/undo/:token', onlyThese(deps, METHODS))

  function refused(c: Context, values: Record<string, string>, problems: { path: string; message: string }[]) {
    if (prefersJson(c)) return problem(c, 422, 'The content is not valid', { errors: problems })
    const props = pageProps(c, deps, pageLanguage(c))
    return page(c, deps, <BanPage {...props} values={values} problems={problems} />, { status: 422 })
  }

  return app
}
