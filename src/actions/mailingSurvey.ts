import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { isOpen } from '../rules/survey.ts'
import { surveyById } from '../store/surveys.ts'
import type { MailingRow } from '../store/tables.ts'

/** What a mailing of kind `survey` says beside the others: which survey, and when to remind those who have not answered. */
export const surveyFields = {
  survey: z.string().min(1).max(64).optional(),
  remindAfterDays: z.int().min(1).max(60).optional(),
}

type SurveyFields = { kind: string; survey?: string | undefined; remindAfterDays?: number | undefined }
type Fault = { path: string; message: string }

/** What is wrong with them in a draft, which may still lack its survey. */
export async function surveyFault(
  { store, now }: Pick<Deps, 'store' | 'now'>,
  { kind, survey, remindAfterDays }: SurveyFields,
): Promise<Fault | null> {
  if (kind !== 'survey') {
    if (survey !== undefined) return { path: 'survey', message: 'Only a mailing of kind survey names a survey.' }
    return remindAfterDays === undefined
      ? null
      : { path: 'remindAfterDays', message: 'Only a survey invitation is followed by a reminder.' }
  }
  if (survey === undefined) return null
  const found = await surveyById(store, survey)
  if (!found) return { path: 'survey', message: 'There is no such survey; GET /api/v1/surveys lists them.' }
  return isOpen(found, now()) ? null : { path: 'survey', message: CLOSED }
}

/** What keeps a survey invitation from going out at that time; null for every other mailing. */
export async function invitationFault(
  { store }: Pick<Deps, 'store'>,
  { kind, survey_id }: Pick<MailingRow, 'kind' | 'survey_id'>,
  at: number,
): Promise<Fault | null> {
  if (kind !== 'survey') return null
  if (survey_id === null) return { path: 'survey', message: 'Name the survey that this mailing invites to.' }
  const found = await surveyById(store, survey_id)
  return found && isOpen(found, at) ? null : { path: 'survey', message: CLOSED }
}

const CLOSED = 'The survey takes no answers then: choose one that is open at the time of sending.'

export function surveyColumns({ survey, remindAfterDays }: SurveyFields) {
  return { survey_id: survey ?? null, remind_days: remindAfterDays ?? null }
}

/** The stored columns as the input they were made from. */
export function surveyOf({ survey_id, remind_days }: Pick<MailingRow, 'survey_id' | 'remind_days'>) {
  return {
    ...(survey_id === null ? {} : { survey: survey_id }),
    ...(remind_days === null ? {} : { remindAfterDays: remind_days }),
  }
}
