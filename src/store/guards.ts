import { CompiledQuery } from 'kysely'
import type { Query } from './store.ts'

/** What stays as it was written, whoever holds a connection: the proof, and the bans. */
const rules = [
  {
    name: 'ledger_sealed',
    event: 'update on ledger',
    when: 'old.hash is not null',
    says: 'A sealed ledger row is never changed.',
  },
  { name: 'ledger_kept', event: 'delete on ledger', when: '1 = 1', says: 'A ledger row is never deleted.' },
  { name: 'bans_kept', event: 'delete on bans', when: '1 = 1', says: 'A ban is lifted, never deleted.' },
]

/** What people are searched by (store/contactSearch.ts): the beginning of a name, in the order of bytes. */
const searched = [
  ['contacts', 'name'],
  ['contacts', 'company_name'],
  ['companies', 'name'],
] as const

const searchIndexes = (bytewise: string) =>
  searched.map(
    ([table, column]) =>
      `create index if not exists ${table}_${column}_search on ${table} (lower(${column})${bytewise}, id)`,
  )

/** The rules as triggers of SQLite and D1. */
export const sqliteGuards: readonly Query[] = [
  ...rules.map(
    ({ name, event, when, says }) =>
      `create trigger if not exists ${name} before ${event} for each row when ${when} begin select raise(abort, '${says}'); end`,
  ),
  ...searchIndexes(''),
].map((text) => CompiledQuery.raw(text))

/** The rules as triggers of PostgreSQL; the lock makes two runners of `create or replace` wait instead of failing. */
export const postgresGuards: readonly Query[] = [
  'select pg_advisory_xact_lock(7065)',
  `create or replace function refuse_change() returns trigger language plpgsql as
     $$ begin raise exception '%', tg_argv[0]; end $$`,
  ...rules.map(
    ({ name, event, when, says }) =>
      `create or replace trigger ${name} before ${event} for each row when (${when}) execute function refuse_change('${says}')`,
  ),
  ...searchIndexes(' collate "C"'),
].map((text) => CompiledQuery.raw(text))
