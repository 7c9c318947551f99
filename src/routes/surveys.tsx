import { Hono, type Context } from 'hono'
import { answerSurvey, openSurveyLink, type OpenedSurvey } from '../actions/answerSurvey.ts'
import type { Deps } from '../deps.ts'
import { links, type SurveyLink } from '../mail/tokens.ts'
import { inLanguage } from '../rules/form.ts'
import type { Fault, Posted } from '../rules/submission.ts'
import { choicesIn } from '../rules/survey.ts'
import { ANSWER_LENGTH, preselected } from '../rules/surveyAnswers.ts'
import { SurveyClosed, SurveyPage, SurveyThanks } from '../templates/pages/survey.tsx'
import { surveySheet } from '../templates/style.ts'
import { words, type Language } from '../templates/words/index.ts'
import { surveyWords } from '../templates/words/survey.ts'
import { readBody, textOf } from './body.ts'
import { brokenLink, fail, onlyThese, prefersJson, problem } from './errors.tsx'
import { inChosenLanguage, page, pageLanguage, pageProps, safeHeaders } from './page.tsx'

/**
 * A survey from the link of an invitation. GET shows, and what the link's `?q=` and `v=` say is chosen beforehand and no more: a
 * scanner that opens every link of a message answers nothing (promise P11's rule). POST answers, or changes the answer.
 */
export function surveyRoutes(deps: Deps): Hono {
  const app = new Hono()
  const { readSurvey } = links(deps)

  app.get('/s/:token', async (c) => {
    const found = await find(c)
    if (found instanceof Response) return found
    const { opened, link } = found
    const lang = pageLanguage(c, link.language)
    if (!opened.open) return page(c, deps, <SurveyClosed {...pageProps(c, deps, lang)} />)
    const chosen = preselected(opened.survey.questions, c.req.query('q'), c.req.query('v'))
    const values = new Map(opened.before.map(({ question, value }) => [question, value]))
    if (chosen) values.set(chosen.question, chosen.value)
    return show(c, opened, lang, values)
  })

  app.post('/s/:token', async (c) => {
    const found = await find(c)
    if (found instanceof Response) return found
    const { opened, link } = found
    const lang = pageLanguage(c, link.language)
    const props = pageProps(c, deps, lang)
    const body = await readBody(c)
    if (!body.ok && body.status !== 422) return fail(c, deps, body.status, body.detail)
    const posted: Posted = body.ok ? body.posted : new Map()
    const answered = body.ok ? await answerSurvey(deps, link, body.posted) : body
    if (answered.ok) {
      safeHeaders(c, deps.config.publicUrl)
      if (prefersJson(c)) return c.json({ status: 'answered' })
      return page(c, deps, <SurveyThanks {...props} preview={opened.preview} backHref={inChosenLanguage(c)} />)
    }
    if (answered.faults) return refused(c, opened, lang, posted, answered.faults)
    if (!('closed' in answered) || !answered.closed) return brokenLink(c, deps, 410)
    return prefersJson(c) ? fail(c, deps, 410) : page(c, deps, <SurveyClosed {...props} />, { status: 410 })
  })

  app.all('/s/:token', onlyThese(deps, 'GET, HEAD, POST, OPTIONS'))

  /** What the link opens; a link that is forged or too old, and a person who is no more, get the same calm page. */
  async function find(c: Context): Promise<{ opened: OpenedSurvey; link: SurveyLink } | Response> {
    const link = readSurvey(c.req.param('token') ?? '')
    if (!link.ok) return brokenLink(c, deps, link.expired ? 410 : 404)
    const opened = await openSurveyLink(deps, link)
    return opened ? { opened, link } : brokenLink(c, deps, 410)
  }

  function refused(c: Context, opened: OpenedSurvey, lang: Language, posted: Posted, faults: readonly Fault[]) {
    const errors = faults.map((fault) => ({ path: fault.path, message: sentence(opened, lang, fault) }))
    if (prefersJson(c)) return problem(c, 422, 'The content is not valid', { errors })
    const values = new Map([...posted.keys()].map((name) => [name, textOf(posted, name)]))
    return show(c, opened, lang, values, errors)
  }

  function show(
    c: Context,
    { survey, answered, preview }: OpenedSurvey,
    lang: Language,
    values: ReadonlyMap<string, string>,
    problems: readonly { path: string; message: string }[] = [],
  ) {
    const props = pageProps(c, deps, lang)
    const { config } = deps
    return page(
      c,
      deps,
      <SurveyPage
        {...props}
        languages={props.languages?.map((other) => ({ ...other, href: other.href + selection(c) }))}
        action={inChosenLanguage(c)}
        questions={survey.questions.map((question) => ({
          id: question.id,
          kind: question.kind,
          text: inLanguage(question.text, lang),
          choices: choicesIn(question, lang),
        }))}
        values={values}
        problems={problems}
        smallestGroup={survey.anonymous ? survey.smallestGroup : null}
        answered={answered}
        preview={preview}
        closesAt={survey.closesAt}
        timeZone={config.timeZone}
        maxLength={ANSWER_LENGTH}
      />,
      { status: problems.length > 0 ? 422 : 200, sheet: surveySheet },
    )
  }

  return app
}

/** What the message's link chose stays chosen in the page's other languages. */
function selection(c: Context): string {
  const [q, v] = [c.req.query('q'), c.req.query('v')]
  return q === undefined || v === undefined ? '' : `&${new URLSearchParams({ q, v }).toString()}`
}

function sentence({ survey }: OpenedSurvey, lang: Language, { path, fault, max }: Fault): string {
  const own = surveyWords[lang]
  const { invalid } = words[lang]
  const question = survey.questions.find(({ id }) => id === path)
  const label = question ? inLanguage(question.text, lang) : path
  if (!question) return own.unknown
  if (fault === 'required') return own.none
  if (fault === 'tooLong') return invalid.tooLong(label, max ?? ANSWER_LENGTH)
  if (fault === 'once') return invalid.once(label)
  return fault === 'text' ? invalid.text(label) : invalid.choice(label)
}
