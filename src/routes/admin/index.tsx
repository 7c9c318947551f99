import { Hono, type MiddlewareHandler } from 'hono'
import { csrf } from 'hono/csrf'
import { findSession } from '../../actions/signIn.ts'
import type { Deps } from '../../deps.ts'
import { mailingScreens } from './mailings.tsx'
import { outboxScreens } from './outbox.tsx'
import { sessionOf } from './session.ts'
import { signInScreens } from './signIn.tsx'

/** The marketers' pages: server rendered, behind a session, guarded against cross-site posts (the only place with CSRF). */
export function adminRoutes(deps: Deps): Hono {
  const app = new Hono()
  app.use(csrf())
  app.route('/', signInScreens(deps))
  app.use(signedIn(deps))
  app.get('/', (c) => c.redirect('/admin/mailings'))
  app.route('/mailings', mailingScreens(deps))
  app.route('/outbox', outboxScreens(deps))
  return app
}

/** Nobody without a session sees anything, whatever the path. */
function signedIn(deps: Deps): MiddlewareHandler {
  return async (c, next) => {
    const session = sessionOf(c, deps)
    const user = session === undefined ? null : await findSession(deps, session)
    if (!user) return c.redirect('/admin/sign-in')
    return next()
  }
}
