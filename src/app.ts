import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Deps } from './deps.ts'
import { apiRoutes } from './routes/api/index.ts'
import { referenceRoutes } from './routes/api/reference.tsx'
import { adminRoutes } from './routes/admin/index.tsx'
import { banRoutes } from './routes/ban.tsx'
import { confirmRoutes } from './routes/confirm.tsx'
import { answerError, answerNotFound, requestId } from './routes/errors.tsx'
import { fileRoutes } from './routes/files.tsx'
import { formRoutes } from './routes/forms.tsx'
import { healthRoutes } from './routes/health.ts'
import { imageRoutes } from './routes/images.ts'
import { manageRoutes } from './routes/manage.tsx'
import { withBrand } from './routes/page.tsx'
import { preferenceRoutes } from './routes/preferences.tsx'
import { privacyRoutes } from './routes/privacy.tsx'
import { surveyRoutes } from './routes/surveys.tsx'
import { unsubscribeRoutes } from './routes/unsubscribe.tsx'

const KIB = 1024
/** Uploads (attachments, imports) bring their own, larger limit; an unsubscribe link takes any body and reads little of it. */
const ownLimit =
  /^\/((api\/v1|admin)\/(imports(\/upload\/\w+)?|bans\/imports|price-lists(\/[^/]+\/versions)?|images|mailings\/[^/]+\/attachments)$|u\/)/

/** The whole HTTP surface, the same on every runtime. One onError, one notFound. */
export function createApp(deps: Deps): Hono {
  const app = new Hono({ strict: true })
  app.use(requestId(deps))
  const small = bodyLimit({ maxSize: 64 * KIB })
  const large = bodyLimit({ maxSize: 1024 * KIB })
  app.use(async (c, next) => {
    if (ownLimit.test(c.req.path) || saysItIsSmall(c)) return next()
    return (/^\/(api|admin)\//.test(c.req.path) ? large : small)(c, next)
  })
  app.route('/', healthRoutes(deps))
  app.route('/', imageRoutes(deps))
  app.use(withBrand(deps))
  app.route('/', formRoutes(deps))
  app.route('/', confirmRoutes(deps))
  app.route('/', unsubscribeRoutes(deps))
  app.route('/', surveyRoutes(deps))
  app.route('/', fileRoutes(deps))
  app.route('/', preferenceRoutes(deps))
  app.route('/', manageRoutes(deps))
  app.route('/', banRoutes(deps))
  app.route('/', privacyRoutes(deps))
  const api = apiRoutes(deps)
  app.route('/api/v1', api)
  app.route('/', referenceRoutes(deps, api))
  app.route('/admin', adminRoutes(deps))
  app.notFound((c) => answerNotFound(deps, c))
  app.onError((error, c) => answerError(deps, error, c))
  return app
}

/**
 * A body whose length is told, and small, needs no counting; asking for the body as a stream would cost more than the rest of a
 * small request (docs/performance.md).
 */
function saysItIsSmall(c: Context): boolean {
  const length = c.req.header('Content-Length') ?? ''
  return /^\d{1,5}$/.test(length) && Number(length) <= 64 * KIB && c.req.header('Transfer-Encoding') === undefined
}
