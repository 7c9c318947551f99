/** The mirror of migrations/. Times are milliseconds UTC; JSON columns are TEXT and are parsed by Zod at the edge of store/. */

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
  import_refusals: { import_id: string; row_number: number; field: string; message: string }
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

export type BanSourceRow = {
  name: string
  kind: string
  required: number
  max_age: number
  tried_at: number | null
  fetched_at: number | null
  sequence: number | null
  etag: string | null
  entries: number | null
  error: string | null
}

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
}
