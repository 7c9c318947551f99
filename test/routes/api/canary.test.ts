import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { clientOf, read, type Client } from './client.ts'

let app: TestApp
let client: Client

beforeAll(async () => {
  app = await startApp()
  client = await clientOf(app)
  await client.call('POST', '/contacts', {
    email: address,
    name: 'Kanarialintu Kantele',
    phone: '+358401234567',
    source: 'x',
  })
})
afterAll(() => app.close())

const address = 'kanaria.lintu@laulu.example'
const traces = /kanaria|kantele|laulu\.example|401234567/i

/** Bodies that hold the canary where each kind of operation may trip over it. */
const bodies = [
  { [address]: address },
  {
    email: `${address}x@`,
    name: { [address]: 1 },
    source: 7,
    permissions: [{ topic: address, rule: address, evidence: 'x', [address]: 1 }],
  },
  { email: address, source: 'x', permissions: [{ topic: address, rule: 'consent', evidence: 'a signed paper' }] },
  { kind: 'email', value: `${address} ${address}`, scope: address, reason: address },
  { kind: 'email', value: address, requestedBy: address, reason: address },
  { kind: 'domain', value: 'gmail.com' },
  {
    kind: 'newsletter',
    topic: address,
    subject: address,
    content: { format: 'markdown', body: `{{ ${address} }}` },
    from: { name: 'x', address: `${address}@` },
  },
  { name: 'x', businessId: address, domains: [address], form: address },
  { at: address, timeZone: address },
  { to: address, contactId: address },
  { id: address, title: { fi: address }, topics: [address], formId: address, language: address, text: '', names: {} },
  `{"email": ${address}}`,
  `{"${address}":1,"${address}":2}`,
]

it('P23 no refusal repeats an address, whatever the operation trips over, and no log or metric holds one', async () => {
  for (const [path, item] of Object.entries(client.document.paths)) {
    for (const method of Object.keys(item)) {
      const at = path.replace(/\{\w+\}/g, encodeURIComponent(address))
      for (const body of method === 'get' ? [undefined] : bodies) {
        for (const query of [
          '',
          `?limit=${address}`,
          `?cursor=${address}`,
          `?${encodeURIComponent(address)}=1`,
          `?kind=phone&value=${address}`,
          `?email=${address}@`,
        ]) {
          const given = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
          const headers = {
            Authorization: `Bearer ${app.apiKey}`,
            'Content-Type': 'application/json',
            'Idempotency-Key': address,
            'If-Match': address,
          }
          const answer = await read(
            await app.request(`${at}${query}`, { method: method.toUpperCase(), headers, ...given }),
          )
          expect(answer.status).toBeLessThan(500)
          if (answer.status >= 400)
            expect([method, at, answer.status, traces.exec(answer.text)?.[0]]).toEqual([
              method,
              at,
              answer.status,
              undefined,
            ])
          expect([...answer.headers.values()].join(' ')).not.toMatch(traces)
        }
      }
    }
  }
  expect(app.logged.join('\n')).not.toMatch(traces)
  expect(await app.deps.metrics.text()).not.toMatch(traces)
})

it('P23 a store that fails shows and logs no address either', async () => {
  const { store } = app.deps
  const batch = store.batch
  store.batch = async () => {
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  }
  const answer = await client.call('POST', '/bans', { kind: 'email', value: address })
  store.batch = batch
  expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '5'])
  expect(answer.text).not.toMatch(traces)
  expect(app.logged.join('\n')).toContain('store_away')
  expect(app.logged.join('\n')).not.toMatch(traces)
})
