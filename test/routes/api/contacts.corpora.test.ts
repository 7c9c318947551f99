import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { inputs } from '../../inputs.ts'
import { clientOf, type Client } from './client.ts'

let app: TestApp
let client: Client

const evidence = 'said so at the fair in Turku'
const contact = async (id: string) => (await client.call('GET', `/contacts/${id}`)).json

describe('hostile values of contacts', () => {
  beforeAll(async () => {
    app = await startApp({ env: { ALLOW_RESERVED_DOMAINS: '0' } })
    client = await clientOf(app)
  })
  afterAll(() => app.close())

  it('no address, no contact, and no repetition of what was typed', async () => {
    const { status, json } = await client.call('POST', '/contacts', { email: 'kuka@@yritys.fi', source: 'x' })
    expect([status, json.errors[0].path]).toEqual([422, 'email'])
    expect(JSON.stringify(json)).not.toContain('kuka')
  })

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
    if (
      expected.startsWith('reject') ||
      (typeof value === 'string' && !/[^\p{Noncharacter_Code_Point}\s]/u.test(value))
    ) {
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
