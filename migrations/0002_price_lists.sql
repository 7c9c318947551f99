insert into schema_versions (version) values (2);

-- A price list and how its columns are read: mapped once, reused by later versions.
create table price_lists (
  id text primary key,
  name text not null unique,
  mapping text,
  created_at bigint not null,
  updated_at bigint not null,
  created_by text not null
);

-- One version for one price group ('' = whoever has no version of their own). Without mapped_at it waits for its columns to be
-- mapped and is sent to nobody; afterwards it never changes.
create table price_list_versions (
  id text primary key,
  price_list_id text not null,
  price_group text not null,
  valid_from text not null,
  facts text not null,
  content_hash text not null,
  created_at bigint not null,
  created_by text not null,
  mapped_at bigint
);
create index price_list_versions_list on price_list_versions (price_list_id, price_group, valid_from);

-- The rows of a version, as JSON arrays of a hundred.
create table price_list_rows (version_id text not null, n integer not null, rows_json text not null, primary key (version_id, n));

-- The contents lie in file_chunks.
create table price_list_files (
  id text primary key,
  version_id text not null,
  name text not null,
  media_type text not null,
  size bigint not null,
  sha256 text not null,
  created_at bigint not null
);
create index price_list_files_version on price_list_files (version_id);
create index price_list_files_sha256 on price_list_files (sha256);

-- Which list a mailing sends, as of which day (null = the day of sending), and the versions that scheduling froze.
alter table mailings add column price_list_id text;
alter table mailings add column prices_on text;
alter table mailings add column price_versions text;
