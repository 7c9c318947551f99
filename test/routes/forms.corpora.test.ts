import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../app.ts'
import { corpora, inputs } from '../inputs.ts'
import { post, signUp, signUpJson, subscribed } from '../signUps.ts'

/** Every hostile input of the classes that a public form takes; where we differ from a line, the decision stands beside it. */

const many = { LIMIT_PER_NETWORK: '1000000', LIMIT_PER_FORM: '1000000', LIMIT_IN_ALL: '1000000' }
const json = { Accept: 'application/json' }

describe('class A, addresses', () => {
  let t: TestApp
  beforeEach(async () => {
    // As in production: names that no mail server has are refused.
    t = await startApp({ env: { ...many, ALLOW_RESERVED_DOMAINS: '0' } })
  })
  afterEach(() => t.close())

  const stored = async () =>
    (await t.deps.store.db.selectFrom('signups').select('address').execute()).map((row) => row.address)
  const sent = async () => {
    await t.deliver()
    return (await t.mails()).length
  }

  /** What a text in a body of JSON is refused for before anybody reads it as an address. */
  const decisions: Record<string, { json: number; why: string }> = {
    A062: {
      json: 400,
      why: 'NUL is refused in any JSON, as by the API (RFC 7493 leaves it open; PostgreSQL keeps none)',
    },
  }

  it.each(inputs('A'))('$id $expect', async ({ id, in: email, expect: expected }) => {
    if (expected.startsWith('reject')) {
      const tooLarge = typeof email === 'string' && email.length > 60_000 ? 413 : 422
      if (typeof email === 'string') expect((await signUp(t, { email }, { headers: json })).status).toBe(tooLarge)
      expect((await signUpJson(t, { email })).status).toBe(decisions[id]?.json ?? tooLarge)
      expect(await stored()).toEqual([])
      expect(await sent()).toBe(0)
      return
    }
    const text = String(email)
    if (id === 'A103') {
      // A known subscriber is asked as anybody is, once a day: another mail effect would tell that they are known (T02).
      await subscribed(t, { email: text })
      expect((await signUp(t, { email: text }, { headers: json })).status).toBe(202)
      expect(await sent()).toBe(1)
      return
    }
    expect((await signUp(t, { email: text }, { headers: json })).status).toBe(202)
    expect((await signUpJson(t, { email: text })).status).toBe(202)
    const quiet = expected.startsWith('same 202')
    expect(await sent()).toBe(quiet ? 0 : 1)
    if (expected.startsWith('ok: stored unchanged')) expect(await stored()).toEqual([text])
    else if (!quiet) {
      const [address = ''] = await stored()
      expect(address).toMatch(/^[a-z0-9]+@[a-z0-9.-]+$/i)
      expect(address.split('@')[1]).toBe(address.split('@')[1]?.toLowerCase())
    }
  })
})

describe('class B, names and texts', () => {
  let t: TestApp
  let n = 0
  beforeAll(async () => {
    t = await startApp({ env: many })
  })
  afterAll(() => t.close())

  /** The correction page with this name in it, which must differ from the page with a harmless one in that one value only. */
  const corrected = async (name: string) => (await signUp(t, { email: 'x', name }, { query: '?lang=en' })).text()
  const unescaped = (html: string) =>
    html.replace(
      /&(lt|gt|quot|#39|amp);/g,
      (_all, entity: string) => ({ lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' })[entity] ?? '',
    )

  async function showsInert(name: string) {
    const page = await corrected(name)
    const plain = await corrected('PLACEHOLDER')
    const [before = '', after = ''] = plain.split('PLACEHOLDER')
    expect(page.startsWith(before) && page.endsWith(after)).toBe(true)
    const value = page.slice(before.length, page.length - after.length)
    expect(value).not.toMatch(/[<>"]/)
    expect(unescaped(value)).toBe(name)
  }

  it.each(inputs('B'))('$id $expect', async ({ in: name, expect: expected }) => {
    const email = `b${n++}@yritys.example`
    if (expected.startsWith('reject')) {
      const answer = await signUpJson(t, { email, name })
      expect(answer.status).toBe(JSON.stringify({ email, name }).length > 60_000 ? 413 : 422)
      expect(await t.deps.store.db.selectFrom('signups').select('id').where('address', '=', email).execute()).toEqual(
        [],
      )
      return
    }
    const text = String(name)
    expect((await signUpJson(t, { email, name: text })).status).toBe(202)
    const row = await t.deps.store.db
      .selectFrom('signups')
      .select('name')
      .where('address', '=', email)
      .executeTakeFirstOrThrow()
    if (expected.includes('removed or rejected'))
      expect(row.name ?? '').not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u)
    else expect(row.name).toBe(text.normalize('NFC').trim())
    if (row.name !== null) await showsInert(row.name)
    // T01: what a visitor typed is not in the mail that goes to somebody else.
    await t.deliver()
    const [mail] = await t.mailsTo(email)
    expect(mail?.links.every((url) => url.startsWith('http://127.0.0.1:8080/'))).toBe(true)
    if (text.length > 6) expect(mail?.raw + (mail?.text ?? '') + (mail?.html ?? '')).not.toContain(text)
    expect(t.logged.join('\n')).not.toContain(email)
  })

  it('takes or refuses every known naughty string, and never breaks', async () => {
    if (corpora === undefined) return
    const strings = JSON.parse(readFileSync(new URL('strings/blns.json', corpora), 'utf8')) as string[]
    expect(strings.length).toBeGreaterThan(500)
    for (const text of strings) {
      const answer = await signUp(t, { email: `s${n++}@yritys.example`, name: text, company: text }, { headers: json })
      expect([text, answer.status]).toEqual([text, text.trim().length > 200 ? 422 : 202])
      expect((await signUp(t, { email: text }, { headers: json })).status).toBeOneOf([202, 422])
      const unknown = await signUp(t, { email: 'x', [text || 'x']: 'y' }, { headers: json })
      expect(unknown.status).toBe(422)
    }
    const rows = await t.deps.store.db.selectFrom('signups').selectAll().where('company_name', 'is not', null).execute()
    expect(rows.length).toBeGreaterThan(450)
    expect(rows.filter(({ name, company_name }) => name !== company_name)).toEqual([])
  })
})

describe('class E, requests', () => {
  let t: TestApp
  beforeAll(async () => {
    t = await startApp({ env: many })
  })
  afterAll(() => t.close())

  const ofGroup = (start: string) => inputs('E').filter((line) => line.expect.startsWith(start))

  it.each(ofGroup('400'))('$id is no JSON that can be kept: $in', async ({ in: body }) => {
    const answer = await post(t, body as string, { headers: { 'Content-Type': 'application/json' } })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
  })

  it.each(ofGroup('422'))('$id is refused by its content: $in', async ({ in: body }) => {
    const answer = await signUpJson(t, body as string)
    expect(answer.status).toBe(422)
    expect(((await answer.json()) as { errors: unknown[] }).errors.length).toBeGreaterThan(0)
  })

  // The form stands for the API's path, which has tests of its own.
  it.each(inputs('E').filter(({ in: path }) => /^\/\/?api\/|^\/API\//.test(String(path))))(
    '$id leads nowhere else: $in',
    async ({ in: path }) => {
      const asked = String(path)
        .replace(/api/i, (api) => (api === 'API' ? 'F' : 'f'))
        .replace('subscribers', 'newsletter')
      const answer = await t.request(asked, {
        method: 'POST',
        body: new URLSearchParams({ email: 'e@yritys.example' }),
      })
      // Dots are taken out by every client and by the URL parser; any other spelling is another path.
      expect(answer.status).toBe(/\/\.\.?\//.test(asked) ? 200 : 404)
    },
  )

  it('wrote nothing of what was refused', async () => {
    const rows = await t.deps.store.db.selectFrom('signups').select('address').execute()
    expect(rows.every((row) => row.address === 'e@yritys.example')).toBe(true)
  })
})
