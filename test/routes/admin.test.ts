import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../app.ts'
import { allRows, mailed, ownAddress } from '../leaving.ts'
import { addPeople, scheduled } from '../people.ts'
import { cookieOf, look, newLink, ours, outboxOf, signIn } from '../signedIn.ts'

describe("the marketers' pages", () => {
  let t: TestApp
  let cookie: string
  let mailing: string
  beforeAll(async () => {
    t = await startApp()
    mailing = (await mailed(t, [{ email: ownAddress }], { subject: 'Hinnasto <b>ei lihavoitu</b>' })).mailing
    t.deps.outbox = outboxOf((await t.mails()).map((mail) => mail.raw))
    cookie = await signIn(t)
  })
  afterAll(() => t.close())

  const paths = () => [
    '',
    '/',
    '/mailings',
    `/mailings/${mailing}`,
    '/mailings/unknown',
    '/outbox',
    '/outbox/0.eml',
    '/outbox/0.eml/html',
    '/outbox/0.eml/source',
    '/outbox/0.eml/attachments/0',
    '/outbox/unknown.eml',
    '/sign-out',
    '/whatever',
    '/%2e%2e/x',
    '/../admin/outbox',
    '//outbox',
    '/mailings/',
    '/outbox/',
  ]

  it('T11 without a session every path leads to signing in and shows nothing', async () => {
    for (const path of paths()) {
      for (const headers of [{}, { Cookie: 'sid=unknown' }, { Cookie: '__Host-sid=unknown' }]) {
        const answer = await t.request(`/admin${path}`, { headers: headers as Record<string, string> })
        const at = new URL(`/admin${path}`, 'http://x').pathname
        if (!at.startsWith('/admin')) continue
        expect([path, answer.status, answer.headers.get('location')]).toEqual([path, 302, '/admin/sign-in'])
        expect(await answer.text()).toBe('')
      }
    }
    expect((await t.request('/admin/sign-in')).status).toBe(200)
  })

  it('a form that is sent after the session ended is told that nothing is lost, and a piece of a page leads to the sign-in', async () => {
    const ours = { Origin: 'http://localhost', 'Accept-Language': 'fi' }
    const sent = await t.request('/admin/mailings', {
      method: 'POST',
      headers: ours,
      body: new URLSearchParams({ subject: 'x' }),
    })
    expect([sent.status, await sent.text()]).toEqual([
      403,
      expect.stringContaining('kirjoittamasi on vielä lomakkeella'),
    ])
    const piece = await t.request('/admin/mailings/unknown/live', { headers: { 'HX-Request': 'true' } })
    expect([piece.status, piece.headers.get('hx-redirect')]).toEqual([204, '/admin/sign-in'])
  })

  it('shows mailings with their counts, and messages as they went out', async () => {
    const list = await (await look(t, '/admin/mailings', cookie)).text()
    expect(list).toContain('Hinnasto &lt;b&gt;ei lihavoitu&lt;/b&gt;')
    expect(await (await look(t, `/admin/mailings/${mailing}`, cookie)).text()).toMatch(/lähetetty<\/dt><dd>1</)
    const out = await (await look(t, '/admin/outbox', cookie)).text()
    expect(out).toContain(ownAddress)
    const message = await (await look(t, '/admin/outbox/0.eml', cookie)).text()
    expect(message).toContain('List-Unsubscribe-Post')
    expect((await look(t, '/admin/', cookie)).status).toBe(404)
    const start = await look(t, '/admin', cookie)
    expect([start.status, start.headers.get('location')]).toEqual([302, '/admin/mailings'])
  })

  it('V3.4.3 V14.3.2 sends strict headers with every page, also of errors', async () => {
    for (const path of ['/mailings', '/outbox', '/outbox/0.eml', '/mailings/unknown', '/sign-in']) {
      const answer = await look(t, `/admin${path}`, cookie)
      const headers = Object.fromEntries(answer.headers)
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-robots-tag': 'noindex, nofollow',
      })
      expect(headers['content-security-policy']).toMatch(/default-src 'none'.*base-uri 'none'; frame-ancestors 'none'/)
      expect(headers['content-security-policy']).not.toMatch(/unsafe|script-src (?!'self';)/)
    }
  })

  it('T13 a post that another site caused is refused, whatever its content type, and one of our pages is not', async () => {
    const types = [
      undefined,
      '',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain',
      'application/json',
      'application/octet-stream',
      'text/ping',
      'x',
    ]
    const elsewhere: Record<string, string>[] = [
      {},
      { Origin: 'null' },
      { Origin: 'https://evil.example' },
      { Origin: 'http://127.0.0.1.evil.example' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'none' },
      { 'Sec-Fetch-Site': 'cross-site', Origin: t.deps.config.publicUrl },
    ]
    const link = await newLink(t)
    const before = await allRows(t)
    for (const from of elsewhere) {
      for (const type of types) {
        for (const path of ['/admin/sign-out', link, '/admin/mailings', '/admin/unknown']) {
          for (const method of ['POST', 'PUT', 'DELETE', 'PROPFIND']) {
            const headers = { Cookie: cookie, ...from, ...(type === undefined ? {} : { 'Content-Type': type }) }
            const answer = await t.request(path, { method, headers, body: new Uint8Array([120]) })
            expect([from, type, path, method, answer.status]).toEqual([from, type, path, method, 403])
          }
        }
      }
    }
    expect(await allRows(t)).toEqual(before)
    for (const from of [{ Origin: t.deps.config.publicUrl }, { Origin: 'http://localhost' }, ours] as Record<
      string,
      string
    >[]) {
      const answer = await t.request(await newLink(t), { method: 'POST', headers: from })
      expect([from, answer.status]).toEqual([from, 303])
    }
  })

  it('V3.5.3 GET of every page as a signed-in user changes nothing but the time of the last look', async () => {
    const before = (await allRows(t)).filter((row) => !row.startsWith('sessions '))
    for (const path of paths()) await look(t, `/admin${path}`, cookie)
    expect((await allRows(t)).filter((row) => !row.startsWith('sessions '))).toEqual(before)
  })

  it('goes through more mailings than fit on a page', async () => {
    const more = await startApp()
    try {
      await addPeople(more, [{ email: ownAddress }])
      for (let n = 0; n < 27; n++) {
        more.clock.advance(1)
        await scheduled(more, { subject: `Hinnasto ${n}.` })
      }
      const session = await signIn(more)
      const first = await (await look(more, '/admin/mailings', session)).text()
      expect(first).toContain('Hinnasto 26.')
      expect(first).not.toContain('Hinnasto 1.')
      const next = /href="(\/admin\/mailings\?before=[^"]+)"/.exec(first)?.[1] ?? ''
      const second = await (await look(more, next, session)).text()
      expect([...second.matchAll(/Hinnasto (\d+)\./g)].map((match) => match[1])).toEqual(['1', '0'])
    } finally {
      await more.close()
    }
  })

  it('uses a cookie with the __Host- prefix on https, and none of another name', async () => {
    const secure = await startApp({ env: { PUBLIC_URL: 'https://lista.myyja.example' } })
    try {
      const answer = await secure.request(await newLink(secure), { method: 'POST', headers: ours })
      expect(answer.headers.getSetCookie()[0]).toMatch(
        /^__Host-sid=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      )
      const session = cookieOf(answer)
      expect((await look(secure, '/admin/mailings', session)).status).toBe(200)
      expect((await look(secure, '/admin/mailings', session.replace('__Host-', ''))).status).toBe(302)
      expect((await look(secure, '/admin/mailings', session)).headers.get('strict-transport-security')).toBe(
        'max-age=31536000',
      )
    } finally {
      await secure.close()
    }
  })
})
