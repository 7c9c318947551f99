insert into schema_versions (version) values (7);

-- What people wrote on contact and feedback forms. `mark` is a keyed hash of form, address, day and answers: the same post twice is
-- one enquiry. Retention runs from closed_at (customer_service) and handled_at (feedback_complaints).
create table enquiries (
  id text primary key,
  form_id text not null,
  kind text not null check (kind in ('contact', 'feedback')),
  purpose text not null,
  mark text not null unique,
  strict text not null,
  address text not null,
  language text not null,
  name text,
  company_name text,
  title text,
  phone text,
  fields text not null,
  source text not null,
  received_at bigint not null,
  handled_at bigint,
  handled_by text,
  closed_at bigint,
  note text
);
create index enquiries_strict on enquiries (strict);
create index enquiries_open on enquiries (id) where closed_at is null;

-- Pictures for messages and pages, content-addressed: the bytes lie in file_chunks as `image.<sha256>`, served at /i/<sha256>.
create table images (
  id text primary key,
  sha256 text not null unique,
  name text not null,
  media_type text not null check (media_type in ('image/png', 'image/jpeg', 'image/gif', 'image/webp')),
  width integer not null,
  height integer not null,
  size bigint not null,
  alt text not null,
  created_at bigint not null,
  created_by text not null
);
