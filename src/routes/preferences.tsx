import { Hono, type Context } from 'hono'
import { erase } from '../actions/erase.ts'
import { exportContact } from '../actions/exportContact.ts'
import {
  banFromPreferences,
  liftFromPreferences,
  readPreferences,
  savePreferences,
  type Preferences,
} from '../actions/preferences.ts'
import type { Deps } from '../deps.ts'
import { links } from '../mail/tokens.ts'
import { wordingFor } from '../store/forms.ts'
import { ErasedPage, ErasePage, PreferencesPage, PreferencesSaved } from '../templates/pages/preferences.tsx'
import { brokenLink, fail } from './errors.tsx'
import { asLanguage, page, pageLanguage, pageProps, safeHeaders } from './page.tsx'

/** A person's own settings, opened from a link that `/manage` mailed and that lives 24 hours. GET shows, POST changes. */
export function preferenceRoutes(deps: Deps): Hono {
  const app = new Hono()
  const { read } = links(deps)

  app.get('/p/:token', async (c) => {
    const found = await find(c)
    return found instanceof Response ? found : settings(c, found)
  })

  app.get('/p/:token/erase', async (c) => {
    const found = await find(c)
    if (found instanceof Response) return found
    const props = pageProps(c, deps, pageLanguage(c, found.contact.language))
    return page(c, deps, <ErasePage {...props} action={base(c)} backHref={base(c)} />)
  })

  app.get('/p/:token/data.json', async (c) => {
    const found = await find(c)
    if (found instanceof Response) return found
    const data = await exportContact(deps, found.contact.id)
    safeHeaders(c, deps.config.publicUrl)
    c.header('Content-Disposition', 'attachment; filename="postilupa.json"')
    return c.json(data)
  })

  app.post('/p/:token', async (c) => {
    const found = await find(c)
    if (found instanceof Response) return found
    const body = await c.req.parseBody({ all: true })
    const { id, language } = found.contact
    switch (body['do']) {
      case 'save': {
        const topics = [body['topics']].flat().filter((topic) => typeof topic === 'string')
        const consent = typeof body['consent'] === 'string' ? body['consent'] : null
        const chosen = asLanguage(body['language']) ?? language
        const saved = await savePreferences(deps, id, { topics, language: chosen, wordingId: consent })
        if (!saved) return brokenLink(c, deps, 410)
        const lang = pageLanguage(c, chosen)
        const names = saved.topics.filter((topic) => topic.on).map((topic) => topic.names[lang])
        return page(c, deps, <PreferencesSaved {...pageProps(c, deps, lang)} topics={names} backHref={base(c)} />)
      }
      case 'ban':
        await banFromPreferences(deps, id)
        break
      case 'lift':
        await liftFromPreferences(deps, id)
        break
      case 'erase':
        await erase(deps, id, 'person')
        return page(c, deps, <ErasedPage {...pageProps(c, deps, pageLanguage(c, language))} />)
      default:
        return fail(c, deps, 422, 'do: send save, ban, lift or erase')
    }
    const now = await readPreferences(deps, id)
    return now ? settings(c, now) : brokenLink(c, deps, 410)
  })

  /** The person behind the link; an expired link and an erased contact say how to get a new one. */
  async function find(c: Context): Promise<Preferences | Response> {
    const link = read('p', c.req.param('token') ?? '')
    if (!link.ok) return brokenLink(c, deps, link.expired ? 410 : 404)
    return (await readPreferences(deps, link.id)) ?? brokenLink(c, deps, 410)
  }

  async function settings(c: Context, { contact, topics, banned }: Preferences) {
    const lang = pageLanguage(c, contact.language)
    const wording = (await wordingFor(deps, 'newsletter', lang)) ?? { id: '', text: '' }
    return page(
      c,
      deps,
      <PreferencesPage
        {...pageProps(c, deps, lang)}
        email={contact.address}
        action={base(c)}
        topics={topics.map(({ id, names, on }) => ({ id, name: names[lang], on }))}
        chosen={contact.language}
        wording={wording}
        ban={banned}
        timeZone={deps.config.timeZone}
        dataHref={`${base(c)}/data.json`}
        eraseHref={`${base(c)}/erase`}
      />,
    )
  }

  return app
}

/** The link itself, without what a page hangs behind it. */
function base(c: Context): string {
  return c.req.path.replace(/\/(erase|data\.json)$/, '')
}
