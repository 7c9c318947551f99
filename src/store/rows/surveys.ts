/** Rows of surveys; part of the mirror of migrations/ (tables.ts). */

export type SurveyRow = {
  id: string
  name: string
  /** JSON of the questions (rules/survey.ts) */
  questions: string
  anonymous: number
  /** of an anonymous survey: fewer answers than this show nothing */
  smallest_group: number
  /** when it closes by itself */
  closes_at: number | null
  /** when somebody closed it */
  closed_at: number | null
  created_at: number
  updated_at: number
  created_by: string
}

export type SurveyResponseRow = {
  /** keyed digest of survey and contact */
  id: string
  survey_id: string
  /** null where the survey is anonymous */
  contact_id: string | null
  /** where the survey is anonymous, the beginning of the day (UTC) */
  answered_at: number
}

export type SurveyAnswerRow = { response_id: string; question_id: string; survey_id: string; value: string }

/** `person`: keyed digest of survey and contact, another one than the response's. */
export type SurveyParticipantRow = { person: string; survey_id: string }
