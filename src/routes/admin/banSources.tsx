import { Hono } from 'hono'
import { sourceStates } from '../../actions/sourceStates.ts'
import { syncBanSource } from '../../actions/syncBanSource.ts'
import type { Deps } from '../../deps.ts'
import { BanSourcesPage } from '../../templates/pages/admin/banSources.tsx'
import { banSourceWords } from '../../templates/words/admin/banSources.ts'
import { fail } from '../errors.tsx'
import { adminPage, adminProps, type Signed } from './page.tsx'

/** Outside ban registers: how each stands, and fetching it now. */
export function banSourceScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()

  app.get('/', async (c) => {
    const { lang, ...props } = adminProps(c, deps)
    const { done } = banSourceWords[lang]
    const key = c.req.query('done') ?? ''
    const page = (
      <BanSourcesPage
        {...props}
        lang={lang}
        sources={await sourceStates(deps)}
        timeZone={deps.config.timeZone}
        done={Object.hasOwn(done, key) ? done[key] : undefined}
      />
    )
    return adminPage(c, deps, page)
  })

  app.post('/:name/sync', async (c) => {
    const result = await syncBanSource(deps, c.req.param('name'))
    if (!result) return fail(c, deps, 404)
    return c.redirect(`/admin/ban-sources?done=${result.ok ? 'synced' : 'failed'}`, 303)
  })

  return app
}
