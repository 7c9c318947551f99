import { Hono, type Context } from 'hono'
import { changeSurveyDefinition, createSurvey } from '../../actions/surveys.ts'
import type { Deps } from '../../deps.ts'
import { surveyInput } from '../../rules/survey.ts'
import { isInUse, surveyById, type Survey } from '../../store/surveys.ts'
import {
  SurveyEdit,
  SurveyForm,
  type SurveyDraft,
  type SurveyFormProps,
} from '../../templates/pages/admin/surveyForm.tsx'
import { surveyAdminWords } from '../../templates/words/admin/surveys.ts'
import { readBody, textOf } from '../body.ts'
import { fail } from '../errors.tsx'
import { adminLanguage, adminPage, adminProps, currentUser, fragment, type Signed } from './page.tsx'
import { draftOf, emptyDraft, inputOfDraft, readDraft, type DraftFault } from './surveyDraft.ts'

/** Making and changing a survey. Adding, moving and removing questions shows the form anew and keeps nothing; saving keeps. */
export function surveyForms(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()
  const { timeZone } = deps.config

  app.get('/new', (c) => show(c, null, emptyDraft, '', false))

  app.get('/:id/edit', async (c) => {
    const survey = await surveyById(deps.store, c.req.param('id'))
    return survey
      ? show(c, survey, draftOf(survey, timeZone), String(survey.updatedAt), await isInUse(deps.store, survey.id))
      : fail(c, deps, 404)
  })

  app.post('/new', (c) => posted(c, null))

  app.post('/:id/edit', async (c) => {
    const survey = await surveyById(deps.store, c.req.param('id'))
    return survey ? posted(c, survey) : fail(c, deps, 404)
  })

  async function posted(c: Context<Signed>, survey: Survey | null) {
    const body = await readBody(c)
    if (!body.ok) return fail(c, deps, body.status)
    const { draft, verb } = readDraft(body.posted)
    const version = textOf(body.posted, 'version')
    const frozen = survey !== null && (await isInUse(deps.store, survey.id))
    if (verb !== 'save') return show(c, survey, draft, version, frozen)
    const read = inputOfDraft(draft, timeZone, deps.now(), frozen)
    if (!read.ok) return show(c, survey, draft, version, frozen, read.faults)
    const actor = `user:${currentUser(c)}`
    const result = survey
      ? await changeSurveyDefinition(deps, survey.id, read.input, actor, version === '' ? undefined : Number(version))
      : await createSurvey(deps, surveyInput.parse(read.input), actor)
    if (result.ok) return c.redirect(`/admin/surveys/${result.survey.id}?done=saved`, 303)
    if (result.status === 404) return fail(c, deps, 404)
    if (result.status === 409) return c.redirect(`/admin/surveys/${survey?.id ?? ''}?done=frozen`, 303)
    return show(c, survey, draft, version, frozen, [{ field: 'closesAt', n: 0 }])
  }

  function show(
    c: Context<Signed>,
    survey: Survey | null,
    draft: SurveyDraft,
    version: string,
    frozen: boolean,
    faults: readonly DraftFault[] = [],
  ) {
    const lang = adminLanguage(c)
    const form: SurveyFormProps = {
      lang,
      action: survey ? `/admin/surveys/${survey.id}/edit` : '/admin/surveys/new',
      draft,
      timeZone,
      version,
      frozen,
      problems: faults.map((fault) => ({ id: controlOf(fault), message: sentence(lang, fault) })),
      backHref: survey ? `/admin/surveys/${survey.id}` : '/admin/surveys',
    }
    if (c.req.header('HX-Request') === 'true') return fragment(c, deps, <SurveyForm {...form} />)
    return adminPage(
      c,
      deps,
      <SurveyEdit {...adminProps(c, deps)} {...form} isNew={survey === null} />,
      faults.length > 0 ? 422 : 200,
    )
  }

  return app
}

/** The control that a fault is about. */
function controlOf({ field, n }: DraftFault): string {
  if (field === 'text' || field === 'choices') return `q${n}.${field}.fi`
  return field === 'kind' ? `q${n}.kind` : field
}

function sentence(lang: keyof typeof surveyAdminWords, { field, n }: DraftFault): string {
  const said = surveyAdminWords[lang].wrong[field]
  return typeof said === 'string' ? said : said(n)
}
