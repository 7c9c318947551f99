import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CompiledQuery } from 'kysely'
import { startApp, type TestApp } from '../app.ts'
import { createApp } from '../../src/app.ts'
import { erase } from '../../src/actions/erase.ts'
import { ensureKeyring } from '../../src/actions/rekey.ts'
import { issueSignInLink } from '../../src/actions/signIn.ts'
import { makeKeyring } from '../../src/keyring.ts'
import { links } from '../../src/mail/tokens.ts'
import { inputs } from '../inputs.ts'
import { allRows, gets, header, leavingPath, mailed, oneClick, ownAddress, press, run, settingsPath } from '../leaving.ts'
import { addPeople, reportOf, scheduled } from '../people.ts'
import { confirmPath, said, signUp, subscribed } from '../signUps.ts'
import { engines } from '../stores.ts'

const post = (t: TestApp, path: string, init: RequestInit = oneClick) => t.request(path, { peer: '203.0.113.9', ...init })

describe.each(engines.map(({ name }) => name))('leaving by the link of a mailing (%s)', (engine) => {
  let t: TestApp
  beforeEach(async () => {
    t = await startApp({ engine })
  })
  afterEach(() => t.close())

  const db = () => t.deps.store.db
  const permissions = () => db().selectFrom('permissions').select(['topic', 'withdrawn_at', 'withdrawn_from']).orderBy('topic').execute()
  const objections = () => db().selectFrom('ledger').select(['subject', 'actor', 'data']).where('event', '=', 'objection').execute()
  const bans = () => db().selectFrom('bans').select(['kind', 'scope', 'source', 'external', 'lifted_at']).orderBy('scope').execute()

  it('A1-14 ends the topic of the message at once, keeps the objection as a ban key, and leaves the other topics alone', async () => {
    const { ids, mails, mailing } = await mailed(t, [{ email: ownAddress, topics: ['newsletter', 'price-list'] }])
    t.clock.advance(1000)
    expect((await post(t, leavingPath(mails[0]))).status).toBe(200)
    expect(await permissions()).toEqual([
      { topic: 'newsletter', withdrawn_at: null, withdrawn_from: null },
      { topic: 'price-list', withdrawn_at: t.clock.now(), withdrawn_from: 'one_click' },
    ])
    expect(await bans()).toEqual([{ kind: 'email', scope: 'topic:price-list', source: 'own', external: 0, lifted_at: null }])
    expect((await objections()).map((row) => ({ ...row, data: JSON.parse(row.data) as unknown }))).toEqual([
      {
        subject: ids[0],
        actor: 'person',
        data: { scope: 'topic:price-list', how: 'one_click', topic: 'price-list', mailing, network: '203.0.113.0/24' },
      },
    ])
    expect(await gets(t, ownAddress)).toBe(false)
    expect(await gets(t, ownAddress, 'newsletter')).toBe(true)
  })

  it('A1-9 C084 is one objection and one entry of the ledger, pressed twenty times at the same moment and again years later', async () => {
    const { mails } = await mailed(t)
    const path = leavingPath(mails[0])
    const first = await Promise.all(Array.from({ length: 20 }, () => post(t, path)))
    expect(first.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    t.clock.advance(3 * 365 * 86_400_000)
    const again = await post(t, path)
    expect(again.status).toBe(200)
    expect(await said(again)).toBe(await said(first[0] ?? again))
    expect(await objections()).toHaveLength(1)
    expect(await bans()).toHaveLength(1)
    expect(await db().selectFrom('ban_keys').selectAll().execute()).toHaveLength(1)
  })

  it('A1-11 P10 works after the person was erased and the mailing deleted, and an import of the address meets the objection', async () => {
    const { ids, mails, mailing } = await mailed(t)
    const path = leavingPath(mails[0])
    await erase(t.deps, ids[0] ?? '', 'api:test')
    await t.deps.store.batch([
      db().deleteFrom('deliveries').where('mailing_id', '=', mailing),
      db().deleteFrom('mailings').where('id', '=', mailing),
    ])
    expect((await t.request(path)).status).toBe(200)
    expect((await post(t, path)).status).toBe(200)
    expect(await bans()).toEqual([{ kind: 'email', scope: 'topic:price-list', source: 'own', external: 0, lifted_at: null }])
    await addPeople(t, [{ email: ownAddress, topics: ['newsletter', 'price-list'], rule: 'duty_evidence' }])
    expect(await gets(t, ownAddress)).toBe(false)
    expect(await gets(t, ownAddress, 'newsletter')).toBe(true)
  })

  it('P10 leaves again after a return, also from a link that is older than the contact', async () => {
    const { ids, mails } = await mailed(t)
    const path = leavingPath(mails[0])
    await erase(t.deps, ids[0] ?? '', 'api:test')
    await post(t, path)
    t.clock.advance(86_400_000)
    await subscribed(t, { email: ownAddress, topics: 'price-list' })
    expect(await gets(t, ownAddress)).toBe(true)
    t.clock.advance(86_400_000)
    expect((await post(t, path)).status).toBe(200)
    expect(await gets(t, ownAddress)).toBe(false)
  })

  it('leaves again after a return of a known contact, and the ledger has both', async () => {
    const { mails } = await mailed(t)
    await post(t, leavingPath(mails[0]))
    t.clock.advance(86_400_000)
    await subscribed(t, { email: ownAddress, topics: 'price-list' })
    expect(await gets(t, ownAddress)).toBe(true)
    t.clock.advance(86_400_000)
    await post(t, leavingPath(mails[0]))
    expect(await gets(t, ownAddress)).toBe(false)
    expect(await objections()).toHaveLength(2)
  })

  it('a confirmation that was asked for before leaving brings nobody back', async () => {
    const { mails } = await mailed(t)
    t.clock.advance(1000)
    await signUp(t, { email: ownAddress, topics: 'price-list' })
    const path = await confirmPath(t, ownAddress)
    t.clock.advance(1000)
    await post(t, leavingPath(mails[0]))
    expect((await t.request(path, { method: 'POST' })).status).toBe(410)
    expect(await gets(t, ownAddress)).toBe(false)
  })

  it('"everything of this kind" covers the other topics of the purpose, and no other purpose', async () => {
    const { store } = t.deps
    await store.batch([
      db().insertInto('topics').values({
        id: 'offers',
        purpose: 'direct_marketing',
        kind: 'newsletter',
        names: JSON.stringify({ fi: 'Tarjoukset', sv: 'Erbjudanden', en: 'Offers' }),
        list_id: 'offers.myyja.example',
        position: 9,
        created_at: 1,
      }),
    ])
    const { mails } = await mailed(t, [{ email: ownAddress, topics: ['newsletter', 'offers', 'price-list'] }], { kind: 'newsletter', topic: 'newsletter' })
    expect(await said(press(t, leavingPath(mails[0]), { scope: 'purpose' }))).toContain('Kaikki tämäntyyppiset tilaukset on peruutettu')
    expect((await bans()).map(({ scope }) => scope)).toEqual(['purpose:direct_marketing'])
    expect(await gets(t, ownAddress, 'newsletter')).toBe(false)
    expect(await gets(t, ownAddress, 'offers')).toBe(false)
    expect(await gets(t, ownAddress)).toBe(true)
  })

  it('"all direct marketing" is a ban: marketing, research and invitations end, and lifting it brings back no topic', async () => {
    const { mails } = await mailed(t, [{ email: ownAddress, topics: ['newsletter', 'price-list', 'events'] }])
    const path = leavingPath(mails[0])
    expect(await said(press(t, path, { scope: 'all' }))).toContain('Suoramarkkinointikielto on voimassa')
    expect((await bans()).map(({ scope }) => scope)).toEqual(['all'])
    for (const topic of ['newsletter', 'price-list', 'events']) expect(await gets(t, ownAddress, topic)).toBe(false)
    await press(t, await settingsPath(t, ownAddress), { do: 'lift' })
    for (const topic of ['newsletter', 'price-list', 'events']) expect(await gets(t, ownAddress, topic)).toBe(false)
    // Lifted once, the same button of the same old message is a new wish.
    t.clock.advance(1000)
    await press(t, path, { scope: 'all' })
    expect((await bans()).filter(({ lifted_at: at }) => at === null)).toHaveLength(1)
    expect(await objections()).toHaveLength(2)
  })

  it('skips what waits: the topic, the purpose or all of it, of every mailing, and service mail never', async () => {
    const people = ['a', 'b', 'c'].map((name) => ({ email: `${name}@yritys.example`, topics: ['newsletter', 'price-list', 'events'] }))
    const { mails } = await mailed(t, people)
    const later = await Promise.all([scheduled(t), scheduled(t, { kind: 'newsletter', topic: 'newsletter' }), scheduled(t, { kind: 'event', topic: 'events' })])
    await t.tick()
    await press(t, '/manage', { email: 'c@yritys.example' })
    for (const [i, scope] of ['topic', 'purpose', 'all'].entries()) await press(t, leavingPath(mails[i]), { scope })
    const rows = await db().selectFrom('deliveries').select(['mailing_id', 'reason']).where('state', '=', 'skipped').execute()
    const skipped = later.map((id) => rows.filter((row) => row.mailing_id === id).map((row) => row.reason))
    expect(skipped).toEqual([['unsubscribed', 'unsubscribed', 'unsubscribed'], ['unsubscribed'], ['unsubscribed']])
    await run(t)
    expect((await t.mailsTo('c@yritys.example')).at(-1)?.text).toContain('/p/')
    expect((await reportOf(t, later[1] ?? '')).counts).toMatchObject({ sent: 2, skipped: 1 })
  })

  it('A1-14 P07 takes the address out of the open window before the answer leaves', async () => {
    const { mails } = await mailed(t, [{ email: ownAddress, topics: ['price-list'] }])
    const contact = await db().selectFrom('contacts').select('keys').executeTakeFirstOrThrow()
    const held = (JSON.parse(contact.keys) as { k: string }[]).map(({ k }) => k)
    const told: string[] = []
    const off = t.deps.signals.onStop((keys) => told.push(...keys))
    await post(t, leavingPath(mails[0]))
    off()
    expect(told).not.toEqual([])
    expect(held).toEqual(expect.arrayContaining(told))
  })

  it('matches wide: who leaves with a tagged address is left alone at the plain one too', async () => {
    const { mails } = await mailed(t, [{ email: 'Maija+hinnat@yritys.example' }, { email: ownAddress }])
    await post(t, leavingPath(mails[0]))
    expect(await gets(t, 'Maija+hinnat@yritys.example')).toBe(false)
    expect(await gets(t, ownAddress)).toBe(false)
  })

  it('P10 D-7 an old secret at the end of SECRETS still leaves: known, erased, and after the rows have new keys', async () => {
    const { ids, mails } = await mailed(t, [{ email: ownAddress }, { email: 'toinen@yritys.example' }])
    const old = t.deps.keyring
    t.deps.keyring = makeKeyring(['a newer secret, also of more than 32 characters', ...t.deps.config.secrets])
    const renewed: TestApp['deps'] = { ...t.deps }
    expect(await ensureKeyring(renewed)).toEqual({ ok: true })
    // As after a restart: routes are made with the ring that the process starts with.
    const app = createApp(renewed)
    await erase(renewed, ids[1] ?? '', 'api:test')
    for (const mail of mails) {
      const answer = await app.request(leavingPath(mail), oneClick, { peer: '127.0.0.1' })
      expect(answer.status).toBe(200)
    }
    const made = await db().selectFrom('ban_keys').select('key_id').distinct().execute()
    expect(made.map((row) => row.key_id)).toEqual(old.ids)
    await addPeople({ deps: renewed }, [{ email: 'toinen@yritys.example' }])
    t.deps.keyring = renewed.keyring
    expect(await gets(t, ownAddress)).toBe(false)
    expect(await gets(t, 'toinen@yritys.example')).toBe(false)
  })
})

describe('the one-click POST', () => {
  let t: TestApp
  let path: string
  let contactId: string
  beforeAll(async () => {
    t = await startApp()
    const { ids, mails } = await mailed(t, [{ email: ownAddress, topics: ['newsletter', 'price-list'], language: 'sv' }])
    contactId = ids[0] ?? ''
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
    expect(service.map((mail) => mail.recipient).toSorted()).toEqual(['kielto@yritys.example', ownAddress, 'uusi@yritys.example'].toSorted())
    for (const mail of service) expect(mail.raw).not.toMatch(/^List-/im)
  })

  it('A1-3 A1-5 A1-7 A1-10 C081 C085 unsubscribes whatever the body is, without cookie, origin or log-in, and says how it came', async () => {
    const form = new FormData()
    form.set('List-Unsubscribe', 'One-Click')
    const extra = 'List-Unsubscribe=One-Click&email=x%40y.example&scope=else&extra=1'
    const typed = (type: string, body: string): RequestInit => ({ method: 'POST', headers: { 'Content-Type': type }, body })
    const cases: [string, RequestInit, string][] = [
      ['urlencoded', oneClick, 'one_click'],
      ['multipart', { method: 'POST', body: form }, 'one_click'],
      ['unknown fields', typed('application/x-www-form-urlencoded', extra), 'one_click'],
      ['no body', { method: 'POST' }, 'post_without_one_click_body'],
      ['an empty body', typed('application/x-www-form-urlencoded', ''), 'post_without_one_click_body'],
      ['other text', typed('text/plain', 'List-Unsubscribe=One-Click'), 'post_without_one_click_body'],
      ['JSON', typed('application/json', '{"List-Unsubscribe":"One-Click"}'), 'post_without_one_click_body'],
      ['broken multipart', typed('multipart/form-data', 'x'), 'post_without_one_click_body'],
      ['multipart that breaks off', typed('multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-da'), 'post_without_one_click_body'],
      ['bytes that are no text', { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: new Uint8Array([0xff, 0xfe, 0, 1]) }, 'post_without_one_click_body'],
      ['a packed body', { ...typed('application/x-www-form-urlencoded', 'xxx'), headers: { 'Content-Encoding': 'gzip' } }, 'post_without_one_click_body'],
      ['a megabyte', typed('application/x-www-form-urlencoded', 'a'.repeat(1_000_000)), 'post_without_one_click_body'],
    ]
    for (const [name, init, how] of cases) {
      const email = `${name.replaceAll(/\W/g, '-').toLowerCase()}@yritys.example`
      const { mails } = await mailed(t, [{ email }])
      const answer = await post(t, leavingPath(mails[0]), init)
      expect([name, answer.status, answer.headers.get('location'), answer.headers.getSetCookie()]).toEqual([name, 200, null, []])
      const rows = await t.deps.store.db.selectFrom('permissions').innerJoin('contacts', 'contacts.id', 'contact_id').select('withdrawn_from').where('strict', '=', email).execute()
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
    for (const headers of [{}, { Purpose: 'prefetch' }, { 'Sec-Purpose': 'prefetch;prerender' }, { 'User-Agent': 'BarracudaCentral' }]) {
      const shown = await t.request(path, { headers })
      expect([shown.status, (await shown.text()).includes(`<form method="post" action="${path}"`)]).toEqual([200, true])
    }
    const statuses = await Promise.all(
      ['HEAD', 'OPTIONS', 'PROPFIND', 'PUT', 'PATCH', 'DELETE'].map(async (method) => (await t.request(path, { method })).status),
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

  it('A1-4 T12 any changed bit makes it nobody\'s link, and nothing happens', async () => {
    const before = await allRows(t)
    const bytes = Buffer.from(token())
    const broken = await (await t.request('/u/x')).text()
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 6 }), async (at, bit) => {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ (1 << bit)
        const answer = await post(t, `/u/${encodeURIComponent(changed.toString('latin1'))}`)
        expect(answer.status).toBe(404)
        expect(await answer.text()).toBe(broken)
      }),
      { numRuns: 300 },
    )
    expect(await allRows(t)).toEqual(before)
  })

  it('A1-4 the link of one topic never touches another, and no link opens what another kind opens', async () => {
    const read = links(t.deps).readLeaving(token())
    expect(read).toMatchObject({ topic: 'price-list', contactId })
    const other = links(t.deps).makeLeaving({ topic: 'newsletter', language: 'fi', mailingId: 'm', contactId, hashes: [] })
    const spliced = [...other.split('.').slice(0, 4), token().split('.')[4]].join('.')
    expect((await post(t, `/u/${spliced}`)).status).toBe(404)
    for (const kind of ['c', 'p']) {
      expect((await t.request(`/${kind}/${token()}`)).status).toBe(404)
      expect((await post(t, `/${kind}/${token()}`)).status).toBe(404)
    }
    expect((await post(t, `/ban/undo/${token()}`)).status).toBe(404)
    const { make } = links(t.deps)
    for (const scope of ['c', 'p', 'b', 't'] as const) expect((await post(t, `/u/${make(scope, contactId)}`)).status).toBe(404)
  })

  it('A1-13 P10 is behind no limit: thousands of posts of one mailbox provider\'s address', async () => {
    const posts = process.env['FAULTS'] === '1' ? 2000 : 200
    const made = Array.from({ length: posts }, (_, n) => leavingOf(t, `gone${n}`))
    const answers = await Promise.all(made.map((one) => post(t, one)))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    const kept = await t.deps.store.db.selectFrom('ban_keys').select('hash').where('hash', 'like', 'hash-gone%').execute()
    expect(kept).toHaveLength(posts)
  })

  it('C070 works although the topic is gone, and then "this kind" means everything', async () => {
    const gone = links(t.deps).makeLeaving({ topic: 'was-once', language: 'en', mailingId: 'old', contactId: 'old', hashes: ['old-hash'] })
    const html = await said(t.request(`/u/${gone}`))
    expect(html).toContain('Unsubscribe')
    expect(html).not.toContain('purpose')
    expect(await said(post(t, `/u/${gone}`))).toContain('You have been unsubscribed')
    expect(await said(press(t, `/u/${gone}`, { scope: 'purpose' }))).toContain('The direct marketing ban is in force')
    const scopes = await t.deps.store.db.selectFrom('bans').innerJoin('ban_keys', 'ban_id', 'bans.id').select('scope').where('hash', '=', 'old-hash').orderBy('scope').execute()
    expect(scopes.map(({ scope }) => scope)).toEqual(['all', 'topic:was-once'])
  })

  it('of a test message unsubscribes nobody and says nothing wrong', async () => {
    const before = await allRows(t)
    const test = links(t.deps).makeLeaving({ topic: 'price-list', language: 'fi', mailingId: 'm', contactId: '', hashes: [] })
    expect((await post(t, `/u/${test}`)).status).toBe(200)
    expect(await allRows(t)).toEqual(before)
  })

  it('P23 T02 writes no address into a log, whatever happens', () => {
    expect(t.logged.join('\n')).not.toMatch(/@|%40/)
  })
})

describe('class C at the unsubscribe link', () => {
  let t: TestApp
  let path: string
  beforeAll(async () => {
    t = await startApp()
    path = leavingPath((await mailed(t)).mails[0])
  })
  afterAll(() => t.close())

  it.each(inputs('C').filter(({ expect: wanted }) => wanted.startsWith('404')))('$id is nobody\'s link: $in', async ({ in: given }) => {
    const [version = '', kid = '', scope = '', payload = '', mac = ''] = path.slice('/u/'.length).split('.')
    const flipped = (text: string) => `${text.startsWith('p') ? 'q' : 'p'}${text.slice(1)}`
    const made: Record<string, string> = {
      '<valid>%3D': `${path}%3D`,
      '<valid> ': `${path}%20`,
      '<valid>/': `${path}/`,
      '<valid>.': `${path}.`,
      '<valid lower-cased>': path.toLowerCase(),
      '<valid with one bit flipped in payload>': `/u/${[version, kid, scope, flipped(payload), mac].join('.')}`,
      '<valid with one bit flipped in mac>': `/u/${[version, kid, scope, payload, flipped(mac)].join('.')}`,
      '<valid with empty mac>': `/u/${[version, kid, scope, payload, ''].join('.')}`,
      '<valid with mac of all zero>': `/u/${[version, kid, scope, payload, 'A'.repeat(22)].join('.')}`,
      '<valid, kid unknown>': `/u/${[version, '00000000', scope, payload, mac].join('.')}`,
      '<valid, version v0>': `/u/${['v0', kid, scope, payload, mac].join('.')}`,
      '<JWT signed with our HMAC key as RS256 public>': '/u/eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.AAAA',
      '<unsubscribe token on preferences-edit URL>': path.replace('/u/', '/p/'),
      '<two tokens a=1&a=2>': `${path}&${path.slice('/u/'.length)}`,
    }
    const text = String(given)
    const at = made[text] ?? `/u/${encodeURIComponent(text).replaceAll('%252', '%2')}`
    const before = await allRows(t)
    const unknown = await (await t.request('/u/unknown')).text()
    for (const method of ['GET', 'POST', 'HEAD']) {
      const answer = await t.request(at, { method })
      expect([method, answer.status]).toEqual([method, 404])
      if (method === 'GET') expect(await answer.text()).toBe(unknown)
    }
    expect(await allRows(t)).toEqual(before)
  })
})

/** The path of a link of somebody whom the database does not know (any more). */
function leavingOf({ deps }: TestApp, name: string): string {
  return `/u/${links(deps).makeLeaving({ topic: 'newsletter', language: 'fi', mailingId: 'm', contactId: name, hashes: [`hash-${name}`] })}`
}

describe('while the disk is full', () => {
  it('A1-9 D-28 answers 503 with a wish to try again, never "done", and the next try succeeds', async () => {
    const t = await startApp()
    try {
      const path = leavingPath((await mailed(t)).mails[0])
      const pages = CompiledQuery.raw('pragma max_page_count = 1')
      await t.deps.store.db.executeQuery(pages)
      // What little room is left takes a few more; then nothing does.
      const made = Array.from({ length: 200 }, (_, n) => leavingOf(t, `someone${n}`))
      let full = await post(t, path)
      for (let n = 0; full.status === 200; n++) full = await post(t, made[n] ?? '')
      expect(full.status).toBe(503)
      expect(full.headers.get('retry-after')).toMatch(/^\d+$/)
      expect(await full.text()).not.toMatch(/peruutettu|avslutats|unsubscribed/i)
      expect((await press(t, '/ban', { email: 'x@yritys.example' })).status).toBe(503)
      await t.deps.store.db.executeQuery(CompiledQuery.raw('pragma max_page_count = 1073741823'))
      expect((await post(t, path)).status).toBe(200)
      expect(await gets(t, ownAddress)).toBe(false)
    } finally {
      await t.close()
    }
  })

  it('A1-9 says "done" to nobody when the store is closed', async () => {
    const t = await startApp()
    const path = leavingPath((await mailed(t)).mails[0])
    await t.deps.store.close()
    const answer = await post(t, path)
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(await answer.text()).not.toMatch(/peruutettu|avslutats|unsubscribed/i)
    await t.close().catch(() => undefined)
  })
})
