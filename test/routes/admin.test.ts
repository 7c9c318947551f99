import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { issueSignInLink } from '../../src/actions/signIn.ts'
import type { Outbox } from '../../src/deps.ts'
import { startApp, type TestApp } from '../app.ts'
import { inputs } from '../inputs.ts'
import { allRows, mailed, ownAddress } from '../leaving.ts'
import { addPeople, scheduled } from '../people.ts'
import { DAY, HOUR, MINUTE } from '../signUps.ts'
import { engines } from '../stores.ts'

const ours = { 'Sec-Fetch-Site': 'same-origin' }
const newLink = async (t: TestApp) => new URL(await issueSignInLink(t.deps, t.deps.config.publicUrl)).pathname
const cookieOf = (answer: Response) => (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''

async function signIn(t: TestApp, headers: Record<string, string> = {}): Promise<string> {
  const answer = await t.request(await newLink(t), { method: 'POST', headers: { ...ours, ...headers } })
  if (answer.status !== 303) throw new Error(`signing in answered ${answer.status}`)
  return cookieOf(answer)
}
const look = (t: TestApp, path: string, cookie: string) => t.request(path, { headers: { Cookie: cookie } })

describe.each(engines.map(({ name }) => name))('signing in (%s)', (engine) => {
  let t: TestApp
  beforeEach(async () => {
    t = await startApp({ engine })
  })
  afterEach(() => t.close())

  it('T14 works once, by a press: looking at the link uses nothing up', async () => {
    const link = await newLink(t)
    const before = await allRows(t)
    for (let n = 0; n < 5; n++) expect((await t.request(link)).status).toBe(200)
    await t.request(link, { method: 'HEAD' })
    expect(await allRows(t)).toEqual(before)
    const first = await t.request(link, { method: 'POST', headers: ours })
    expect([first.status, first.headers.get('location')]).toEqual([303, '/admin/mailings'])
    expect(first.headers.getSetCookie()[0]).toMatch(/^sid=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
    expect((await look(t, '/admin/mailings', cookieOf(first))).status).toBe(200)
    const second = await t.request(link, { method: 'POST', headers: ours })
    expect([second.status, second.headers.getSetCookie()]).toEqual([410, []])
  })

  it('gives one session to ten presses at the same moment', async () => {
    const link = await newLink(t)
    const answers = await Promise.all(Array.from({ length: 10 }, () => t.request(link, { method: 'POST', headers: ours })))
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
    const cookie = cookieOf(answers.find(({ status }) => status === 303) ?? new Response())
    expect((await look(t, '/admin/mailings', cookie)).status).toBe(200)
  })

  it('T14 a link lives a day, a session twelve hours and half an hour without a look; signing out ends it at once', async () => {
    const link = await newLink(t)
    t.clock.advance(DAY + 1)
    expect((await t.request(link, { method: 'POST', headers: ours })).status).toBe(410)
    const idle = await signIn(t)
    t.clock.advance(30 * MINUTE - 1)
    expect((await look(t, '/admin/mailings', idle)).status).toBe(200)
    t.clock.advance(30 * MINUTE + 1)
    expect((await look(t, '/admin/mailings', idle)).status).toBe(302)
    const long = await signIn(t)
    for (let ms = 0; ms < 12 * HOUR - 20 * MINUTE; ms += 20 * MINUTE) {
      t.clock.advance(20 * MINUTE)
      expect((await look(t, '/admin/mailings', long)).status).toBe(200)
    }
    t.clock.advance(20 * MINUTE + 1)
    expect((await look(t, '/admin/mailings', long)).status).toBe(302)
    const out = await signIn(t)
    const left = await t.request('/admin/sign-out', { method: 'POST', headers: { ...ours, Cookie: out } })
    expect([left.status, left.headers.get('location')]).toEqual([303, '/admin/sign-in'])
    expect(left.headers.getSetCookie()[0]).toMatch(/^sid=; Max-Age=0/)
    expect((await look(t, '/admin/mailings', out)).status).toBe(302)
  })

  it('T14 always opens a new session, ends the one that the browser had, and takes none that it was given', async () => {
    const planted = 'sid=' + 'a'.repeat(43)
    const mine = await signIn(t, { Cookie: planted })
    expect(mine).not.toBe(planted)
    expect((await look(t, '/admin/mailings', planted)).status).toBe(302)
    const again = await signIn(t, { Cookie: mine })
    expect(again).not.toBe(mine)
    expect((await look(t, '/admin/mailings', mine)).status).toBe(302)
    expect((await look(t, '/admin/mailings', again)).status).toBe(200)
    // Two of the name are none: one of them was planted.
    expect((await look(t, '/admin/mailings', `${again}; ${planted}`)).status).toBe(302)
    // A press on a link that is used up ends no session.
    expect((await t.request('/admin/sign-in/unknown', { method: 'POST', headers: { ...ours, Cookie: again } })).status).toBe(410)
    expect((await look(t, '/admin/mailings', again)).status).toBe(200)
  })

  it('V7.2.3 keeps links and sessions as their hashes only, ends those of a disabled user, and clears away what ran out', async () => {
    const link = await newLink(t)
    const answer = await t.request(link, { method: 'POST', headers: ours })
    const rows = (await allRows(t)).join('\n')
    expect(rows).not.toContain(link.split('/').at(-1))
    expect(rows).not.toContain(cookieOf(answer).slice('sid='.length))
    await t.deps.store.batch([t.deps.store.db.updateTable('users').set({ disabled_at: 1 })])
    expect((await look(t, '/admin/mailings', cookieOf(answer))).status).toBe(302)
    t.clock.advance(2 * DAY)
    await signIn(t)
    expect(await t.deps.store.db.selectFrom('sessions').select('hash').execute()).toHaveLength(1)
    expect(await t.deps.store.db.selectFrom('sign_in_links').select('hash').execute()).toHaveLength(1)
  })
})

describe('the marketers\' pages', () => {
  let t: TestApp
  let cookie: string
  let mailing: string
  beforeAll(async () => {
    t = await startApp()
    mailing = (await mailed(t, [{ email: ownAddress }], { subject: 'Hinnasto <b>ei lihavoitu</b>' })).mailing
    t.deps.outbox = outboxOf((await t.mails()).map((mail) => new TextEncoder().encode(mail.raw)))
    cookie = await signIn(t)
  })
  afterAll(() => t.close())

  const paths = () => ['', '/', '/mailings', `/mailings/${mailing}`, '/mailings/unknown', '/outbox', '/outbox/0.eml', '/outbox/0.eml/html', '/outbox/0.eml/source', '/outbox/0.eml/attachments/0', '/outbox/unknown.eml', '/sign-out', '/whatever', '/%2e%2e/x', '/../admin/outbox', '//outbox', '/mailings/', '/outbox/']

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
      expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'x-robots-tag': 'noindex, nofollow' })
      expect(headers['content-security-policy']).toMatch(/default-src 'none'.*base-uri 'none'; frame-ancestors 'none'/)
      expect(headers['content-security-policy']).not.toMatch(/script|unsafe/)
    }
  })

  it('T13 a post that another site caused is refused, whatever its content type, and one of our pages is not', async () => {
    const types = [undefined, '', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain', 'application/json', 'application/octet-stream', 'text/ping', 'x']
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
    for (const from of [{ Origin: t.deps.config.publicUrl }, { Origin: 'http://localhost' }, ours] as Record<string, string>[]) {
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
      expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-sid=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
      const session = cookieOf(answer)
      expect((await look(secure, '/admin/mailings', session)).status).toBe(200)
      expect((await look(secure, '/admin/mailings', session.replace('__Host-', ''))).status).toBe(302)
      expect((await look(secure, '/admin/mailings', session)).headers.get('strict-transport-security')).toBe('max-age=31536000')
    } finally {
      await secure.close()
    }
  })
})

describe('T05 T06 hostile mail in the outbox', () => {
  let t: TestApp
  let cookie: string
  beforeAll(async () => {
    t = await startApp()
    cookie = await signIn(t)
  })
  afterAll(() => t.close())

  const texts = [
    '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'><svg/onload=alert(1)>", '</title><script>1</script>', 'javascript:alert(1)', '\u202egnp.exe',
    ...['B', 'I'].flatMap((letter) => inputs(letter).map(({ in: value }) => (typeof value === 'string' ? value : JSON.stringify(value))).filter((text) => text.length < 5000)),
  ]

  it('shows subjects, senders, texts and file names as text, and nothing of them as markup', async () => {
    t.deps.outbox = outboxOf(texts.map((text) => mailOf(text)))
    const list = await (await look(t, '/admin/outbox', cookie)).text()
    expect(markupIn(list)).toEqual([])
    for (const name of texts.keys()) {
      const page = await (await look(t, `/admin/outbox/${name}.eml`, cookie)).text()
      expect([texts[name], markupIn(page)]).toEqual([texts[name], []])
    }
  })

  it('serves the HTML part alone, in a sandbox that runs nothing, asks for nothing, and is no page of ours', async () => {
    t.deps.outbox = outboxOf([mailOf('<script>alert(1)</script><meta http-equiv=refresh content="0;url=https://evil.example/">')])
    const answer = await look(t, '/admin/outbox/0.eml/html', cookie)
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; frame-ancestors 'self'$/)
    const page = await (await look(t, '/admin/outbox/0.eml', cookie)).text()
    expect(page).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"')
  })

  it('hands files out as downloads of their own name, never as a page', async () => {
    const names = ['hinnasto.pdf', 'a"b.html', "it's (1)*.svg", 'päivitys – €.txt', '../../etc/passwd', 'x\r\nSet-Cookie: a=b']
    t.deps.outbox = outboxOf(names.map((name) => mailOf('x', name)))
    for (const n of names.keys()) {
      const answer = await look(t, `/admin/outbox/${n}.eml/attachments/0`, cookie)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toBe('application/octet-stream')
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''[\w.~%-]+$/)
      expect(answer.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
      expect(answer.headers.getSetCookie()).toEqual([])
    }
    for (const path of ['/outbox/0.eml/attachments/9', '/outbox/0.eml/attachments/-1', '/outbox/0.eml/attachments/x', '/outbox/9.eml', '/outbox/9.eml/html', '/outbox/9.eml/source', '/outbox/..%2Fsecrets'])
      expect((await look(t, `/admin${path}`, cookie)).status).toBe(404)
    const source = await look(t, '/admin/outbox/0.eml/source', cookie)
    expect(source.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  })

  it('survives messages that are none', async () => {
    const broken = ['', 'x', '\0\0\0', 'Subject: =?utf-8?B?////?=\r\n\r\n', 'Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n', 'Date: never\r\nTo: @@@\r\n\r\nx', `${'A: b\r\n'.repeat(5000)}\r\nx`]
    t.deps.outbox = outboxOf(broken.map((text) => new TextEncoder().encode(text)))
    expect((await look(t, '/admin/outbox', cookie)).status).toBe(200)
    for (const n of broken.keys()) expect((await look(t, `/admin/outbox/${n}.eml`, cookie)).status).toBe(200)
  })
})

function outboxOf(messages: readonly Uint8Array[]): Outbox {
  const at = (name: string) => (/^\d+\.eml$/.test(name) ? messages[Number.parseInt(name, 10)] : undefined)
  return {
    list: async (limit) => messages.slice(0, limit).map((bytes, n) => ({ name: `${n}.eml`, size: bytes.length })),
    read: async (name) => at(name) ?? null,
  }
}

/** A message that has the text in its subject, sender, recipient, text, HTML and file name. */
function mailOf(text: string, file = text): Uint8Array {
  const word = (value: string) => `=?utf-8?B?${Buffer.from(value).toString('base64')}?=`
  const part = (type: string, value: string, more = '') => `--b\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n${more}\r\n${Buffer.from(value).toString('base64')}\r\n`
  return new TextEncoder().encode(
    [
      `From: ${word(text)} <a@b.example>`,
      `To: ${word(text)} <c@d.example>`,
      `Subject: ${word(text)}`,
      'Date: Mon, 18 May 2026 09:30:00 +0300',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      part('text/plain', text) + part('text/html', text) + part('application/octet-stream', 'x', `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(file.toWellFormed())}\r\n`) + '--b--',
    ].join('\r\n'),
  )
}

/** Elements, attributes and addresses of a page that no page of ours has: whatever stands between < and > is markup. */
function markupIn(html: string): string[] {
  const elements = new Set('!doctype html head meta title link style body header p nav a form button main h1 h2 table thead tbody tr th td pre ul li iframe'.split(' '))
  const attributes = new Set('lang charset name content rel href aria-label aria-current aria-labelledby hreflang method action class role scope data-label id title src sandbox referrerpolicy download html'.split(' '))
  const body = html.replace(/<style>[^<]*<\/style>/, '')
  return (body.match(/<[^>]*>?/g) ?? []).filter((tag) => {
    const [, name = '', rest = ''] = /^<\/?([!\w]*)([^]*)>$/.exec(tag) ?? []
    const given = [...rest.matchAll(/\s([\w-]+)(?:="([^"]*)")?/g)]
    const left = given.reduce((text, [whole]) => text.replace(whole, ''), rest)
    const isOurs = given.every(([, attribute = '', value = '']) => {
      const isAddress = attribute === 'href' || attribute === 'src' || attribute === 'action'
      return attributes.has(attribute) && (!isAddress || /^(\/|https?:\/\/|data:,$)/.test(value))
    })
    return !elements.has(name.toLowerCase()) || !isOurs || left.replaceAll('/', '').trim() !== ''
  })
}
