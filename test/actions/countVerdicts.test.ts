import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addCompany } from '../../src/actions/addCompany.ts'
import { ban } from '../../src/actions/ban.ts'
import { countVerdicts } from '../../src/actions/countVerdicts.ts'
import { objectForCompany } from '../../src/actions/objectForCompany.ts'
import { keysOfColumn } from '../../src/store/keys.ts'
import { startApp, type TestApp } from '../app.ts'
import { addPeople } from '../people.ts'
import { engines } from '../stores.ts'

describe.each(engines.map(({ name }) => name))('the pre-send counts (%s)', (engine) => {
  let t: TestApp
  beforeEach(async () => {
    t = await startApp({ engine })
  })
  afterEach(() => t.close())

  test('are the same for many, kind by kind, as when the gate is asked about each contact alone', async () => {
    const { db } = t.deps.store
    const company = await addCompany(t.deps, { name: 'Ei Oy', businessId: '1234567-1', domains: ['eioy.fi'] })
    if (!company.ok) throw new Error('no company')
    const plain = Array.from({ length: 12 }, (_, n) => ({ email: `henkilo${n}@yritys${n}.fi` }))
    const ids = await addPeople(t, [
      ...plain,
      { email: 'banned@yritys.fi' },
      { email: 'plus+tag@yritys.fi' },
      { email: 'at@kielto.fi' },
      { email: 'below@osasto.kielto.fi' },
      { email: 'theirs@eioy.fi' },
      { email: 'theirs@gmail.com', companyId: company.company.id },
      { email: 'dead@yritys.fi' },
      { email: 'restricted@yritys.fi' },
      { email: 'left@yritys.fi' },
      { email: 'expired@yritys.fi' },
      { email: 'noreply@yritys.fi' },
      { email: 'laskut@yritys.fi', rule: 'legal_person' },
      { email: 'named@yritys.fi', rule: 'legal_person' },
      { email: 'myynti@yritys.fi', rule: 'legal_person' },
      { email: 'twice@yritys.fi', topics: ['price-list', 'price-list'] },
      { email: 'returned@yritys.fi' },
      ...plain.map((_, n) => ({ email: `toinen${n}@yritys${n}.fi` })),
    ])
    for (const [kind, value] of [
      ['email', 'banned@yritys.fi'],
      ['email', 'plus+muu@yritys.fi'],
      ['email', 'returned@yritys.fi'],
      ['domain', 'kielto.fi'],
    ] as const)
      await ban(t.deps, { kind, value }, 'system')
    await objectForCompany(t.deps, company.company.id, { requestedBy: 'johtaja', how: 'kirjeellä' }, 'system')
    const idOf = async (email: string) =>
      (await db.selectFrom('contacts').select(['id', 'keys']).where('strict', '=', email).executeTakeFirstOrThrow()) ??
      null
    const [dead, left, expired, returned] = await Promise.all(
      ['dead', 'left', 'expired', 'returned'].map((local) => idOf(`${local}@yritys.fi`)),
    )
    const now = t.clock.now()
    const of = (id = '') => db.updateTable('permissions').where('contact_id', '=', id)
    await t.deps.store.batch([
      db.insertInto('dead_addresses').values({
        hash: keysOfColumn(dead?.keys ?? '[]')[0] ?? '',
        reason: null,
        first_at: now,
        confirmed_at: now,
      }),
      db.updateTable('contacts').set({ restricted_at: now }).where('strict', '=', 'restricted@yritys.fi'),
      of(left?.id).set({ withdrawn_at: now }),
      of(expired?.id).set({ expires_at: now - 1 }),
      of(returned?.id).set({ confirmed_at: now + 1 }),
    ])
    t.clock.advance(60_000)
    const row = { id: '', class: 'marketing', topic: 'price-list', purpose: 'price_list' } as const
    const alone = await countVerdicts(t.deps, row, {}, [], { atOnce: 1000, many: Infinity })
    const together = await countVerdicts(t.deps, row, {}, [], { atOnce: 4, many: 3 })
    expect(together).toEqual(alone)
    expect(alone.stopped).toEqual({
      banned: 5,
      loose_match: 1,
      dead_address: 1,
      restricted: 1,
      unsubscribed: 1,
      consent_expired: 1,
      never_mailed: 1,
      invoice_address: 1,
      no_permission: 1,
    })
    expect(alone.allowed).toBe(ids.length - 13)
  })
})
