import { Hono } from 'hono'
import { sendManageLink } from '../actions/manage.ts'
import type { Deps } from '../deps.ts'
import { parseEmail } from '../rules/address.ts'
import { ManagePage, ManageSent } from '../templates/pages/manage.tsx'
import { onlyThese } from './errors.tsx'
import { page, pageLanguage, pageProps } from './page.tsx'

/** "Send me my link": the preferences page shows and erases data, so it opens only from a link mailed on request. */
export function manageRoutes(deps: Deps): Hono {
  const app = new Hono()

  app.get('/manage', (c) =>
    page(c, deps, <ManagePage {...pageProps(c, deps, pageLanguage(c))} values={{}} problems={[]} />),
  )

  app.post('/manage', async (c) => {
    const body: Record<string, unknown> = await c.req.parseBody()
    const props = pageProps(c, deps, pageLanguage(c))
    const email = parseEmail(body['email'], { allowReserved: deps.config.allowReservedDomains })
    if (!email.ok) {
      const values = { email: typeof body['email'] === 'string' ? body['email'] : '' }
      const problems = [{ path: 'email', message: email.error }]
      return page(c, deps, <ManagePage {...props} values={values} problems={problems} />, { status: 422 })
    }
    await sendManageLink(deps, email.email)
    return page(c, deps, <ManageSent {...props} validHours={24} />)
  })

  app.all('/manage', onlyThese(deps, 'GET, HEAD, POST, OPTIONS'))
  return app
}
