insert into schema_versions (version) values (5);

-- The file of an import, where it is not kept under the import's own id: after a dry run the same file is imported in earnest.
alter table imports add column file_id text;

-- A file that was uploaded in the browser and waits until somebody says what its columns are. It lives an hour.
create table import_uploads (
  id text primary key,
  kind text not null check (kind in ('contacts', 'bans')),
  name text not null,
  file text not null,
  created_by text not null,
  created_at bigint not null
);

-- What the columns of a table meant the last time, by kind and headers.
create table import_mappings (
  kind text not null check (kind in ('contacts', 'bans')),
  headers text not null,
  mapping text not null,
  updated_at bigint not null,
  primary key (kind, headers)
);
