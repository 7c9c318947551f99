import { Hono } from 'hono'
import type { Deps } from '../deps.ts'
import { links } from '../mail/tokens.ts'
import { priceFileById } from '../store/priceLists.ts'
import { FileGonePage } from '../templates/pages/file.tsx'
import { brokenLink, onlyThese } from './errors.tsx'
import { fileAnswer } from './fileAnswer.ts'
import { page, pageLanguage, pageProps } from './page.tsx'

/** The link to a file of a price list that was too large to travel in a message. Who opens it is not recorded. */
export function fileRoutes(deps: Deps): Hono {
  const app = new Hono()

  app.get('/l/:token', async (c) => {
    const link = links(deps).read('l', c.req.param('token'))
    if (link.id === null) return brokenLink(c, deps)
    const [id = '', language] = link.id.split('.')
    const file = link.ok ? await priceFileById(deps.store, id) : null
    const answer = file && (await fileAnswer(c, deps, file))
    if (answer) return answer
    return page(c, deps, <FileGonePage {...pageProps(c, deps, pageLanguage(c, language))} />, { status: 410 })
  })

  app.all('/l/:token', onlyThese(deps, 'GET, HEAD, OPTIONS'))
  return app
}
