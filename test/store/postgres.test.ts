import { sql } from 'kysely'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import type { Store } from '../../src/store/store.ts'
import { startPostgres, type Postgres } from '../globalPostgres.ts'
import { readMigrations } from '../migrations.ts'
import { createPostgresDatabase } from '../stores.ts'
import { setting } from './rows.ts'

async function run(url: string, text: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(text)
  await client.end()
}

const put = (store: Store, key: string) => store.batch([setting(store, key)])

describe('PostgreSQL', () => {
  it('P02 P03 is refused with synchronous_commit=off, however it was set', async () => {
    const url = await createPostgresDatabase()
    await run(url, `alter database ${new URL(url).pathname.slice(1)} set synchronous_commit = off`)
    await expect(openPostgres(url)).rejects.toThrow(
      'synchronous_commit=off: a power cut could lose what was promised. Set',
    )
  })

  it('P03 is refused in an encoding that cannot hold every name', async () => {
    await run(inject('postgresUrl'), `create database ascii_${process.pid} encoding 'SQL_ASCII' template template0`)
    const url = new URL(inject('postgresUrl'))
    url.pathname = `ascii_${process.pid}`
    await expect(openPostgres(url.href)).rejects.toThrow('encoded in SQL_ASCII')
  })

  it('lets the address decide what a long migration needs: ?statement_timeout=0', async () => {
    const url = await createPostgresDatabase()
    const timeoutOf = async (address: string) => {
      const store = await openPostgres(address)
      const { rows } = await sql<{ timeout: string }>`select current_setting('statement_timeout') as timeout`.execute(
        store.db,
      )
      await store.close()
      return rows[0]?.timeout
    }
    expect([await timeoutOf(url), await timeoutOf(`${url}?statement_timeout=0`)]).toEqual(['30s', '0'])
  })

  it('gives numbers to its own connections only, and leaves the driver as it was for others', async () => {
    const url = await createPostgresDatabase()
    const store = await openPostgres(url)
    const client = new Client({ connectionString: url })
    await client.connect()
    const query = sql<{ n: number }>`select 5::bigint as n`
    expect((await query.execute(store.db)).rows).toEqual([{ n: 5 }])
    expect((await client.query('select 5::bigint as n')).rows).toEqual([{ n: '5' }])
    await client.end()
    await store.close()
  })

  it('tries a batch again that lost a deadlock: nobody sees it', async () => {
    const soon = '?options=-c%20deadlock_timeout%3D20ms'
    const store = await openPostgres((await createPostgresDatabase()) + soon, { max: 4 })
    await migrate(store, readMigrations())
    await Promise.all(['a', 'b'].map((key) => put(store, key)))
    const raise = (key: string) =>
      store.db
        .updateTable('settings')
        .set({ updated_at: sql`updated_at + 1` })
        .where('key', '=', key)
    const pause = sql`select pg_sleep(0.05)`.compile(store.db)
    const pairs = Array.from({ length: 4 }, (_, n) => (n % 2 ? ['a', 'b'] : ['b', 'a']) as [string, string])
    await Promise.all(pairs.map(([one, other]) => store.batch([raise(one), pause, raise(other)])))
    const rows = await store.db.selectFrom('settings').select('updated_at').execute()
    expect(rows).toEqual([{ updated_at: 5 }, { updated_at: 5 }])
    await store.close()
  })
})

describe('a PostgreSQL server of its own', () => {
  let server: Postgres

  beforeAll(async () => {
    server = await startPostgres()
  })

  afterAll(async () => {
    await server.stop()
  })

  it('P02 P03 is refused with fsync=off, until that is mended', async () => {
    await run(server.url, 'alter system set fsync = off')
    await server.restart()
    await expect(openPostgres(server.url)).rejects.toThrow(
      'fsync=off: a power cut could lose what was promised. Set fsync=on',
    )
    await run(server.url, 'alter system reset fsync')
    await server.restart()
    await (await openPostgres(server.url)).close()
  })

  it('F30 may restart while batches run: what was promised is there, the rest said so, and work goes on by itself', async () => {
    const store = await openPostgres(server.url, { max: 4 })
    await migrate(store, readMigrations())
    const promised: string[] = []
    const errors: unknown[] = []
    let restarted = false
    const lane = async (name: string) => {
      for (let n = 0, after = 0; after < 5; n++) {
        const key = `${name}-${n}`
        await put(store, key).then(
          () => {
            promised.push(key)
            if (restarted) after++
          },
          (error: unknown) => errors.push(error),
        )
      }
    }
    const lanes = Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(lane))
    await expect.poll(() => promised.length, { timeout: 20_000 }).toBeGreaterThan(20)
    await server.restart()
    restarted = true
    await lanes
    expect(errors.filter((error) => !store.isDown(error))).toEqual([])
    const kept = new Set((await store.db.selectFrom('settings').select('key').execute()).map(({ key }) => key))
    expect(promised.filter((key) => !kept.has(key))).toEqual([])
    await store.close()
  })

  it('is refused in a sentence, and is "down", when nobody answers', async () => {
    await server.stop()
    const error = await openPostgres(server.url).catch((problem: unknown) => problem)
    expect(String(error)).toContain('ECONNREFUSED')
  })
})
