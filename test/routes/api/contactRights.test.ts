import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeContact } from '../../../src/actions/changeContact.ts'
import { leavingHashes } from '../../../src/mail/leavingHashes.ts'
import { links } from '../../../src/mail/tokens.ts'
import { startApp, type TestApp } from '../../app.ts'
import { clientOf, type Client } from './client.ts'

let app: TestApp
let client: Client

const evidence = 'said so at the fair in Turku'
const consent = { topic: 'newsletter', rule: 'consent', evidence }
const add = async (email: string, more: object = {}) => {
  const { status, json } = await client.call('POST', '/contacts', { email, source: 'fair', ...more })
  expect([status, json.errors]).toEqual([status < 300 ? status : 'added', undefined])
  return json as { id: string; warnings: { path: string; reason: string }[] }
}

/** The person leaves a topic by the link of a mailing. */
async function leave(id: string, topic: string) {
  const row = await app.deps.store.db.selectFrom('contacts').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const { makeLeaving } = links(app.deps)
  const token = makeLeaving({
    topic,
    language: 'fi',
    mailingId: 'm',
    contactId: id,
    hashes: leavingHashes(app.deps.keyring, row),
  })
  const answer = await app.request(`/u/${token}`, {
    method: 'POST',
    body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
  })
  expect(answer.status).toBe(200)
  app.clock.advance(1000)
}

/** What the gate says today of everybody in the audience of a mailing on this topic. */
async function gate(topic = 'newsletter', kind = 'newsletter') {
  const draft = { kind, topic, subject: 'Hei', content: { format: 'markdown', body: 'Tervetuloa' } }
  const { json } = await client.call('POST', '/mailings', draft)
  return (await client.call('POST', `/mailings/${json.id}/check`)).json.counts
}

describe('what a person is owed', () => {
  beforeEach(async () => {
    app = await startApp()
    client = await clientOf(app)
  })
  afterEach(() => app.close())

  it('P09 no permission that others record brings back who left: the API accepts, warns, and nothing is sent', async () => {
    const { id } = await add('maija@yritys.example', { permissions: [consent] })
    await leave(id, 'newsletter')
    const { warnings } = await add('maija@yritys.example', {
      permissions: [consent, { ...consent, rule: 'existing_customer' }],
    })
    expect(warnings.map(({ reason }) => reason)).toEqual(['banned_topic', 'banned_topic'])
    expect(await gate()).toEqual({ allowed: 0, stopped: { banned_topic: 1 } })
  })

  it('P09 no update undoes a ban', async () => {
    const { id } = await add('maija@yritys.example', { permissions: [consent] })
    await client.call('POST', '/bans', { kind: 'email', value: 'maija@yritys.example' })
    app.clock.advance(1000)
    await add('maija@yritys.example', { name: 'Maija', permissions: [{ ...consent, rule: 'existing_customer' }] })
    await client.call('PATCH', `/contacts/${id}`, { source: 'crm', addressClass: 'role_work' })
    expect(await gate()).toEqual({ allowed: 0, stopped: { banned: 1 } })
  })

  it('B1-14 a new address takes bans and objections along, and no permission', async () => {
    const { id } = await add('maija@yritys.example', { permissions: [consent, { ...consent, topic: 'price-list' }] })
    await leave(id, 'price-list')
    await client.call('POST', '/bans', {
      kind: 'email',
      value: 'maija@yritys.example',
      scope: 'purpose:surveys',
      source: 'phone call',
    })
    app.clock.advance(1000)
    const moved = await client.call('PATCH', `/contacts/${id}`, { email: 'maija.virtanen@uusi.example' })
    expect([moved.status, moved.json.email]).toEqual([200, 'maija.virtanen@uusi.example'])
    expect(moved.json.permissions.map(({ topic, state }: { topic: string; state: string }) => [topic, state])).toEqual([
      ['newsletter', 'expired'],
      ['price-list', 'withdrawn'],
    ])
    const { json } = await client.call('GET', '/bans/check?kind=email&value=maija.virtanen@uusi.example')
    expect(json.by.map(({ scope }: { scope: string }) => scope).toSorted()).toEqual([
      'purpose:surveys',
      'topic:price-list',
    ])
    // The old address stays banned, for it may be somebody's again.
    expect((await client.call('GET', '/bans/check?kind=email&value=maija@yritys.example')).json.by).toHaveLength(2)
    expect(await gate()).toEqual({ allowed: 0, stopped: { consent_expired: 1 } })
    // What is given for the new address counts there.
    expect((await add('maija.virtanen@uusi.example', { permissions: [consent] })).warnings).toEqual([])
    expect(
      (await add('maija.virtanen@uusi.example', { permissions: [{ ...consent, topic: 'price-list' }] })).warnings,
    ).toMatchObject([{ reason: 'banned_topic' }])
  })

  it('B1-14 a change of address that comes too late ends no permission and bans nobody', async () => {
    const { id } = await add('maija@yritys.example', { permissions: [consent, { ...consent, topic: 'price-list' }] })
    await leave(id, 'price-list')
    const { deps } = app
    const row = await deps.store.db.selectFrom('contacts').selectAll().executeTakeFirstOrThrow()
    // Somebody changes the name between its look and its write, in the same millisecond.
    let first = true
    const batch: typeof deps.store.batch = async (queries) => {
      if (first) {
        first = false
        await changeContact(deps, id, { name: 'Maija' }, null, 'system')
      }
      return deps.store.batch(queries)
    }
    const slow = { ...deps, store: { ...deps.store, batch } }
    const moved = await changeContact(slow, id, { email: 'maija@uusi.example' }, row.updated_at, 'system')
    expect(moved).toEqual({ ok: false, kind: 'stale' })
    expect(await gate()).toEqual({ allowed: 1, stopped: {} })
    expect((await client.call('GET', '/bans/check?kind=email&value=maija@uusi.example')).json.banned).toBe(false)
  })

  it('B1-14 a plus tag is no way out of a ban', async () => {
    await client.call('POST', '/bans', { kind: 'email', value: 'maija@yritys.example' })
    const { id } = await add('maija+uutiset@yritys.example')
    await client.call('PATCH', `/contacts/${id}`, { email: 'toinen@muualla.example' })
    expect((await client.call('GET', '/bans/check?kind=email&value=toinen@muualla.example')).json.banned).toBe(true)
  })

  it('a new address that another contact has is refused', async () => {
    await add('varattu@yritys.example')
    const { id } = await add('maija@yritys.example')
    expect((await client.call('PATCH', `/contacts/${id}`, { email: 'Varattu@yritys.example' })).status).toBe(409)
  })

  it('B1-16 restricted people are stored and get nothing', async () => {
    const { id } = await add('maija@yritys.example', { permissions: [consent] })
    expect((await client.call('PATCH', `/contacts/${id}`, { restricted: true })).json.restrictedAt).not.toBeNull()
    expect(await gate()).toEqual({ allowed: 0, stopped: { restricted: 1 } })
    await client.call('PATCH', `/contacts/${id}`, { restricted: false })
    expect(await gate()).toEqual({ allowed: 1, stopped: {} })
  })

  it('P18 erasing a contact leaves what it objected to blocked, and its history without its data', async () => {
    const { id } = await add('maija@yritys.example', { name: 'Maija', permissions: [consent] })
    await leave(id, 'newsletter')
    expect((await client.call('DELETE', `/contacts/${id}`)).status).toBe(204)
    expect((await client.call('GET', `/contacts/${id}`)).status).toBe(404)
    expect((await client.call('DELETE', `/contacts/${id}`)).status).toBe(404)
    const history = await client.call('GET', `/contacts/${id}/ledger`)
    expect(history.json.items.map(({ event }: { event: string }) => event)).toContain('contact_erased')
    expect((await add('maija@yritys.example', { permissions: [consent] })).warnings).toMatchObject([
      { reason: 'banned_topic' },
    ])
  })

  it('B1-13 export everything that is known of a person; B1-18 portable is what they gave by consent', async () => {
    await client.call('POST', '/companies', { name: 'Yritys Oy', businessId: '1234567-1', domains: ['yritys.example'] })
    const { id } = await add('maija@yritys.example', {
      name: 'Maija',
      permissions: [consent, { topic: 'price-list', rule: 'existing_customer', evidence }],
    })
    await client.call('POST', '/bans', {
      kind: 'email',
      value: 'maija@yritys.example',
      scope: 'topic:price-list',
      source: 'letter',
    })
    const { json } = await client.call('POST', '/mailings', {
      kind: 'newsletter',
      topic: 'newsletter',
      subject: 'Hei',
      content: { format: 'markdown', body: 'Tervetuloa' },
    })
    await client.call('POST', `/mailings/${json.id}/schedule`, { at: 'now' })
    await app.tick()
    await app.deliver()
    const { json: all } = await client.call('GET', `/contacts/${id}/export`)
    expect(all).toMatchObject({
      controller: { name: 'Myyjä Oy' },
      contact: { email: 'maija@yritys.example', name: 'Maija', source: 'fair' },
      company: { name: 'Yritys Oy' },
      permissions: [
        { topic: 'newsletter', rule: 'consent', evidence: { said: evidence } },
        { topic: 'price-list', rule: 'existing_customer' },
      ],
      bans: [{ kind: 'email', scope: 'topic:price-list', source: 'letter' }],
      messages: [{ kind: 'mailing', topic: 'newsletter', subject: 'Hei', state: 'sent' }],
      purposes: [{ key: 'direct_marketing' }, { key: 'price_list' }],
      recipients: [],
    })
    expect(all.messages[0].messageId).toContain('@')
    expect(all.events.map(({ event }: { event: string }) => event)).toEqual(
      expect.arrayContaining(['contact_created', 'permission_recorded']),
    )
    const { json: portable } = await client.call('GET', `/contacts/${id}/export?only=portable`)
    expect(portable.permissions.map(({ rule }: { rule: string }) => rule)).toEqual(['consent'])
    expect(Object.keys(portable).toSorted()).toEqual(['contact', 'permissions'])
    expect(portable.contact).not.toHaveProperty('source')
    const other = await add('pekka@yritys.example', {
      permissions: [{ topic: 'price-list', rule: 'existing_customer', evidence }],
    })
    expect((await client.call('GET', `/contacts/${other.id}/export?only=portable`)).json).toEqual({})
  })
})
