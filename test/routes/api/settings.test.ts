import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { clientOf, type Client } from './client.ts'

let app: TestApp
let client: Client

const begin = async (env: Record<string, string> = {}) => {
  app = await startApp({ env })
  client = await clientOf(app)
}
beforeEach(() => begin())
afterEach(() => app.close())

const names = { fi: 'Huoltokirje', sv: 'Servicebrev', en: 'Service letter' }

describe('settings', () => {
  it('the default topics, the form and the register are there', async () => {
    const topics = (await client.call('GET', '/topics')).json.items
    expect(topics.map(({ id, kind }: { id: string; kind: string }) => [id, kind])).toEqual([
      ['newsletter', 'newsletter'],
      ['price-list', 'price_list'],
      ['survey', 'survey'],
      ['events', 'event'],
    ])
    expect((await client.call('GET', '/forms/newsletter')).json).toMatchObject({
      id: 'newsletter',
      kind: 'signup',
      topics: ['newsletter', 'price-list'],
      doubleOptIn: true,
      allowedOrigins: [],
      languages: ['fi', 'sv', 'en'],
    })
    const register = (await client.call('GET', '/register')).json
    expect(Object.keys(register.purposes)).toHaveLength(10)
    expect(register.purposes.surveys.fields).toEqual(['workEmail'])
  })

  it('a new topic has a List-Id that never changes, and is the same topic when it comes again', async () => {
    const topic = { id: 'huolto', purpose: 'direct_marketing', kind: 'newsletter', names }
    const added = await client.call('POST', '/topics', topic)
    expect([added.status, added.json.listId]).toEqual([201, 'huolto.myyja.example'])
    expect((await client.call('POST', '/topics', topic)).status).toBe(200)
    expect((await client.call('POST', '/topics', { ...topic, kind: 'survey' })).status).toBe(409)
    expect((await client.call('POST', '/topics', { ...topic, id: 'Huolto!' })).status).toBe(422)
    expect((await client.call('POST', '/topics', { ...topic, id: 'x', purpose: 'spam' })).status).toBe(422)
  })

  it('a form is added, changed field by field, and shows the newest wording', async () => {
    const form = {
      id: 'messut',
      title: { fi: 'Messut' },
      topics: ['newsletter'],
      fields: [{ name: 'name', required: true }],
    }
    expect((await client.call('POST', '/forms', form)).status).toBe(201)
    expect((await client.call('POST', '/forms', form)).status).toBe(200)
    expect((await client.call('POST', '/forms', { ...form, topics: ['events'] })).status).toBe(409)
    const changed = await client.call('PATCH', '/forms/messut', {
      doubleOptIn: false,
      allowedOrigins: ['https://www.yritys.example'],
    })
    expect(changed.json).toMatchObject({
      title: { fi: 'Messut' },
      doubleOptIn: false,
      fields: [{ name: 'name', required: true }],
    })
    expect((await client.call('PATCH', '/forms/messut', { welcome: true })).json).toMatchObject({
      doubleOptIn: false,
      welcome: true,
    })
    const wording = await client.call('POST', '/wordings', {
      formId: 'messut',
      language: 'fi',
      text: ' Tilaan uutiskirjeen. ',
    })
    expect([wording.status, wording.json.text]).toEqual([201, 'Tilaan uutiskirjeen.'])
    expect((await client.call('GET', '/forms/messut')).json.wordings).toEqual({ fi: 'Tilaan uutiskirjeen.' })
    expect(
      (await client.call('GET', '/wordings')).json.items.map(({ formId }: { formId: string }) => formId),
    ).toContain('messut')
    expect((await client.call('GET', '/forms')).json.items.map(({ id }: { id: string }) => id)).toEqual([
      'messut',
      'newsletter',
    ])
    expect((await app.request('/f/messut')).status).toBe(200)
  })

  it.each([
    [{ topics: ['nothing'] }, 'topics.0'],
    [{ topics: [] }, 'topics'],
    // The survey purpose holds the work e-mail address and nothing else.
    [{ topics: ['survey'], fields: [{ name: 'name' }] }, 'fields.0'],
    [{ allowedOrigins: ['https://yritys.example/path'] }, 'allowedOrigins.0'],
    [{ preTicked: true }, 'preTicked'],
  ])('B1-22 refuse a form with %j', async (more, path) => {
    const form = { id: 'x', title: { fi: 'X' }, topics: ['newsletter'], ...more }
    const { status, json } = await client.call('POST', '/forms', form)
    expect([status, json.errors[0].path]).toEqual([422, path])
    expect((await client.call('PATCH', '/forms/nothing', {})).status).toBe(404)
  })

  it('a wording needs its form and some words', async () => {
    expect(
      (await client.call('POST', '/wordings', { formId: 'nothing', language: 'fi', text: 'Tilaan.' })).status,
    ).toBe(422)
    expect((await client.call('POST', '/wordings', { formId: 'newsletter', language: 'fi', text: ' ' })).status).toBe(
      422,
    )
  })

  it('the kill switch holds all sending, says why, and lets go', async () => {
    await client.call('POST', '/contacts', {
      email: 'info@yritys.example',
      source: 'x',
      permissions: [{ topic: 'newsletter', rule: 'legal_person' }],
    })
    const draft = {
      kind: 'newsletter',
      topic: 'newsletter',
      subject: 'Hei',
      content: { format: 'markdown', body: 'Tervetuloa' },
    }
    const { json } = await client.call('POST', '/mailings', draft)
    expect((await client.call('PUT', '/hold', { reason: 'wrong price list' })).json).toEqual({
      held: true,
      reason: 'wrong price list',
    })
    await client.call('POST', `/mailings/${json.id}/schedule`, { at: 'now' })
    await app.tick()
    await app.deliver()
    expect(await app.mails()).toEqual([])
    expect((await client.call('GET', '/hold')).json).toEqual({ held: true, reason: 'wrong price list' })
    expect((await client.call('DELETE', '/hold')).status).toBe(204)
    app.clock.advance(2000)
    await app.deliver()
    expect(await app.mails()).toHaveLength(1)
    const events = (await client.call('GET', '/ledger')).json.items.map(({ event }: { event: string }) => event)
    expect(events).toEqual(expect.arrayContaining(['sending_held', 'sending_released']))
  })

  it('P08 each ban source says how old it is and whether that is fresh enough', async () => {
    await app.close()
    await begin({
      BAN_SOURCES: JSON.stringify([
        { name: 'crm', kind: 'http', url: 'https://crm.yritys.example/bans', maxAge: '1h' },
      ]),
    })
    const state = async () => (await client.call('GET', '/ban-sources')).json.items
    expect(await state()).toMatchObject([
      { name: 'crm', kind: 'http', required: true, fetchedAt: null, maxAge: 3600, fresh: false },
    ])
    const row = {
      name: 'crm',
      kind: 'http',
      required: 1,
      max_age: 1,
      tried_at: null,
      fetched_at: app.clock.now(),
      sequence: 1,
      etag: null,
      entries: 7,
      error: null,
    }
    const { db } = app.deps.store
    await app.deps.store.batch([
      db
        .insertInto('ban_sources')
        .values(row)
        .onConflict((conflict) => conflict.column('name').doUpdateSet(row)),
    ])
    expect(await state()).toMatchObject([{ fresh: true, entries: 7, fetchedAt: '2026-05-18T06:30:00.000Z' }])
    app.clock.advance(3_600_001)
    expect(await state()).toMatchObject([{ fresh: false }])
  })
})

describe('health', () => {
  it('the process says that it lives, and whether it can work', async () => {
    expect((await app.request('/livez')).status).toBe(200)
    const ready = await app.request('/readyz')
    expect([ready.status, await ready.json()]).toMatchObject([
      200,
      { status: 'ok', checks: { database: { ok: true, schema: 7 } } },
    ])
  })

  it('a ticker that stands still makes it unready', async () => {
    const at = app.clock.now()
    app.deps.tickedAt = () => at
    expect((await app.request('/readyz')).status).toBe(200)
    app.clock.advance(61_000)
    const answer = await app.request('/readyz')
    expect([answer.status, await answer.json()]).toMatchObject([
      503,
      { checks: { ticker: { ok: false, age: 61_000 } } },
    ])
  })

  it('a database without our tables makes it unready', async () => {
    const { sql } = await import('kysely')
    await app.deps.store.batch([sql`drop table schema_versions`.compile(app.deps.store.db)])
    expect((await app.request('/readyz')).status).toBe(503)
    expect((await app.request('/livez')).status).toBe(200)
  })

  it('metrics are for this machine, or for a key with settings:read', async () => {
    const status = async (peer: string, headers: Record<string, string> = {}) =>
      (await app.request('/metrics', { peer, headers })).status
    expect(await status('127.0.0.1')).toBe(200)
    expect(await status('::1')).toBe(200)
    expect(await status('::ffff:127.0.0.1')).toBe(200)
    expect(await status('203.0.113.9')).toBe(401)
    expect(await status('')).toBe(401)
    expect(await status('127.0.0.1', { 'X-Forwarded-For': '203.0.113.9' })).toBe(401)
    expect(await status('127.0.0.1', { Forwarded: 'for=203.0.113.9' })).toBe(401)
    expect(await status('203.0.113.9', { Authorization: `Bearer ${app.apiKey}` })).toBe(200)
    expect(await status('203.0.113.9', { Authorization: 'Bearer wrong' })).toBe(401)
  })
})
