import type { Deps } from '../deps.ts'
import { isOpen, refuseChange, SMALLEST_GROUP, type SurveyInput } from '../rules/survey.ts'
import { recordEvent, recordEventIf } from '../store/ledger.ts'
import { addSurvey, changedNow, changeSurvey, closeSurvey, isInUse, surveyById, type Survey } from '../store/surveys.ts'

type Fault = { path: string; message: string }
export type SurveyResult = { ok: true; survey: Survey } | { ok: false; status: 404 | 409 | 422; errors: Fault[] }

/** A new survey; nobody is asked before a mailing invites them. */
export async function createSurvey(deps: Deps, input: SurveyInput, actor: string): Promise<SurveyResult> {
  const { store } = deps
  const now = deps.now()
  const survey = {
    id: deps.id(),
    name: input.name,
    questions: input.questions,
    anonymous: input.anonymous ?? false,
    smallestGroup: input.smallestGroup ?? SMALLEST_GROUP,
    closesAt: input.closesAt == null ? null : Date.parse(input.closesAt),
    createdAt: now,
  }
  const late = tooLate(survey.closesAt, now)
  if (late) return late
  await store.batch([
    addSurvey(store, { ...survey, createdBy: actor }),
    recordEvent(store, {
      id: `survey.${survey.id}`,
      at: now,
      event: 'survey_created',
      subject: survey.id,
      actor,
      data: { anonymous: survey.anonymous, questions: survey.questions.length },
    }),
  ])
  return { ok: true, survey: { ...survey, closedAt: null, updatedAt: now } }
}

/**
 * Changes a survey; what is left out stays, `closesAt: null` takes its end away. What people were told when they were asked stays.
 * @param seen `updatedAt` of what the change was made on; 409 (`version`) when it is another by now
 */
export async function changeSurveyDefinition(
  deps: Deps,
  id: string,
  patch: Partial<SurveyInput>,
  actor: string,
  seen?: number,
): Promise<SurveyResult> {
  const { store } = deps
  const now = deps.now()
  const survey = await surveyById(store, id)
  if (!survey) return missing
  if (seen !== undefined && seen !== survey.updatedAt) return stale
  const next = {
    ...survey,
    name: patch.name ?? survey.name,
    questions: patch.questions ?? survey.questions,
    anonymous: patch.anonymous ?? survey.anonymous,
    smallestGroup: patch.smallestGroup ?? survey.smallestGroup,
    closesAt: patch.closesAt === undefined ? survey.closesAt : timeOf(patch.closesAt),
  }
  const changed = (['name', 'questions', 'anonymous', 'smallestGroup', 'closesAt'] as const).filter(
    (field) => JSON.stringify(next[field]) !== JSON.stringify(survey[field]),
  )
  const refused = refuseChange(changed, survey, { inUse: await isInUse(store, id) }, now)
  if (refused.length > 0) return { ok: false, status: 409, errors: refused }
  const late = changed.includes('closesAt') ? tooLate(next.closesAt, now) : null
  if (late) return late
  const at = Math.max(now, survey.updatedAt + 1)
  const isOfAsked = changed.some((field) => field !== 'name' && field !== 'closesAt')
  const [rows] = await store.batch([
    changeSurvey(store, next, survey.updatedAt, at, isOfAsked),
    recordEventIf(
      store,
      { id: deps.id(), at, event: 'survey_changed', subject: id, actor, data: { fields: changed } },
      changedNow(id, at),
    ),
  ])
  return rows[0] ? { ok: true, survey: { ...next, updatedAt: at } } : stale
}

/** Closes a survey for good: no answer is taken or changed any more. Closing it twice closes it once. */
export async function close(deps: Deps, id: string, actor: string): Promise<SurveyResult> {
  const { store } = deps
  const now = deps.now()
  const survey = await surveyById(store, id)
  if (!survey) return missing
  if (!isOpen(survey, now)) return { ok: true, survey }
  await store.batch([
    closeSurvey(store, id, now),
    recordEvent(store, { id: `survey_closed.${id}`, at: now, event: 'survey_closed', subject: id, actor, data: {} }),
  ])
  return { ok: true, survey: { ...survey, closedAt: now, updatedAt: now } }
}

function timeOf(text: string | null): number | null {
  return text === null ? null : Date.parse(text)
}

function tooLate(closesAt: number | null, now: number): Extract<SurveyResult, { ok: false }> | null {
  if (closesAt === null || closesAt > now) return null
  const message = 'This time is over: give one to come, or close the survey.'
  return { ok: false, status: 422, errors: [{ path: 'closesAt', message }] }
}

const missing = {
  ok: false as const,
  status: 404 as const,
  errors: [{ path: 'id', message: 'There is no such survey.' }],
}

const stale = {
  ok: false as const,
  status: 409 as const,
  errors: [{ path: 'version', message: 'Somebody changed the survey since it was opened. Read it again.' }],
}
