import Database from 'better-sqlite3'
import { CompiledQuery, sql } from 'kysely'
import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { Store } from '../../src/store/store.ts'
import { readMigrations } from '../migrations.ts'
import { setting } from './rows.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postilupa-trouble-'))
  file = join(folder, 'app.db')
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const put = (store: Store, key: string) => store.batch([setting(store, key, 'x'.repeat(2_000))])

async function openCurrent() {
  const store = openSqlite(file)
  await migrate(store, readMigrations())
  return store
}

describe('SQLite in trouble', () => {
  it('F25 waits for another process that writes, while the event loop stays free', async () => {
    const store = await openCurrent()
    const other = new Database(file)
    other.exec('begin immediate')
    const both = [put(store, 'a'), put(store, 'b')]
    // If waiting blocked the loop, this would never run and both would fail.
    setTimeout(() => other.exec('rollback'), 200)
    await Promise.all(both)
    other.close()
    await store.close()
  })

  it.runIf(process.env['FAULTS'] === '1')(
    'F25 gives up after a while, in words that mean "try again later"',
    async () => {
      const store = await openCurrent()
      const other = new Database(file)
      other.exec('begin immediate')
      const error = await put(store, 'a').catch((problem: unknown) => problem)
      expect(store.isDown(error)).toBe(true)
      other.close()
      await put(store, 'b')
      await store.close()
    },
    60_000,
  )

  it('P16 refuses writes while the disk is full, goes on reading, and recovers by itself', async () => {
    const store = await openCurrent()
    await put(store, 'before')
    const pages = (await sql<{ page_count: number }>`pragma page_count`.execute(store.db)).rows[0]?.page_count ?? 0
    const limit = (n: number) => store.db.executeQuery(CompiledQuery.raw(`pragma max_page_count = ${n}`))
    await limit(pages + 1)
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, (_, n) => put(store, `full-${n}`)))
    const refused = outcomes.filter((one) => one.status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.every(({ reason }) => store.isDown(reason))).toBe(true)
    const kept = (await store.db.selectFrom('settings').select('key').execute()).map(({ key }) => key)
    expect(kept).toEqual(['before', ...outcomes.flatMap((one, n) => (one.status === 'fulfilled' ? [`full-${n}`] : []))])
    await limit(1_000_000)
    await put(store, 'after')
    await store.close()
  })

  it('F28 writes nothing into a file that was moved away, and goes on when it is back', async () => {
    const store = await openCurrent()
    renameSync(file, `${file}.away`)
    const error = await put(store, 'a').catch((problem: unknown) => problem)
    expect(String(error)).toContain('was moved or replaced')
    expect(store.isDown(error)).toBe(true)
    renameSync(`${file}.away`, file)
    await put(store, 'b')
    expect(await store.db.selectFrom('settings').select('key').execute()).toEqual([{ key: 'b' }])
    await store.close()
  })

  it('answers a batch that comes after closing with an error, and writes what came before', async () => {
    const store = await openCurrent()
    const before = put(store, 'before')
    await store.close()
    await before
    await expect(put(store, 'after')).rejects.toThrow('not open')
    const again = openSqlite(file)
    expect(await again.db.selectFrom('settings').select('key').execute()).toEqual([{ key: 'before' }])
    await again.close()
  })

  it('does not take an error of a query for trouble of the engine', async () => {
    const store = await openCurrent()
    await put(store, 'a')
    const error = await put(store, 'a').catch((problem: unknown) => problem)
    expect(store.isDown(error)).toBe(false)
    await store.close()
  })
})
