/** Rows of what is sent and of what is taken in; part of the mirror of migrations/ (tables.ts). */

export type MailingRow = {
  id: string
  kind: 'newsletter' | 'price_list' | 'survey' | 'event'
  class: 'marketing' | 'research'
  purpose: string
  topic: string
  subject: string
  format: string
  body: string
  /** JSON of the checked content (mail/content.ts) */
  content: string
  /** JSON {priceGroups?, languages?, companies?} */
  audience: string
  /** JSON {from?, replyTo?} */
  sender: string
  content_hash: string | null
  time_zone: string | null
  created_at: number
  updated_at: number
  created_by: string | null
  scheduled_at: number | null
  due_at: number | null
  not_after: number | null
  started_at: number | null
  /** last contact id that was proposed, so that proposing resumes where it stopped */
  proposed_to: string | null
  proposed_at: number | null
  paused_at: number | null
  pause_reason: string | null
  held_at: number | null
  hold_reason: string | null
  finished_at: number | null
  cancelled_at: number | null
  /** the price list that it sends */
  price_list_id: string | null
  /** YYYY-MM-DD as of which its prices are; null = the day of sending */
  prices_on: string | null
  /** JSON of mail/prices.ts `Choices`, frozen when it was scheduled */
  price_versions: string | null
  /** the survey that it invites to */
  survey_id: string | null
  /** it reminds those who have not answered so many days after its start */
  remind_days: number | null
  /** the mailing whose reminder this one is */
  reminds: string | null
}

export type AttachmentRow = {
  id: string
  mailing_id: string
  name: string
  media_type: string
  size: number
  sha256: string
  created_at: number
}

export type DeliveryState = 'queued' | 'sending' | 'sent' | 'skipped' | 'failed' | 'uncertain'

export type DeliveryRow = {
  /** derived: mailing and contact, or kind, address key and day */
  id: string
  /** '' for service and staff mail */
  mailing_id: string
  kind: string
  class: 'marketing' | 'research' | 'service' | 'staff'
  topic: string | null
  contact_id: string | null
  /** only where there is no contact (yet) */
  address: string | null
  keys: string | null
  language: string | null
  /** JSON of what a service message needs to be composed */
  data: string | null
  state: DeliveryState
  due_at: number
  attempts: number
  lease: string | null
  lease_until: number | null
  reason: string | null
  detail: string | null
  allowed_by: string | null
  evidence: string | null
  decided_at: number | null
  message_id: string | null
  reply: string | null
  sent_at: number | null
  bounced_at: number | null
  created_at: number
}

export type ImportRow = {
  id: string
  kind: 'contacts' | 'bans'
  options: string
  sha256: string
  bytes: number
  created_by: string
  created_at: number
  lease_until: number | null
  /** the last record that was dealt with; the header is record 1 */
  position: number
  /** null until the whole file was looked over */
  rows_total: number | null
  rows_done: number
  added: number
  updated: number
  unchanged: number
  refused: number
  error: string | null
  started_at: number | null
  finished_at: number | null
  failed_at: number | null
  /** where its file is kept, if not under its own id */
  file_id: string | null
}
