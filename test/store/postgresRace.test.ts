import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import type { Store } from '../../src/store/store.ts'
import { createPostgresDatabase, readMigrations } from '../stores.ts'
import { claim, queue } from './rows.ts'

const at = 1_790_000_000_000
const total = 2_000
const chunk = 37
const ids = Array.from({ length: total }, (_, n) => `d${String(n).padStart(4, '0')}`)

let url: string
let stores: Store[]

beforeEach(async () => {
  url = await createPostgresDatabase()
  stores = [await openPostgres(url, { max: 4 }), await openPostgres(url, { max: 4 })]
  await migrate(first(), readMigrations())
  await first().batch([queue(first(), ids, at)])
})

afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()))
})

const first = () => stores[0] as Store

/** Claims chunk after chunk until nothing is left, each chunk under a lease of its own. */
async function claimAll(store: Store, name: string, between: (n: number) => Promise<void> = async () => undefined) {
  const claimed: { lease: string; ids: string[] }[] = []
  const unknown: string[] = []
  for (let n = 0; ; n++) {
    const lease = `${name}-${n}`
    const rows = await store.batch([claim(store, lease, at, chunk)]).then(
      ([taken]) => taken,
      () => undefined,
    )
    if (rows?.length === 0) return { claimed, unknown }
    if (rows) claimed.push({ lease, ids: rows.map(({ id }) => id) })
    else unknown.push(lease)
    await between(n)
  }
}

const stored = () => first().db.selectFrom('deliveries').select(['id', 'state', 'lease']).orderBy('id').execute()

describe('several processes on PostgreSQL', () => {
  it('P24 claim each delivery exactly once, never more at a time than they asked for', async () => {
    const workers = stores.flatMap((store, s) => [0, 1, 2].map((w) => claimAll(store, `store-${s}-${w}`)))
    const claimed = (await Promise.all(workers)).flatMap((worker) => worker.claimed)
    expect(claimed.flatMap((one) => one.ids).toSorted()).toEqual(ids)
    expect(Math.max(...claimed.map((one) => one.ids.length))).toBeLessThanOrEqual(chunk)
    const holder = new Map(claimed.flatMap((one) => one.ids.map((id) => [id, one.lease])))
    expect(await stored()).toEqual(ids.map((id) => ({ id, state: 'sending', lease: holder.get(id) })))
  })

  it('P24 lose nothing to one that is killed with a claim half done: another takes its rows', async () => {
    const killed = new Client({ connectionString: url })
    killed.on('error', () => undefined)
    await killed.connect()
    await killed.query('begin')
    const { sql, parameters } = claim(first(), 'killed', at, 500)
    expect((await killed.query(sql, [...parameters])).rowCount).toBe(500)
    const others = await Promise.all(stores.map((store, s) => claimAll(store, `store-${s}`)))
    expect(others.flatMap((one) => one.claimed.flatMap((some) => some.ids))).toHaveLength(total - 500)
    // The socket goes away without a goodbye, as when the process is killed.
    killed.connection.stream.destroy()
    await expect.poll(openTransactions, { timeout: 20_000 }).toBe(0)
    const rest = await claimAll(first(), 'after')
    const all = [...others, rest].flatMap((one) => one.claimed.flatMap((some) => some.ids))
    expect(all.toSorted()).toEqual(ids)
  })

  it('P24 F30 go on when the server drops their connections; only a claim whose answer was lost stays with its lease', async () => {
    const drop = async (n: number) => {
      if (n % 3 === 1)
        await admin(`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name = 'postilupa'`)
    }
    const workers = await Promise.all(
      stores.flatMap((store, s) => [claimAll(store, `a${s}`, drop), claimAll(store, `b${s}`)]),
    )
    const answered = new Map(
      workers.flatMap((one) => one.claimed.flatMap((some) => some.ids.map((id) => [id, some.lease]))),
    )
    const unknown = new Set(workers.flatMap((one) => one.unknown))
    expect(answered.size).toBe(workers.flatMap((one) => one.claimed.flatMap((some) => some.ids)).length)
    const wrong = (await stored()).filter(
      ({ id, lease }) => answered.get(id) !== lease && !(!answered.has(id) && unknown.has(String(lease))),
    )
    expect(wrong).toEqual([])
  })

  async function openTransactions() {
    const rows = await admin(`select 1 from pg_stat_activity
      where datname = current_database() and state = 'idle in transaction'`)
    return rows.length
  }

  async function admin(text: string) {
    const client = new Client({ connectionString: url })
    await client.connect()
    try {
      return (await client.query<object>(text)).rows
    } finally {
      await client.end()
    }
  }
})
