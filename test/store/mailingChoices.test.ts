import { expect, it } from 'vitest'
import type { MailingState } from '../../src/rules/mailing.ts'
import { mailingState } from '../../src/rules/mailing.ts'
import {
  addressesOf,
  companiesById,
  companiesCalled,
  priceGroups,
  staffAddresses,
} from '../../src/store/mailingChoices.ts'
import { mailingsIn } from '../../src/store/mailingList.ts'
import { timesOf } from '../../src/store/mailings.ts'
import { startApp } from '../app.ts'
import { addPeople, scheduled } from '../people.ts'
import { engines } from '../stores.ts'

it.each(engines.map(({ name }) => name))(
  'the mailings of a state are those whose times say so, and forms offer what is there (%s)',
  { timeout: 120_000 },
  async (engine) => {
    const t = await startApp({ engine })
    const { store } = t.deps
    try {
      const now = t.clock.now()
      const set = { started_at: now, paused_at: now, held_at: now, finished_at: now, cancelled_at: now }
      const names = Object.keys(set) as (keyof typeof set)[]
      // Every combination of times; the state of each is what the rule says.
      for (let bits = 0; bits < 2 ** names.length; bits++) {
        const id = await scheduled(t, {}, '2026-06-01T09:00')
        const chosen = names.filter((_, n) => bits & (1 << n))
        if (chosen.length > 0)
          await store.batch([
            store.db
              .updateTable('mailings')
              .set(Object.fromEntries(chosen.map((name) => [name, now])))
              .where('id', '=', id),
          ])
      }
      const all = await mailingsIn(store, null, undefined, 100)
      expect(all).toHaveLength(32)
      const states: MailingState[] = ['draft', 'scheduled', 'sending', 'paused', 'held', 'finished', 'cancelled']
      for (const state of states) {
        const rows = await mailingsIn(store, state, undefined, 100)
        const expected = all.filter((row) => mailingState(timesOf(row)).state === state)
        expect([state, rows.map(({ id }) => id)]).toEqual([state, expected.map(({ id }) => id)])
      }
      expect((await mailingsIn(store, null, all[9]?.id, 2)).map(({ id }) => id)).toEqual([all[10]?.id, all[11]?.id])

      const company = { form: 'legal_person' as const, address: null, keys: '[]', created_at: 1, updated_at: 1 }
      await store.batch([
        store.db
          .insertInto('companies')
          .values({ ...company, id: 'c1', name: 'Rauta Oy', business_id: '1234567-1', price_group: 'B' }),
        store.db
          .insertInto('companies')
          .values({ ...company, id: 'c2', name: 'Puu Oy', business_id: null, price_group: 'A' }),
        store.db
          .insertInto('companies')
          .values({ ...company, id: 'c3', name: 'Muu Oy', business_id: null, price_group: null }),
        store.db.insertInto('users').values({
          id: 'u1',
          strict: 'maija@myyja.example',
          address: 'maija@myyja.example',
          name: null,
          language: 'fi',
          created_at: 1,
          disabled_at: null,
        }),
      ])
      expect(await priceGroups(store)).toEqual(['A', 'B'])
      expect(await staffAddresses(store)).toEqual(['maija@myyja.example'])
      expect((await companiesCalled(store, ['Puu Oy', '1234567-1', 'Ei Ole'])).map(({ id }) => id).sort()).toEqual([
        'c1',
        'c2',
      ])
      expect(await companiesById(store, ['c3', 'c9'])).toEqual([{ id: 'c3', name: 'Muu Oy', businessId: null }])
      const [id = ''] = await addPeople(t, [{ email: 'matti@yritys.example' }])
      expect(await addressesOf(store, [id, 'unknown'])).toEqual(new Map([[id, 'matti@yritys.example']]))
      expect(await addressesOf(store, [])).toEqual(new Map())
    } finally {
      await t.close()
    }
  },
)
