import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { eachEngine } from '../stores.ts'
import { json, setting } from './rows.ts'

const at = 1_790_000_000_123

eachEngine('values', (open, engine) => {
  it('keeps times in milliseconds, counts and sums as numbers, and null as null', async () => {
    const store = await open()
    await store.batch([
      store.db.insertInto('counters').values([
        { key: 'big', bucket: Number.MAX_SAFE_INTEGER, n: 1 },
        { key: 'now', bucket: at, n: 2 },
        { key: 'old', bucket: -1, n: 3 },
      ]),
      store.db.insertInto('dead_addresses').values({ hash: 'h', reason: null, first_at: at, confirmed_at: null }),
    ])
    expect(await store.db.selectFrom('counters').selectAll().orderBy('key').execute()).toEqual([
      { key: 'big', bucket: 9_007_199_254_740_991, n: 1 },
      { key: 'now', bucket: at, n: 2 },
      { key: 'old', bucket: -1, n: 3 },
    ])
    expect(
      await store.db
        .selectFrom('counters')
        .select(({ fn }) => [
          fn.countAll<number>().as('rows'),
          fn.sum<number>('n').as('sum'),
          fn.max('bucket').as('max'),
        ])
        .where('key', '!=', 'big')
        .execute(),
    ).toEqual([{ rows: 2, sum: 5, max: at }])
    expect(await store.db.selectFrom('dead_addresses').selectAll().execute()).toEqual([
      { hash: 'h', reason: null, first_at: at, confirmed_at: null },
    ])
  })

  it('takes undefined for null', async () => {
    const store = await open()
    await store.batch([
      sql`insert into dead_addresses (hash, reason, first_at) values (${'h'}, ${undefined}, ${at})`.compile(store.db),
    ])
    expect(await store.db.selectFrom('dead_addresses').select('reason').execute()).toEqual([{ reason: null }])
  })

  it.each([
    ['Finnish and Swedish', 'Hyvää päivää, Åbo – "Öljy & Käärme" \\ \' ; --'],
    ['emoji and joined signs', '👩‍👩‍👧‍👦 🇫🇮 e\u0301 ﷽'],
    ['other scripts and directions', 'Привет 你好 \u202eשלום\u202c \ufeff'],
    ['control characters and line ends', 'a\u0001b\tc\r\nd\u007f\u2028e'],
    ['an empty text', ''],
  ])('keeps text as it is: %s', async (_, text) => {
    const store = await open()
    const each = sql<{ t: string }>`select x.value ->> 't' as t from ${store.each(json([{ t: text }]))} as x`.compile(
      store.db,
    )
    const [stored, read] = await store.batch([setting(store, 'a', text).returning('value'), each])
    expect([stored, read]).toEqual([[{ value: text }], [{ t: text }]])
  })

  it('never keeps half of a text with NUL in it: PostgreSQL, which has none, keeps the replacement character instead', async () => {
    const store = await open()
    const text = 'before\0after'
    await store.batch([setting(store, 'a', text)])
    expect(await store.db.selectFrom('settings').select('value').execute()).toEqual([
      { value: engine === 'PostgreSQL' ? text.replace('\0', '\ufffd') : text },
    ])
  })

  it('takes 90 bound parameters in one statement', async () => {
    const store = await open()
    const names = Array.from({ length: 90 }, (_, n) => `k${n}`)
    await store.batch([
      store.db.insertInto('settings').values(names.slice(0, 30).map((key) => ({ key, value: 'on', updated_at: at }))),
    ])
    expect(await store.db.selectFrom('settings').select('key').where('key', 'in', names).execute()).toHaveLength(30)
  })

  it('keeps a piece of a file of 1 MB', async () => {
    const store = await open()
    const base64 = 'QUJD'.repeat(250_000)
    await store.batch([store.db.insertInto('file_chunks').values({ sha256: 'f', n: 0, base64 })])
    expect(
      (await store.db.selectFrom('file_chunks').select('base64').executeTakeFirstOrThrow()).base64 === base64,
    ).toBe(true)
  })
})
