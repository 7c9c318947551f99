import { Hono } from 'hono'
import { signIn, signOut } from '../../actions/signIn.ts'
import type { Deps } from '../../deps.ts'
import { AdminSignIn } from '../../templates/pages/admin.tsx'
import { brokenLink } from '../errors.tsx'
import { adminPage, adminProps } from './page.tsx'
import { dropSession, keepSession, sessionOf } from './session.ts'

/** One-time links: GET shows a button, POST signs in, so that a link preview cannot use it up. */
export function signInScreens(deps: Deps): Hono {
  const app = new Hono()

  app.get('/sign-in', (c) => adminPage(c, deps, <AdminSignIn {...adminProps(c, deps)} />))

  app.get('/sign-in/:link', (c) => adminPage(c, deps, <AdminSignIn {...adminProps(c, deps)} action={c.req.path} />))

  app.post('/sign-in/:link', async (c) => {
    const signedIn = await signIn(deps, c.req.param('link'), sessionOf(c, deps))
    if (!signedIn) return brokenLink(c, deps, 410)
    keepSession(c, deps, signedIn.session)
    return c.redirect('/admin/mailings', 303)
  })

  app.post('/sign-out', async (c) => {
    const session = sessionOf(c, deps)
    if (session !== undefined) await signOut(deps, session)
    dropSession(c, deps)
    return c.redirect('/admin/sign-in', 303)
  })

  return app
}
