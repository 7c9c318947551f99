import { Hono } from 'hono'
import type { Deps } from '../deps.ts'
import { PrivacyPage } from '../templates/pages/privacy.tsx'
import { basisNames, fieldNames } from '../templates/words/register.ts'
import { onlyThese } from './errors.tsx'
import { page, pageLanguage, pageProps } from './page.tsx'

/** The privacy notice, made from the register that the program executes. */
export function privacyRoutes(deps: Deps): Hono {
  const app = new Hono()

  app.get('/privacy', (c) => {
    const lang = pageLanguage(c)
    const purposes = Object.values(deps.register.purposes).map((purpose) => ({
      name: purpose.name[lang],
      text: purpose.description[lang],
      fields: purpose.fields.map((field) => fieldNames[field]?.[lang] ?? field),
      bases: purpose.bases.map((basis) => basisNames[basis]?.[lang] ?? basis),
      retention: purpose.kept[lang],
    }))
    return page(
      c,
      deps,
      <PrivacyPage {...pageProps(c, deps, lang)} purposes={purposes} version={deps.register.version} />,
    )
  })

  app.all('/privacy', onlyThese(deps, 'GET, HEAD, OPTIONS'))
  return app
}
