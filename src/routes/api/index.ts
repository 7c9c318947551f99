import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Deps } from '../../deps.ts'
import { banRoutes } from './bans.ts'
import { companyRoutes } from './companies.ts'
import { contactRoutes } from './contacts.ts'
import { authenticated, type ApiEnv } from './guards.ts'
import { newApi, refuseOtherMethods } from './operation.ts'

/** The JSON API. Nothing below it is reached without a key, and each operation names the scope that it needs. */
export function apiRoutes(deps: Deps): OpenAPIHono<ApiEnv> {
  const api = newApi()
  api.use(authenticated(deps))
  api.use(async (c, next) => {
    await next()
    c.header('Cache-Control', 'no-store')
    c.header('X-Content-Type-Options', 'nosniff')
  })
  for (const routes of [contactRoutes, companyRoutes, banRoutes]) api.route('/', routes(deps))
  refuseOtherMethods(api, deps)
  return api
}
