import { Hono, type Context, type MiddlewareHandler } from 'hono'
import { findSession } from '../../actions/signIn.ts'
import type { Deps } from '../../deps.ts'
import { AdminMissing, AdminSignIn } from '../../templates/pages/admin.tsx'
import { fail } from '../errors.tsx'
import { safeHeaders } from '../page.tsx'
import { banScreens } from './bans.tsx'
import { banSourceScreens } from './banSources.tsx'
import { contactScreens } from './contacts.tsx'
import { brandScreens } from './brand.tsx'
import { enquiryScreens } from './enquiries.tsx'
import { formScreens } from './forms.tsx'
import { imageScreens } from './images.tsx'
import { importScreens } from './imports.tsx'
import { mailingScreens } from './mailings.tsx'
import { outboxScreens } from './outbox.tsx'
import { companyScreens } from './companies.tsx'
import { adminPage, adminProps, type Signed } from './page.tsx'
import { priceListScreens } from './priceLists.tsx'
import { repeatScreens } from './repeat.tsx'
import { segmentScreens } from './segments.tsx'
import { sessionOf } from './session.ts'
import { signInScreens } from './signIn.tsx'
import { surveyScreens } from './surveys.tsx'

/** The marketers' pages: server rendered, behind a session, guarded against cross-site posts (the only place with CSRF). */
export function adminRoutes(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()
  app.use(askedByOurPages(deps))
  app.get('/htmx.js', (c) => {
    safeHeaders(c, deps.config.publicUrl)
    c.header('Cache-Control', 'private, max-age=86400')
    return c.body(deps.htmx, 200, { 'Content-Type': 'text/javascript; charset=utf-8' })
  })
  app.route('/', signInScreens(deps))
  app.use(signedIn(deps))
  app.use(missingPages(deps))
  app.get('/', (c) => c.redirect('/admin/mailings'))
  app.route('/mailings', mailingScreens(deps))
  app.route('/mailings', repeatScreens(deps))
  app.route('/price-lists', priceListScreens(deps))
  app.route('/surveys', surveyScreens(deps))
  app.route('/imports', importScreens(deps))
  app.route('/contacts', contactScreens(deps))
  app.route('/bans', banScreens(deps))
  app.route('/ban-sources', banSourceScreens(deps))
  app.route('/forms', formScreens(deps))
  app.route('/enquiries', enquiryScreens(deps))
  app.route('/images', imageScreens(deps))
  app.route('/brand', brandScreens(deps))
  app.route('/companies', companyScreens(deps))
  app.route('/segments', segmentScreens(deps))
  app.route('/outbox', outboxScreens(deps))
  return app
}

/**
 * Nothing changes unless the browser says that a page of ours asked for it, whatever its body calls itself (threat T13: a guard
 * that looks at form types only lets a body of no type through).
 */
function askedByOurPages(deps: Deps): MiddlewareHandler {
  const ours = new URL(deps.config.publicUrl).origin
  return async (c, next) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)) return next()
    const site = c.req.header('Sec-Fetch-Site')
    const origin = c.req.header('Origin')
    const isOurs = site === undefined ? origin === ours || origin === new URL(c.req.url).origin : site === 'same-origin'
    return isOurs ? next() : fail(c, deps, 403)
  }
}

/** Nobody without a session sees anything, whatever the path. */
function signedIn(deps: Deps): MiddlewareHandler<Signed> {
  return async (c, next) => {
    const session = sessionOf(c, deps)
    const user = session === undefined ? null : await findSession(deps, session)
    if (!user) return toSignIn(c, deps)
    c.set('userId', user.userId)
    return next()
  }
}

/** A page that is not there keeps the navigation: the public one is for readers of a mail with a broken link. */
function missingPages(deps: Deps): MiddlewareHandler {
  return async (c, next) => {
    await next()
    if (c.res.status !== 404 || !c.res.headers.get('Content-Type')?.startsWith('text/html')) return
    const props = adminProps(c, deps)
    c.res = await adminPage(c, deps, <AdminMissing {...props} part={c.req.path.split('/')[2] ?? ''} />, 404)
  }
}

/** A page leads there; a piece of a page (htmx) has the whole page go there; a form that was sent is told that it is not lost. */
function toSignIn(c: Context, deps: Deps) {
  if (c.req.header('HX-Request') !== undefined) return c.body(null, 204, { 'HX-Redirect': '/admin/sign-in' })
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return c.redirect('/admin/sign-in')
  return adminPage(c, deps, <AdminSignIn {...adminProps(c, deps)} languages={undefined} expired />, 403)
}
