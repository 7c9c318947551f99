import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { issueSignInLink } from '../../src/actions/signIn.ts'
import { links } from '../../src/mail/tokens.ts'
import { startApp, type TestApp } from '../app.ts'
import { allRows, gets, header, leavingPath, leavingPathOf, mailed, oneClick, ownAddress, post, press } from '../leaving.ts'
import { said, signUp } from '../signUps.ts'

describe('the one-click POST', () => {
  let t: TestApp
  let path: string
  beforeAll(async () => {
    t = await startApp()
    const { mails } = await mailed(t, [
      { email: ownAddress, topics: ['newsletter', 'price-list'], language: 'sv' },
    ])
    path = leavingPath(mails[0])
  })
  afterAll(() => t.close())
  const token = () => path.slice('/u/'.length)

  it('A1-1 A1-2 A1-3 A1-4 a mailing names exactly one https or loopback URI, byte for byte as RFC 8058 wants it, and no address in it', async () => {
    const [mail] = await t.mailsTo(ownAddress)
    if (!mail) throw new Error('no mailing')
    const head = mail.raw.slice(0, mail.raw.indexOf('\r\n\r\n') + 2)
    expect(header(mail, 'List-Unsubscribe')).toHaveLength(1)
    expect(head).toMatch(/^List-Unsubscribe: <http:\/\/127\.0\.0\.1:8080\/u\/[A-Za-z0-9._~-]+>\r\n/m)
    expect(head.match(/^List-Unsubscribe-Post:.*$/gim)).toEqual(['List-Unsubscribe-Post: List-Unsubscribe=One-Click'])
    expect(head).toContain('\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n')
    expect(path).not.toMatch(/maija|yritys|@|%40/i)
    expect(Buffer.from(token().split('.').at(-1) ?? '', 'base64url')).toHaveLength(16)
    expect(mail.links.map((link) => new URL(link).pathname)).toContain(path)
    expect(mail.html).toContain(path)
  })

  it('A1-15 features 27 service mail carries no list header: there is no list to leave', async () => {
    await signUp(t, { email: 'uusi@yritys.example' })
    await press(t, '/manage', { email: ownAddress })
    await press(t, '/ban', { email: 'kielto@yritys.example' })
    await t.deliver()
    const service = (await t.mails()).filter((mail) => header(mail, 'Auto-Submitted').length > 0)
    expect(service.map((mail) => mail.recipient).toSorted()).toEqual(
      ['kielto@yritys.example', ownAddress, 'uusi@yritys.example'].toSorted(),
    )
    for (const mail of service) expect(mail.raw).not.toMatch(/^List-/im)
  })

  it('A1-3 A1-5 A1-7 A1-10 C081 C085 unsubscribes whatever the body is, without cookie, origin or log-in, and says how it came', async () => {
    const form = new FormData()
    form.set('List-Unsubscribe', 'One-Click')
    const extra = 'List-Unsubscribe=One-Click&email=x%40y.example&scope=else&extra=1'
    const typed = (type: string, body: string): RequestInit => ({
      method: 'POST',
      headers: { 'Content-Type': type },
      body,
    })
    const cases: [string, RequestInit, string][] = [
      ['urlencoded', oneClick, 'one_click'],
      ['multipart', { method: 'POST', body: form }, 'one_click'],
      ['unknown fields', typed('application/x-www-form-urlencoded', extra), 'one_click'],
      ['no body', { method: 'POST' }, 'post_without_one_click_body'],
      ['an empty body', typed('application/x-www-form-urlencoded', ''), 'post_without_one_click_body'],
      ['other text', typed('text/plain', 'List-Unsubscribe=One-Click'), 'post_without_one_click_body'],
      ['JSON', typed('application/json', '{"List-Unsubscribe":"One-Click"}'), 'post_without_one_click_body'],
      ['broken multipart', typed('multipart/form-data', 'x'), 'post_without_one_click_body'],
      [
        'multipart that breaks off',
        typed('multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-da'),
        'post_without_one_click_body',
      ],
      [
        'bytes that are no text',
        {
          method: 'POST',
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body: new Uint8Array([0xff, 0xfe, 0, 1]),
        },
        'post_without_one_click_body',
      ],
      [
        'a packed body',
        { ...typed('application/x-www-form-urlencoded', 'xxx'), headers: { 'Content-Encoding': 'gzip' } },
        'post_without_one_click_body',
      ],
      ['a megabyte', typed('application/x-www-form-urlencoded', 'a'.repeat(1_000_000)), 'post_without_one_click_body'],
    ]
    for (const [name, init, how] of cases) {
      const email = `${name.replaceAll(/\W/g, '-').toLowerCase()}@yritys.example`
      const { mails } = await mailed(t, [{ email }])
      const answer = await post(t, leavingPath(mails[0]), init)
      expect([name, answer.status, answer.headers.get('location'), answer.headers.getSetCookie()]).toEqual([
        name,
        200,
        null,
        [],
      ])
      const rows = await t.deps.store.db
        .selectFrom('permissions')
        .innerJoin('contacts', 'contacts.id', 'contact_id')
        .select('withdrawn_from')
        .where('strict', '=', email)
        .execute()
      expect([name, ...rows.map((row) => row.withdrawn_from)]).toEqual([name, how])
    }
  })

  it('A1-6 P10 never redirects and sets no cookie, whatever headers, host or query come with it', async () => {
    for (const headers of [
      { Cookie: `sid=${'x'.repeat(12_000)}` },
      { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site', Referer: 'https://evil.example/' },
      { Authorization: 'Bearer nothing', 'X-Forwarded-Proto': 'http', 'X-Forwarded-For': '1.2.3.4' },
      { 'Accept-Language': 'en', Accept: 'application/json' },
      { Host: 'other.example', 'Upgrade-Insecure-Requests': '1' },
    ]) {
      for (const query of ['', '?lang=en&utm_source=x&url=https%3A%2F%2Fevil.example']) {
        const answer = await post(t, path + query, { ...oneClick, headers: { ...oneClick.headers, ...headers } })
        expect(answer.status).toBe(200)
        expect(answer.headers.get('location')).toBeNull()
        expect(answer.headers.getSetCookie()).toEqual([])
      }
    }
  })

  it("A1-7 somebody else's session is ignored: the token's recipient leaves, and nobody else", async () => {
    const link = new URL(await issueSignInLink(t.deps, t.deps.config.publicUrl)).pathname
    const signedIn = await t.request(link, { method: 'POST', headers: { 'Sec-Fetch-Site': 'same-origin' } })
    const cookie = (signedIn.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
    expect(cookie).toMatch(/^sid=/)
    const { mails } = await mailed(t, [{ email: 'yksi@yritys.example' }, { email: 'kaksi@yritys.example' }])
    await post(t, leavingPath(mails[0]), { ...oneClick, headers: { ...oneClick.headers, Cookie: cookie } })
    expect(await gets(t, 'yksi@yritys.example')).toBe(false)
    expect(await gets(t, 'kaksi@yritys.example')).toBe(true)
  })

  it('A1-8 C072 C076 C078 C079 GET, HEAD, OPTIONS and every other method show at most a button and change nothing', async () => {
    const before = await allRows(t)
    for (const headers of [
      {},
      { Purpose: 'prefetch' },
      { 'Sec-Purpose': 'prefetch;prerender' },
      { 'User-Agent': 'BarracudaCentral' },
    ]) {
      const shown = await t.request(path, { headers })
      expect([shown.status, (await shown.text()).includes(`<form method="post" action="${path}"`)]).toEqual([200, true])
    }
    const statuses = await Promise.all(
      ['HEAD', 'OPTIONS', 'PROPFIND', 'PUT', 'PATCH', 'DELETE'].map(
        async (method) => (await t.request(path, { method })).status,
      ),
    )
    expect(statuses).toEqual([200, 204, 405, 405, 405, 405])
    expect(await allRows(t)).toEqual(before)
  })

  it('A9-5 answers no-store, no-referrer, noindex, and loads nothing from elsewhere', async () => {
    for (const answer of [await t.request(path), await post(t, path), await t.request('/u/x')]) {
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex, nofollow',
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringContaining("default-src 'none'") as string,
      })
      expect(await answer.text()).not.toMatch(/<script|\son\w+=|src=|http-equiv/i)
    }
  })

  it("speaks the token's language, or the one that was asked for", async () => {
    expect(await said(t.request(path, { headers: { 'Accept-Language': 'fi' } }))).toContain('Avsluta prenumerationen')
    expect(await said(post(t, path))).toContain('Prislista')
    expect(await said(t.request(`${path}?lang=en`))).toContain('Unsubscribe')
  })

  it('B1-7 B1-20 takes one press from the message, and asks for no reason, address or log-in', async () => {
    const html = await (await t.request(path)).text()
    expect(html).not.toMatch(/<input|<textarea|<select/)
    expect(html.match(/<button/g)).toHaveLength(3)
  })

  it('A9-6 survives what mail programs do to links: wrapped, percent-encoded, with more behind it', async () => {
    const wrapped = new URL('https://safelinks.example/')
    wrapped.searchParams.set('url', `http://127.0.0.1:8080${path}`)
    const unwrapped = new URL(new URL(wrapped.href).searchParams.get('url') ?? '').pathname
    expect(unwrapped).toBe(path)
    expect(encodeURIComponent(token())).toBe(token())
    const encoded = path.replaceAll('.', '%2E').replaceAll('~', '%7E').replaceAll('-', '%2D')
    expect((await t.request(encoded)).status).toBe(200)
    expect((await t.request(`${path}?data=05%7C02&sdata=x&reserved=0`)).status).toBe(200)
  })

  it("A1-13 P10 is behind no limit: thousands of posts of one mailbox provider's address", async () => {
    const posts = process.env['FAULTS'] === '1' ? 2000 : 200
    const made = Array.from({ length: posts }, (_, n) => leavingPathOf(t, `gone${n}`))
    const answers = await Promise.all(made.map((one) => post(t, one)))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    const kept = await t.deps.store.db
      .selectFrom('ban_keys')
      .select('hash')
      .where('hash', 'like', 'hash-gone%')
      .execute()
    expect(kept).toHaveLength(posts)
  })

  it('C070 works although the topic is gone, and then "this kind" means everything', async () => {
    const gone = links(t.deps).makeLeaving({
      topic: 'was-once',
      language: 'en',
      mailingId: 'old',
      contactId: 'old',
      hashes: ['old-hash'],
    })
    const html = await said(t.request(`/u/${gone}`))
    expect(html).toContain('Unsubscribe')
    expect(html).not.toContain('purpose')
    expect(await said(post(t, `/u/${gone}`))).toContain('You have been unsubscribed')
    expect(await said(press(t, `/u/${gone}`, { scope: 'purpose' }))).toContain('The direct marketing ban is in force')
    const scopes = await t.deps.store.db
      .selectFrom('bans')
      .innerJoin('ban_keys', 'ban_id', 'bans.id')
      .select('scope')
      .where('hash', '=', 'old-hash')
      .orderBy('scope')
      .execute()
    expect(scopes.map(({ scope }) => scope)).toEqual(['all', 'topic:was-once'])
  })

  it('of a test message unsubscribes nobody and says nothing wrong', async () => {
    const before = await allRows(t)
    const test = links(t.deps).makeLeaving({
      topic: 'price-list',
      language: 'fi',
      mailingId: 'm',
      contactId: '',
      hashes: [],
    })
    expect((await post(t, `/u/${test}`)).status).toBe(200)
    expect(await allRows(t)).toEqual(before)
  })

  it('P23 T02 writes no address into a log, whatever happens', () => {
    expect(t.logged.join('\n')).not.toMatch(/@|%40/)
  })
})
