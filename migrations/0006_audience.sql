insert into schema_versions (version) values (6);

-- Audiences with a name; the definition is JSON (rules/segment.ts).
create table segments (
  id text primary key,
  name text not null unique,
  definition text not null,
  created_at bigint not null,
  updated_at bigint not null
);

-- A draft that repeats: at each due time a copy of it is scheduled (rules/recurrence.ts).
create table series (
  mailing_id text primary key,
  repeat text not null,
  next_at bigint,
  paused_at bigint,
  ended_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  created_by text not null
);
create index series_due on series (next_at) where paused_at is null and ended_at is null;

-- Which mailing was made from which draft, and for which time.
create table occurrences (mailing_id text primary key, series_id text not null, due_at bigint not null);
create index occurrences_series on occurrences (series_id, due_at);

-- Who asked in the name of a company that nobody there be written to, and how; the bans themselves are keyed hashes.
create table company_objections (
  id text primary key,
  company_id text not null,
  scope text not null,
  requested_by text not null,
  how text not null,
  at bigint not null,
  recorded_by text not null
);
create index company_objections_company on company_objections (company_id, at);

create index companies_list on companies (name, id);
