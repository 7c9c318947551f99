insert into schema_versions (version) values (4);
-- Of the last good version: its SHA-256, and until when it counts as fresh.
alter table ban_sources add column sha256 text;
alter table ban_sources add column valid_until bigint;
-- Since when its answers cannot be trusted (null: they can), and how many attempts failed in a row.
alter table ban_sources add column broken_at bigint;
alter table ban_sources add column failures integer;
-- When it is to be fetched next, and which run is at it.
alter table ban_sources add column next_at bigint;
alter table ban_sources add column lease text;
alter table ban_sources add column lease_until bigint;

-- New entries of a version that is being read: they become bans when the whole of it was found good. `hash` is the strict one
-- under the newest key, `hashes` JSON [{h, k, f}] of all; no value is kept.
create table ban_source_entries (
  source text not null,
  hash text not null,
  ban_id text not null,
  kind text not null,
  hashes text not null,
  primary key (source, hash)
);
-- The newest bans first.
create index bans_at on bans (at, id);
