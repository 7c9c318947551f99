/** Rows of audiences, repeated mailings and companies' objections; part of the mirror of migrations/ (tables.ts). */

export type SegmentRow = {
  id: string
  name: string
  /** JSON of a SegmentDefinition (rules/segment.ts) */
  definition: string
  created_at: number
  updated_at: number
}

export type SeriesRow = {
  /** the draft that is copied */
  mailing_id: string
  /** JSON of a Repeat (rules/recurrence.ts) */
  repeat: string
  /** null when nothing more comes */
  next_at: number | null
  paused_at: number | null
  ended_at: number | null
  created_at: number
  updated_at: number
  created_by: string
}

export type OccurrenceRow = { mailing_id: string; series_id: string; due_at: number }

export type CompanyObjectionRow = {
  id: string
  company_id: string
  scope: string
  requested_by: string
  how: string
  at: number
  recorded_by: string
}
