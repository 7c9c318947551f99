import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { clientOf, type Client } from './client.ts'

let app: TestApp
let client: Client

beforeEach(async () => {
  app = await startApp()
  client = await clientOf(app)
})
afterEach(() => app.close())

const check = async (kind: string, value: string) =>
  (await client.call('GET', `/bans/check?kind=${kind}&value=${encodeURIComponent(value)}`)).json
const add = (body: object) => client.call('POST', '/bans', body)
const asked = { requestedBy: 'the person, by phone', reason: 'wants the newsletter again, ticket 4711' }

describe('bans', () => {
  it('are added once: the same ban again is the same', async () => {
    const first = await add({
      kind: 'email',
      value: 'Maija@Yritys.example',
      reason: 'letter',
      source: 'customer service',
    })
    expect([first.status, first.json]).toEqual([201, { id: first.json.id, kind: 'email', scope: 'all' }])
    const again = await add({
      kind: 'email',
      value: 'maija@yritys.example',
      reason: 'phone',
      source: 'customer service',
    })
    expect([again.status, again.json.id]).toEqual([200, first.json.id])
    expect((await check('email', 'maija@yritys.example')).by).toEqual([
      { kind: 'email', scope: 'all', source: 'customer service', at: '2026-05-18T06:30:00.000Z' },
    ])
  })

  it.each([
    ['email', 'maija@yritys.example', 'maija@yritys.example'],
    ['email', 'maija@yritys.example', 'Maija+uutiset@YRITYS.example'],
    ['domain', 'yritys.example', 'info@posti.yritys.example'],
    ['domain', 'yritys.example', 'info@yritys.example'],
  ])('a ban by %s on %s hits %s', async (kind, value, address) => {
    await add({ kind, value })
    expect(await check('email', address)).toMatchObject({ banned: true, by: [{ kind }] })
  })

  it.each([
    ['phone', '040 123 4567', '+358 (0)40 123 4567'],
    ['company', '1234567-1', 'FI12345671'],
    ['domain', 'yritys.example', 'posti.yritys.example'],
    ['postal', 'Maija|Katu 1|00100', 'maija|KATU 1|00100'],
  ])('D-11 a ban by %s is found in another spelling', async (kind, value, asks) => {
    await add({ kind, value })
    expect((await check(kind, asks)).banned).toBe(true)
    expect((await check('email', 'muu@toinen.example')).banned).toBe(false)
  })

  it('a postal address may come in parts', async () => {
    expect((await add({ kind: 'postal', value: { name: 'Maija', street: 'Katu 1', postcode: '00100' } })).status).toBe(
      201,
    )
    expect((await check('postal', 'maija|katu 1|00100')).banned).toBe(true)
  })

  it('D-10 a ban of a company is a ban of everybody at its domains', async () => {
    await client.call('POST', '/companies', { name: 'Yritys Oy', businessId: '1234567-1', domains: ['yritys.example'] })
    await add({ kind: 'company', value: '1234567-1' })
    expect(await check('email', 'kuka.tahansa@yritys.example')).toMatchObject({
      banned: true,
      by: [{ kind: 'company' }],
    })
  })

  it.each([
    ['email', 'x', 'value'],
    ['email', 5, 'value'],
    ['domain', 'gmail.com', 'value'],
    ['domain', 'fi', 'value'],
    ['domain', 'dy.fi', 'value'],
    ['domain', '*.yritys.example', 'value'],
    ['company', '1234567-8', 'value'],
    ['phone', '112', 'value'],
    ['postal', 'x', 'value'],
    ['person', 'x', 'kind'],
  ])('D-9 D-13 refuse %s %s', async (kind, value, path) => {
    const { status, json } = await add({ kind, value })
    expect([status, json.errors[0].path]).toEqual([422, path])
  })

  it.each(['topic:nothing', 'purpose:nothing', 'everything', 'topic:'])('refuse the scope %s', async (scope) => {
    expect((await add({ kind: 'email', value: 'a@yritys.example', scope })).status).toBe(422)
  })

  it('D-20 keep no address in their remarks, for they outlive the person', async () => {
    expect((await add({ kind: 'email', value: 'a@yritys.example', reason: 'a@yritys.example wrote' })).status).toBe(422)
    await add({ kind: 'email', value: 'maija.meikalainen@yritys.example', reason: 'letter' })
    const rows = [
      ...(await app.deps.store.db.selectFrom('bans').selectAll().execute()),
      ...(await app.deps.store.db.selectFrom('ban_keys').selectAll().execute()),
      ...(await app.deps.store.db.selectFrom('ledger').selectAll().execute()),
    ]
    expect(JSON.stringify(rows)).not.toMatch(/maija|yritys\.example/i)
  })

  it('D-29 are lifted by a recorded request only, by value and scope or by id', async () => {
    await add({ kind: 'email', value: 'maija@yritys.example' })
    const topic = await add({ kind: 'email', value: 'maija@yritys.example', scope: 'topic:newsletter' })
    const target = { kind: 'email', value: 'maija@yritys.example' }
    expect((await client.call('DELETE', '/bans', target)).status).toBe(422)
    expect((await client.call('DELETE', '/bans', { ...target, requestedBy: ' ', reason: 'x' })).status).toBe(422)
    expect((await client.call('DELETE', `/bans/${topic.json.id}`, {})).status).toBe(422)
    expect((await check('email', 'maija@yritys.example')).by).toHaveLength(2)

    expect((await client.call('DELETE', '/bans', { ...target, ...asked })).json.lifted).toHaveLength(1)
    expect((await check('email', 'maija@yritys.example')).by).toMatchObject([{ scope: 'topic:newsletter' }])
    expect((await client.call('DELETE', `/bans/${topic.json.id}`, asked)).json).toEqual({ lifted: [topic.json.id] })
    expect((await client.call('DELETE', `/bans/${topic.json.id}`, asked)).status).toBe(404)
    expect((await client.call('DELETE', '/bans', { ...target, ...asked })).status).toBe(404)
    const rows = await app.deps.store.db.selectFrom('bans').select(['lifted_by', 'lift_reason']).execute()
    expect(rows).toEqual([
      { lifted_by: asked.requestedBy, lift_reason: asked.reason },
      { lifted_by: asked.requestedBy, lift_reason: asked.reason },
    ])
    const events = (await client.call('GET', '/ledger')).json.items.map(({ event }: { event: string }) => event)
    expect(events.filter((event: string) => event === 'ban_lifted')).toHaveLength(2)
  })

  it('D-29 lifting the ban of one spelling leaves that of another', async () => {
    await add({ kind: 'email', value: 'maija@yritys.example' })
    const other = { kind: 'email', value: 'maija+x@yritys.example', ...asked }
    expect((await client.call('DELETE', '/bans', other)).status).toBe(404)
    expect((await check('email', 'maija@yritys.example')).banned).toBe(true)
  })

  it('D-7 found and lifted under an older secret too', async () => {
    await add({ kind: 'email', value: 'maija@yritys.example' })
    const { makeKeyring } = await import('../../../src/keyring.ts')
    app.deps.keyring = makeKeyring(['another secret of more than thirty-two characters', ...app.deps.config.secrets])
    expect((await check('email', 'maija@yritys.example')).banned).toBe(true)
    const lifted = await client.call('DELETE', '/bans', { kind: 'email', value: 'maija@yritys.example', ...asked })
    expect(lifted.json.lifted).toHaveLength(1)
  })

  it('of an external register are not ours to lift', async () => {
    const { json } = await add({ kind: 'email', value: 'maija@yritys.example' })
    await app.deps.store.batch([app.deps.store.db.updateTable('bans').set({ external: 1, source: 'register' })])
    expect((await client.call('DELETE', `/bans/${json.id}`, asked)).status).toBe(409)
    expect((await check('email', 'maija@yritys.example')).banned).toBe(true)
  })

  it('stop mail from the moment they are answered', async () => {
    const permissions = [{ topic: 'newsletter', rule: 'legal_person' }]
    for (const name of ['info', 'myynti'])
      await client.call('POST', '/contacts', { email: `${name}@yritys.example`, source: 'x', permissions })
    const draft = {
      kind: 'newsletter',
      topic: 'newsletter',
      subject: 'Hei',
      content: { format: 'markdown', body: 'Tervetuloa' },
    }
    const { json } = await client.call('POST', '/mailings', draft)
    await client.call('POST', `/mailings/${json.id}/schedule`, { at: 'now' })
    await app.tick()
    await add({ kind: 'email', value: 'info@yritys.example' })
    await app.deliver()
    expect((await app.mails()).map(({ recipient }) => recipient)).toEqual(['myynti@yritys.example'])
    const found = await client.call('GET', `/mailings/${json.id}`)
    expect(found.json).toMatchObject({
      state: 'finished',
      counts: { proposed: 2, sent: 1, skipped: 1 },
      skippedBy: { banned: 1 },
    })
    const skipped = (await client.call('GET', `/mailings/${json.id}/deliveries?state=skipped`)).json.items
    expect(skipped).toMatchObject([{ state: 'skipped', reason: 'banned', allowedBy: null, sentAt: null }])
    const sent = (await client.call('GET', `/mailings/${json.id}/deliveries?state=sent`)).json.items
    expect(sent).toMatchObject([{ state: 'sent', allowedBy: 'legal_person' }])
  })
})
