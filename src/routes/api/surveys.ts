import { z } from '@hono/zod-openapi'
import { remindSurvey } from '../../actions/remindSurvey.ts'
import { surveyResults } from '../../actions/surveyResults.ts'
import { changeSurveyDefinition, close, createSurvey, type SurveyResult } from '../../actions/surveys.ts'
import type { Deps } from '../../deps.ts'
import { listSurveys, surveyById, turnoutOf } from '../../store/surveys.ts'
import { problem } from '../errors.tsx'
import { actorOf, answer, body, depsOf, invalid, missing, newApi, operations, type ApiContext } from './operation.ts'
import { page, pageOf, paging, readPage } from './paging.ts'
import { byId } from './shapes.ts'
import { csvAnswer } from './surveyCsv.ts'
import { newSurvey, reminded, results, showSurvey, survey as shown, surveyPatch } from './surveyShapes.ts'

const LIST = 'surveys'
const tags = ['surveys']

/** Surveys: what is asked, until when, what came of it, and the one reminder. */
export function surveyRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('mailings:write', {
      method: 'post',
      path: '/surveys',
      tags,
      summary: 'Make a survey; a mailing of kind survey invites to it',
      description:
        'Questions: nps (0–10), csat (1–5), ces (1–7), choice, text. Texts in at least one language; the others fall back to it.',
      request: { body: body(newSurvey) },
      responses: { 201: answer('The survey.', shown) },
    }),
    async (c) => {
      const turn = c.get('turn')
      const made = turn?.again ? await surveyById(deps.store, turn.first) : null
      if (made) return saved(c, { ok: true, survey: made }, 201)
      return saved(c, await createSurvey(depsOf(c, deps), c.req.valid('json'), actorOf(c)), 201)
    },
  )

  api.openapi(
    operation('mailings:read', {
      method: 'get',
      path: '/surveys',
      tags,
      summary: 'List surveys, newest first',
      request: { query: z.strictObject(paging) },
      responses: { 200: answer('One page.', page(shown)) },
    }),
    async (c) => {
      const read = readPage(c.req.valid('query'), LIST, ['string'])
      if (!read.ok) return invalid(c, read.errors)
      const before = read.after?.[0]
      const rows = await listSurveys(deps.store, read.limit + 1, before === undefined ? undefined : String(before))
      const turnout = await turnoutOf(
        deps.store,
        rows.map(({ id }) => id),
      )
      return c.json(
        pageOf(
          rows,
          read.limit,
          LIST,
          ({ id }) => [id],
          (survey) => showSurvey(survey, deps.now(), turnout.get(survey.id)),
        ),
      )
    },
  )

  api.openapi(
    operation('mailings:read', {
      method: 'get',
      path: '/surveys/{id}',
      tags,
      summary: 'A survey',
      request: { params: byId },
      responses: { 200: answer('The survey.', shown) },
    }),
    async (c) => {
      const survey = await surveyById(deps.store, c.req.valid('param').id)
      return survey ? saved(c, { ok: true, survey }, 200) : missing(c, 'survey')
    },
  )

  api.openapi(
    operation('mailings:write', {
      method: 'patch',
      path: '/surveys/{id}',
      tags,
      summary: 'Change a survey; questions and anonymity stay once people were asked',
      request: { params: byId, body: body(surveyPatch) },
      responses: { 200: answer('The changed survey.', shown) },
    }),
    async (c) =>
      saved(
        c,
        await changeSurveyDefinition(deps, c.req.valid('param').id, defined(c.req.valid('json')), actorOf(c)),
        200,
      ),
  )

  api.openapi(
    operation('mailings:write', {
      method: 'post',
      path: '/surveys/{id}/close',
      tags,
      summary: 'Close a survey for good: no answer is taken or changed any more',
      request: { params: byId },
      responses: { 200: answer('The closed survey.', shown) },
    }),
    async (c) => saved(c, await close(deps, c.req.valid('param').id, actorOf(c)), 200),
  )

  api.openapi(
    operation('mailings:send', {
      method: 'post',
      path: '/surveys/{id}/remind',
      tags,
      summary: 'Remind, once, everybody who was invited and has not answered',
      request: { params: byId },
      responses: { 202: answer('The reminders are queued; the gate is asked about each.', reminded) },
    }),
    async (c) => {
      const result = await remindSurvey(deps, c.req.valid('param').id, actorOf(c))
      if (result.ok) return c.json({ mailings: result.mailings }, 202)
      if (result.status === 404) return missing(c, 'survey')
      const errors = [{ path: 'state', message: result.message }]
      return problem(c, 409, 'The state of the survey stands in the way', { errors })
    },
  )

  api.openapi(
    operation('mailings:read', {
      method: 'get',
      path: '/surveys/{id}/results',
      tags,
      summary: 'Counts, averages, NPS and distributions',
      request: { params: byId },
      responses: { 200: answer('The results as they are now.', results) },
    }),
    async (c) => {
      const survey = await surveyById(deps.store, c.req.valid('param').id)
      return survey ? c.json(await surveyResults(deps, survey)) : missing(c, 'survey')
    },
  )

  api.openapi(
    operation('contacts:read', {
      method: 'get',
      path: '/surveys/{id}/answers.csv',
      tags,
      summary: 'The answers, a line for each response',
      description:
        'Of an anonymous survey without person and time, free text apart, and nothing below the smallest group.',
      request: { params: byId },
      responses: {
        200: { description: 'A column for each question.', content: { 'text/csv': { schema: z.string() } } },
      },
    }),
    async (c) => {
      const survey = await surveyById(deps.store, c.req.valid('param').id)
      return survey ? csvAnswer(deps, survey) : missing(c, 'survey')
    },
  )

  async function saved(c: ApiContext, result: SurveyResult, status: 200 | 201) {
    if (!result.ok) {
      if (result.status === 404) return missing(c, 'survey')
      if (result.status === 422) return invalid(c, result.errors)
      return problem(c, 409, 'The state of the survey stands in the way', { errors: result.errors })
    }
    const { survey } = result
    if (status === 201) c.header('Location', `/api/v1/surveys/${survey.id}`)
    return c.json(showSurvey(survey, deps.now(), (await turnoutOf(deps.store, [survey.id])).get(survey.id)), status)
  }

  return api
}

/** What the patch really says: a field that is left out is no field that is emptied. */
function defined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never
}
