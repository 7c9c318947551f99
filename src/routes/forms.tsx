import { Hono, type Context } from 'hono'
import { enquire, isEnquiryForm } from '../actions/enquire.ts'
import { subscribe, type Origin } from '../actions/subscribe.ts'
import { subscribeAtOnce } from '../actions/subscribeAtOnce.ts'
import type { Deps } from '../deps.ts'
import { links } from '../mail/tokens.ts'
import { enquiryPurposes, isEnquiryKind } from '../rules/enquiry.ts'
import { allowedRedirect, inLanguage, TIME_TOKEN, TRAP } from '../rules/form.ts'
import { isHurried } from '../rules/limits.ts'
import { CONFIRM_LINK_MS } from '../rules/permission.ts'
import { readSignUp, type Fault, type Posted } from '../rules/submission.ts'
import { formOf, type Form } from '../store/forms.ts'
import { ConfirmedPage } from '../templates/pages/confirm.tsx'
import { EnquiryAccepted, HostedForm, SignUpAccepted } from '../templates/pages/form.tsx'
import type { Language } from '../templates/words/index.ts'
import { readBody } from './body.ts'
import { embedScript } from './embed.ts'
import { fail, onlyThese, prefersJson, problem } from './errors.tsx'
import { fieldsOf, problemsOf, valuesOf } from './formFields.ts'
import { clientNetwork, coarseNetwork } from './network.ts'
import { asLanguage, page, pageLanguage, pageProps, safeHeaders } from './page.tsx'

/** Sign-up, contact and feedback forms: the hosted page, the post from any website, and the script that makes a website's own form answer in place. */
export function formRoutes(deps: Deps): Hono {
  const app = new Hono()
  const { make, read } = links(deps)

  app.get('/f/:form', async (c) => {
    const form = await find(c)
    return form ? showForm(c, form, languageOf(c, form)) : fail(c, deps, 404)
  })

  app.get('/f/:form/embed.js', async (c) => {
    const form = await find(c)
    if (!form) return fail(c, deps, 404)
    c.header('Content-Type', 'text/javascript; charset=utf-8')
    c.header('Cache-Control', 'public, max-age=300')
    c.header('X-Content-Type-Options', 'nosniff')
    c.header('Cross-Origin-Resource-Policy', 'cross-origin')
    const action = `${deps.config.publicUrl}/f/${form.id}`
    const kind = isEnquiryForm(form) ? 'enquiry' : form.definition.doubleOptIn ? 'asked' : 'confirmed'
    return c.body(embedScript(action, make('t', form.id), kind))
  })

  app.post('/f/:form', async (c) => {
    const form = await find(c)
    if (!form) return fail(c, deps, 404)
    allowOrigin(c, form)
    const body = await readBody(c)
    if (!body.ok) {
      if (body.status === 422) return refused(c, form, languageOf(c, form), new Map(), body.faults)
      return fail(c, deps, body.status, body.detail)
    }
    const { posted } = body
    const lang = languageOf(c, form, posted)
    if (isFilled(posted.get(TRAP))) {
      deps.metrics.count('postilupa_signups_total', { outcome: 'trapped' })
      return accepted(c, form, lang, posted, [])
    }
    const { register, config } = deps
    const reading = { lang, register, allowReserved: config.allowReservedDomains }
    const enquiry = isEnquiryKind(form.kind) ? enquiryPurposes[form.kind] : undefined
    const submitted = readSignUp(form, posted, { ...reading, enquiry })
    if (!submitted.ok) return refused(c, form, lang, posted, submitted.faults)
    const { signUp } = submitted
    if (isEnquiryForm(form)) {
      const outcome = await enquire(deps, form, signUp, originOf(c, form, posted))
      deps.metrics.count('postilupa_enquiries_total', { outcome })
      return accepted(c, form, lang, posted, signUp.topics)
    }
    const take = form.definition.doubleOptIn
      ? subscribe(deps, form.id, signUp, originOf(c, form, posted))
      : subscribeAtOnce(deps, form, signUp, originOf(c, form, posted))
    deps.metrics.count('postilupa_signups_total', { outcome: await take })
    return accepted(c, form, lang, posted, signUp.topics)
  })

  app.options('/f/:form', async (c) => {
    const form = await find(c)
    if (form && allowOrigin(c, form)) {
      c.header('Access-Control-Allow-Methods', 'POST')
      c.header('Access-Control-Allow-Headers', 'Content-Type, Accept')
      c.header('Access-Control-Max-Age', '600')
    }
    c.header('Allow', METHODS)
    return c.body(null, 204)
  })
  app.all('/f/:form', onlyThese(deps, METHODS))

  async function find(c: Context): Promise<Form | null> {
    const id = c.req.param('form') ?? ''
    const form = /^[\w-]{1,80}$/.test(id) ? await formOf(deps, id) : null
    return form?.kind === 'registration' ? null : form
  }

  function originOf(c: Context, form: Form, posted: Posted): Origin {
    const token = posted.get(TIME_TOKEN)
    const shown = typeof token === 'string' ? read('t', token) : null
    const shownAt = shown?.ok === true && shown.id === form.id ? shown.at : null
    const network = clientNetwork(c, deps)
    return { network, coarse: coarseNetwork(network), hurried: isHurried(shownAt, deps.now()) }
  }

  /** The same words for everybody: new, known, banned, over a cap, or a program in the trap. */
  function accepted(c: Context, form: Form, lang: Language, posted: Posted, topics: readonly string[]) {
    if (prefersJson(c)) {
      safeHeaders(c, deps.config.publicUrl)
      return c.json({ status: 'accepted' }, 202)
    }
    const next = nextOf(c, form, posted)
    if (next !== null) {
      safeHeaders(c, deps.config.publicUrl)
      return c.redirect(next, 303)
    }
    const props = pageProps(c, deps, lang)
    if (isEnquiryForm(form))
      return page(c, deps, <EnquiryAccepted {...props} askedTopics={topics.length > 0} />, frames(form))
    if (form.definition.doubleOptIn)
      return page(c, deps, <SignUpAccepted {...props} validHours={CONFIRM_LINK_MS / 3_600_000} />, frames(form))
    const chosen = topics.length > 0 ? topics : form.topics.slice(0, 1).map(({ id }) => id)
    const names = form.topics.filter(({ id }) => chosen.includes(id)).map((topic) => topic.names[lang])
    return page(c, deps, <ConfirmedPage {...props} topics={names} />, frames(form))
  }

  function refused(c: Context, form: Form, lang: Language, posted: Posted, faults: readonly Fault[]) {
    const problems = problemsOf(form, lang, faults)
    if (!prefersJson(c)) return showForm(c, form, lang, posted, problems)
    return problem(c, 422, 'The content is not valid', { errors: problems })
  }

  function showForm(
    c: Context,
    form: Form,
    lang: Language,
    posted: Posted = new Map(),
    problems: ReturnType<typeof problemsOf> = [],
  ) {
    const { definition, topics } = form
    const next = nextOf(c, form, posted)
    const wish = allowedRedirect(wishOf(c, posted), redirectsOf(form))
    const props = pageProps(c, deps, lang)
    return page(
      c,
      deps,
      <HostedForm
        {...props}
        languages={props.languages?.filter((other) => definition.languages.includes(other.lang))}
        title={inLanguage(definition.title, lang)}
        intro={definition.intro && inLanguage(definition.intro, lang)}
        kind={isEnquiryForm(form) ? 'enquiry' : 'sign_up'}
        action={`/f/${form.id}?lang=${lang}${wish === null ? '' : `&redirect=${encodeURIComponent(wish)}`}`}
        fields={fieldsOf(form, lang)}
        topics={topics.map(({ id, names }) => ({ id, name: names[lang] }))}
        wording={isEnquiryForm(form) && topics.length === 0 ? null : wordingIn(form, lang)}
        trap={TRAP}
        timeToken={{ name: TIME_TOKEN, value: make('t', form.id) }}
        values={valuesOf(posted)}
        problems={problems}
      />,
      {
        ...frames(form),
        formAction: next === null ? [] : [new URL(next).origin],
        status: problems.length > 0 ? 422 : 200,
      },
    )
  }

  const redirectsOf = (form: Form) => [...deps.config.redirects, ...form.definition.redirects]

  /** Where a browser goes after the sign-up: its own wish, else the form's, if they may be followed. */
  function nextOf(c: Context, form: Form, posted: Posted): string | null {
    const allowed = redirectsOf(form)
    return allowedRedirect(wishOf(c, posted), allowed) ?? allowedRedirect(form.definition.redirect, allowed)
  }

  return app
}

const METHODS = 'GET, HEAD, POST, OPTIONS'

/** What is shown beside the button, in the page's language or the first that has it. */
function wordingIn({ current }: Form, lang: Language) {
  return current[lang] ?? current.fi ?? current.sv ?? current.en
}

/** The page's language, among those that the form has. */
function languageOf(c: Context, { definition }: Form, posted?: Posted): Language {
  const lang = pageLanguage(c, asLanguage(posted?.get('lang')) ?? asLanguage(posted?.get('language')))
  return definition.languages.includes(lang) ? lang : (definition.languages[0] ?? lang)
}

function wishOf(c: Context, posted: Posted): unknown {
  return posted.get('redirect') ?? c.req.query('redirect')
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

/** A website may show the form in a frame where it may also post it. */
function frames({ definition }: Form) {
  return { frameAncestors: definition.allowedOrigins }
}

/** CORS for the form's own origins, by exact match; others get no header, and their browsers keep the answer from them. */
function allowOrigin(c: Context, { definition }: Form): boolean {
  c.header('Vary', 'Origin', { append: true })
  const origin = c.req.header('Origin')
  if (origin === undefined || !definition.allowedOrigins.includes(origin)) return false
  c.header('Access-Control-Allow-Origin', origin)
  return true
}
