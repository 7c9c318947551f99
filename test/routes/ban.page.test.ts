import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ban } from '../../src/actions/ban.ts'
import { links } from '../../src/mail/tokens.ts'
import { startApp, type TestApp } from '../app.ts'
import { allRows, press } from '../leaving.ts'
import { said } from '../signUps.ts'

describe('the ban page', () => {
  let t: TestApp
  beforeAll(async () => {
    t = await startApp({ env: { LIMIT_PER_NETWORK: '3' } })
  })
  afterAll(() => t.close())

  const send = (init: RequestInit & { peer?: string }) => t.request('/ban', { method: 'POST', ...init })

  it('P12 lets a network cause only so many notices an hour; the bans act all the same', async () => {
    for (let n = 0; n < 5; n++)
      expect(
        (await send({ peer: '198.51.100.7', body: new URLSearchParams({ email: `n${n}@yritys.example` }) })).status,
      ).toBe(200)
    await t.deliver()
    const mailed = (await t.mails()).filter((mail) => /^n\d@/.test(mail.recipient))
    expect(mailed).toHaveLength(3)
    expect(await t.deps.store.db.selectFrom('bans').select('id').execute()).toHaveLength(5)
  })

  it.each([
    [
      'fi',
      'Sähköpostiosoite: kirjoita koko osoite',
      'Puhelinnumero: kirjoita numero',
      'Kirjoita sähköpostiosoite tai puhelinnumero.',
    ],
    ['sv', 'E-postadress', 'Telefonnummer', 'Skriv en e-postadress eller ett telefonnummer.'],
    [
      'en',
      'E-mail address: write the whole address',
      'Phone number: write the number',
      'Write an e-mail address or a phone number.',
    ],
  ])('says in %s what is wrong and how to mend it, and keeps what was typed', async (lang, email, phone, nothing) => {
    const page = await press(t, `/ban?lang=${lang}`, { email: 'ei osoite', phone: 'abc' })
    expect(page.status).toBe(422)
    const html = await page.text()
    expect(html).toContain(email)
    expect(html).toContain(phone)
    expect(html).toContain('value="ei osoite"')
    expect(await said(press(t, `/ban?lang=${lang}`, {}))).toContain(nothing)
  })

  it('needs no log-in, no reason, no script (B1-20), and GET changes nothing', async () => {
    const before = await allRows(t)
    const html = await (await t.request('/ban')).text()
    expect(html.match(/<(input|textarea|select)/g)).toHaveLength(2)
    expect(html).not.toMatch(/<script|required/)
    expect((await t.request('/ban', { method: 'OPTIONS' })).headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS')
    expect((await t.request('/ban', { method: 'DELETE' })).status).toBe(405)
    expect(await allRows(t)).toEqual(before)
  })

  it('answers programs in JSON, and never with a fault of its own', async () => {
    const json = { Accept: 'application/json' }
    const good = await send({
      headers: { ...json, 'Content-Type': 'application/json' },
      body: '{"email":"json@yritys.example"}',
    })
    expect([good.status, await good.json()]).toEqual([202, { status: 'accepted' }])
    const bad = await send({ headers: json, body: new URLSearchParams({ email: 'x' }) })
    expect([bad.status, bad.headers.get('content-type')]).toEqual([422, 'application/problem+json; charset=utf-8'])
    for (const [headers, body, status] of [
      [{ 'Content-Type': 'multipart/form-data' }, 'x', 400],
      [{ 'Content-Type': 'application/json' }, '{', 400],
      [{ 'Content-Type': 'text/csv' }, 'x', 415],
      [{ 'Content-Type': 'application/x-www-form-urlencoded' }, 'email=a&email=b@yritys.example', 422],
      [{ 'Content-Type': 'application/x-www-form-urlencoded' }, `email=${'a'.repeat(70_000)}`, 413],
    ] as const)
      expect((await send({ headers, body })).status).toBe(status)
  })

  it('D-9 D-13 takes no wildcard and no public suffix, shared or not', async () => {
    for (const value of ['fi', 'co.uk', 'gmail.com', 'dy.fi', '*.yritys.example', 'yritys.*', '.*'])
      expect(await ban(t.deps, { kind: 'domain', value }, 'api:k')).toMatchObject({ ok: false, field: 'value' })
    for (const value of ['*@yritys.example', '%@yritys.example', '@yritys.example'])
      expect(await ban(t.deps, { kind: 'email', value }, 'api:k')).toMatchObject({ ok: false, field: 'value' })
  })

  it('T12 no other link undoes a ban', async () => {
    const { make, makeLeaving } = links(t.deps)
    const [row] = await t.deps.store.db.selectFrom('bans').select('id').execute()
    const id = row?.id ?? ''
    const others = [
      make('c', id),
      make('p', id),
      make('t', id),
      makeLeaving({ topic: id, language: 'fi', mailingId: 'm', contactId: 'c', hashes: [] }),
      'x',
    ]
    for (const token of others) expect((await press(t, `/ban/undo/${token}`)).status).toBe(404)
    expect(await t.deps.store.db.selectFrom('bans').selectAll().where('lifted_at', 'is not', null).execute()).toEqual(
      [],
    )
  })

  it('P23 names no address in a log', () => {
    expect(t.logged.join('\n')).not.toMatch(/@/)
  })
})
