import type { Deps } from '../deps.ts'
import { surveyDigests } from '../mail/surveys.ts'
import type { SurveyLink } from '../mail/tokens.ts'
import type { Fault, Posted } from '../rules/submission.ts'
import { isOpen } from '../rules/survey.ts'
import { readAnswers, type Answer } from '../rules/surveyAnswers.ts'
import { contactById } from '../store/contacts.ts'
import { keepResponse, responseOf } from '../store/surveyAnswers.ts'
import { surveyById, type Survey } from '../store/surveys.ts'

const DAY_MS = 86_400_000

/** What a survey link opens. `preview`: a link of nobody, whose answers are not kept. */
export type OpenedSurvey = {
  survey: Survey
  open: boolean
  preview: boolean
  /** this person has answered before */
  answered: boolean
  /** what they answered; of an anonymous survey nothing is shown again, whoever holds the link */
  before: readonly Answer[]
}

/** Reads what a link opens and changes nothing; null when the survey or the person is no more. */
export async function openSurveyLink(deps: Deps, link: SurveyLink): Promise<OpenedSurvey | null> {
  const { store, keyring } = deps
  const survey = await surveyById(store, link.surveyId)
  if (!survey) return null
  const open = isOpen(survey, deps.now())
  if (link.contactId === '') return { survey, open, preview: true, answered: false, before: [] }
  const [contact, response] = await Promise.all([
    contactById(store, link.contactId),
    responseOf(store, surveyDigests(keyring, 'response', survey.id, link.contactId)),
  ])
  if (!contact) return null
  const before = survey.anonymous ? [] : (response?.answers ?? [])
  return { survey, open, preview: false, answered: response !== null, before }
}

export type Answered = { ok: true } | { ok: false; faults: Fault[] } | { ok: false; faults: null; closed: boolean }

/**
 * Keeps what somebody answers, in place of what they answered before; durable when this returns (P01). Of an anonymous survey
 * neither the person nor the moment goes with it: a keyed digest stands for the one, the day for the other.
 */
export async function answerSurvey(deps: Deps, link: SurveyLink, posted: Posted): Promise<Answered> {
  const { store, keyring } = deps
  const now = deps.now()
  const opened = await openSurveyLink(deps, link)
  if (!opened) return { ok: false, faults: null, closed: false }
  const { survey, open, preview } = opened
  if (!open) return { ok: false, faults: null, closed: true }
  const read = readAnswers(survey.questions, posted)
  if (!read.ok) return read
  if (preview) return { ok: true }
  const { contactId } = link
  const ids = surveyDigests(keyring, 'response', survey.id, contactId)
  const [person = ''] = surveyDigests(keyring, 'person', survey.id, contactId)
  const response = {
    id: (await responseOf(store, ids))?.id ?? ids[0] ?? '',
    surveyId: survey.id,
    contactId,
    keptContactId: survey.anonymous ? null : contactId,
    answeredAt: survey.anonymous ? now - (now % DAY_MS) : now,
    person,
    answers: read.answers,
  }
  const [kept] = await store.batch(keepResponse(store, response, now))
  return kept[0] ? { ok: true } : { ok: false, faults: null, closed: true }
}
