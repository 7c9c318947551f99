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
import type { Posted } from '../rules/submission.ts'
import { formOf } from '../store/forms.ts'
import { ErasedPage, ErasePage, PreferencesPage, PreferencesSaved } from '../templates/pages/preferences.tsx'
import { words, type Language } from '../templates/words/index.ts'
import { readBody, textOf } from './body.ts'
import { brokenLink, fail, onlyThese } from './errors.tsx'
import { asLanguage, inChosenLanguage, page, pageLanguage, pageProps, safeHeaders } from './page.tsx'

/** The form whose wording says what joining a topic agrees to; it is in every installation (actions/seed.ts). */
const FORM = 'newsletter'

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
    return page(c, deps, <ErasePage {...props} action={back(c)} backHref={back(c)} />)
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
    const body = await readBody(c)
    if (!body.ok) return fail(c, deps, body.status)
    const { id, language } = found.contact
    const lang = pageLanguage(c, language)
    switch (textOf(body.posted, 'do')) {
      case 'save':
        return save(c, found, body.posted)
      case 'ban':
        await banFromPreferences(deps, found.contact)
        return settingsAfter(c, id, words[lang].ban.doneTitle)
      case 'lift':
        return settingsAfter(c, id, (await liftFromPreferences(deps, id)) ? words[lang].ban.undoneTitle : undefined)
      case 'erase':
        await erase(deps, id, 'person')
        return page(c, deps, <ErasedPage {...pageProps(c, deps, lang)} />)
      default:
        return fail(c, deps, 422, 'do: send save, ban, lift or erase')
    }
  })

  app.all('/p/:token', onlyThese(deps, 'GET, HEAD, POST, OPTIONS'))
  app.all('/p/:token/erase', onlyThese(deps, 'GET, HEAD, OPTIONS'))
  app.all('/p/:token/data.json', onlyThese(deps, 'GET, HEAD, OPTIONS'))

  /** The person behind the link; an expired link and an erased contact say how to get a new one. */
  async function find(c: Context): Promise<Preferences | Response> {
    const link = read('p', c.req.param('token') ?? '')
    if (!link.ok) return brokenLink(c, deps, link.expired ? 410 : 404)
    return (await readPreferences(deps, link.id)) ?? brokenLink(c, deps, 410)
  }

  async function settingsAfter(c: Context, contactId: string, done: string | undefined) {
    const now = await readPreferences(deps, contactId)
    return now ? settings(c, now, done) : brokenLink(c, deps, 410)
  }

  async function settings(c: Context, { contact, topics, banned }: Preferences, done?: string) {
    const lang = pageLanguage(c, contact.language)
    const wording = (await wordingOf(lang)).current ?? { id: '', text: '' }
    return page(
      c,
      deps,
      <PreferencesPage
        {...pageProps(c, deps, lang)}
        email={contact.address}
        action={back(c)}
        topics={topics.map(({ id, names, on }) => ({ id, name: names[lang], on }))}
        chosen={contact.language}
        wording={wording}
        ban={banned}
        timeZone={deps.config.timeZone}
        dataHref={`${base(c)}/data.json`}
        eraseHref={inChosenLanguage(c, `${base(c)}/erase`)}
        done={done}
      />,
    )
  }

  async function save(c: Context, { contact }: Preferences, posted: Posted) {
    const topics = [posted.get('topics')].flat().filter((topic) => typeof topic === 'string')
    const language = asLanguage(posted.get('language')) ?? contact.language
    const { known, current } = await wordingOf(pageLanguage(c, contact.language))
    const shown = textOf(posted, 'consent')
    const wordingId = known(shown) ? shown : (current?.id ?? null)
    const saved = await savePreferences(deps, contact.id, { topics, language, wordingId })
    if (!saved) return brokenLink(c, deps, 410)
    const lang = pageLanguage(c, language)
    const names = saved.topics.filter((topic) => topic.on).map((topic) => topic.names[lang])
    return page(c, deps, <PreferencesSaved {...pageProps(c, deps, lang)} topics={names} backHref={back(c)} />)
  }

  /** The wording that the page shows, and which ids it may have shown before. */
  async function wordingOf(lang: Language) {
    const form = await formOf(deps, FORM)
    const { fi, sv, en } = form?.current ?? {}
    return {
      current: form?.current[lang] ?? fi ?? sv ?? en ?? null,
      known: (id: string) => form?.wordings.has(id) === true,
    }
  }

  return app
}

/** The settings themselves, from any page of the link. */
function back(c: Context): string {
  return inChosenLanguage(c, base(c))
}

/** The link itself, without what a page hangs behind it. */
function base(c: Context): string {
  return c.req.path.replace(/\/(erase|data\.json)$/, '')
}
