import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { nextPiece, proposePiece, startDue } from '../../src/store/mailings.ts'
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
        const row = await store.db
          .selectFrom('mailings')
          .select(['proposed_to', 'proposed_at'])
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
        if (row.proposed_at !== null) return
        const mailing = { id, audience: {}, after: row.proposed_to ?? '' }
        await store.batch(proposePiece(store, mailing, await nextPiece(store, mailing, 3), t.clock.now(), 3))
      }
    }
    // Each of them stops in the middle; the last ones go to the end.
    for (const pieces of [1, 2, 3]) await Promise.all([node(pieces), node(1), node(2)])
    await Promise.all([node(100), node(100)])
    const proposed = await store.db.selectFrom('deliveries').select('contact_id').where('mailing_id', '=', id).execute()
    expect(proposed.map((row) => row.contact_id ?? '').toSorted()).toEqual(people.toSorted())
    expect(
      (await sql<{ n: number }>`select proposed_at as n from mailings`.execute(store.db)).rows[0]?.n,
    ).not.toBeNull()
    await t.close()
  }, 60_000)
})

/** The real server dies while 11,000 (60,000) recipients are proposed; the relay is away, so that nothing else happens. */
describe('kill -9 while recipients are proposed', () => {
  const size = faults ? 60_000 : 11_000
  test(`F05 F06 P06 ${size} recipients, killed on the way: the next process goes on and thinks of exactly the same people`, async () => {
    const home = makeHome({ MAIL_URL: 'smtp://127.0.0.1:9', LOG_LEVEL: 'error' })
    const people = [...(await addRecipients(home.env, numbered(size))).keys()]
    const server = await startServer({ home })
    const id = await deskOf(server).send()
    const count = () =>
      withDatabase(home.file, (database) => Number(database.prepare('select count(*) from deliveries').pluck().get()))
    let killedMidway = 0
    for (const share of faults ? [0.01, 0.1, 0.5, 0.9] : [0.01, 0.5]) {
      await until('recipients are proposed', () => count() >= share * size, 60_000, 1)
      await server.kill()
      if (count() < size) killedMidway++
      await server.restart()
    }
    const report = await until(
      'everybody is proposed',
      async () => {
        const now = await deskOf(server).report(id)
        expect(now.state).not.toBe('finished')
        return now.counts.proposed === size && now
      },
      60_000,
    )
    expect(killedMidway).toBeGreaterThan(0)
    expect(report.counts).toMatchObject({ sent: 0, failed: 0 })
    const proposed = withDatabase(
      home.file,
      (database) => database.prepare('select contact_id from deliveries').pluck().all() as string[],
    )
    expect(proposed.toSorted()).toEqual(people.toSorted())
    await server.close()
  }, 300_000)
})
