import { CompiledQuery, sql } from 'kysely'
import { expect, it } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import type { CompanyRow } from '../../src/store/tables.ts'
import { eachEngine } from '../stores.ts'
import { claim, json, queue, setting } from './rows.ts'

const at = 1_790_000_000_123

const keys = async (store: Store) =>
  (await store.db.selectFrom('settings').select('key').orderBy('key').execute()).map(({ key }) => key)

eachEngine('a batch', (open) => {
  it('answers the rows of each query, in order; a write without returning answers none', async () => {
    const store = await open()
    const rows = await store.batch([
      setting(store, 'a'),
      setting(store, 'b').returning('key'),
      store.db.selectFrom('settings').select(['key', 'updated_at']).orderBy('key'),
      store.db.deleteFrom('settings').where('key', '=', 'nobody').returning('key'),
    ])
    expect(rows).toEqual([
      [],
      [{ key: 'b' }],
      [
        { key: 'a', updated_at: 1 },
        { key: 'b', updated_at: 1 },
      ],
      [],
    ])
  })

  it('may be empty', async () => {
    expect(await (await open()).batch([])).toEqual([])
  })

  it('is all or nothing: a query that fails at the end leaves nothing of those before it', async () => {
    const store = await open()
    await store.batch([setting(store, 'taken')])
    await expect(store.batch([setting(store, 'before'), setting(store, 'taken')])).rejects.toThrow()
    expect(await keys(store)).toEqual(['taken'])
  })

  it('sees its own writes', async () => {
    const store = await open()
    const [, inserted, , updated] = await store.batch([
      setting(store, 'a', 'first'),
      store.db.selectFrom('settings').select('value'),
      store.db.updateTable('settings').set({ value: 'second' }).where('key', '=', 'a'),
      store.db.selectFrom('settings').select('value'),
    ])
    expect([inserted, updated]).toEqual([[{ value: 'first' }], [{ value: 'second' }]])
  })

  it('runs beside others: one that fails harms no neighbour, and each is answered by its own outcome', async () => {
    const store = await open()
    await store.batch([setting(store, 'taken')])
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        store.batch([setting(store, `n${n}`), setting(store, n % 3 ? `m${n}` : 'taken')]),
      ),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(
      Array.from({ length: 20 }, (_, n) => (n % 3 ? 'fulfilled' : 'rejected')),
    )
    const expected = Array.from({ length: 20 }, (_, n) => (n % 3 ? [`n${n}`, `m${n}`] : [])).flat()
    expect(await keys(store)).toEqual([...expected, 'taken'].toSorted())
  })

  it('is answered after it was committed: another reader sees it at once', async () => {
    const store = await open()
    await Promise.all(
      Array.from({ length: 10 }, async (_, n) => {
        await store.batch([setting(store, `n${n}`)])
        expect(await keys(store)).toContain(`n${n}`)
      }),
    )
  })

  it('takes queries that were compiled before, and the same one many times', async () => {
    const store = await open()
    const count = store.db
      .selectFrom('settings')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .compile()
    const rows = await store.batch([count, setting(store, 'a').compile(), count])
    expect([rows[0], rows[2]]).toEqual([[{ n: 0 }], [{ n: 1 }]])
  })

  it('tells by its rows what a conditional update did, however often and from wherever it is repeated', async () => {
    const store = await open()
    await store.batch([queue(store, ['d1'], at)])
    const take = (lease: string) =>
      store.db
        .updateTable('deliveries')
        .set({ state: 'sending', lease })
        .where('id', '=', 'd1')
        .where('state', '=', 'queued')
        .returning('lease')
    const taken = await Promise.all(Array.from({ length: 8 }, (_, n) => store.batch([take(`lease-${n}`)])))
    expect(taken.flat(2)).toHaveLength(1)
    expect(await store.batch([take('late')])).toEqual([[]])
    expect(await store.db.selectFrom('deliveries').select('lease').execute()).toEqual(taken.flat(2))
  })

  it('is safe twice with "on conflict do nothing": the second time inserts and returns nothing', async () => {
    const store = await open()
    const once = (value: string) =>
      setting(store, 'a', value)
        .onConflict((c) => c.column('key').doNothing())
        .returning('value')
    expect(await store.batch([once('first'), once('second')])).toEqual([[{ value: 'first' }], []])
    expect(await store.batch([once('third')])).toEqual([[]])
    expect(await store.db.selectFrom('settings').select('value').execute()).toEqual([{ value: 'first' }])
  })

  it('counts with a conditional upsert', async () => {
    const store = await open()
    const hit = () =>
      store.db
        .insertInto('counters')
        .values({ key: 'ip', bucket: 1, n: 1 })
        .onConflict((c) => c.columns(['key', 'bucket']).doUpdateSet({ n: sql`counters.n + 1` }))
        .returning('n')
    const hits = await Promise.all(Array.from({ length: 10 }, () => store.batch([hit()])))
    expect(hits.map(([rows]) => rows[0]?.n).toSorted((a, b) => Number(a) - Number(b))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ])
  })

  it('may be closed twice', async () => {
    const store = await open()
    await store.close()
    await store.close()
  })
})

eachEngine('many rows', (open, engine) => {
  it.each([1, 2_000])('inserts %i of them, passing over what is there', async (rows) => {
    const store = await open()
    const input = Array.from({ length: rows }, (_, n) => ({ k: `key-${n}`, v: n % 2 ? null : `ä${n}`, t: at + n }))
    const insert = sql<{ hash: string }>`
      insert into dead_addresses (hash, reason, first_at)
      select x.value ->> 'k', x.value ->> 'v', cast(x.value ->> 't' as bigint) from ${store.each(json(input))} as x
      where true on conflict do nothing returning hash`.compile(store.db)
    const [first, second] = await store.batch([insert, insert])
    expect([first.length, second.length]).toEqual([rows, 0])
    const stored = await store.db.selectFrom('dead_addresses').selectAll().orderBy('first_at').execute()
    expect(stored).toEqual(input.map(({ k, v, t }) => ({ hash: k, reason: v, first_at: t, confirmed_at: null })))
  })

  it('updates many rows, each with its own values', async () => {
    const store = await open()
    await store.batch([queue(store, ['d1', 'd2', 'd3'], at)])
    const outcomes = json([
      { i: 'd1', s: 'sent', u: null },
      { i: 'd2', s: 'queued', u: at + 60_000 },
      { i: 'nobody', s: 'sent', u: null },
    ])
    const [updated] = await store.batch([
      sql<{
        id: string
      }>`update deliveries set state = o.value ->> 's', due_at = coalesce(cast(o.value ->> 'u' as bigint), due_at)
        from ${store.each(outcomes)} as o where deliveries.id = (o.value ->> 'i') returning id`.compile(store.db),
    ])
    expect(updated.map(({ id }) => id).toSorted()).toEqual(['d1', 'd2'])
    expect(await store.db.selectFrom('deliveries').select(['id', 'state', 'due_at']).orderBy('id').execute()).toEqual([
      { id: 'd1', state: 'sent', due_at: at },
      { id: 'd2', state: 'queued', due_at: at + 60_000 },
      { id: 'd3', state: 'queued', due_at: at },
    ])
  })

  it('reads a JSON column of a table, row by row', async () => {
    const store = await open()
    const company = (id: string, hashes: string[]): CompanyRow => ({
      id,
      name: id,
      business_id: null,
      form: 'unknown',
      address: null,
      price_group: null,
      keys: JSON.stringify(hashes.map((k) => ({ k }))),
      created_at: at,
      updated_at: 1,
    })
    await store.batch([
      store.db.insertInto('companies').values([company('a', ['h1', 'h2']), company('b', []), company('c', ['h2'])]),
    ])
    const holders = sql<{ id: string }>`select id from companies where exists (
      select 1 from ${store.each(sql.ref('companies.keys'))} as x where x.value ->> 'k' = ${'h2'}) order by id`.compile(
      store.db,
    )
    expect((await store.batch([holders]))[0]).toEqual([{ id: 'a' }, { id: 'c' }])
  })

  it('copies from a table into another with bound values between: insert … select', async () => {
    const store = await open()
    await store.batch([setting(store, 'a'), setting(store, 'b')])
    const copy = sql<{ hash: string }>`insert into dead_addresses (hash, reason, first_at, confirmed_at)
      select key, ${'copied'}, ${at}, ${null} from settings where key <> ${'b'} on conflict do nothing returning hash`.compile(
      store.db,
    )
    expect(await store.batch([copy, copy])).toEqual([[{ hash: 'a' }], []])
    expect(await store.db.selectFrom('dead_addresses').selectAll().execute()).toEqual([
      { hash: 'a', reason: 'copied', first_at: at, confirmed_at: null },
    ])
  })

  it('claims a chunk of a queue in order, and reads it back in the same batch', async () => {
    const store = await open()
    await store.batch([queue(store, ['late'], at + 1), queue(store, ['d2', 'd1'], at)])
    const leased = store.db.selectFrom('deliveries').select('id').where('lease', '=', 'L').orderBy('id')
    const [claimed, read] = await store.batch([claim(store, 'L', at + 1, 2), leased])
    expect(claimed.map(({ id }) => id).toSorted()).toEqual(['d1', 'd2'])
    expect(read).toEqual([{ id: 'd1' }, { id: 'd2' }])
  })

  it('finds what is queued through the partial index, with the state bound or written out', async () => {
    const store = await open()
    const due = store.db.selectFrom('deliveries').select('id').where('mailing_id', '=', 'm1').where('due_at', '<=', at)
    const bound = due.where('state', '=', 'queued').orderBy('due_at').compile()
    const written = due.where('state', '=', sql.lit('queued')).orderBy('due_at').compile()
    for (const { sql: text, parameters } of [bound, written]) {
      const explain = (how: string) => CompiledQuery.raw(`${how} ${text}`, [...parameters])
      const plan =
        engine === 'PostgreSQL'
          ? // Over an empty table it would rather walk it.
            await store.batch([CompiledQuery.raw('set local enable_seqscan = off'), explain('explain')])
          : await store.batch([explain('explain query plan')])
      expect(JSON.stringify(plan)).toContain('deliveries_queue')
    }
  })
})
