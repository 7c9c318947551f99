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

describe('mailings', () => {
  it('are written, read, changed, copied, listed newest first, and deleted while drafts', async () => {
    const { id, state } = await write()
    expect(state).toBe('draft')
    app.clock.advance(1)
    const changed = await client.call('PATCH', `/mailings/${id}`, {
      subject: 'Uusi aihe',
      replyTo: 'myynti@myyja.example',
    })
    expect(changed.json).toMatchObject({
      subject: 'Uusi aihe',
      replyTo: 'myynti@myyja.example',
      content: draft.content,
      state: 'draft',
    })
    app.clock.advance(1)
    const copy = await does(id, 'copy')
    expect([copy.status, copy.json.subject, copy.json.id === id]).toEqual([201, 'Uusi aihe', false])
    const { json } = await client.call('GET', '/mailings')
    expect(json.items.map((item: { id: string }) => item.id)).toEqual([copy.json.id, id])
    expect((await client.call('DELETE', `/mailings/${id}`)).status).toBe(204)
    expect((await client.call('GET', `/mailings/${id}`)).status).toBe(404)
    expect((await does('nobody', 'copy')).status).toBe(404)
  })

  it.each([
    [{ topic: 'nothing' }, 'topic'],
    [{ kind: 'survey' }, 'kind'],
    [{ subject: '' }, 'subject'],
    [{ subject: 'a\nBcc: x@yritys.example' }, 'subject'],
    [{ content: { format: 'markdown', body: '{{ contact.salary }}' } }, 'content.body'],
    // direct_marketing may not hold the title: domain.md, the register
    [{ content: { format: 'markdown', body: 'Hei {{ contact.title }}' } }, 'content.body'],
    [{ content: { format: 'html', body: 'x' } }, 'content.format'],
    [{ from: { name: 'X', address: 'x' } }, 'from.address'],
    [{ audience: { languages: ['de'] } }, 'audience.languages.0'],
    [{ state: 'finished' }, 'state'],
  ])('are refused at save with the field that is wrong: %j', async (more, path) => {
    const { status, json } = await client.call('POST', '/mailings', { ...draft, ...more })
    expect([status, json.errors[0].path]).toEqual([422, path])
  })

  it('say where in the content an error stands', async () => {
    const { json } = await client.call('POST', '/mailings', {
      ...draft,
      content: { format: 'markdown', body: 'Hei\n\n  {{ nothing }}' },
    })
    expect(json.errors[0]).toMatchObject({ path: 'content.body', line: 3, column: 6 })
  })

  it('go their way: scheduled, paused, resumed, sent, finished, with their counts', async () => {
    await add('info@yritys.example')
    const { id } = await write()
    const scheduled = await does(id, 'schedule', { at: '2026-05-18T12:00', timeZone: 'Europe/Helsinki' })
    expect(scheduled.json).toMatchObject({
      state: 'scheduled',
      schedule: {
        at: '2026-05-18T09:00:00.000Z',
        local: '2026-05-18T12:00:00',
        offset: '+03:00',
        timeZone: 'Europe/Helsinki',
        notAfter: null,
      },
    })
    expect(scheduled.json.contentHash).toMatch(/^[0-9a-f]{64}$/)
    expect((await does(id, 'pause')).json).toMatchObject({ state: 'paused', reason: 'person' })
    expect((await does(id, 'pause')).status).toBe(409)
    expect((await does(id, 'resume')).json.state).toBe('scheduled')
    expect((await client.call('PATCH', `/mailings/${id}`, { subject: 'x' })).status).toBe(409)
    expect((await client.call('DELETE', `/mailings/${id}`)).status).toBe(409)
    app.clock.advance(3 * 3_600_000)
    await app.tick()
    await app.deliver()
    const { json } = await client.call('GET', `/mailings/${id}`)
    expect(json).toMatchObject({
      state: 'finished',
      counts: { proposed: 1, sent: 1, queued: 0 },
      startedAt: '2026-05-18T09:30:00.000Z',
    })
    expect(json.finishedAt).not.toBeNull()
    expect((await app.mailsTo('info@yritys.example')).map(({ subject }) => subject)).toEqual(['Hei asiakas'])
    expect((await does(id, 'cancel')).status).toBe(409)
  })

  it('are ended by cancel, and whoever waited is skipped', async () => {
    await add('info@yritys.example')
    const { id } = await write()
    await does(id, 'schedule', { at: 'now' })
    await app.tick()
    expect((await does(id, 'cancel')).json).toMatchObject({
      state: 'cancelled',
      counts: { skipped: 1 },
      skippedBy: { cancelled: 1 },
    })
    await app.deliver()
    expect(await app.mails()).toEqual([])
  })

  it('with uncertain deliveries wait until a person resends or accepts them', async () => {
    await add('info@yritys.example')
    const { id } = await write()
    await does(id, 'schedule', { at: 'now' })
    await app.tick()
    const { db } = app.deps.store
    await app.deps.store.batch([db.updateTable('deliveries').set({ state: 'uncertain', reason: 'crash' })])
    await app.tick()
    expect((await client.call('GET', `/mailings/${id}`)).json).toMatchObject({
      state: 'paused',
      reason: 'uncertain',
      counts: { uncertain: 1 },
    })
    expect((await does(id, 'resume')).status).toBe(409)
    expect((await does(id, 'resend-uncertain')).json).toMatchObject({ state: 'sending', counts: { queued: 1 } })
    await app.deps.store.batch([db.updateTable('deliveries').set({ state: 'uncertain', reason: 'crash' })])
    await app.tick()
    await does(id, 'accept-uncertain')
    await app.tick()
    expect((await client.call('GET', `/mailings/${id}`)).json).toMatchObject({ state: 'finished', counts: { sent: 1 } })
  })

  it('show their recipients page by page', async () => {
    for (let i = 0; i < 3; i++) await add(`info@yritys${i}.example`)
    const { id } = await write()
    await does(id, 'schedule', { at: 'now' })
    await app.tick()
    await app.deliver()
    const first = (await client.call('GET', `/mailings/${id}/deliveries?limit=2`)).json
    const second = (await client.call('GET', `/mailings/${id}/deliveries?limit=2&cursor=${first.nextCursor}`)).json
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null])
    expect((await client.call('GET', `/mailings/${id}/deliveries?state=lost`)).status).toBe(422)
    expect((await client.call('GET', '/mailings/nobody/deliveries')).status).toBe(404)
  })
})
