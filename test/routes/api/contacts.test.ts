import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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
const contact = async (id: string) => (await client.call('GET', `/contacts/${id}`)).json

/** What the gate says today of everybody in the audience of a mailing on this topic. */
async function gate(topic = 'newsletter', kind = 'newsletter') {
  const draft = { kind, topic, subject: 'Hei', content: { format: 'markdown', body: 'Tervetuloa' } }
  const { json } = await client.call('POST', '/mailings', draft)
  return (await client.call('POST', `/mailings/${json.id}/check`)).json.counts
}

describe('contacts', () => {
  beforeEach(async () => {
    app = await startApp()
    client = await clientOf(app)
  })
  afterEach(() => app.close())

  it('are added with a permission and its proof, who recorded it and when', async () => {
    const { id, warnings } = await add('Maija.Meikalainen@yritys.example', {
      name: 'Maija Meikäläinen',
      phone: '040 123 4567',
      language: 'sv',
      permissions: [
        consent,
        {
          topic: 'price-list',
          rule: 'duty_evidence',
          evidence: { duty: 'buys our parts', how: 'order 123', when: '2026-05-02', by: 'M. Myyjä' },
        },
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
      {
        topic: 'newsletter',
        rule: 'consent',
        basis: 'consent',
        state: 'confirmed',
        evidence: { said: evidence, by: 'api:environment', at: '2026-05-18T06:30:00.000Z' },
      },
      {
        topic: 'price-list',
        rule: 'duty_evidence',
        basis: 'legitimate_interest',
        state: 'confirmed',
        evidence: { said: { duty: 'buys our parts' } },
      },
    ])
    expect(await gate()).toEqual({ allowed: 1, stopped: {} })
  })

  it('are the same contact when the address is known: given fields change, the same permission is not doubled or prolonged', async () => {
    const first = await add('maija@yritys.example', { name: 'Maija', permissions: [consent] })
    const before = await contact(first.id)
    app.clock.advance(86_400_000)
    const answer = await client.call('POST', '/contacts', {
      email: 'MAIJA@Yritys.example',
      phone: '0401234567',
      source: 'crm',
      permissions: [consent],
    })
    expect([answer.status, answer.json.id]).toEqual([200, first.id])
    const after = await contact(first.id)
    expect(after).toMatchObject({
      name: 'Maija',
      phone: '+358401234567',
      source: 'crm',
      permissions: before.permissions,
    })
  })

  it('two requests for one address at the same time make one contact', async () => {
    const all = await Promise.all(
      [1, 2, 3, 4].map(() =>
        client.call('POST', '/contacts', { email: 'a@yritys.example', source: 'x', permissions: [consent] }),
      ),
    )
    expect(new Set(all.map(({ json }) => json.id)).size).toBe(1)
    expect(all.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 201])
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
    const { status, json } = await client.call('POST', '/contacts', {
      email: 'a@yritys.example',
      source: 'x',
      permissions,
    })
    expect([status, json.errors[0].path]).toEqual([422, path])
  })

  it('B2-5 a role address of a legal person needs no proof, only the right to forbid', async () => {
    const { warnings } = await add('info@yritys.example', {
      permissions: [{ topic: 'newsletter', rule: 'legal_person' }],
    })
    expect(warnings).toEqual([])
    expect(await gate()).toEqual({ allowed: 1, stopped: {} })
  })

  it('B2 warn at once when the rule does not open mail to that class of address', async () => {
    const { warnings } = await add('matti@yritys.example', {
      permissions: [{ topic: 'newsletter', rule: 'legal_person', evidence }],
    })
    expect(warnings).toMatchObject([{ path: 'permissions.0', reason: 'no_permission' }])
    const banned = await client.call('POST', '/bans', { kind: 'domain', value: 'toinen.example' })
    expect(banned.status).toBe(201)
    expect((await add('info@toinen.example', { permissions: [consent] })).warnings).toMatchObject([
      { reason: 'banned' },
    ])
  })

  it('change what is given, lose what is null, and say who changed which fields without their values', async () => {
    const { id } = await add('maija@yritys.example', { name: 'Maija', title: 'Ostaja', externalId: 'crm-1' })
    const { json } = await client.call('PATCH', `/contacts/${id}`, {
      name: 'Maija Virtanen',
      title: null,
      addressClass: 'sole_trader',
    })
    expect(json).toMatchObject({
      name: 'Maija Virtanen',
      title: null,
      externalId: 'crm-1',
      addressClass: 'sole_trader',
    })
    const events = (await client.call('GET', `/contacts/${id}/ledger`)).json.items
    expect(events.map(({ event, data }: { event: string; data: object }) => [event, data])).toEqual(
      expect.arrayContaining([['contact_changed', { fields: ['name', 'title', 'class'], bansFollowed: 0 }]]),
    )
    expect(JSON.stringify(events)).not.toMatch(/virtanen|maija/i)
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
})
