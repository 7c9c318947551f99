import { Hono } from 'hono'
import { remindSurvey } from '../../actions/remindSurvey.ts'
import { close } from '../../actions/surveys.ts'
import { surveyReport } from '../../actions/surveyResults.ts'
import type { Deps } from '../../deps.ts'
import { links } from '../../mail/tokens.ts'
import { inLanguage } from '../../rules/form.ts'
import { choicesIn, isOpen } from '../../rules/survey.ts'
import { listSurveys, surveyById, turnoutOf, type Survey } from '../../store/surveys.ts'
import type { ShownResults } from '../../templates/pages/admin/surveyResults.tsx'
import { SurveyList, SurveyView, type SurveyFacts } from '../../templates/pages/admin/surveys.tsx'
import { shellWords } from '../../templates/words/admin/shell.ts'
import type { Language } from '../../templates/words/index.ts'
import { csvAnswer } from '../api/surveyCsv.ts'
import { fail } from '../errors.tsx'
import { adminLanguage, adminPage, adminProps, currentUser, type Signed } from './page.tsx'
import { surveyForms } from './surveysEdit.tsx'

const PER_PAGE = 25

/** Surveys: the list, each one's results, and what can be done with it. */
export function surveyScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()
  app.route('/', surveyForms(deps))

  app.get('/', async (c) => {
    const rows = await listSurveys(deps.store, PER_PAGE + 1, c.req.query('before'))
    const shown = rows.slice(0, PER_PAGE)
    const turnout = await turnoutOf(
      deps.store,
      shown.map(({ id }) => id),
    )
    const last = shown.at(-1)
    return adminPage(
      c,
      deps,
      <SurveyList
        {...adminProps(c, deps)}
        surveys={shown.map((survey) => facts(deps, survey, turnout.get(survey.id)))}
        timeZone={deps.config.timeZone}
        moreHref={rows.length > PER_PAGE && last ? `/admin/surveys?before=${last.id}` : null}
        more={shellWords[adminLanguage(c)].more}
      />,
    )
  })

  app.get('/:id', async (c) => {
    const survey = await surveyById(deps.store, c.req.param('id'))
    if (!survey) return fail(c, deps, 404)
    const lang = adminLanguage(c)
    const report = await surveyReport(deps, survey)
    const { makeSurvey, url } = links(deps)
    const preview = new URL(url('s', makeSurvey({ surveyId: survey.id, contactId: '', language: lang })))
    return adminPage(
      c,
      deps,
      <SurveyView
        {...adminProps(c, deps)}
        survey={facts(deps, survey, report)}
        results={shownResults(survey, report, lang)}
        timeZone={deps.config.timeZone}
        previewHref={preview.pathname}
        done={c.req.query('done')}
      />,
    )
  })

  app.get('/:id/answers.csv', async (c) => {
    const survey = await surveyById(deps.store, c.req.param('id'))
    return survey ? csvAnswer(deps, survey) : fail(c, deps, 404)
  })

  app.post('/:id/close', async (c) => {
    const { id } = c.req.param()
    const result = await close(deps, id, `user:${currentUser(c)}`)
    return result.ok ? c.redirect(`/admin/surveys/${id}?done=closed`, 303) : fail(c, deps, 404)
  })

  app.post('/:id/remind', async (c) => {
    const { id } = c.req.param()
    const result = await remindSurvey(deps, id, `user:${currentUser(c)}`)
    if (!result.ok && result.status === 404) return fail(c, deps, 404)
    return c.redirect(`/admin/surveys/${id}?done=${result.ok ? 'reminded' : result.why}`, 303)
  })

  return app
}

function facts(deps: Deps, survey: Survey, turnout = { invited: 0, answered: 0 }): SurveyFacts {
  const { id, name, anonymous, smallestGroup, closesAt } = survey
  const { invited, answered } = turnout
  const state = isOpen(survey, deps.now()) ? 'open' : 'closed'
  return { id, href: `/admin/surveys/${id}`, name, state, anonymous, smallestGroup, closesAt, invited, answered }
}

type Report = Awaited<ReturnType<typeof surveyReport>>

function shownResults(survey: Survey, report: Report, lang: Language): ShownResults {
  return {
    answered: report.answered,
    withheld: report.withheld,
    days: report.days,
    questions: report.questions.map((result, n) => {
      const question = survey.questions[n]
      const groups = report.groups.get(result.id)
      return {
        id: result.id,
        kind: result.kind,
        text: question ? inLanguage(question.text, lang) : result.id,
        answers: result.answers,
        nps: result.nps ?? null,
        average: result.average ?? null,
        distribution:
          question && result.distribution
            ? choicesIn(question, lang).map(({ value, label }) => ({ label, n: result.distribution?.[value] ?? 0 }))
            : [],
        groups: groups ? { low: groups.detractors, mid: groups.passives, high: groups.promoters } : null,
        texts: report.texts.get(result.id) ?? [],
      }
    }),
  }
}
