import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { clientOf, keyWith, type Answer, type Client } from './client.ts'

let app: TestApp
let client: Client

beforeEach(async () => {
  app = await startApp()
  client = await clientOf(app)
})
afterEach(() => app.close())

const once = (key: string) => ({ 'Idempotency-Key': key })
const count = async (
  table: 'contacts' | 'companies' | 'mailings' | 'bans' | 'permissions' | 'deliveries' | 'attachments' | 'ledger',
) => (await app.deps.store.db.selectFrom(table).select('id').execute()).length

const person = {
  email: 'ostaja@yritys.example',
  name: 'Osku Ostaja',
  source: 'fair 2026',
  permissions: [{ topic: 'newsletter', rule: 'consent', evidence: 'card signed at the fair' }],
}
const draft = {
  kind: 'newsletter',
  topic: 'newsletter',
  subject: 'Hei',
  content: { format: 'markdown', body: 'Tervetuloa' },
}

/** As if the process had died between the effect and the stored answer. */
async function dieBeforeAnswer() {
  await app.deps.store.batch([app.deps.store.db.updateTable('idempotency_keys').set({ status: null, response: null })])
  app.clock.advance(6000)
}

describe('Idempotency-Key', () => {
  it('P13 of 50 parallel requests with one key, one has an effect and all others the same answer or 409', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => client.call('POST', '/contacts', person, once('k'))))
    const done = all.filter(({ status }) => status !== 409)
    expect(done.length).toBeGreaterThan(0)
    expect(new Set(done.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(done[0]?.status).toBe(201)
    expect([await count('contacts'), await count('permissions')]).toEqual([1, 1])
    const again = await client.call('POST', '/contacts', person, once('k'))
    expect([again.status, again.text]).toEqual([201, done[0]?.text])
    expect(again.headers.get('Idempotency-Replayed')).toBe('true')
  })

  it('P13 refuses another body, and another operation, under a used key with 422', async () => {
    await client.call('POST', '/contacts', person, once('k'))
    expect((await client.call('POST', '/contacts', { ...person, name: 'Toinen' }, once('k'))).status).toBe(422)
    expect((await client.call('POST', '/companies', { name: 'Yritys Oy' }, once('k'))).status).toBe(422)
    expect(await count('companies')).toBe(0)
  })

  it('keeps the keys of each API key apart', async () => {
    const other = await keyWith(app, 'contacts:write')
    await client.call('POST', '/companies', { name: 'Yritys Oy' }, once('k'))
    await client.call('POST', '/companies', { name: 'Yritys Oy' }, { ...once('k'), Authorization: `Bearer ${other}` })
    expect(await count('companies')).toBe(2)
  })

  it('says 409 while the first request runs, and when to come again', async () => {
    await client.call('POST', '/contacts', person, once('k'))
    await app.deps.store.batch([
      app.deps.store.db.updateTable('idempotency_keys').set({ status: null, response: null }),
    ])
    const answer = await client.call('POST', '/contacts', person, once('k'))
    expect([answer.status, answer.headers.get('Retry-After')]).toEqual([409, '1'])
  })

  type Case = [
    name: string,
    table: Parameters<typeof count>[0],
    act: (headers: Record<string, string>) => Promise<Answer>,
  ]
  const cases: Case[] = [
    ['a contact', 'contacts', (headers) => client.call('POST', '/contacts', person, headers)],
    ['a company', 'companies', (headers) => client.call('POST', '/companies', { name: 'Yritys Oy' }, headers)],
    [
      'a company with a business id',
      'companies',
      (headers) => client.call('POST', '/companies', { name: 'Yritys Oy', businessId: '1234567-1' }, headers),
    ],
    [
      'a ban',
      'bans',
      (headers) => client.call('POST', '/bans', { kind: 'email', value: 'kielto@yritys.example' }, headers),
    ],
    ['a mailing', 'mailings', (headers) => client.call('POST', '/mailings', draft, headers)],
  ]
  it.each(cases)(
    'P13 after a death between effect and answer the same key makes no second one: %s',
    async (_, table, act) => {
      const first = await act(once('k'))
      for (let death = 0; death < 3; death++) {
        await dieBeforeAnswer()
        const again = await act(once('k'))
        expect([again.status, again.json.id]).toEqual([first.status, first.json.id])
      }
      expect(first.status).toBe(201)
      expect(await count(table)).toBe(1)
    },
  )

  it('P13 the same holds for what is done to a mailing', async () => {
    const { json } = await client.call('POST', '/mailings', draft)
    const acts: [string, () => Promise<Answer>][] = [
      ['copy', () => client.call('POST', `/mailings/${json.id}/copy`, undefined, once('copy'))],
      ['file', () => client.upload(`/mailings/${json.id}/attachments`, 'hinnat.txt', '12,50', once('file'))],
      ['test', () => client.call('POST', `/mailings/${json.id}/test`, { to: 'uutiset@myyja.example' }, once('test'))],
      ['schedule', () => client.call('POST', `/mailings/${json.id}/schedule`, { at: 'now' }, once('schedule'))],
      ['pause', () => client.call('POST', `/mailings/${json.id}/pause`, undefined, once('pause'))],
      ['resume', () => client.call('POST', `/mailings/${json.id}/resume`, undefined, once('resume'))],
      ['cancel', () => client.call('POST', `/mailings/${json.id}/cancel`, undefined, once('cancel'))],
    ]
    for (const [name, act] of acts) {
      const first = await act()
      expect([name, first.status < 300]).toEqual([name, true])
      const events = await count('ledger')
      await dieBeforeAnswer()
      const again = await act()
      expect([name, again.status, again.json.id]).toEqual([name, first.status, first.json.id])
      expect([name, await count('ledger')]).toEqual([name, events])
    }
    expect([await count('mailings'), await count('attachments'), await count('deliveries')]).toEqual([2, 1, 1])
  })

  it('lets a request that was refused be mended under its key', async () => {
    expect((await client.call('POST', '/contacts', { ...person, email: 'x' }, once('k'))).status).toBe(422)
    expect((await client.call('POST', '/contacts', person, once('k'))).status).toBe(201)
  })

  it('forgets a key after a day', async () => {
    await client.call('POST', '/companies', { name: 'Yritys Oy' }, once('k'))
    app.clock.advance(25 * 3_600_000)
    await app.tick()
    await client.call('POST', '/companies', { name: 'Toinen Oy' }, once('k'))
    expect(await count('companies')).toBe(2)
  })

  it.each([' ', 'a b', 'ä', 'x'.repeat(256)])('refuses %j as a key', async (key) => {
    const encoded = Buffer.from(key, 'utf8').toString('latin1')
    expect((await client.call('POST', '/companies', { name: 'Yritys Oy' }, once(encoded))).status).toBe(400)
    expect(await count('companies')).toBe(0)
  })

  it('P18 keeps nothing personal in stored answers', async () => {
    await client.call('POST', '/contacts', { ...person, phone: '040 123 4567' }, once('k'))
    const rows = await app.deps.store.db.selectFrom('idempotency_keys').selectAll().execute()
    expect(JSON.stringify(rows)).not.toMatch(/ostaja|Osku|401234567/i)
  })
})
