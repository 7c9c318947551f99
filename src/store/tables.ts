/** The mirror of migrations/. Times are milliseconds UTC; JSON columns are TEXT and are parsed by Zod at the edge of store/. */

import type { MailingRow, AttachmentRow, DeliveryRow, ImportRow } from './mailRows.ts'
import type { PriceFileRow, PriceListRow, PriceRowsRow, PriceVersionRow } from './rows/priceLists.ts'
import type { SurveyAnswerRow, SurveyParticipantRow, SurveyResponseRow, SurveyRow } from './rows/surveys.ts'
import type { CompanyObjectionRow, OccurrenceRow, SegmentRow, SeriesRow } from './rows/audience.ts'

import type { ImportMappingRow, ImportUploadRow } from './rows/imports.ts'
import type { BanSourceEntryRow, BanSourceRow } from './rows/banSources.ts'
export type { BanSourceRow } from './rows/banSources.ts'
import type { EnquiryRow, ImageRow } from './rows/forms.ts'

export type { AttachmentRow, DeliveryRow, DeliveryState, ImportRow, MailingRow } from './mailRows.ts'

export type Tables = {
  schema_versions: { version: number }
  settings: { key: string; value: string; updated_at: number }
  topics: TopicRow
  wordings: WordingRow
  forms: { id: string; kind: string; definition: string; created_at: number; updated_at: number }
  companies: CompanyRow
  company_domains: { domain: string; company_id: string }
  contacts: ContactRow
  signups: SignupRow
  permissions: PermissionRow
  bans: BanRow
  ban_keys: { hash: string; ban_id: string; key_id: string; form: 'strict' | 'loose' }
  ban_sources: BanSourceRow
  ban_source_entries: BanSourceEntryRow
  dead_addresses: { hash: string; reason: string | null; first_at: number; confirmed_at: number | null }
  mailings: MailingRow
  attachments: AttachmentRow
  file_chunks: { sha256: string; n: number; base64: string }
  deliveries: DeliveryRow
  ledger: LedgerRow
  users: UserRow
  sign_in_links: { hash: string; user_id: string; expires_at: number; used_at: number | null }
  sessions: { hash: string; user_id: string; created_at: number; seen_at: number; expires_at: number }
  api_keys: { id: string; name: string; hash: string; scopes: string; created_at: number; revoked_at: number | null }
  idempotency_keys: IdempotencyRow
  counters: { key: string; bucket: number; n: number }
  imports: ImportRow
  segments: SegmentRow
  series: SeriesRow
  occurrences: OccurrenceRow
  company_objections: CompanyObjectionRow
  enquiries: EnquiryRow
  images: ImageRow
  import_uploads: ImportUploadRow
  import_mappings: ImportMappingRow
  import_refusals: { import_id: string; row_number: number; field: string; message: string }
  price_lists: PriceListRow
  price_list_versions: PriceVersionRow
  price_list_rows: PriceRowsRow
  price_list_files: PriceFileRow
  surveys: SurveyRow
  survey_responses: SurveyResponseRow
  survey_answers: SurveyAnswerRow
  survey_participants: SurveyParticipantRow
}

export type Language = 'fi' | 'sv' | 'en'

export type TopicRow = {
  id: string
  purpose: string
  kind: 'newsletter' | 'price_list' | 'survey' | 'event'
  /** JSON {fi, sv, en} */
  names: string
  list_id: string
  position: number
  created_at: number
}

export type WordingRow = {
  id: string
  form_id: string
  language: Language
  text: string
  sha256: string
  created_at: number
}

export type CompanyRow = {
  id: string
  name: string
  business_id: string | null
  form: 'legal_person' | 'sole_trader' | 'unknown'
  address: string | null
  price_group: string | null
  /** JSON [{"k": hash}] of the company's match keys */
  keys: string
  created_at: number
  updated_at: number
}

export type ContactRow = {
  id: string
  /** normal form of the address, unique */
  strict: string
  /** as it is written on the envelope */
  address: string
  domain: string
  name: string | null
  title: string | null
  phone: string | null
  language: Language
  company_id: string | null
  company_name: string | null
  external_id: string | null
  class: 'role_work' | 'named_work' | 'sole_trader' | 'private' | 'unknown'
  /** who set the class by hand; null when it was derived */
  class_by: string | null
  source: string
  /** JSON object of typed extra fields of forms */
  fields: string
  /** JSON [{"k": hash}] under every key of the ring */
  keys: string
  restricted_at: number | null
  created_at: number
  updated_at: number
}

export type SignupRow = {
  id: string
  form_id: string
  strict: string
  address: string
  keys: string
  language: Language
  name: string | null
  company_name: string | null
  title: string | null
  phone: string | null
  fields: string
  source: string | null
  requested_at: number
  expires_at: number
  confirmed_at: number | null
}

export type PermissionRow = {
  id: string
  contact_id: string | null
  signup_id: string | null
  topic: string
  channel: 'email' | 'post' | 'phone'
  rule: 'consent' | 'existing_customer' | 'duty_evidence' | 'legal_person'
  basis: string
  source: string
  evidence: string | null
  wording_id: string | null
  requested_at: number
  requested_from: string | null
  confirmed_at: number | null
  confirmed_from: string | null
  withdrawn_at: number | null
  withdrawn_from: string | null
  expires_at: number | null
}

export type BanRow = {
  id: string
  kind: 'email' | 'domain' | 'company' | 'phone' | 'postal'
  /** `all`, `purpose:<key>`, `topic:<id>` or `no_contact` */
  scope: string
  source: string
  external: number
  reason: string | null
  at: number
  lifted_at: number | null
  lifted_by: string | null
  lift_reason: string | null
}

export type LedgerRow = {
  id: string
  at: number
  event: string
  subject: string | null
  actor: string
  data: string
  seq: number | null
  hash: string | null
}

export type UserRow = {
  id: string
  strict: string
  address: string
  name: string | null
  language: Language
  created_at: number
  disabled_at: number | null
}

export type IdempotencyRow = {
  api_key: string
  key: string
  request_hash: string
  status: number | null
  response: string | null
  /** until when the request that holds the key counts as running */
  lease_until: number
  created_at: number
}

