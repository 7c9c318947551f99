import { afterEach, describe, expect, it } from 'vitest'
import { ban } from '../../src/actions/ban.ts'
import { startApp, type TestApp } from '../app.ts'
import { change, colleague, contactForm, enquiriesOf } from '../enquiries.ts'
import { engines } from '../stores.ts'
import { confirmPath, DAY, post, said, signUp, signUpJson } from '../signUps.ts'

let t: TestApp
afterEach(() => t.close())

const visitor = 'maija@yritys.example'
const asked = {
  email: visitor,
  name: 'Maija Meikäläinen',
  viesti: 'Hei!\nMilloin <b>toimitatte</b>? {{ contact.name }}',
}
const to = { form: 'yhteys', query: '?lang=fi' }
const rows = (table: 'contacts' | 'permissions' | 'signups') => t.deps.store.db.selectFrom(table).selectAll().execute()

describe.each(engines.map(({ name }) => name))('an enquiry on %s', (engine) => {
  it('P01 is kept before it is answered, told to the mailbox with the visitor to reply to, and makes nobody a contact', async () => {
    t = await startApp({ engine })
    await contactForm(t, { receipt: true })
    const answer = await signUp(t, { ...asked, phone: '040 123 4567' }, to)
    expect(answer.status).toBe(200)
    expect(await said(answer)).toContain('Kiitos, viestisi on perillä')
    const [row] = await enquiriesOf(t)
    expect(row).toMatchObject({
      form_id: 'yhteys',
      kind: 'contact',
      purpose: 'customer_service',
      address: visitor,
      phone: '+358401234567',
      handled_at: null,
      closed_at: null,
    })
    expect(JSON.parse(row?.fields ?? '')).toEqual({ viesti: asked.viesti })
    await t.deliver()
    const [mail] = await t.mailsTo(colleague)
    expect(mail?.subject).toBe('Uusi yhteydenotto: Ota yhteyttä')
    expect(mail?.replyTo).toEqual([{ address: visitor, name: '' }])
    expect(mail?.text).toContain(asked.viesti)
    expect(mail?.html).toContain('Milloin &lt;b&gt;toimitatte&lt;/b&gt;?')
    expect(mail?.html).not.toContain('<b>toimitatte')
    expect(mail?.attachments).toEqual([])
    const [receipt] = await t.mailsTo(visitor)
    expect(receipt?.subject).toContain('Olemme saaneet viestisi')
    expect(receipt?.text).not.toContain('toimitatte')
    expect([await rows('contacts'), await rows('signups'), await rows('permissions')]).toEqual([[], [], []])
    const events = await t.deps.store.db
      .selectFrom('ledger')
      .selectAll()
      .where('event', '=', 'enquiry_received')
      .execute()
    expect(events).toHaveLength(1)
    expect(JSON.stringify(events)).not.toContain('maija')
  })

  it('posted twice is one enquiry and one message', async () => {
    t = await startApp({ engine })
    await contactForm(t, { receipt: true })
    await signUp(t, asked, to)
    await signUp(t, asked, to)
    await signUp(t, { ...asked, viesti: 'Vielä yksi asia' }, to)
    expect(await enquiriesOf(t)).toHaveLength(2)
    await t.deliver()
    expect(await t.mailsTo(colleague)).toHaveLength(2)
    expect(await t.mailsTo(visitor)).toHaveLength(1)
  })

  it('starts a sign-up like any other where a topic was ticked, with no more than the topic may hold', async () => {
    t = await startApp({ engine })
    await contactForm(t, { topics: ['newsletter', 'survey'] })
    const answer = await signUp(t, { ...asked, topics: 'newsletter' }, to)
    expect(await said(answer)).toContain('Pyysit myös sähköpostia')
    const [signup] = await rows('signups')
    expect(signup).toMatchObject({ name: asked.name, fields: '{}' })
    expect(await rows('contacts')).toEqual([])
    await t.request(await confirmPath(t, visitor), { method: 'POST' })
    expect(await rows('contacts')).toMatchObject([{ address: visitor, name: asked.name, fields: '{}' }])
    expect(await rows('permissions')).toMatchObject([{ topic: 'newsletter', rule: 'consent', confirmed_from: 'link' }])

    await signUp(t, { ...asked, email: 'kysely@yritys.example', topics: 'survey' }, to)
    expect((await rows('signups')).find((row) => row.address === 'kysely@yritys.example')).toMatchObject({ name: null })
  })
})

describe('an enquiry', () => {
  it('shows its form in three languages, asks for no topic, and gives it back with what is wrong', async () => {
    t = await startApp()
    await contactForm(t, { topics: ['newsletter'] })
    const page = await (await t.request('/f/yhteys?lang=sv')).text()
    expect(page).toContain('Kontakta oss')
    expect(page).toContain('<textarea')
    expect(page).not.toContain(' checked')
    expect(page).toContain('name="consent"')
    const wrong = await signUp(t, { email: 'maija', name: 'Maija' }, to)
    expect(wrong.status).toBe(422)
    expect(await said(wrong)).toMatch(/Sähköpostiosoite: kirjoita koko osoite.*Viesti: täytä tämä kenttä/)
    const json = await signUpJson(t, { email: visitor, viesti: 'Hei', hobby: 'golf' }, { form: 'yhteys' })
    expect([json.status, (await json.json()) as unknown]).toMatchObject([422, { errors: [{ path: 'hobby' }] }])
    expect(await enquiriesOf(t)).toEqual([])
  })

  it('says nothing of wording or leaving where there is nothing to subscribe to', async () => {
    t = await startApp()
    await contactForm(t)
    const page = await (await t.request('/f/yhteys?lang=fi')).text()
    expect(page).not.toContain('name="consent"')
    expect(page).not.toContain('peruuttaa tilauksen')
  })

  it('of the feedback kind is kept by the feedback purpose', async () => {
    t = await startApp()
    await contactForm(t, {}, { id: 'palaute', kind: 'feedback' })
    await signUp(t, asked, { form: 'palaute' })
    expect(await enquiriesOf(t)).toMatchObject([{ kind: 'feedback', purpose: 'feedback_complaints' }])
  })

  it('of a program in the trap is answered like any other, and kept nowhere', async () => {
    t = await startApp()
    await contactForm(t)
    const answer = await signUp(t, { ...asked, leave_empty: 'x' }, { ...to, headers: { Accept: 'application/json' } })
    expect([answer.status, await answer.json()]).toEqual([202, { status: 'accepted' }])
    expect(await enquiriesOf(t)).toEqual([])
  })

  it('is kept beyond the hourly limits, though nobody is told by mail any more', async () => {
    t = await startApp({ env: { LIMIT_PER_NETWORK: '4' } })
    await contactForm(t, { receipt: true })
    for (let n = 0; n < 6; n++) await signUp(t, { email: `v${n}@yritys.example`, viesti: `Asia ${n}` }, to)
    expect(await enquiriesOf(t)).toHaveLength(6)
    await t.deliver()
    // Without a time token half of the limit holds.
    expect(await t.mailsTo(colleague)).toHaveLength(2)
    expect((await t.mails()).filter((mail) => mail.recipient.startsWith('v'))).toHaveLength(2)
    expect((await signUp(t, { email: 'uusi@yritys.example' }, {})).status).toBe(200)
  })

  it('sends three receipts in thirty days to an address that somebody keeps writing in', async () => {
    t = await startApp()
    await contactForm(t, { receipt: true })
    for (let day = 0; day < 6; day++) {
      await signUp(t, { ...asked, viesti: `Päivä ${day}` }, to)
      t.clock.advance(DAY)
    }
    await t.deliver()
    expect((await t.mailsTo(visitor)).length).toBeLessThanOrEqual(3)
    expect(await t.mailsTo(colleague)).toHaveLength(6)
  })

  it('sends no receipt to who wants no contact at all, and still reaches the colleague', async () => {
    t = await startApp()
    await contactForm(t, { receipt: true })
    await ban(t.deps, { kind: 'email', value: visitor, scope: 'no_contact' }, 'test')
    await signUp(t, asked, to)
    await t.deliver()
    expect(await t.mailsTo(visitor)).toEqual([])
    expect(await t.mailsTo(colleague)).toHaveLength(1)
  })

  it('goes to nobody who is no colleague: not at saving, and not when the colleague has left since', async () => {
    t = await startApp({ env: { ENQUIRY_TO: 'Asiat <asiat@myyja.example>' } })
    await expect(contactForm(t, { mailbox: 'joku@muualla.example' })).rejects.toThrow('mailbox')
    const definition = await contactForm(t)
    await t.deps.store.batch([t.deps.store.db.updateTable('users').set({ disabled_at: 1 })])
    await signUp(t, asked, to)
    await t.deliver()
    expect((await t.mails()).map((mail) => mail.recipient)).toEqual(['asiat@myyja.example'])
    const { mailbox: _, ...without } = definition
    await change(t, 'yhteys', without)
    await signUp(t, { ...asked, viesti: 'Toinen' }, to)
    await t.deliver()
    expect(await t.mailsTo('asiat@myyja.example')).toHaveLength(2)
  })

  it('is mailed to nobody when the colleague leaves between the post and the sending: the gate asks last', async () => {
    t = await startApp()
    await contactForm(t)
    await signUp(t, asked, to)
    await t.deps.store.batch([t.deps.store.db.updateTable('users').set({ disabled_at: 1 })])
    await t.deliver()
    expect(await t.mails()).toEqual([])
    expect(await t.deps.store.db.selectFrom('deliveries').select(['state', 'reason']).execute()).toEqual([
      { state: 'skipped', reason: 'not_staff' },
    ])
  })

  it('waits while sending is held', async () => {
    t = await startApp()
    await contactForm(t)
    await t.request('/api/v1/hold', {
      method: 'PUT',
      headers: { Authorization: `Bearer ${t.apiKey}`, 'Content-Type': 'application/json' },
      body: '{"reason": "test"}',
    })
    await signUp(t, asked, to)
    await t.deliver()
    expect(await t.mails()).toEqual([])
    await t.request('/api/v1/hold', { method: 'DELETE', headers: { Authorization: `Bearer ${t.apiKey}` } })
    await t.deliver()
    expect(await t.mails()).toHaveLength(1)
  })

  it('is read by the websites that its form allows, and by no other', async () => {
    t = await startApp()
    await contactForm(t, { allowedOrigins: ['https://www.yritys.example'] })
    const asking = (Origin: string) => signUp(t, asked, { ...to, headers: { Origin, Accept: 'application/json' } })
    const ours = await asking('https://www.yritys.example')
    expect(ours.headers.get('access-control-allow-origin')).toBe('https://www.yritys.example')
    expect((await asking('https://evil.test')).headers.get('access-control-allow-origin')).toBeNull()
  })

  it('takes no file', async () => {
    t = await startApp()
    await contactForm(t)
    const body = new FormData()
    body.append('email', visitor)
    body.append('viesti', new File(['MZ'], 'x.exe'))
    expect((await post(t, body, to)).status).toBe(422)
    expect(await enquiriesOf(t)).toEqual([])
  })

  it('leads to the address that the form allows', async () => {
    t = await startApp()
    await contactForm(t, {
      redirects: ['https://www.yritys.example/kiitos'],
      redirect: 'https://www.yritys.example/kiitos',
    })
    const answer = await signUp(t, asked, to)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, 'https://www.yritys.example/kiitos'])
  })

  it('is no subject of a log', async () => {
    t = await startApp()
    await contactForm(t)
    await signUp(t, asked, to)
    await t.deliver()
    expect(t.logged.join('\n')).not.toMatch(/maija|toimitatte/i)
  })
})
