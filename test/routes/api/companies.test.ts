import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { signUp } from '../../signUps.ts'
import { clientOf, type Client } from './client.ts'

let app: TestApp
let client: Client

beforeEach(async () => {
  app = await startApp()
  client = await clientOf(app)
})
afterEach(() => app.close())

const addContact = async (email: string) =>
  (await client.call('POST', '/contacts', { email, source: 'x' })).json.id as string
const contact = async (id: string) => (await client.call('GET', `/contacts/${id}`)).json

describe('companies', () => {
  it('are added with their business id in any spelling; the same id again is the same company', async () => {
    const first = await client.call('POST', '/companies', {
      name: 'Yritys Oy',
      businessId: 'FI12345671',
      priceGroup: 'A',
      domains: ['Yritys.example'],
    })
    expect([first.status, first.json]).toMatchObject([
      201,
      { businessId: '1234567-1', form: 'unknown', domains: ['yritys.example'], priceGroup: 'A' },
    ])
    const again = await client.call('POST', '/companies', { name: 'Yritys Oyj', businessId: '12345671' })
    expect([again.status, again.json]).toMatchObject([
      200,
      { id: first.json.id, name: 'Yritys Oyj', priceGroup: 'A', domains: ['yritys.example'] },
    ])
    expect((await client.call('GET', `/companies/${first.json.id}`)).json.name).toBe('Yritys Oyj')
  })

  it('have the people at their domains, those who come later too, and lose them with the domain', async () => {
    const early = await addContact('info@yritys.example')
    const { json } = await client.call('POST', '/companies', {
      name: 'Yritys Oy',
      domains: ['yritys.example', 'yritys.fi'],
    })
    const late = await addContact('myynti@yritys.example')
    expect([(await contact(early)).companyId, (await contact(late)).companyId]).toEqual([json.id, json.id])
    await client.call('PATCH', `/companies/${json.id}`, { domains: ['yritys.fi'] })
    expect([(await contact(early)).companyId, (await contact(late)).companyId]).toEqual([null, null])
  })

  it('P07 have the people below their domains, known before or not known yet, so that a ban of theirs reaches all', async () => {
    const early = await addContact('info@posti.yritys.example')
    const stranger = await addContact('info@muuyritys.example')
    const { json: nearer } = await client.call('POST', '/companies', {
      name: 'Tytär Oy',
      domains: ['t.yritys.example'],
    })
    const theirs = await addContact('info@t.yritys.example')
    const { json } = await client.call('POST', '/companies', {
      name: 'Yritys Oy',
      businessId: '1234567-1',
      domains: ['yritys.example'],
    })
    const companies = async () =>
      Promise.all([early, stranger, theirs].map(async (id) => (await contact(id)).companyId))
    expect(await companies()).toEqual([json.id, null, nearer.id])
    await client.call('POST', '/bans', { kind: 'company', value: '1234567-1' })
    await signUp(app, { email: 'uusi@posti.yritys.example' })
    await signUp(app, { email: 'uusi@muuyritys.example' })
    await app.deliver()
    const mails = await Promise.all(['posti.yritys', 'muuyritys'].map((at) => app.mailsTo(`uusi@${at}.example`)))
    expect(mails.map(({ length }) => length)).toEqual([0, 1])
    await client.call('PATCH', `/companies/${json.id}`, { domains: [] })
    expect(await companies()).toEqual([null, null, nearer.id])
  })

  it('B2 make the addresses of a sole trader those of a natural person, and back', async () => {
    const named = await addContact('matti@toiminimi.example')
    const role = await addContact('info@toiminimi.example')
    const corrected = await addContact('maija@toiminimi.example')
    await client.call('PATCH', `/contacts/${corrected}`, { addressClass: 'role_work' })
    const { json } = await client.call('POST', '/companies', {
      name: 'Tmi Matti',
      form: 'sole_trader',
      domains: ['toiminimi.example'],
    })
    const classes = async () =>
      Promise.all([named, role, corrected].map(async (id) => (await contact(id)).addressClass))
    expect(await classes()).toEqual(['sole_trader', 'sole_trader', 'role_work'])
    const later = await addContact('uusi@toiminimi.example')
    expect((await contact(later)).addressClass).toBe('sole_trader')
    await client.call('PATCH', `/companies/${json.id}`, { form: 'legal_person' })
    expect(await classes()).toEqual(['named_work', 'role_work', 'role_work'])
    await client.call('PATCH', `/companies/${json.id}`, { form: 'sole_trader' })
    await client.call('PATCH', `/companies/${json.id}`, { domains: [] })
    expect(await classes()).toEqual(['named_work', 'role_work', 'role_work'])
  })

  it.each([
    [{ name: ' ' }, 'name'],
    [{ name: 'x'.repeat(201) }, 'name'],
    [{ name: 'Y', businessId: '1234567-2' }, 'businessId'],
    [{ name: 'Y', domains: ['yritys.example', 'gmail.com'] }, 'domains.1'],
    [{ name: 'Y', domains: ['fi'] }, 'domains.0'],
    [{ name: 'Y', form: 'oy' }, 'form'],
    [{ name: 'Y', vat: '1' }, 'vat'],
  ])('refuse %j', async (body, path) => {
    const { status, json } = await client.call('POST', '/companies', body)
    expect([status, json.errors[0].path]).toEqual([422, path])
  })

  it('share neither a domain nor a business id', async () => {
    await client.call('POST', '/companies', { name: 'Yritys Oy', businessId: '1234567-1', domains: ['yritys.example'] })
    const other = await client.call('POST', '/companies', {
      name: 'Toinen Oy',
      domains: ['toinen.example', 'yritys.example'],
    })
    expect([other.status, other.json.errors[0].path]).toEqual([409, 'domains.1'])
    const { json } = await client.call('POST', '/companies', { name: 'Toinen Oy' })
    expect((await client.call('PATCH', `/companies/${json.id}`, { businessId: '1234567-1' })).status).toBe(409)
    expect((await client.call('PATCH', '/companies/nobody', { name: 'X' })).status).toBe(404)
  })

  it('F77 of two people who change a company, the second learns that it has changed', async () => {
    const made = await client.call('POST', '/companies', { name: 'Yritys Oy', address: 'Katu 1' })
    const tag = { 'If-Match': made.headers.get('ETag')! }
    expect((await client.call('PATCH', `/companies/${made.json.id}`, { address: null }, tag)).json.address).toBeNull()
    expect((await client.call('PATCH', `/companies/${made.json.id}`, { address: 'Katu 2' }, tag)).status).toBe(412)
  })
})
