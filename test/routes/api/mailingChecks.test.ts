import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { clientOf, keyWith, type Client } from './client.ts'

let app: TestApp
let client: Client

beforeEach(async () => {
  app = await startApp()
  client = await clientOf(app)
})
afterEach(() => app.close())

const draft = {
  kind: 'newsletter',
  topic: 'newsletter',
  subject: 'Hei {{ contact.name | default: "asiakas" }}',
  content: { format: 'markdown', body: '# Kevään uutiset\n\nTervetuloa.' },
}
const write = async (more: object = {}) => {
  const answer = await client.call('POST', '/mailings', { ...draft, ...more })
  expect([answer.status, answer.json.errors]).toEqual([201, undefined])
  return answer.json as { id: string; state: string }
}
const add = async (email: string, more: object = {}) =>
  (
    await client.call('POST', '/contacts', {
      email,
      source: 'fair',
      permissions: [{ topic: 'newsletter', rule: 'legal_person' }],
      ...more,
    })
  ).json.id as string
const does = (id: string, verb: string, body?: object) => client.call('POST', `/mailings/${id}/${verb}`, body)

describe('looking before sending', () => {
  it('are looked at before: a preview with made-up values, or as a contact would see it', async () => {
    const id = await add('info@yritys.example', { name: 'Yritys & pojat', language: 'sv' })
    const mailing = await write()
    const sample = (await does(mailing.id, 'preview', {})).json
    expect(sample.subject).toBe('Hei Maija Meikäläinen')
    const shown = (await does(mailing.id, 'preview', { contactId: id })).json
    expect(shown.subject).toBe('Hei Yritys & pojat')
    expect(shown.html).toContain('Kevään uutiset')
    expect(shown.html).toMatch(/<html[^>]* lang="sv"/)
    expect(shown.text).toContain('Myyjä Oy')
    expect((await does(mailing.id, 'preview', { contactId: 'nobody' })).status).toBe(422)
    const link = /http:\/\/127\.0\.0\.1:8080(\/u\/\S+)/.exec(shown.text)?.[1] ?? ''
    await app.request(link, { method: 'POST', body: 'List-Unsubscribe=One-Click' })
    expect((await client.call('GET', '/bans/check?kind=email&value=info@yritys.example')).json.banned).toBe(false)
    const reader = await keyWith(app, 'mailings:read')
    const refused = await client.call(
      'POST',
      `/mailings/${mailing.id}/preview`,
      { contactId: id },
      { Authorization: `Bearer ${reader}` },
    )
    expect(refused.status).toBe(422)
  })

  it('D-15 are checked before: whom the gate would let through, and why not the others', async () => {
    await add('info@yritys.example')
    await add('matti@yritys.example')
    await add('kielto@yritys.example', {
      permissions: [{ topic: 'newsletter', rule: 'consent', evidence: 'a signed paper' }],
    })
    await add('noreply@yritys.example')
    await add('myynti@ruotsi.example', { language: 'sv' })
    await client.call('POST', '/bans', { kind: 'email', value: 'kielto@yritys.example' })
    const { id } = await write({ audience: { languages: ['fi'] } })
    const { json } = await does(id, 'check')
    expect(json).toEqual({
      errors: [],
      warnings: [],
      counts: { allowed: 1, stopped: { no_permission: 1, banned: 1, never_mailed: 1 } },
    })
    await does(id, 'schedule', { at: 'now' })
    await app.tick()
    await app.deliver()
    const found = (await client.call('GET', `/mailings/${id}`)).json
    expect([found.counts.sent, found.skippedBy]).toEqual([json.counts.allowed, json.counts.stopped])
  })

  it('the check counts everybody, however many there are, and says when nobody is there', async () => {
    const empty = await write()
    expect((await does(empty.id, 'check')).json.errors).toMatchObject([{ path: 'audience' }])
    for (let i = 0; i < 250; i += 50)
      await Promise.all(Array.from({ length: 50 }, (_, n) => add(`info${i + n}@yritys${i + n}.example`)))
    expect((await does(empty.id, 'check')).json.counts).toEqual({ allowed: 250, stopped: {} })
    await client.call('PUT', '/hold', { reason: 'restored a backup' })
    const held = (await does(empty.id, 'check')).json
    expect([held.counts.allowed, held.warnings[0].path]).toEqual([250, 'hold'])
  })

  it('are tested on colleagues only', async () => {
    const { id } = await write()
    const refused = await does(id, 'test', { to: 'asiakas@yritys.example' })
    expect([refused.status, refused.json.errors[0].path]).toEqual([422, 'to'])
    expect(refused.json.errors[0].message).toContain('user add')
    expect((await does(id, 'test', { to: 'uutiset@myyja.example' })).status).toBe(202)
    const at = app.clock.now()
    await app.deps.store.batch([
      app.deps.store.db.insertInto('users').values({
        id: 'u1',
        strict: 'kollega@myyja.example',
        address: 'Kollega@myyja.example',
        name: null,
        language: 'sv',
        created_at: at,
        disabled_at: null,
      }),
    ])
    expect((await does(id, 'test', { to: 'kollega@myyja.example' })).status).toBe(202)
    await app.deliver()
    expect((await app.mails()).map(({ recipient }) => recipient.toLowerCase()).toSorted()).toEqual([
      'kollega@myyja.example',
      'uutiset@myyja.example',
    ])
    expect((await app.mails())[0]?.subject).toContain('Hei Maija Meikäläinen')
    expect((await does('nobody', 'test', { to: 'uutiset@myyja.example' })).status).toBe(404)
  })
})
