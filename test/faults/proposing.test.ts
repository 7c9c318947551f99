import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { startDue, proposeNext } from '../../src/store/mailings.ts'
import { startApp } from '../app.ts'
import { addPeople, scheduled } from '../people.ts'
import { makeHome, startServer } from '../server.ts'
import { engines } from '../stores.ts'
import { addRecipients, deskOf, faults, numbered, until, withDatabase } from './campaign.ts'

describe.each(engines.map(({ name }) => name))('proposing the recipients of a mailing on %s', (engine) => {
  test('P06 P24 piece by piece, by several nodes at once that die at any point, thinks of everybody once', async () => {
    const t = await startApp({ engine })
    const { store } = t.deps
    const people = await addPeople(t, numbered(60))
    const id = await scheduled(t)
    await store.batch([startDue(store, t.clock.now())])
    const node = async (pieces: number) => {
      for (let n = 0; n < pieces; n++) {
        const row = await store.db.selectFrom('mailings').select(['proposed_to', 'proposed_at']).where('id', '=', id).executeTakeFirstOrThrow()
        if (row.proposed_at !== null) return
        await store.batch(proposeNext(store, { id, audience: {}, proposedTo: row.proposed_to }, t.clock.now(), 3))
      }
    }
    // Each of them stops in the middle; the last ones go to the end.
    for (const pieces of [1, 2, 3]) await Promise.all([node(pieces), node(1), node(2)])
    await Promise.all([node(100), node(100)])
    const proposed = await store.db.selectFrom('deliveries').select('contact_id').where('mailing_id', '=', id).execute()
    expect(proposed.map((row) => row.contact_id).toSorted()).toEqual(people.toSorted())
    expect((await sql<{ n: number }>`select proposed_at as n from mailings`.execute(store.db)).rows[0]?.n).not.toBeNull()
    await t.close()
  }, 60_000)
})
