import { Hono } from 'hono'
import { sendManageLink } from '../actions/manage.ts'
import type { Deps } from '../deps.ts'
import { parseEmail } from '../rules/address.ts'
import { ManagePage, ManageSent } from '../templates/pages/manage.tsx'
import { words } from '../templates/words/index.ts'
import { readBody, textOf } from './body.ts'
import { fail, onlyThese, prefersJson, problem } from './errors.tsx'
import { networkOrigin } from './network.ts'
import { page, pageLanguage, pageProps, safeHeaders } from './page.tsx'

const LINK_HOURS = 24

/** "Send me my link": the preferences page shows and erases data, so it opens only from a link mailed on request. */
export function manageRoutes(deps: Deps): Hono {
  const app = new Hono()

  app.get('/manage', (c) =>
    page(c, deps, <ManagePage {...pageProps(c, deps, pageLanguage(c))} values={{}} problems={[]} />),
  )

  app.post('/manage', async (c) => {
    const body = await readBody(c)
    if (!body.ok) return fail(c, deps, body.status)
    const lang = pageLanguage(c)
    const props = pageProps(c, deps, lang)
    const typed = textOf(body.posted, 'email')
    const email = parseEmail(typed, { allowReserved: deps.config.allowReservedDomains })
    if (!email.ok) {
      const { invalid, fields } = words[lang]
      const problems = [{ path: 'email', message: invalid[typed === '' ? 'required' : 'email'](fields.email) }]
      if (prefersJson(c)) return problem(c, 422, 'The content is not valid', { errors: problems })
      return page(c, deps, <ManagePage {...props} values={{ email: typed }} problems={problems} />, { status: 422 })
    }
    await sendManageLink(deps, email.email, networkOrigin(c, deps))
    if (!prefersJson(c)) return page(c, deps, <ManageSent {...props} validHours={LINK_HOURS} />)
    safeHeaders(c, deps.config.publicUrl)
    return c.json({ status: 'accepted' }, 202)
  })

  app.all('/manage', onlyThese(deps, 'GET, HEAD, POST, OPTIONS'))
  return app
}
