import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { checkSchema, migrate, schemaVersion, statements, type Migration } from '../../src/store/migrate.ts'
import type { Store } from '../../src/store/store.ts'
import { eachEngine, readMigrations } from '../stores.ts'

const migrations = readMigrations()
const last = migrations.length
const next = (...more: string[]): Migration => ({
  version: last + 1,
  name: 'next.sql',
  sql: [`insert into schema_versions (version) values (${last + 1})`, ...more].join(';\n'),
})
const countOf = async (store: Store, table: string) =>
  (await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(store.db)).rows[0]?.n

eachEngine('migrations', (_, _engine, openEmpty) => {
  it('bring an empty database to the current schema; again, they change nothing', async () => {
    const store = await openEmpty()
    expect(await schemaVersion(store)).toBe(0)
    expect(await migrate(store, migrations)).toBe(last)
    expect(await migrate(store, migrations)).toBe(0)
    expect(await schemaVersion(store)).toBe(last)
    expect(await countOf(store, 'schema_versions')).toBe(last)
  })

  it('may be run by several at once: one applies, the others stand back', async () => {
    const store = await openEmpty()
    const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(store, migrations)))
    expect(applied.reduce((sum, n) => sum + n)).toBe(last)
    const again = await Promise.all(
      Array.from({ length: 4 }, () => migrate(store, [...migrations, next('create table later (id text)')])),
    )
    expect(again.reduce((sum, n) => sum + n)).toBe(1)
    expect(await countOf(store, 'later')).toBe(0)
  })

  it('P25 that stop anywhere leave nothing of their file, and can be run again', async () => {
    const store = await openEmpty()
    await migrate(store, migrations)
    const steps = [
      'create table later (id text primary key)',
      `insert into later (id) values ('a')`,
      'create index later_id on later (id)',
    ]
    for (const stop of [0, 1, 2, 3]) {
      const broken = next(...steps.slice(0, stop), 'insert into nowhere (id) values (1)', ...steps.slice(stop))
      await expect(migrate(store, [...migrations, broken])).rejects.toThrow(
        'The migration next.sql failed and left nothing behind.',
      )
      expect(await schemaVersion(store)).toBe(last)
    }
    expect(await migrate(store, [...migrations, next(...steps)])).toBe(1)
    expect(await countOf(store, 'later')).toBe(1)
  })

  it('P03 that are missing, or newer than the program, are told in one sentence with the mend', async () => {
    const store = await openEmpty()
    expect(await checkSchema(store, migrations)).toBe(
      `The database schema is at version 0 and this program needs ${last}: run "npx postilupa migrate".`,
    )
    await migrate(store, [...migrations, next()])
    expect(await checkSchema(store, [...migrations, next()])).toBe('ok')
    const newer = `The database schema is at version ${last + 1} and this program knows only ${last}: start the newer program.`
    expect(await checkSchema(store, migrations)).toBe(newer)
    await expect(migrate(store, migrations)).rejects.toThrow(newer)
  })
})

eachEngine('what stays as it was written', (open) => {
  const event = (store: Store, id: string) =>
    store.db
      .insertInto('ledger')
      .values({ id, at: 1, event: 'test', subject: null, actor: 'test', data: '{}', seq: null, hash: null })
  const seal = (store: Store, id: string, seq: number, hash: string) =>
    store.db.updateTable('ledger').set({ seq, hash }).where('id', '=', id)

  it('is a sealed ledger row: it is neither changed nor sealed again nor deleted', async () => {
    const store = await open()
    await store.batch([event(store, 'a'), seal(store, 'a', 1, 'h1')])
    const attempts = [
      store.db.updateTable('ledger').set({ data: '{"forged":true}' }).where('id', '=', 'a'),
      seal(store, 'a', 2, 'h2'),
      store.db.updateTable('ledger').set({ hash: null }),
    ]
    for (const attempt of attempts)
      await expect(store.batch([attempt])).rejects.toThrow('A sealed ledger row is never changed.')
    await expect(store.batch([store.db.deleteFrom('ledger')])).rejects.toThrow('A ledger row is never deleted.')
    expect(await store.db.selectFrom('ledger').select(['data', 'seq', 'hash']).execute()).toEqual([
      { data: '{}', seq: 1, hash: 'h1' },
    ])
  })

  it('is an unsealed ledger row: it may be sealed, not deleted', async () => {
    const store = await open()
    await store.batch([event(store, 'a')])
    await expect(store.batch([store.db.deleteFrom('ledger').where('id', '=', 'a')])).rejects.toThrow('never deleted')
    await store.batch([seal(store, 'a', 1, 'h1')])
    expect(await store.db.selectFrom('ledger').select('hash').execute()).toEqual([{ hash: 'h1' }])
  })

  it('is a ban: it is lifted, not deleted', async () => {
    const store = await open()
    const ban = { id: 'b', kind: 'email', scope: 'all', source: 'own', external: 0, reason: null, at: 1 } as const
    await store.batch([
      store.db.insertInto('bans').values({ ...ban, lifted_at: null, lifted_by: null, lift_reason: null }),
      store.db.updateTable('bans').set({ lifted_at: 2, lifted_by: 'person' }).where('id', '=', 'b'),
    ])
    await expect(store.batch([store.db.deleteFrom('bans')])).rejects.toThrow('A ban is lifted, never deleted.')
    expect(await store.db.selectFrom('bans').select('lifted_at').execute()).toEqual([{ lifted_at: 2 }])
  })
})

describe('the statements of a migration', () => {
  it.each([
    [
      'are cut at semicolons',
      'create table a (b text); create table c (d text);',
      ['create table a (b text)', 'create table c (d text)'],
    ],
    [
      'keep semicolons and dashes in quotes',
      `insert into a values ('x; -- y''; z', "q;")`,
      [`insert into a values ('x; -- y''; z', "q;")`],
    ],
    [
      'lose comments, whatever is in them',
      `-- it's; one\nselect 1 /* don't;\n stop */ + 1; -- end`,
      ['select 1   + 1'],
    ],
    ['are none in an empty file', ' \n;; -- nothing\n;', []],
  ])('%s', (_, text, expected) => {
    expect(statements(text)).toEqual(expected)
  })

  it.each(migrations.map(({ version, name, sql: text }) => ({ name, version, text })))(
    'record the version before anything else is changed: $name',
    ({ version, text }) => {
      const all = statements(text)
      const rest = all[0]?.startsWith('create table schema_versions') ? all.slice(1) : all
      expect(rest[0]).toBe(`insert into schema_versions (version) values (${version})`)
      expect(rest.filter((statement) => !/^(create|alter|drop|insert|update|delete)\s/.test(statement))).toEqual([])
    },
  )
})
