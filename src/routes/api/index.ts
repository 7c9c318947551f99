import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Deps } from '../../deps.ts'
import { attachmentRoutes } from './attachments.ts'
import { banRoutes } from './bans.ts'
import { banSourceRoutes } from './banSources.ts'
import { companyRoutes } from './companies.ts'
import { companyObjectionRoutes } from './companyObjections.ts'
import { contactRoutes } from './contacts.ts'
import { enquiryRoutes } from './enquiries.ts'
import { formRoutes } from './forms.ts'
import { authenticated, type ApiEnv } from './guards.ts'
import { imageRoutes } from './images.ts'
import { importRoutes } from './imports.ts'
import { ledgerRoutes } from './ledger.ts'
import { mailingCheckRoutes } from './mailingChecks.ts'
import { mailingRoutes } from './mailings.ts'
import { mailingVerbRoutes } from './mailingVerbs.ts'
import { newApi, refuseOtherMethods } from './operation.ts'
import { repeatRoutes } from './repeats.ts'
import { segmentRoutes } from './segments.ts'
import { priceListRoutes } from './priceLists.ts'
import { priceVersionRoutes } from './priceVersions.ts'
import { settingRoutes } from './settings.ts'
import { surveyRoutes } from './surveys.ts'
import { topicRoutes } from './topics.ts'
import { wordingRoutes } from './wordings.ts'

/** The JSON API. Nothing below it is reached without a key, and each operation names the scope that it needs. */
export function apiRoutes(deps: Deps): OpenAPIHono<ApiEnv> {
  const api = newApi()
  api.use(authenticated(deps))
  api.use(async (c, next) => {
    await next()
    c.header('Cache-Control', 'no-store')
    c.header('X-Content-Type-Options', 'nosniff')
  })
  const resources = [
    contactRoutes,
    companyRoutes,
    companyObjectionRoutes,
    segmentRoutes,
    banRoutes,
    banSourceRoutes,
    importRoutes,
    mailingRoutes,
    mailingVerbRoutes,
    repeatRoutes,
    mailingCheckRoutes,
    attachmentRoutes,
    priceListRoutes,
    priceVersionRoutes,
    surveyRoutes,
    topicRoutes,
    formRoutes,
    wordingRoutes,
    enquiryRoutes,
    imageRoutes,
    ledgerRoutes,
    settingRoutes,
  ]
  for (const routes of resources) api.route('/', routes(deps))
  refuseOtherMethods(api, deps)
  return api
}
