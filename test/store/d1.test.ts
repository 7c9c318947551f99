import { describe, expect, it } from 'vitest'
import { openD1 } from '../../src/store/d1.ts'
import { checkSchema, migrate } from '../../src/store/migrate.ts'
import { readMigrations } from '../migrations.ts'
import { createD1Database } from '../stores.ts'

const migrations = readMigrations()

describe('D1', () => {
  it('works through the binding as a Worker gets it', async () => {
    const store = openD1(await (await createD1Database()).native())
    await migrate(store, migrations)
    expect(await checkSchema(store, migrations)).toBe('ok')
    const dead = store.db
      .insertInto('dead_addresses')
      .values({ hash: 'h', reason: null, first_at: 1_790_000_000_000, confirmed_at: null })
    expect(await store.batch([dead, store.db.selectFrom('dead_addresses').selectAll()])).toEqual([
      [],
      [{ hash: 'h', reason: null, first_at: 1_790_000_000_000, confirmed_at: null }],
    ])
    const error = await store
      .batch([store.db.deleteFrom('dead_addresses'), dead, dead])
      .catch((problem: unknown) => problem)
    expect(String(error)).toContain('UNIQUE constraint failed')
    expect(store.isDown(error)).toBe(false)
    expect(await store.db.selectFrom('dead_addresses').select('hash').execute()).toEqual([{ hash: 'h' }])
  })

  it('F30b keeps one effect when the connection is lost after a write and the caller repeats it', async () => {
    const { binding } = await createD1Database()
    await migrate(openD1(binding), migrations)
    let losses = 1
    const store = openD1({
      prepare: (text) => binding.prepare(text),
      batch: async <T>(statements: Parameters<typeof binding.batch>[0]) => {
        const results = await binding.batch<T>(statements)
        if (losses-- > 0) throw new Error('D1_ERROR: Network connection lost.')
        return results
      },
    })
    const write = () =>
      store.batch([
        store.db
          .insertInto('counters')
          .values({ key: 'a', bucket: 1, n: 1 })
          .onConflict((c) => c.doNothing()),
      ])
    const error = await write().catch((problem: unknown) => problem)
    expect(store.isDown(error)).toBe(true)
    await write()
    expect(await store.db.selectFrom('counters').selectAll().execute()).toEqual([{ key: 'a', bucket: 1, n: 1 }])
  })

  it('refuses a transaction held open, which it could not keep', async () => {
    const store = openD1((await createD1Database()).binding)
    const held = store.db.transaction().execute(async () => undefined)
    await expect(held).rejects.toThrow('D1 cannot hold a transaction open: write with store.batch.')
  })
})
