import { afterEach, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { engines } from '../../stores.ts'
import { clientOf } from './client.ts'

let app: TestApp
afterEach(() => app.close())

it.each(engines.map(({ name }) => name))('the API does the same on %s', async (engine) => {
  app = await startApp({ engine })
  const client = await clientOf(app)
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await client.call(method, path, body, headers)
    expect([method, path, answer.status < 300 ? 'done' : answer.text]).toEqual([method, path, 'done'])
    return answer.json
  }
  const permissions = [{ topic: 'newsletter', rule: 'consent', evidence: 'a signed paper' }]
  const company = await call('POST', '/companies', {
    name: 'Yritys Oy',
    businessId: '1234567-1',
    domains: ['yritys.example'],
    priceGroup: 'A',
  })
  const once = { 'Idempotency-Key': 'k' }
  const person = { email: 'maija@yritys.example', name: 'Maija', source: 'fair', externalId: 'x1', permissions }
  const { id } = await call('POST', '/contacts', person, once)
  expect((await call('POST', '/contacts', person, once)).id).toBe(id)
  expect((await call('POST', '/contacts', { ...person, phone: '0401234567' })).id).toBe(id)
  await call('POST', '/contacts', { email: 'pekka@yritys.example', source: 'fair', permissions })
  await call('PATCH', `/companies/${company.id}`, { form: 'sole_trader' })
  expect(await call('GET', `/contacts/${id}`)).toMatchObject({
    companyId: company.id,
    addressClass: 'sole_trader',
    phone: '+358401234567',
  })
  await call('PATCH', `/companies/${company.id}`, { form: 'legal_person', domains: ['yritys.example', 'yritys.fi'] })

  const mailing = await call('POST', '/mailings', {
    kind: 'newsletter',
    topic: 'newsletter',
    subject: 'Hei',
    content: { format: 'markdown', body: 'Tervetuloa' },
    audience: { priceGroups: ['A'], languages: ['fi'], companies: [company.id] },
  })
  expect((await client.upload(`/mailings/${mailing.id}/attachments`, 'a.txt', 'x'.repeat(1_000_000))).status).toBe(201)
  const copy = await call('POST', `/mailings/${mailing.id}/copy`)
  expect((await client.call('DELETE', `/mailings/${copy.id}`)).status).toBe(204)
  const ban = await call('POST', '/bans', { kind: 'email', value: 'pekka@yritys.example' })
  expect((await call('POST', '/bans', { kind: 'email', value: 'pekka@yritys.example' })).id).toBe(ban.id)
  expect((await call('POST', `/mailings/${mailing.id}/check`)).counts).toEqual({ allowed: 1, stopped: { banned: 1 } })
  await call('POST', `/mailings/${mailing.id}/preview`, { contactId: id })
  await call('POST', `/mailings/${mailing.id}/test`, { to: 'uutiset@myyja.example' })
  await call('POST', `/mailings/${mailing.id}/schedule`, { at: 'now' })
  await app.tick()
  await app.deliver()
  expect(await call('GET', `/mailings/${mailing.id}`)).toMatchObject({
    state: 'finished',
    counts: { sent: 1, skipped: 1 },
    skippedBy: { banned: 1 },
  })
  expect((await call('GET', `/mailings/${mailing.id}/deliveries?state=sent`)).items).toMatchObject([
    { contactId: id, allowedBy: 'consent' },
  ])

  await call('PATCH', `/contacts/${id}`, { email: 'maija@uusi.example' })
  expect((await call('GET', `/contacts/${id}/export`)).messages).toMatchObject([{ state: 'sent' }])
  await call('DELETE', '/bans', {
    kind: 'email',
    value: 'pekka@yritys.example',
    requestedBy: 'the person',
    reason: 'phone',
  })
  let events = 0
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = await call('GET', `/ledger?limit=5${cursor === '' ? '' : `&cursor=${cursor}`}`)
    events += page.items.length
    cursor = page.nextCursor
  }
  expect(events).toBe((await app.deps.store.db.selectFrom('ledger').select('id').execute()).length)
  expect((await client.call('DELETE', `/contacts/${id}`)).status).toBe(204)
  for (const path of [
    '/contacts',
    '/companies',
    '/mailings',
    '/forms',
    '/wordings',
    '/topics',
    '/ban-sources',
    '/hold',
    '/register',
  ])
    await call('GET', path)
  expect((await app.request('/readyz')).status).toBe(200)
})
