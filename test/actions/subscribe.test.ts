import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ban } from '../../src/actions/ban.ts'
import { startApp, type TestApp } from '../app.ts'
import { confirmPath, DAY, HOUR, makeForm, MINUTE, said, signUp, subscribed } from '../signUps.ts'
import { engines } from '../stores.ts'

const address = 'maija@yritys.example'

describe.each(engines)('a sign-up ($name)', ({ name }) => {
  let t: TestApp
  beforeEach(async () => {
    t = await startApp({ engine: name })
  })
  afterEach(() => t.close())

  const db = () => t.deps.store.db
  const mailCount = async () => {
    await t.deliver()
    return (await t.mailsTo(address)).length
  }

  it('A9-7 is no contact before it is confirmed, and its address is deleted after seven days', async () => {
    await signUp(t, { email: address, name: 'Maija', topics: ['newsletter', 'price-list'] })
    expect(await db().selectFrom('contacts').selectAll().execute()).toEqual([])
    const [row] = await db().selectFrom('signups').selectAll().execute()
    expect(row).toMatchObject({ address, name: 'Maija', form_id: 'newsletter', expires_at: t.clock.now() + 7 * DAY })
    expect(
      await t.deps.store.db.selectFrom('permissions').select(['topic', 'confirmed_at', 'contact_id']).execute(),
    ).toEqual([
      { topic: 'newsletter', confirmed_at: null, contact_id: null },
      { topic: 'price-list', confirmed_at: null, contact_id: null },
    ])
    await t.deliver()
    t.clock.advance(7 * DAY + 1)
    await t.tick()
    expect(await db().selectFrom('signups').selectAll().execute()).toEqual([])
    expect(await db().selectFrom('permissions').selectAll().execute()).toEqual([])
    expect(JSON.stringify(await db().selectFrom('deliveries').selectAll().execute())).not.toContain('maija')
  })

  it('B5-5 keeps what shows the wish: wording, form, network without its last part, time', async () => {
    await signUp(t, { email: address, utm_campaign: 'kevät' }, { peer: '198.51.100.23', query: '?lang=sv' })
    const [row] = await db().selectFrom('permissions').selectAll().execute()
    expect(row).toMatchObject({
      topic: 'newsletter',
      rule: 'consent',
      source: 'form:newsletter?utm_campaign=kev%C3%A4t',
      requested_at: t.clock.now(),
      requested_from: 'newsletter 198.51.100.0/24',
    })
    const wording = await db()
      .selectFrom('wordings')
      .selectAll()
      .where('id', '=', row?.wording_id ?? '')
      .executeTakeFirst()
    expect(wording).toMatchObject({ language: 'sv', form_id: 'newsletter' })
    const [event] = await db().selectFrom('ledger').selectAll().execute()
    expect(event).toMatchObject({ event: 'signup_requested', actor: 'person' })
    expect(JSON.stringify(event)).not.toMatch(/maija|yritys|198\.51\.100\.23/)
  })

  it('A9-8 mails a question and nothing to sell: no list, no picture, no link but its own', async () => {
    await signUp(t, { email: address, name: 'Osta nyt https://spam.example', company: 'https://spam.example' })
    await t.deliver()
    const [mail] = await t.mailsTo(address)
    const headers = Object.fromEntries((mail?.headers ?? []).map(({ key, value }) => [key, value]))
    expect(headers['auto-submitted']).toBe('auto-generated')
    expect(Object.keys(headers).filter((key) => key.startsWith('list-') || key === 'precedence')).toEqual([])
    expect(mail?.to).toEqual([{ address, name: '' }])
    expect(mail?.html).not.toMatch(/<img|spam\.example/)
    expect(mail?.raw).not.toContain('spam.example')
    expect(mail?.links.map((url) => new URL(url).pathname.replace(/v1\.[^/]+/, ':token'))).toEqual([
      '/c/:token',
      '/c/:token/not-me',
      '/privacy',
    ])
  })

  it('P12 mails an address once a day and three times in thirty days, whatever is posted', async () => {
    for (let i = 0; i < 5; i++) await signUp(t, { email: address })
    expect(await mailCount()).toBe(1)
    t.clock.advance(DAY - MINUTE)
    await signUp(t, { email: 'MAIJA@yritys.example' })
    expect(await mailCount()).toBe(1)
    t.clock.advance(MINUTE)
    await signUp(t, { email: address, topics: 'price-list' })
    expect(await mailCount()).toBe(2)
    for (let day = 0; day < 28; day++) {
      t.clock.advance(DAY)
      await t.tick()
      await signUp(t, { email: address })
    }
    expect(await mailCount()).toBe(3)
    t.clock.advance(DAY)
    await signUp(t, { email: address })
    expect(await mailCount()).toBe(4)
  })

  it('P12 keeps one row of a wish that is posted again and again', async () => {
    for (let i = 0; i < 4; i++) await signUp(t, { email: address, topics: ['newsletter', 'price-list'] })
    expect(await db().selectFrom('signups').selectAll().execute()).toHaveLength(1)
    expect(await db().selectFrom('permissions').selectAll().execute()).toHaveLength(2)
    expect(await db().selectFrom('ledger').selectAll().execute()).toHaveLength(1)
  })

  it('F02 takes the same post twice at the same time as one mail', async () => {
    await Promise.all(Array.from({ length: 8 }, () => signUp(t, { email: address })))
    expect(await mailCount()).toBe(1)
    await t.request(await confirmPath(t, address), { method: 'POST' })
    expect(await db().selectFrom('contacts').selectAll().execute()).toHaveLength(1)
  })

  it('adds a second topic of the same day to the mail that was sent', async () => {
    await signUp(t, { email: address })
    expect(await mailCount()).toBe(1)
    t.clock.advance(HOUR)
    await signUp(t, { email: address, topics: 'price-list' })
    expect(await mailCount()).toBe(1)
    const page = await said(t.request(await confirmPath(t, address)))
    expect(page).toContain('Uutiskirje')
    expect(page).toContain('Hinnasto')
  })

  it('sends a new link to a request that still waits, and every link of it works', async () => {
    await signUp(t, { email: address })
    const first = await confirmPath(t, address)
    t.clock.advance(DAY)
    await signUp(t, { email: address })
    const second = await confirmPath(t, address)
    expect(second).not.toBe(first)
    expect(await db().selectFrom('signups').selectAll().execute()).toHaveLength(1)
    expect((await t.request(first, { method: 'POST' })).status).toBe(200)
    expect(await said(t.request(second))).toBe(await said(t.request(first)))
    expect(await said(t.request(second))).toContain('Tilaus on vahvistettu')
  })

  it('asks a known subscriber as it asks a stranger', async () => {
    await subscribed(t, { email: address })
    t.clock.advance(DAY)
    await signUp(t, { email: address })
    expect(await mailCount()).toBe(2)
  })

  it.each(['noreply@yritys.example', 'postmaster@yritys.example', 'maija@mailinator.com'])(
    'mails nobody at %s and answers as always',
    async (email) => {
      expect((await signUp(t, { email }, { headers: { Accept: 'application/json' } })).status).toBe(202)
      await t.deliver()
      expect(await t.mails()).toEqual([])
      expect(await db().selectFrom('signups').selectAll().execute()).toEqual([])
    },
  )

  it('counts the confirmations of a network, a form and all, and keeps what comes beyond', async () => {
    await t.close()
    t = await startApp({ engine: name, env: { LIMIT_PER_NETWORK: '6', LIMIT_PER_FORM: '8', LIMIT_IN_ALL: '10' } })
    await makeForm(t, 'toinen')
    const many = async (from: string, peer: string, form = 'newsletter') => {
      for (let i = 0; i < 10; i++) await signUp(t, { email: `${from}${i}@yritys.example` }, { peer, form })
    }
    // Without a time token half of each cap: 3 of a network, 4 of a form, 5 in all.
    await many('a', '192.0.2.1')
    await t.deliver()
    expect(await t.mails()).toHaveLength(3)
    await many('b', '192.0.2.2')
    await t.deliver()
    expect(await t.mails()).toHaveLength(4)
    await many('c', '192.0.2.3', 'toinen')
    await t.deliver()
    expect(await t.mails()).toHaveLength(5)
    expect(await db().selectFrom('signups').selectAll().execute()).toHaveLength(30)
    t.clock.advance(HOUR)
    await signUp(t, { email: 'a9@yritys.example' }, { peer: '192.0.2.1' })
    await t.deliver()
    expect(await t.mailsTo('a9@yritys.example')).toHaveLength(1)
  })

  it('D-14 sends a banned address one neutral mail, and nothing after a wish for no contact at all', async () => {
    await ban(t.deps, { kind: 'email', value: address }, 'person')
    await signUp(t, { email: address })
    await t.deliver()
    const [mail] = await t.mailsTo(address)
    expect(mail?.text).toMatch(/kielto/i)
    await ban(t.deps, { kind: 'email', value: 'ei@yritys.example', scope: 'no_contact' }, 'person')
    await ban(t.deps, { kind: 'email', value: 'valitti@yritys.example', reason: 'complaint' }, 'system')
    for (const email of ['ei@yritys.example', 'valitti@yritys.example']) {
      expect((await signUp(t, { email })).status).toBe(200)
    }
    await t.deliver()
    expect(await t.mails()).toHaveLength(1)
  })
})
