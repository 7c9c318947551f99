import { CompiledQuery } from 'kysely'
import { describe, expect, it } from 'vitest'
import { verifyLedger } from '../../src/actions/verifyLedger.ts'
import { recordEvent, sealLedger } from '../../src/store/ledger.ts'
import type { Store } from '../../src/store/store.ts'
import { eachEngine, engines } from '../stores.ts'

const EVENTS = 60

async function filled(store: Store, sealed = EVENTS) {
  for (let n = 1; n <= sealed; n++)
    await store.batch([
      recordEvent(store, {
        id: `e${String(n).padStart(3, '0')}`,
        at: 1000 + n,
        event: 'ban_added',
        subject: null,
        actor: 'system',
        data: { n },
      }),
    ])
  await sealLedger(store)
  return store
}

const raw = (store: Store, ...texts: string[]) => store.batch(texts.map((text) => CompiledQuery.raw(text)))

eachEngine('the chain of the ledger', (open) => {
  it('P17 is whole as it was sealed, and names its last seal', async () => {
    const store = await filled(await open(), 5)
    const proof = await verifyLedger({ store }, null)
    expect(proof).toMatchObject({ ok: true, sealed: 5, unsealed: 0, last: expect.stringMatching(/^5:[0-9a-f]{64}$/) })
    await store.batch([
      recordEvent(store, { id: 'f', at: 9999, event: 'ban_added', subject: null, actor: 'system', data: {} }),
    ])
    expect(await verifyLedger({ store }, null)).toMatchObject({ sealed: 5, unsealed: 1 })
  })
})

describe('an attack on the ledger by somebody who holds the database', () => {
  const attacks: [string, (store: Store, n: number) => Promise<unknown>][] = [
    ['an event is changed', (store, n) => raw(store, `update ledger set data = '{}' where seq = ${n}`)],
    ['an event is deleted', (store, n) => raw(store, `delete from ledger where seq = ${n}`)],
    [
      'two events change places',
      (store, n) =>
        raw(
          store,
          `update ledger set seq = -1 where seq = ${n}`,
          `update ledger set seq = ${n} where seq = ${(n % EVENTS) + 1}`,
          `update ledger set seq = ${(n % EVENTS) + 1} where seq = -1`,
        ),
    ],
    [
      'an event is put in',
      (store, n) =>
        raw(
          store,
          `update ledger set seq = -seq where seq > ${n}`,
          `update ledger set seq = 1 - seq where seq < 0`,
          `insert into ledger (id, at, event, actor, data, seq, hash) values ('x', 1, 'ban_lifted', 'system', '{}', ${n + 1}, 'x')`,
        ),
    ],
    ['the end is cut off', (store, n) => raw(store, `delete from ledger where seq >= ${n}`)],
  ]

  it.each(attacks)('P17 is found wherever it strikes: %s', async (_, attack) => {
    const { store, close } = await engines[0]!.open()
    await filled(store)
    const whole = await verifyLedger({ store }, null)
    const anchor = whole.ok ? { seq: Number(whole.last.split(':')[0]), hash: whole.last.split(':')[1] ?? '' } : null
    expect((await verifyLedger({ store }, anchor)).ok).toBe(true)
    await raw(store, 'drop trigger ledger_sealed', 'drop trigger ledger_kept')
    const kept = await store.db.selectFrom('ledger').selectAll().execute()
    for (let n = 1; n <= EVENTS; n++) {
      await attack(store, n)
      expect((await verifyLedger({ store }, anchor)).ok, `at ${n}`).toBe(false)
      await store.batch([
        store.db.deleteFrom('ledger'),
        ...kept.map((row) => store.db.insertInto('ledger').values(row)),
      ])
    }
    expect((await verifyLedger({ store }, anchor)).ok).toBe(true)
    await close()
  })
})
