import { z } from '@hono/zod-openapi'
import { isOpen, surveyInput } from '../../rules/survey.ts'
import type { Survey } from '../../store/surveys.ts'
import { time } from './paging.ts'

// Made anew: a schema from before this router's Zod was loaded cannot be named.
export const newSurvey = z.strictObject(surveyInput.shape).openapi('NewSurvey')
export const surveyPatch = surveyInput.partial().openapi('SurveyPatch')

export const survey = z
  .object({
    id: z.string(),
    name: z.string(),
    questions: surveyInput.shape.questions,
    anonymous: z.boolean(),
    smallestGroup: z.int().openapi({ description: 'Of an anonymous survey: what fewer people answered is not shown.' }),
    state: z.enum(['open', 'closed']),
    closesAt: z.iso.datetime().nullable(),
    closedAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    invited: z.int(),
    answered: z.int(),
  })
  .openapi('Survey')

export const results = z
  .object({
    invited: z.int(),
    answered: z.int(),
    withheld: z.boolean().openapi({ description: 'Too few have answered for an anonymous survey to show anything.' }),
    questions: z.array(
      z.object({
        id: z.string(),
        kind: z.enum(['nps', 'csat', 'ces', 'choice', 'text']),
        answers: z.int().nullable().openapi({ description: 'null where the group is too small to be shown' }),
        nps: z.int().optional().openapi({ description: '−100 to 100: share of 9–10 less share of 0–6' }),
        average: z.number().optional(),
        distribution: z.record(z.string(), z.int()).optional().openapi({ description: 'answers by value' }),
      }),
    ),
  })
  .openapi('SurveyResults')

export const reminded = z
  .object({ mailings: z.array(z.string()).openapi({ description: 'the reminders, each a mailing of its own' }) })
  .openapi('SurveyReminders')

export function showSurvey(row: Survey, now: number, turnout = { invited: 0, answered: 0 }): z.infer<typeof survey> {
  const { id, name, questions, anonymous, smallestGroup } = row
  return {
    id,
    name,
    questions,
    anonymous,
    smallestGroup,
    state: isOpen(row, now) ? 'open' : 'closed',
    closesAt: time(row.closesAt),
    closedAt: time(row.closedAt),
    createdAt: time(row.createdAt),
    updatedAt: time(row.updatedAt),
    ...turnout,
  }
}
