import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addCompany } from '../../src/actions/addCompany.ts'
import { companyBans, objectForCompany } from '../../src/actions/objectForCompany.ts'
import { startApp, type TestApp } from '../app.ts'
import { addPeople, reportOf, scheduled } from '../people.ts'
import { engines } from '../stores.ts'

const asked = { requestedBy: 'Toimitusjohtaja', how: 'Puhelimessa 18.5.' }

describe.each(engines.map(({ name }) => name))('P07 a company objects for all its people (%s)', (engine) => {
  let t: TestApp
  beforeEach(async () => {
    t = await startApp({ engine })
  })
  afterEach(() => t.close())
  const company = async (input: Parameters<typeof addCompany>[1]) => {
    const made = await addCompany(t.deps, input)
    if (!made.ok) throw new Error(JSON.stringify(made))
    return made.company.id
  }

  test('nobody of its people is mailed any more, wherever their mailbox is; strangers at shared domains are', async () => {
    const id = await company({ name: 'Ei Oy', businessId: '1234567-1', domains: ['eioy.fi'] })
    await addPeople(t, [
      { email: 'aino@eioy.fi' },
      { email: 'bertta@tampere.eioy.fi' },
      { email: 'cecilia@gmail.com', companyId: id },
      { email: 'daavid@gmail.com' },
    ])
    const result = await objectForCompany(t.deps, id, asked, 'user:1')
    expect(result).toMatchObject({ ok: true, bans: [{ kind: 'company' }, { kind: 'domain' }] })
    const mailing = await scheduled(t)
    await t.tick()
    await t.deliver()
    expect((await t.mails()).map(({ recipient }) => recipient)).toEqual(['daavid@gmail.com'])
    expect((await reportOf(t, mailing)).skippedBy).toEqual({ banned: 3 })
  })

  test('without a business id its people elsewhere are banned by their addresses', async () => {
    const id = await company({ name: 'Ei Tmi', domains: ['eitmi.fi'] })
    await addPeople(t, [
      { email: 'aino@eitmi.fi', companyId: id },
      { email: 'cecilia@gmail.com', companyId: id },
    ])
    const result = await objectForCompany(t.deps, id, asked, 'user:1')
    expect(result).toMatchObject({ ok: true, bans: [{ kind: 'domain' }, { kind: 'email' }] })
    await scheduled(t)
    await t.tick()
    await t.deliver()
    expect(await t.mails()).toEqual([])
  })

  test('who asked and how is kept, without an address, and asking twice bans once', async () => {
    const id = await company({ name: 'Ei Oy', businessId: '1234567-1' })
    await objectForCompany(t.deps, id, asked, 'user:1')
    await objectForCompany(t.deps, id, asked, 'user:1')
    const found = await companyBans(t.deps, id)
    expect(found?.bans).toHaveLength(1)
    expect(found?.objections[0]).toMatchObject({ requested_by: asked.requestedBy, how: asked.how, scope: 'all' })
    const ledger = await t.deps.store.db.selectFrom('ledger').selectAll().where('event', '=', 'objection').execute()
    expect(ledger[0]).toMatchObject({ subject: id, actor: 'user:1' })
    expect(JSON.stringify(ledger)).not.toContain('Toimitusjohtaja')
  })

  test('says what is missing', async () => {
    const id = await company({ name: 'Tyhjä Oy' })
    expect(await objectForCompany(t.deps, id, asked, 'user:1')).toMatchObject({ ok: false, errors: [{ path: 'id' }] })
    const bad = { requestedBy: ' ', how: 'aino@eioy.fi', scope: 'kaikki' }
    const result = await objectForCompany(t.deps, id, bad, 'user:1')
    expect(!result.ok && result.kind === 'invalid' && result.errors.map(({ path }) => path)).toEqual([
      'requestedBy',
      'how',
      'scope',
    ])
    expect(await objectForCompany(t.deps, 'nothing', asked, 'user:1')).toMatchObject({ ok: false, kind: 'missing' })
    expect(await companyBans(t.deps, 'nothing')).toBeNull()
  })
})
