import { Hono, type Context } from 'hono'
import { askAgain } from '../actions/askAgain.ts'
import { confirm } from '../actions/confirm.ts'
import { openConfirmation, type Opened } from '../actions/openConfirmation.ts'
import { takeBack } from '../actions/takeBack.ts'
import type { Deps } from '../deps.ts'
import { links } from '../mail/tokens.ts'
import { allowedRedirect } from '../rules/form.ts'
import { CONFIRM_LINK_MS } from '../rules/permission.ts'
import { formOf } from '../store/forms.ts'
import { ConfirmedPage, ConfirmExpired, ConfirmPage, NotMeDone, NotMePage } from '../templates/pages/confirm.tsx'
import { SignUpAccepted } from '../templates/pages/form.tsx'
import type { Language } from '../templates/words/index.ts'
import { brokenLink, onlyThese } from './errors.tsx'
import { clientNetwork, coarseNetwork } from './network.ts'
import { inChosenLanguage, page, pageLanguage, pageProps, safeHeaders } from './page.tsx'

/** The link of a confirmation mail: GET shows what would be confirmed, POST confirms it (standards A9-2, A9-3, P11). */
export function confirmRoutes(deps: Deps): Hono {
  const app = new Hono()

  app.get('/c/:token', async (c) => show(c, await openConfirmation(deps, c.req.param('token'))))

  app.post('/c/:token', async (c) => {
    const token = c.req.param('token')
    if (!(await wantsAgain(c))) {
      const opened = await confirm(deps, token)
      const next = opened.kind === 'confirmed' ? await nextOf(opened.signup.form_id) : null
      if (next === null) return show(c, opened)
      safeHeaders(c, deps.config.publicUrl)
      return c.redirect(next, 303)
    }
    const opened = await openConfirmation(deps, token)
    if (opened.kind !== 'expired' || opened.signup === null) return show(c, opened)
    const network = clientNetwork(c, deps)
    await askAgain(deps, opened.signup, { network, coarse: coarseNetwork(network), hurried: false })
    const props = pageProps(c, deps, pageLanguage(c, opened.signup.language))
    return page(c, deps, <SignUpAccepted {...props} validHours={CONFIRM_LINK_MS / 3_600_000} />)
  })

  app.all('/c/:token', onlyThese(deps, METHODS))

  app.get('/c/:token/not-me', (c) => {
    if (links(deps).read('c', c.req.param('token')).id === null) return brokenLink(c, deps)
    return page(c, deps, <NotMePage {...pageProps(c, deps, pageLanguage(c))} action={inChosenLanguage(c)} />)
  })

  app.post('/c/:token/not-me', async (c) => {
    if (!(await takeBack(deps, c.req.param('token')))) return brokenLink(c, deps)
    return page(c, deps, <NotMeDone {...pageProps(c, deps, pageLanguage(c))} />)
  })

  app.all('/c/:token/not-me', onlyThese(deps, METHODS))

  async function show(c: Context, opened: Opened) {
    if (opened.kind === 'broken') return brokenLink(c, deps)
    if (opened.signup === null) return brokenLink(c, deps, 410)
    const lang = pageLanguage(c, opened.signup.language)
    const props = pageProps(c, deps, lang)
    const action = inChosenLanguage(c)
    if (opened.kind === 'expired') return page(c, deps, <ConfirmExpired {...props} action={action} />, { status: 410 })
    if (opened.kind === 'confirmed')
      return page(c, deps, <ConfirmedPage {...props} topics={opened.topics.map((one) => nameOf(one, lang))} />)
    const topics = opened.asked.map((one) => ({ name: nameOf(one, lang), wording: one.wording, banned: one.banned }))
    const next = await nextOf(opened.signup.form_id)
    return page(c, deps, <ConfirmPage {...props} email={opened.signup.address} topics={topics} action={action} />, {
      formAction: next === null ? [] : [new URL(next).origin],
    })
  }

  async function nextOf(formId: string): Promise<string | null> {
    const form = await formOf(deps, formId)
    return form
      ? allowedRedirect(form.definition.confirmedRedirect, [...deps.config.redirects, ...form.definition.redirects])
      : null
  }

  return app
}

const METHODS = 'GET, HEAD, POST, OPTIONS'

function nameOf({ topic, names }: { topic: string; names: Record<Language, string> | null }, lang: Language): string {
  return names?.[lang] ?? topic
}

/** The button of the expired page posts `again=1`; whatever else comes with a POST is not read. */
async function wantsAgain(c: Context): Promise<boolean> {
  const body: Record<string, unknown> = await c.req.parseBody().catch(() => ({}))
  return body['again'] === '1'
}
