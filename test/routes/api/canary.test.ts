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

const queries = [
  `?limit=${address}`,
  `?cursor=${address}`,
  `?${encodeURIComponent(address)}=1`,
  `?kind=phone&value=${address}`,
  `?email=${address}@`,
]

it('P23 no refusal repeats an address, whatever the operation trips over, and no log or metric holds one', async () => {
  const ask = async (method: string, path: string, body?: object | string, more: Record<string, string> = {}) => {
    const headers = { Authorization: `Bearer ${app.apiKey}`, 'Content-Type': 'application/json', ...more }
    const given = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
    const { status, text, headers: said } = await read(await app.request(path, { method, headers, ...given }))
    const traced = status >= 400 ? traces.exec(text)?.[0] : undefined
    expect([method, path, status, traced, traces.exec([...said.values()].join(' '))?.[0]]).toEqual([
      method,
      path,
      Math.min(status, 499),
      undefined,
      undefined,
    ])
  }
  for (const [path, item] of Object.entries(client.document.paths)) {
    const at = path.replace(/\{\w+\}/g, encodeURIComponent(address))
    for (const method of Object.keys(item).map((name) => name.toUpperCase())) {
      const body = method === 'GET' ? undefined : {}
      for (const query of queries) await ask(method, at + query, body)
      if (body) for (const hostile of bodies) await ask(method, at, hostile)
      await ask(method, at, body, { 'Idempotency-Key': address, 'If-Match': address, Accept: address })
      await ask(method, at, body, { 'Content-Type': address })
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
