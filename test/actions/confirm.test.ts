import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ban } from '../../src/actions/ban.ts'
import { startApp, type TestApp } from '../app.ts'
import { confirmPath, DAY, everything, HOUR, makeForm, MINUTE, said, signUp, subscribed } from '../signUps.ts'
import { engines } from '../stores.ts'

const address = 'maija@yritys.example'

describe.each(engines)('a confirmation ($name)', ({ name }) => {
  let t: TestApp
  beforeEach(async () => {
    t = await startApp({ engine: name })
  })
  afterEach(() => t.close())

  const db = () => t.deps.store.db
  const press = (path: string) => t.request(path, { method: 'POST' })
  const events = async (event: string) => db().selectFrom('ledger').selectAll().where('event', '=', event).execute()
  const permissions = () =>
    db().selectFrom('permissions').selectAll().orderBy('requested_at').orderBy('topic').execute()

  it('P11 survives five readers before the person, and changes nothing for them', async () => {
    await signUp(t, { email: address, topics: ['newsletter', 'price-list'] })
    const path = await confirmPath(t, address)
    const before = await everything(t)
    for (const method of ['GET', 'GET', 'GET', 'HEAD', 'GET', 'OPTIONS', 'GET']) {
      const answer = await t.request(path, {
        method,
        headers: { 'Sec-Purpose': 'prefetch;prerender', Purpose: 'prefetch' },
      })
      expect(answer.status).toBe(method === 'OPTIONS' ? 204 : 200)
    }
    expect(await everything(t)).toBe(before)
    expect((await press(path)).status).toBe(200)
    expect((await permissions()).every((row) => row.confirmed_from === 'link')).toBe(true)
  })

  it('A9-3 is idempotent: pressed again it shows the same page and records nothing more', async () => {
    await signUp(t, { email: address, name: 'Maija', company: 'Yritys Oy', phone: '040 123 4567', language: 'sv' })
    const path = await confirmPath(t, address)
    const first = await said(press(path))
    const after = await everything(t)
    t.clock.advance(MINUTE)
    expect(await said(press(path))).toBe(first)
    expect(await said(t.request(path))).toBe(first)
    expect(await everything(t)).toBe(after)
    expect(await events('permission_confirmed')).toHaveLength(1)
    expect(await events('contact_created')).toHaveLength(1)
  })

  it('is recorded once when it is pressed twenty times at the same moment', async () => {
    await signUp(t, { email: address, topics: ['newsletter', 'price-list'] })
    const path = await confirmPath(t, address)
    const answers = await Promise.all(Array.from({ length: 20 }, () => press(path)))
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 20 }, () => 200))
    expect(await db().selectFrom('contacts').selectAll().execute()).toHaveLength(1)
    expect(await events('permission_confirmed')).toHaveLength(1)
    expect(await events('contact_created')).toHaveLength(1)
  })

  it('makes a contact with what was typed, and leaves nothing of it in the sign-up', async () => {
    await signUp(t, {
      email: 'Maija@yritys.example',
      name: 'Maija',
      company: 'Yritys Oy',
      title: 'Ostaja',
      phone: '040 123 4567',
    })
    t.clock.advance(HOUR)
    await press(await confirmPath(t, 'Maija@yritys.example'))
    const [contact] = await db().selectFrom('contacts').selectAll().execute()
    expect(contact).toMatchObject({
      strict: address,
      address: 'Maija@yritys.example',
      domain: 'yritys.example',
      name: 'Maija',
      title: 'Ostaja',
      phone: '+358401234567',
      company_name: 'Yritys Oy',
      class: 'named_work',
      source: 'form:newsletter',
      created_at: t.clock.now(),
    })
    expect(await permissions()).toEqual([
      expect.objectContaining({
        contact_id: contact?.id,
        requested_at: t.clock.now() - HOUR,
        confirmed_at: t.clock.now(),
        confirmed_from: 'link',
        withdrawn_at: null,
        expires_at: Date.UTC(2028, 4, 18, 7, 30),
        evidence: (await events('permission_confirmed'))[0]?.id,
      }),
    ])
    const signups = JSON.stringify(await db().selectFrom('signups').selectAll().execute())
    expect(signups).not.toMatch(/maija|Maija|Yritys|Ostaja|401234567/)
    expect((await events('permission_confirmed'))[0]?.subject).toBe(contact?.id)
    expect(JSON.stringify(await db().selectFrom('ledger').selectAll().execute())).not.toMatch(/maija|Maija/)
  })

  it('features 21 fills what a known contact lacks and overwrites nothing', async () => {
    await subscribed(t, { email: address, name: 'Maija Meikäläinen', company: 'Yritys Oy' })
    t.clock.advance(DAY)
    await subscribed(t, {
      email: address,
      name: 'Joku Muu',
      company: 'Muu Oy',
      title: 'Ostaja',
      phone: '040 123 4567',
      topics: 'price-list',
    })
    const [contact, ...more] = await db().selectFrom('contacts').selectAll().execute()
    expect(more).toEqual([])
    expect(contact).toMatchObject({
      name: 'Maija Meikäläinen',
      company_name: 'Yritys Oy',
      title: 'Ostaja',
      phone: '+358401234567',
    })
    const [phoneHash] = t.deps.keyring.hashes('phone:v1:+358401234567')
    expect(contact?.keys).toContain(phoneHash?.hash)
    expect((await permissions()).map((row) => [row.topic, row.contact_id])).toEqual([
      ['newsletter', contact?.id],
      ['price-list', contact?.id],
    ])
  })

  it('links the contact to the company that owns the domain', async () => {
    const company = {
      id: 'c1',
      name: 'Yritys Oy',
      business_id: '1234567-1',
      form: 'sole_trader' as const,
      address: null,
      price_group: null,
      keys: '[]',
    }
    await t.deps.store.batch([
      db()
        .insertInto('companies')
        .values({ ...company, created_at: 1, updated_at: 1 }),
      db().insertInto('company_domains').values({ domain: 'yritys.example', company_id: 'c1' }),
    ])
    await subscribed(t, { email: 'info@osasto.yritys.example' })
    const contact = await db().selectFrom('contacts').selectAll().executeTakeFirstOrThrow()
    expect(contact).toMatchObject({ company_id: 'c1', class: 'sole_trader' })
    expect(contact.keys).toContain(t.deps.keyring.hash('company:v1:1234567-1'))
  })

  it('A9-7 is too old after three days, offers a new link, and that one works', async () => {
    await signUp(t, { email: address, name: 'Maija' })
    const path = await confirmPath(t, address)
    t.clock.advance(3 * DAY + 6 * MINUTE)
    const before = await everything(t)
    const page = await t.request(path)
    expect(page.status).toBe(410)
    expect(await said(page)).toContain('vanhentunut')
    expect((await press(path)).status).toBe(410)
    expect(await everything(t)).toBe(before)
    const again = await t.request(path, { method: 'POST', body: new URLSearchParams({ again: '1' }) })
    expect(again.status).toBe(200)
    const fresh = await confirmPath(t, address)
    expect(fresh).not.toBe(path)
    expect((await press(fresh)).status).toBe(200)
    expect(await db().selectFrom('contacts').select(['name']).execute()).toEqual([{ name: 'Maija' }])
  })

  it('P12 sends new links under the same caps', async () => {
    await signUp(t, { email: address })
    const path = await confirmPath(t, address)
    t.clock.advance(3 * DAY + HOUR)
    const again = () => t.request(path, { method: 'POST', body: new URLSearchParams({ again: '1' }) })
    for (let i = 0; i < 5; i++) expect((await again()).status).toBe(200)
    await t.deliver()
    expect(await t.mailsTo(address)).toHaveLength(2)
    t.clock.advance(4 * DAY)
    await t.tick()
    expect((await again()).status).toBe(410)
  })

  it('the button for a new link confirms nothing while the old one works', async () => {
    await signUp(t, { email: address })
    const path = await confirmPath(t, address)
    const answer = await t.request(path, { method: 'POST', body: new URLSearchParams({ again: '1' }) })
    expect(await said(answer)).toContain('Vahvista tilaus')
    expect((await permissions())[0]?.confirmed_at).toBeNull()
  })

  it('D-14 says that a ban is in force and that confirming lifts it for this topic alone', async () => {
    await ban(t.deps, { kind: 'email', value: address }, 'person')
    t.clock.advance(MINUTE)
    await signUp(t, { email: address })
    const path = await confirmPath(t, address)
    const page = await said(t.request(path))
    expect(page).toMatch(/Kielto voimassa/)
    expect((await press(path)).status).toBe(200)
    expect((await events('permission_confirmed'))[0]?.data).toContain('"lifts":["newsletter"]')
    expect(await db().selectFrom('bans').select(['scope', 'lifted_at']).execute()).toEqual([
      { scope: 'all', lifted_at: null },
    ])
    expect((await permissions()).map((row) => row.topic)).toEqual(['newsletter'])
  })

  it('a link from before a ban undoes nothing, and a new wish is needed', async () => {
    await signUp(t, { email: address })
    const path = await confirmPath(t, address)
    t.clock.advance(HOUR)
    await ban(t.deps, { kind: 'email', value: address }, 'person')
    const before = await everything(t)
    expect((await t.request(path)).status).toBe(410)
    expect((await press(path)).status).toBe(410)
    expect(await everything(t)).toBe(before)
    t.clock.advance(DAY)
    await t.request(path, { method: 'POST', body: new URLSearchParams({ again: '1' }) })
    const fresh = await confirmPath(t, address)
    expect(await said(t.request(fresh))).toMatch(/Kielto voimassa/)
    expect((await press(fresh)).status).toBe(200)
  })

  it('a wish made after the ban is shown and confirmed by the link that was mailed before it', async () => {
    await signUp(t, { email: address })
    const path = await confirmPath(t, address)
    t.clock.advance(HOUR)
    await ban(t.deps, { kind: 'email', value: address, scope: 'topic:newsletter' }, 'person')
    t.clock.advance(HOUR)
    await signUp(t, { email: address })
    expect(await said(t.request(path))).toMatch(/Kielto voimassa/)
    expect((await press(path)).status).toBe(200)
    expect((await permissions()).filter((row) => row.confirmed_at !== null)).toHaveLength(1)
  })

  it.each([
    ['of the company’s domain', { kind: 'domain', value: 'yritys.example' }],
    ['on any contact', { kind: 'email', value: address, scope: 'no_contact' }],
    ['after a complaint', { kind: 'email', value: address, reason: 'complaint' }],
  ] as const)('a ban %s stays, whoever confirms', async (_what, input) => {
    await signUp(t, { email: address })
    const path = await confirmPath(t, address)
    await ban(t.deps, input, 'system')
    t.clock.advance(HOUR)
    await signUp(t, { email: address })
    expect((await press(path)).status).toBe(410)
    expect(await db().selectFrom('contacts').selectAll().execute()).toEqual([])
  })

  it('takes the request back when the person says that it was not theirs', async () => {
    await signUp(t, { email: address, name: 'Maija' })
    const path = await confirmPath(t, address)
    expect((await t.request(`${path}/not-me`)).status).toBe(200)
    expect(await db().selectFrom('signups').selectAll().execute()).toHaveLength(1)
    const first = await said(press(`${path}/not-me`))
    expect(await said(press(`${path}/not-me`))).toBe(first)
    expect(await db().selectFrom('signups').selectAll().execute()).toEqual([])
    expect(await permissions()).toEqual([])
    expect(await events('permission_withdrawn')).toHaveLength(1)
    expect((await press(path)).status).toBe(404)
    expect((await press(`${path.slice(0, -1)}/not-me`)).status).toBe(404)
  })

  it('features 24 welcomes a new subscriber where the form says so, once', async () => {
    await makeForm(t, 'tervetuloa', { welcome: true })
    await signUp(t, { email: address }, { form: 'tervetuloa' })
    const path = await confirmPath(t, address)
    await press(path)
    await press(path)
    await t.deliver()
    const kinds = (await db().selectFrom('deliveries').select(['kind', 'state']).execute()).toSorted((a, b) =>
      a.kind < b.kind ? -1 : 1,
    )
    expect(kinds).toEqual([
      { kind: 'confirmation', state: 'sent' },
      { kind: 'welcome', state: 'sent' },
    ])
  })
})
