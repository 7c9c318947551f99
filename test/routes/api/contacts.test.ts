import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { leavingHashes } from '../../../src/mail/leavingHashes.ts'
import { links } from '../../../src/mail/tokens.ts'
import { startApp, type TestApp } from '../../app.ts'
import { inputs } from '../../inputs.ts'
import { clientOf, type Client } from './client.ts'

let app: TestApp
let client: Client

const begin = async (env: Record<string, string> = {}) => {
  app = await startApp({ env })
  client = await clientOf(app)
}

const evidence = 'said so at the fair in Turku'
const consent = { topic: 'newsletter', rule: 'consent', evidence }
const add = async (email: string, more: object = {}) => {
  const { status, json } = await client.call('POST', '/contacts', { email, source: 'fair', ...more })
  expect([status, json.errors]).toEqual([status < 300 ? status : 'added', undefined])
  return json as { id: string; warnings: { path: string; reason: string }[] }
}
const contact = async (id: string) => (await client.call('GET', `/contacts/${id}`)).json

/** The person leaves a topic by the link of a mailing. */
async function leave(id: string, topic: string) {
  const row = await app.deps.store.db.selectFrom('contacts').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const { makeLeaving } = links(app.deps)
  const token = makeLeaving({ topic, language: 'fi', mailingId: 'm', contactId: id, hashes: leavingHashes(app.deps.keyring, row) })
  const answer = await app.request(`/u/${token}`, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })
  expect(answer.status).toBe(200)
  app.clock.advance(1000)
}

/** What the gate says today of everybody in the audience of a mailing on this topic. */
async function gate(topic = 'newsletter', kind = 'newsletter') {
  const draft = { kind, topic, subject: 'Hei', content: { format: 'markdown', body: 'Tervetuloa' } }
  const { json } = await client.call('POST', '/mailings', draft)
  return (await client.call('POST', `/mailings/${json.id}/check`)).json.counts
}

describe('contacts', () => {
  beforeEach(() => begin())
  afterEach(() => app.close())

  it('are added with a permission and its proof, who recorded it and when', async () => {
    const { id, warnings } = await add('Maija.Meikalainen@yritys.example', {
      name: 'Maija Meikäläinen',
      phone: '040 123 4567',
      language: 'sv',
      permissions: [
        consent,
        { topic: 'price-list', rule: 'duty_evidence', evidence: { duty: 'buys our parts', how: 'order 123', when: '2026-05-02', by: 'M. Myyjä' } },
      ],
    })
    expect(warnings).toEqual([])
    const found = await contact(id)
    expect(found).toMatchObject({
      email: 'Maija.Meikalainen@yritys.example',
      name: 'Maija Meikäläinen',
      phone: '+358401234567',
      language: 'sv',
      source: 'fair',
      addressClass: 'named_work',
      createdAt: '2026-05-18T06:30:00.000Z',
    })
    expect(found.permissions).toMatchObject([
      { topic: 'newsletter', rule: 'consent', basis: 'consent', state: 'confirmed', evidence: { said: evidence, by: 'api:environment', at: '2026-05-18T06:30:00.000Z' } },
      { topic: 'price-list', rule: 'duty_evidence', basis: 'legitimate_interest', state: 'confirmed', evidence: { said: { duty: 'buys our parts' } } },
    ])
    expect(await gate()).toEqual({ allowed: 1, stopped: {} })
  })

  it('are the same contact when the address is known: given fields change, the same permission is not doubled or prolonged', async () => {
    const first = await add('maija@yritys.example', { name: 'Maija', permissions: [consent] })
    const before = await contact(first.id)
    app.clock.advance(86_400_000)
    const answer = await client.call('POST', '/contacts', { email: 'MAIJA@Yritys.example', phone: '0401234567', source: 'crm', permissions: [consent] })
    expect([answer.status, answer.json.id]).toEqual([200, first.id])
    const after = await contact(first.id)
    expect(after).toMatchObject({ name: 'Maija', phone: '+358401234567', source: 'crm', permissions: before.permissions })
  })

  it('two requests for one address at the same time make one contact', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => client.call('POST', '/contacts', { email: 'a@yritys.example', source: 'x', permissions: [consent] })))
    expect(new Set(all.map(({ json }) => json.id)).size).toBe(1)
    expect(all.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 201])
    expect((await contact(all[0]!.json.id)).permissions).toHaveLength(1)
  })

  it('are found by their address in any spelling, and listed', async () => {
    const { id } = await add('Info@Käsityö.example')
    const { json } = await client.call('GET', `/contacts?email=${encodeURIComponent('info@xn--ksity-gra4k.EXAMPLE')}`)
    expect(json.items.map((item: { id: string }) => item.id)).toEqual([id])
    expect((await client.call('GET', '/contacts?email=nobody@yritys.example')).json.items).toEqual([])
    expect((await client.call('GET', '/contacts')).json.items).toHaveLength(1)
    expect((await client.call('GET', '/contacts/nobody')).status).toBe(404)
  })

  it('hold only what the purposes of their topics may hold: the field is named and nothing is stored', async () => {
    const { status, json } = await client.call('POST', '/contacts', {
      email: 'a@yritys.example',
      name: 'Anna',
      title: 'Ostaja',
      source: 'x',
      permissions: [{ topic: 'survey', rule: 'existing_customer', evidence }],
    })
    expect(status).toBe(422)
    expect(json.errors.map(({ path }: { path: string }) => path)).toEqual(['name', 'title'])
    expect((await client.call('GET', '/contacts')).json.items).toEqual([])
    await add('a@yritys.example', { permissions: [{ topic: 'survey', rule: 'existing_customer', evidence }] })
    const patched = await client.call('PATCH', `/contacts/${(await add('a@yritys.example')).id}`, { name: 'Anna' })
    expect([patched.status, patched.json.errors[0].path]).toEqual([422, 'name'])
    // Another topic whose purpose may hold a name lets it in.
    await add('a@yritys.example', { name: 'Anna', permissions: [consent] })
  })

  it.each([
    [undefined, 'permissions.0.evidence'],
    ['too short', 'permissions.0.evidence'],
    ['          ', 'permissions.0.evidence'],
    [{ duty: 'buys', how: '', when: '2026', by: 'x' }, 'permissions.0.evidence.how'],
  ])('B1-5 are not permitted without proof: %j', async (proof, path) => {
    const permissions = [{ topic: 'newsletter', rule: 'consent', ...(proof === undefined ? {} : { evidence: proof }) }]
    const { status, json } = await client.call('POST', '/contacts', { email: 'a@yritys.example', source: 'x', permissions })
    expect([status, json.errors[0].path]).toEqual([422, path])
  })

  it('B2-5 a role address of a legal person needs no proof, only the right to forbid', async () => {
    const { warnings } = await add('info@yritys.example', { permissions: [{ topic: 'newsletter', rule: 'legal_person' }] })
    expect(warnings).toEqual([])
    expect(await gate()).toEqual({ allowed: 1, stopped: {} })
  })

  it('B2 warn at once when the rule does not open mail to that class of address', async () => {
    const { warnings } = await add('matti@yritys.example', { permissions: [{ topic: 'newsletter', rule: 'legal_person', evidence }] })
    expect(warnings).toMatchObject([{ path: 'permissions.0', reason: 'no_permission' }])
    const banned = await client.call('POST', '/bans', { kind: 'domain', value: 'toinen.example' })
    expect(banned.status).toBe(201)
    expect((await add('info@toinen.example', { permissions: [consent] })).warnings).toMatchObject([{ reason: 'banned' }])
  })

  it('P09 no permission that others record brings back who left: the API accepts, warns, and nothing is sent', async () => {
    const { id } = await add('maija@yritys.example', { permissions: [consent] })
    await leave(id, 'newsletter')
    const { warnings } = await add('maija@yritys.example', { permissions: [consent, { ...consent, rule: 'existing_customer' }] })
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
    await client.call('POST', '/bans', { kind: 'email', value: 'maija@yritys.example', scope: 'purpose:surveys', source: 'phone call' })
    app.clock.advance(1000)
    const moved = await client.call('PATCH', `/contacts/${id}`, { email: 'maija.virtanen@uusi.example' })
    expect([moved.status, moved.json.email]).toEqual([200, 'maija.virtanen@uusi.example'])
    expect(moved.json.permissions.map(({ topic, state }: { topic: string; state: string }) => [topic, state])).toEqual([
      ['newsletter', 'expired'],
      ['price-list', 'withdrawn'],
    ])
    const { json } = await client.call('GET', '/bans/check?kind=email&value=maija.virtanen@uusi.example')
    expect(json.by.map(({ scope }: { scope: string }) => scope).toSorted()).toEqual(['purpose:surveys', 'topic:price-list'])
    // The old address stays banned, for it may be somebody's again.
    expect((await client.call('GET', '/bans/check?kind=email&value=maija@yritys.example')).json.by).toHaveLength(2)
    expect(await gate()).toEqual({ allowed: 0, stopped: { consent_expired: 1 } })
    // What is given for the new address counts there.
    expect((await add('maija.virtanen@uusi.example', { permissions: [consent] })).warnings).toEqual([])
    expect((await add('maija.virtanen@uusi.example', { permissions: [{ ...consent, topic: 'price-list' }] })).warnings).toMatchObject([{ reason: 'banned_topic' }])
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

  it('change what is given, lose what is null, and say who changed which fields without their values', async () => {
    const { id } = await add('maija@yritys.example', { name: 'Maija', title: 'Ostaja', externalId: 'crm-1' })
    const { json } = await client.call('PATCH', `/contacts/${id}`, { name: 'Maija Virtanen', title: null, addressClass: 'sole_trader' })
    expect(json).toMatchObject({ name: 'Maija Virtanen', title: null, externalId: 'crm-1', addressClass: 'sole_trader' })
    const events = (await client.call('GET', `/contacts/${id}/ledger`)).json.items
    expect(events.map(({ event, data }: { event: string; data: object }) => [event, data])).toEqual(
      expect.arrayContaining([['contact_changed', { fields: ['name', 'title', 'class'], bansFollowed: 0 }]]),
    )
    expect(JSON.stringify(events)).not.toMatch(/virtanen|maija/i)
  })

  it('B1-16 restricted people are stored and get nothing', async () => {
    const { id } = await add('maija@yritys.example', { permissions: [consent] })
    expect((await client.call('PATCH', `/contacts/${id}`, { restricted: true })).json.restrictedAt).not.toBeNull()
    expect(await gate()).toEqual({ allowed: 0, stopped: { restricted: 1 } })
    await client.call('PATCH', `/contacts/${id}`, { restricted: false })
    expect(await gate()).toEqual({ allowed: 1, stopped: {} })
  })

  it('F77 of two people who change a contact, the second learns that it has changed', async () => {
    const { id } = await add('maija@yritys.example', { name: 'Maija' })
    const tag = (await client.call('GET', `/contacts/${id}`)).headers.get('ETag')!
    expect((await client.call('PATCH', `/contacts/${id}`, { title: 'Johtaja' }, { 'If-Match': tag })).status).toBe(200)
    expect((await client.call('PATCH', `/contacts/${id}`, { title: 'Ostaja' }, { 'If-Match': tag })).status).toBe(412)
    expect((await contact(id)).title).toBe('Johtaja')
    expect((await client.call('PATCH', `/contacts/${id}`, { title: 'Ostaja' }, { 'If-Match': '*' })).status).toBe(200)
    expect((await client.call('PATCH', `/contacts/${id}`, { title: 'Ostaja' }, { 'If-Match': 'x' })).status).toBe(422)
  })

  it('P18 erasing a contact leaves what it objected to blocked, and its history without its data', async () => {
    const { id } = await add('maija@yritys.example', { name: 'Maija', permissions: [consent] })
    await leave(id, 'newsletter')
    expect((await client.call('DELETE', `/contacts/${id}`)).status).toBe(204)
    expect((await client.call('GET', `/contacts/${id}`)).status).toBe(404)
    expect((await client.call('DELETE', `/contacts/${id}`)).status).toBe(404)
    const history = await client.call('GET', `/contacts/${id}/ledger`)
    expect(history.json.items.map(({ event }: { event: string }) => event)).toContain('contact_erased')
    expect((await add('maija@yritys.example', { permissions: [consent] })).warnings).toMatchObject([{ reason: 'banned_topic' }])
  })

  it('B1-13 export everything that is known of a person; B1-18 portable is what they gave by consent', async () => {
    await client.call('POST', '/companies', { name: 'Yritys Oy', businessId: '1234567-1', domains: ['yritys.example'] })
    const { id } = await add('maija@yritys.example', { name: 'Maija', permissions: [consent, { topic: 'price-list', rule: 'existing_customer', evidence }] })
    await client.call('POST', '/bans', { kind: 'email', value: 'maija@yritys.example', scope: 'topic:price-list', source: 'letter' })
    const { json } = await client.call('POST', '/mailings', { kind: 'newsletter', topic: 'newsletter', subject: 'Hei', content: { format: 'markdown', body: 'Tervetuloa' } })
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
    expect(all.events.map(({ event }: { event: string }) => event)).toEqual(expect.arrayContaining(['contact_created', 'permission_recorded']))
    const { json: portable } = await client.call('GET', `/contacts/${id}/export?only=portable`)
    expect(portable.permissions.map(({ rule }: { rule: string }) => rule)).toEqual(['consent'])
    expect(Object.keys(portable).toSorted()).toEqual(['contact', 'permissions'])
    expect(portable.contact).not.toHaveProperty('source')
    const other = await add('pekka@yritys.example', { permissions: [{ topic: 'price-list', rule: 'existing_customer', evidence }] })
    expect((await client.call('GET', `/contacts/${other.id}/export?only=portable`)).json).toEqual({})
  })
})

describe('hostile values of contacts', () => {
  beforeAll(() => begin({ ALLOW_RESERVED_DOMAINS: '0' }))
  afterAll(() => app.close())

  it.each(inputs('A'))('A through the API: $id $expect', async ({ in: value, expect: expected }) => {
    const body = { email: value, source: 'corpus', permissions: [{ topic: 'newsletter', rule: 'consent', evidence }] }
    const { status, json } = await client.call('POST', '/contacts', body)
    if (expected.startsWith('reject')) {
      // A NUL makes it no JSON that can be kept.
      expect(status).toBe(String(value).includes('\0') ? 400 : 422)
      return
    }
    expect([200, 201]).toContain(status)
    const stored = (await contact(json.id)).email
    if (expected.startsWith('ok: stored unchanged')) expect(stored).toBe(value)
    expect(stored).toMatch(/^[\x21-\x7e]+@[a-z0-9.-]+$/)
    const neverMailed = json.warnings.some(({ reason }: { reason: string }) => reason === 'never_mailed')
    if (/^(abuse|noreply)@|mailinator/.test(stored)) expect(neverMailed).toBe(true)
  })

  it.each(inputs('B'))('B through the API: $id $expect', async ({ id, in: value, expect: expected }) => {
    const email = `${id.toLowerCase()}@firma.fi`
    const { status, json } = await client.call('POST', '/contacts', { email, name: value, source: 'corpus' })
    if (expected.startsWith('reject') || (typeof value === 'string' && !/[^\p{Noncharacter_Code_Point}\s]/u.test(value))) {
      expect(status).toBe(422)
      expect(json.errors[0].path).toBe('name')
      return
    }
    expect(status).toBe(201)
    const stored = (await contact(json.id)).name
    if (expected.startsWith('ok: stored as typed')) expect(stored).toBe(String(value).normalize('NFC').trim())
    expect(stored).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u)
  })
})
