import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { contactForm } from '../../enquiries.ts'
import { signUp } from '../../signUps.ts'
import { clientOf, keyWith, type Client } from './client.ts'

let t: TestApp
let client: Client
beforeEach(async () => {
  t = await startApp()
  client = await clientOf(t)
})
afterEach(() => t.close())

const contact = {
  id: 'yhteys',
  kind: 'contact',
  title: { fi: 'Ota yhteyttä' },
  fields: [{ name: 'viesti', kind: 'textarea', label: { fi: 'Viesti' }, required: true }],
  mailbox: 'uutiset@myyja.example',
}

describe('forms of the API', () => {
  it('takes a contact form without topics, and serves it at once', async () => {
    const { status, json } = await client.call('POST', '/forms', { ...contact, receipt: true })
    expect([status, json]).toMatchObject([
      201,
      { kind: 'contact', topics: [], receipt: true, mailbox: contact.mailbox },
    ])
    expect((await t.request('/f/yhteys')).status).toBe(200)
    expect((await client.call('PATCH', '/forms/yhteys', { receipt: false })).json).toMatchObject({
      receipt: false,
      mailbox: contact.mailbox,
    })
  })

  it.each([
    ['a mailbox of nobody', { ...contact, mailbox: 'joku@muualla.example' }, 'mailbox'],
    ['a mailbox that is no address', { ...contact, mailbox: 'x@' }, 'mailbox'],
    ['topics without a confirmation', { ...contact, topics: ['newsletter'], doubleOptIn: false }, 'doubleOptIn'],
    ['a sign-up form without topics', { id: 'x', title: { fi: 'Tilaa' } }, 'topics'],
    [
      'a sign-up form with a mailbox',
      { id: 'x', title: { fi: 'Tilaa' }, topics: ['newsletter'], mailbox: contact.mailbox },
      'mailbox',
    ],
    [
      'a sign-up form with a receipt',
      { id: 'x', title: { fi: 'Tilaa' }, topics: ['newsletter'], receipt: true },
      'receipt',
    ],
  ])('refuses %s by its field', async (_what, form, path) => {
    const { status, json } = await client.call('POST', '/forms', form)
    expect([status, json.errors]).toEqual([422, [{ path, message: expect.any(String) }]])
  })
})

describe('enquiries of the API', () => {
  it('are listed newest first, read, noted, handled, closed and opened again', async () => {
    await contactForm(t)
    for (let n = 0; n < 3; n++) {
      await signUp(t, { email: `v${n}@yritys.example`, name: 'Väinö', viesti: `Asia ${n}` }, { form: 'yhteys' })
      t.clock.advance(1000)
    }
    const first = await client.call('GET', '/enquiries?limit=2')
    expect(first.json.items.map((one: { email: string }) => one.email)).toEqual([
      'v2@yritys.example',
      'v1@yritys.example',
    ])
    const rest = await client.call('GET', `/enquiries?limit=2&cursor=${first.json.nextCursor}`)
    const [{ id }] = rest.json.items
    expect(rest.json).toMatchObject({
      items: [
        {
          email: 'v0@yritys.example',
          fields: { viesti: 'Asia 0' },
          state: 'open',
          purpose: 'customer_service',
          forwarded: 'queued',
        },
      ],
      nextCursor: null,
    })
    await t.deliver()
    expect((await client.call('GET', `/enquiries/${id}`)).json.forwarded).toBe('sent')
    const handled = await client.call('PATCH', `/enquiries/${id}`, { state: 'handled', note: 'Soitettu' })
    expect(handled.json).toMatchObject({
      state: 'handled',
      note: 'Soitettu',
      handledBy: expect.stringMatching(/^api:/),
      closedAt: null,
    })
    t.clock.advance(1000)
    const closed = await client.call('PATCH', `/enquiries/${id}`, { state: 'closed' })
    expect(closed.json).toMatchObject({ state: 'closed', handledAt: handled.json.handledAt, note: 'Soitettu' })
    expect(Date.parse(closed.json.closedAt)).toBe(t.clock.now())
    expect((await client.call('GET', '/enquiries?state=closed')).json.items).toHaveLength(1)
    expect((await client.call('GET', '/enquiries?state=open&form=yhteys')).json.items).toHaveLength(2)
    expect((await client.call('PATCH', `/enquiries/${id}`, { state: 'open' })).json).toMatchObject({
      handledAt: null,
      closedAt: null,
    })
    expect((await client.call('GET', '/enquiries/nothing')).status).toBe(404)
    expect((await client.call('PATCH', '/enquiries/nothing', {})).status).toBe(404)
    expect((await client.call('PATCH', `/enquiries/${id}`, { state: 'lost' })).status).toBe(422)
  })

  it('hold people, so a key without that right reads none', async () => {
    const key = await keyWith(t, 'settings:read', 'mailings:read')
    const answer = await t.request('/api/v1/enquiries', { headers: { Authorization: `Bearer ${key}` } })
    expect(answer.status).toBe(403)
  })

  it('B1-13 belong to what is known of a person', async () => {
    await contactForm(t)
    await signUp(t, { email: 'maija@yritys.example', viesti: 'Hei' }, { form: 'yhteys' })
    const { json } = await client.call('POST', '/contacts', { email: 'maija@yritys.example', source: 'messut' })
    const known = await client.call('GET', `/contacts/${json.id}/export`)
    expect(known.json).toMatchObject({
      enquiries: [{ form: 'yhteys', fields: { viesti: 'Hei' } }],
      purposes: [{ key: 'customer_service' }],
    })
  })
})

describe('the welcome message', () => {
  const welcomeText = { fi: 'Hienoa!\n\nKirje tulee kerran kuussa.', en: 'Great!' }
  const confirm = async () => {
    await t.deliver()
    const links = (await t.mailsTo('maija@yritys.example')).flatMap((mail) => mail.links)
    const path = new URL(links.findLast((url) => /\/c\/[^/]+$/.test(url)) ?? 'x:').pathname
    await t.request(path, { method: 'POST' })
    await t.request(path, { method: 'POST' })
    await t.deliver()
  }
  const welcomes = async () =>
    (await t.mailsTo('maija@yritys.example')).filter((mail) =>
      /Kiitos, tilauksesi|Tilauksesi on vahvistettu/.test(mail.text ?? ''),
    )

  it('carries the form’s own text in the person’s language, once, after the confirmation', async () => {
    await client.call('PATCH', '/forms/newsletter', { welcome: true, welcomeText })
    await signUp(t, { email: 'maija@yritys.example' }, { query: '?lang=fi' })
    await t.deliver()
    expect(await welcomes()).toHaveLength(0)
    await confirm()
    const [mail, ...more] = await welcomes()
    expect(more).toEqual([])
    expect(mail?.text).toContain('Kirje tulee kerran kuussa.')
    expect(mail?.html).toContain('<p>Hienoa!</p>')
    const [row] = await t.deps.store.db.selectFrom('deliveries').selectAll().where('kind', '=', 'welcome').execute()
    expect(row).toMatchObject({ class: 'service', state: 'sent', allowed_by: 'service' })
  })

  it('is stopped by the gate for whoever wants no contact by then', async () => {
    await client.call('PATCH', '/forms/newsletter', { welcome: true, welcomeText })
    await signUp(t, { email: 'maija@yritys.example' }, { query: '?lang=fi' })
    await t.deliver()
    const links = (await t.mailsTo('maija@yritys.example')).flatMap((mail) => mail.links)
    await t.request(new URL(links.find((url) => /\/c\/[^/]+$/.test(url)) ?? 'x:').pathname, { method: 'POST' })
    await client.call('POST', '/bans', { kind: 'email', value: 'maija@yritys.example', scope: 'no_contact' })
    await t.deliver()
    expect(await welcomes()).toEqual([])
  })
})
