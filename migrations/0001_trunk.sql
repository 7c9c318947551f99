-- The trunk. Portable to SQLite, PostgreSQL and D1: TEXT ids made by the application, times in milliseconds UTC as BIGINT,
-- JSON as TEXT. Forward only: never edit a migration that was released, add the next one.
create table schema_versions (version integer primary key);
insert into schema_versions (version) values (1);

-- One row a switch or a remembered fact of the installation ('hold' = the kill switch and its reason).
create table settings (key text primary key, value text not null, updated_at bigint not null);

create table topics (
  id text primary key,
  purpose text not null,
  kind text not null check (kind in ('newsletter', 'price_list', 'survey', 'event')),
  names text not null,
  list_id text not null unique,
  position integer not null,
  created_at bigint not null
);

-- The exact text shown when a permission was asked. Immutable.
create table wordings (
  id text primary key,
  form_id text not null,
  language text not null,
  text text not null,
  sha256 text not null,
  created_at bigint not null
);
create index wordings_form on wordings (form_id, language, created_at);

create table forms (
  id text primary key,
  kind text not null check (kind in ('signup', 'contact', 'feedback', 'registration')),
  definition text not null,
  created_at bigint not null,
  updated_at bigint not null
);

create table companies (
  id text primary key,
  name text not null,
  business_id text unique,
  form text not null check (form in ('legal_person', 'sole_trader', 'unknown')),
  address text,
  price_group text,
  keys text not null,
  created_at bigint not null,
  updated_at bigint not null
);
create index companies_name on companies (name);
create table company_domains (domain text primary key, company_id text not null);
create index company_domains_company on company_domains (company_id);

create table contacts (
  id text primary key,
  strict text not null unique,
  address text not null,
  domain text not null,
  name text,
  title text,
  phone text,
  language text not null check (language in ('fi', 'sv', 'en')),
  company_id text,
  company_name text,
  external_id text unique,
  class text not null check (class in ('role_work', 'named_work', 'sole_trader', 'private', 'unknown')),
  class_by text,
  source text not null,
  fields text not null,
  keys text not null,
  restricted_at bigint,
  created_at bigint not null,
  updated_at bigint not null
);
create index contacts_company on contacts (company_id);
create index contacts_domain on contacts (domain);

-- A sign-up that waits for its confirmation: the only place where a person is kept before being a contact.
create table signups (
  id text primary key,
  form_id text not null,
  strict text not null,
  address text not null,
  keys text not null,
  language text not null,
  name text,
  company_name text,
  title text,
  phone text,
  fields text not null,
  source text,
  requested_at bigint not null,
  expires_at bigint not null,
  confirmed_at bigint
);
create index signups_strict on signups (strict, requested_at);
create index signups_expires on signups (expires_at);

-- Written once, column by column; state is derived from the times (rules/permission.ts).
create table permissions (
  id text primary key,
  contact_id text,
  signup_id text,
  topic text not null,
  channel text not null check (channel in ('email', 'post', 'phone')),
  rule text not null check (rule in ('consent', 'existing_customer', 'duty_evidence', 'legal_person')),
  basis text not null,
  source text not null,
  evidence text,
  wording_id text,
  requested_at bigint not null,
  requested_from text,
  confirmed_at bigint,
  confirmed_from text,
  withdrawn_at bigint,
  withdrawn_from text,
  expires_at bigint
);
create index permissions_contact on permissions (contact_id, topic);
create index permissions_signup on permissions (signup_id);
create index permissions_topic on permissions (topic, contact_id);

-- Direct-marketing bans: keyed hashes only, so that they outlive the erasure of the person.
create table bans (
  id text primary key,
  kind text not null check (kind in ('email', 'domain', 'company', 'phone', 'postal')),
  scope text not null,
  source text not null,
  external integer not null,
  reason text,
  at bigint not null,
  lifted_at bigint,
  lifted_by text,
  lift_reason text
);
create table ban_keys (
  hash text not null,
  ban_id text not null,
  key_id text not null,
  form text not null check (form in ('strict', 'loose')),
  primary key (hash, ban_id)
);
create index ban_keys_ban on ban_keys (ban_id);
create index ban_keys_key on ban_keys (key_id);

create table ban_sources (
  name text primary key,
  kind text not null,
  required integer not null,
  max_age bigint not null,
  tried_at bigint,
  fetched_at bigint,
  sequence bigint,
  etag text,
  entries bigint,
  error text
);

-- Addresses that a delivery status says are dead; separate from bans: a bounce is no objection.
create table dead_addresses (hash text primary key, reason text, first_at bigint not null, confirmed_at bigint);

create table mailings (
  id text primary key,
  kind text not null check (kind in ('newsletter', 'price_list', 'survey', 'event')),
  class text not null check (class in ('marketing', 'research')),
  purpose text not null,
  topic text not null,
  subject text not null,
  format text not null,
  body text not null,
  content text not null,
  audience text not null,
  sender text not null,
  content_hash text,
  time_zone text,
  created_at bigint not null,
  updated_at bigint not null,
  created_by text,
  scheduled_at bigint,
  due_at bigint,
  not_after bigint,
  started_at bigint,
  proposed_to text,
  proposed_at bigint,
  paused_at bigint,
  pause_reason text,
  held_at bigint,
  hold_reason text,
  finished_at bigint,
  cancelled_at bigint
);
create index mailings_due on mailings (due_at) where started_at is null and cancelled_at is null;
create index mailings_running on mailings (started_at) where finished_at is null and cancelled_at is null;

create table attachments (
  id text primary key,
  mailing_id text not null,
  name text not null,
  media_type text not null,
  size bigint not null,
  sha256 text not null,
  created_at bigint not null
);
create index attachments_mailing on attachments (mailing_id);

-- File contents, content-addressed, as base64 text in pieces that every engine can hold.
create table file_chunks (sha256 text not null, n integer not null, base64 text not null, primary key (sha256, n));

-- One message to one recipient: the outbox row and the proof. mailing_id is '' for service and staff mail.
create table deliveries (
  id text primary key,
  mailing_id text not null,
  kind text not null,
  class text not null check (class in ('marketing', 'research', 'service', 'staff')),
  topic text,
  contact_id text,
  address text,
  keys text,
  language text,
  data text,
  state text not null check (state in ('queued', 'sending', 'sent', 'skipped', 'failed', 'uncertain')),
  due_at bigint not null,
  attempts integer not null,
  lease text,
  lease_until bigint,
  reason text,
  detail text,
  allowed_by text,
  evidence text,
  decided_at bigint,
  message_id text,
  reply text,
  sent_at bigint,
  bounced_at bigint,
  created_at bigint not null
);
create index deliveries_queue on deliveries (mailing_id, due_at, id) where state = 'queued';
create index deliveries_alerts on deliveries (due_at, id) where state = 'queued' and kind = 'alert';
create index deliveries_counts on deliveries (mailing_id, state, reason, bounced_at);
create index deliveries_lease on deliveries (lease) where state = 'sending';
create index deliveries_contact on deliveries (contact_id);
create index deliveries_address on deliveries (address) where address is not null;

-- Append-only events; the ticker seals them in a hash chain (seq, hash).
create table ledger (
  id text primary key,
  at bigint not null,
  event text not null,
  subject text,
  actor text not null,
  data text not null,
  seq bigint unique,
  hash text
);
create index ledger_subject on ledger (subject, id);
create index ledger_unsealed on ledger (at, id) where seq is null;
create index ledger_at on ledger (at, id);

create table users (
  id text primary key,
  strict text not null unique,
  address text not null,
  name text,
  language text not null,
  created_at bigint not null,
  disabled_at bigint
);
create table sign_in_links (hash text primary key, user_id text not null, expires_at bigint not null, used_at bigint);
create table sessions (
  hash text primary key,
  user_id text not null,
  created_at bigint not null,
  seen_at bigint not null,
  expires_at bigint not null
);
create table api_keys (
  id text primary key,
  name text not null,
  hash text not null unique,
  scopes text not null,
  created_at bigint not null,
  revoked_at bigint
);
create table idempotency_keys (
  api_key text not null,
  key text not null,
  request_hash text not null,
  status integer,
  response text,
  lease_until bigint not null,
  created_at bigint not null,
  primary key (api_key, key)
);
create index idempotency_keys_created on idempotency_keys (created_at);

-- Counters of the limits (rules/limits.ts): one row a key and window.
create table counters (key text not null, bucket bigint not null, n integer not null, primary key (key, bucket));
create index counters_bucket on counters (bucket);

create table imports (
  id text primary key,
  kind text not null check (kind in ('contacts', 'bans')),
  options text not null,
  sha256 text not null,
  bytes bigint not null,
  created_by text not null,
  created_at bigint not null,
  lease_until bigint,
  position bigint not null,
  rows_total bigint,
  rows_done bigint not null,
  added bigint not null,
  updated bigint not null,
  unchanged bigint not null,
  refused bigint not null,
  error text,
  started_at bigint,
  finished_at bigint,
  failed_at bigint
);
create table import_refusals (
  import_id text not null,
  row_number bigint not null,
  field text not null,
  message text not null,
  primary key (import_id, row_number)
);
