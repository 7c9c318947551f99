import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeContact } from '../../src/actions/changeContact.ts'
import { links } from '../../src/mail/tokens.ts'
import { startApp, type TestApp } from '../app.ts'
import { inputs } from '../inputs.ts'
import { confirmPath, DAY, everything, HOUR, makeForm, MINUTE, said, signUp } from '../signUps.ts'

const address = 'maija@yritys.example'

let t: TestApp
let path: string
let token: string
beforeAll(async () => {
  t = await startApp()
  await signUp(t, { email: address, topics: ['newsletter', 'price-list'], language: 'en' })
  path = await confirmPath(t, address)
  token = path.slice('/c/'.length)
})
afterAll(() => t.close())

const press = (at: string) => t.request(at, { method: 'POST' })

describe('the page of a confirmation link', () => {
  it('shows the address, each topic, and word for word what was agreed to', async () => {
    const page = await said(t.request(path))
    const wording = await t.deps.store.db
      .selectFrom('wordings')
      .select('text')
      .where('language', '=', 'en')
      .executeTakeFirstOrThrow()
    expect(page).toContain(address)
    expect(page).toContain('Newsletter')
    expect(page).toContain('Price list')
    expect(page).toContain(wording.text)
  })

  it('A9-2 asks for a button and presses none by itself', async () => {
    const html = await (await t.request(path)).text()
    expect(html).toContain('<form method="post"')
    expect(html).not.toMatch(/<script|http-equiv|\son\w+=/i)
  })

  it('A9-5 is kept by nobody, tells no other site its address, and loads nothing from elsewhere', async () => {
    for (const answer of [
      await t.request(path),
      await press('/c/broken'),
      await t.request('/f/newsletter'),
      await t.request('/nothing'),
    ]) {
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex, nofollow',
        'x-content-type-options': 'nosniff',
      })
      const policy = answer.headers.get('content-security-policy') ?? ''
      expect(policy).toMatch(
        /default-src 'none'; style-src 'sha256-[^']+'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'/,
      )
      expect(answer.headers.get('strict-transport-security')).toBeNull()
    }
  })

  it('asks browsers for https from now on where the service has it', async () => {
    const secure = await startApp({ env: { PUBLIC_URL: 'https://lista.myyja.example' } })
    try {
      expect((await secure.request('/f/newsletter')).headers.get('strict-transport-security')).toBe('max-age=31536000')
    } finally {
      await secure.close()
    }
  })

  it('speaks the language that was asked for, or the one of its address', async () => {
    expect(await said(t.request(path))).toContain('Confirm your subscriptions')
    expect(await said(t.request(`${path}?lang=sv`))).toContain('Bekräfta')
  })

  it('A9-6 does not mind what a mail program hangs behind it', async () => {
    expect((await t.request(`${path}?utm_source=x&url=https%3A%2F%2Fevil.example&data=1`)).status).toBe(200)
  })
})

describe('class C, tokens', () => {
  it.each(inputs('C'))('$id $in', async ({ in: given, expect: expected }) => {
    const before = await everything(t)
    const wanted = await tried(String(given))
    if (wanted === null) {
      // Lines that speak of unsubscribing and its campaigns are its tests' own.
      expect(expected).toMatch(/unsubscribe|200 unsubscribed|idempotent|200 page with button/)
      return
    }
    const { at, status } = wanted
    for (const method of ['GET', 'POST', 'HEAD']) {
      const answer = await t.request(at, { method })
      expect([method, answer.status]).toEqual([method, status])
      if (status !== 404 || method === 'HEAD') continue
      // Identical for everything that is not ours, and it names no address.
      expect(await answer.text()).toBe(await (await t.request('/c/x')).text())
    }
    expect(await everything(t)).toBe(before)
  })

  /** The path that a line of the corpus means, and the answer; null where it is about something else. */
  async function tried(given: string): Promise<{ at: string; status: number } | null> {
    const [version = '', kid = '', scope = '', payload = '', mac = ''] = token.split('.')
    const made = { kid, scope, payload, mac }
    const join = (parts: Partial<typeof made>, first = version) =>
      [first, ...Object.values({ ...made, ...parts })].join('.')
    const flipped = (text: string) => `${text.startsWith('0') ? '1' : '0'}${text.slice(1)}`
    const special: Record<string, { at: string; status: number } | null> = {
      '<valid>%3D': { at: `${path}%3D`, status: 404 },
      '<valid> ': { at: `${path}%20`, status: 404 },
      '<valid>/': { at: `${path}/`, status: 404 },
      '<valid>.': { at: `${path}.`, status: 404 },
      '<valid lower-cased>': { at: path.toLowerCase(), status: 404 },
      '<valid with one bit flipped in payload>': { at: `/c/${join({ payload: flipped(payload) })}`, status: 404 },
      '<valid with one bit flipped in mac>': { at: `/c/${join({ mac: flipped(mac) })}`, status: 404 },
      '<valid with empty mac>': { at: `/c/${join({ mac: '' })}`, status: 404 },
      '<valid with mac of all zero>': { at: `/c/${join({ mac: 'A'.repeat(22) })}`, status: 404 },
      '<valid, kid unknown>': { at: `/c/${join({ kid: '00000000' })}`, status: 404 },
      '<valid, version v0>': { at: `/c/${join({}, 'v0')}`, status: 404 },
      '<JWT signed with our HMAC key as RS256 public>': {
        at: '/c/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.AAAA',
        status: 404,
      },
      '<unsubscribe token on preferences-edit URL>': { at: `/c/${leaving()}`, status: 404 },
      '<two tokens a=1&a=2>': { at: `/c/${token}&${token}`, status: 404 },
      '<confirm token from the future: iat > now+5min>': { at: `/c/${ahead(6 * MINUTE)}`, status: 410 },
      // A ban that comes after the link is test/actions/confirm.test.ts's: "a link from before a ban undoes nothing".
      '<confirm token issued before the address was banned>': { at: `/c/${ahead(6 * MINUTE)}`, status: 410 },
      // Decision: an older link of the same mailbox goes on working, because its page shows everything that waits there; see
      // "sends a new link to a request that still waits, and every link of it works".
      '<confirm token superseded by a newer request>': { at: `/c/${ahead(6 * MINUTE)}`, status: 410 },
    }
    if (given in special) return special[given] ?? null
    if (/^(GET|POST|OPTIONS|HEAD)\b|campaign/.test(given)) return null
    return { at: `/c/${encodeURIComponent(given).replaceAll('%252', '%2')}`, status: 404 }
  }

  const leaving = () =>
    links(t.deps).makeLeaving({ topic: 'newsletter', language: 'fi', mailingId: 'm', contactId: 'c', hashes: ['h'] })
  const ahead = (ms: number) =>
    links({ ...t.deps, now: () => t.clock.now() + ms }).make('c', (token.split('.')[3] ?? '').split('~')[0] ?? '')

  it('C072 shows a button to whoever only looks, and changes nothing', async () => {
    const before = await everything(t)
    for (const headers of [{}, { Purpose: 'prefetch' }, { 'Sec-Purpose': 'prefetch;prerender' }]) {
      const answer = await t.request(path, { headers })
      expect([answer.status, (await answer.text()).includes('<button')]).toEqual([200, true])
    }
    const options = await t.request(path, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS'])
    expect((await t.request(path, { method: 'DELETE' })).status).toBe(405)
    expect(await everything(t)).toBe(before)
  })

  it('F71 forgives clocks five minutes, on both sides', async () => {
    expect((await t.request(`/c/${ahead(5 * MINUTE)}`)).status).toBe(200)
    expect((await t.request(`/c/${ahead(-3 * DAY - 5 * MINUTE)}`)).status).toBe(200)
    expect((await t.request(`/c/${ahead(-3 * DAY - 5 * MINUTE - 1)}`)).status).toBe(410)
  })

  it('works after the secret was changed, as long as the old one is kept', async () => {
    const { makeKeyring } = await import('../../src/keyring.ts')
    const ring = makeKeyring(['a newer secret of more than 32 characters', ...t.deps.config.secrets])
    expect(ring.verify('c', token)).not.toBeNull()
  })

  it('C081 confirms without cookie, origin or body, and with any', async () => {
    for (const [i, body] of [null, 'List-Unsubscribe=One-Click', '{"x":1}', 'again=0'].entries()) {
      const email = `c${i}@yritys.example`
      await signUp(t, { email })
      const answer = await t.request(await confirmPath(t, email), { method: 'POST', body })
      expect(await said(answer)).toContain('Tilaus on vahvistettu')
    }
  })
})

describe('after the confirmation', () => {
  it('features 22 leads to the page that the form names, if it may', async () => {
    const thanks = 'https://www.yritys.example/kiitos'
    await makeForm(t, 'jatko', { redirects: [thanks], confirmedRedirect: `${thanks}/vahvistettu` })
    await makeForm(t, 'harha', { redirects: [thanks], confirmedRedirect: 'https://evil.example/' })
    await signUp(t, { email: 'jatko@yritys.example' }, { form: 'jatko' })
    await signUp(t, { email: 'harha@yritys.example' }, { form: 'harha' })
    const on = await confirmPath(t, 'jatko@yritys.example')
    expect((await t.request(on)).headers.get('content-security-policy')).toContain(
      "form-action 'self' https://www.yritys.example;",
    )
    const answer = await press(on)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `${thanks}/vahvistettu`])
    expect((await press(await confirmPath(t, 'harha@yritys.example'))).status).toBe(200)
  })

  it('the link of today confirms what was asked for after it was pressed, since no second one is mailed that day', async () => {
    const email = 'salla@yritys.example'
    await signUp(t, { email, topics: ['newsletter'], language: 'en' })
    const link = await confirmPath(t, email)
    await press(link)
    t.clock.advance(MINUTE)
    await signUp(t, { email, topics: ['price-list'], language: 'en' })
    expect(await confirmPath(t, email)).toBe(link)
    const page = await said(t.request(link))
    expect(page).toContain(email)
    expect(page).toContain('Price list')
    expect((await press(link)).status).toBe(200)
    const { db } = t.deps.store
    const open = await db
      .selectFrom('permissions')
      .innerJoin('contacts', 'contacts.id', 'permissions.contact_id')
      .select(['topic', 'confirmed_from'])
      .where('strict', '=', email)
      .orderBy('topic')
      .execute()
    expect(open).toEqual([
      { topic: 'newsletter', confirmed_from: 'link' },
      { topic: 'price-list', confirmed_from: 'link' },
    ])
    expect(await said(t.request(link))).not.toContain('Confirm your')
    // Once the contact has another address, the link of the old mailbox confirms nothing for it.
    const row = await db.selectFrom('contacts').select('id').where('strict', '=', email).executeTakeFirstOrThrow()
    await changeContact(t.deps, row.id, { email: 'salla@uusi.example' }, null, 'system')
    await signUp(t, { email: 'salla@uusi.example' })
    expect((await press(link)).status).toBe(410)
  })

  it('an old link of somebody who left meanwhile promises nothing', async () => {
    await signUp(t, { email: 'lahti@yritys.example' })
    const link = await confirmPath(t, 'lahti@yritys.example')
    await press(link)
    t.clock.advance(HOUR)
    await t.deps.store.batch([t.deps.store.db.updateTable('permissions').set({ withdrawn_at: t.clock.now() })])
    expect((await press(link)).status).toBe(410)
    expect(await said(t.request(link))).not.toContain('lahti@yritys.example')
  })
})
