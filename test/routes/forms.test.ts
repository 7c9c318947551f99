import { Script } from 'node:vm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../app.ts'
import { everything, HOUR, makeForm, post, said, signUp, signUpJson } from '../signUps.ts'

const address = 'maija@yritys.example'
const json = { Accept: 'application/json' }

let t: TestApp
beforeEach(async () => {
  t = await startApp()
})
afterEach(() => t.close())

const db = () => t.deps.store.db
const signupCount = async () => (await db().selectFrom('signups').select('id').execute()).length

describe('the hosted form', () => {
  it('B1-1 ticks nothing, in each of its languages', async () => {
    for (const [lang, title] of [
      ['fi', 'Tilaa uutiskirje'],
      ['sv', 'Beställ nyhetsbrevet'],
      ['en', 'Subscribe to the newsletter'],
    ]) {
      const answer = await t.request(`/f/newsletter?lang=${lang}`)
      const html = await answer.text()
      expect(answer.status).toBe(200)
      expect(html).toContain(`<html lang="${lang}">`)
      expect(html).toContain(title)
      expect(html).not.toMatch(/\schecked/)
      expect(html).toContain('name="topics" value="price-list"')
      expect(html).toContain('name="leave_empty"')
    }
  })

  it('prefers what the address asks for, then what the browser prefers, then Finnish', async () => {
    const lang = async (query: string, accept: string) =>
      /<html lang="(..)">/.exec(
        await (await t.request(`/f/newsletter${query}`, { headers: { 'Accept-Language': accept } })).text(),
      )?.[1]
    expect(await lang('?lang=en', 'sv')).toBe('en')
    expect(await lang('?lang=de', 'sv-FI,fi;q=0.5')).toBe('sv')
    expect(await lang('', 'de')).toBe('fi')
  })

  it('speaks and offers only the languages of its own', async () => {
    await makeForm(t, 'svenska', { languages: ['sv'], title: { sv: 'Beställ' } })
    const html = await (await t.request('/f/svenska?lang=fi')).text()
    expect(html).toContain('<html lang="sv">')
    expect(html).not.toContain('hreflang')
  })

  it('posts what it shows: wording, time, fields, and the post is accepted', async () => {
    const html = await (await t.request('/f/newsletter?lang=en')).text()
    const hidden = Object.fromEntries(
      [...html.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map((m) => [m[1] ?? '', m[2] ?? '']),
    )
    expect(Object.keys(hidden).toSorted()).toEqual(['consent', 'time_token'])
    const action = /action="([^"]+)"/.exec(html)?.[1] ?? ''
    t.clock.advance(5000)
    const answer = await t.request(action, {
      method: 'POST',
      body: new URLSearchParams({ ...hidden, leave_empty: '', email: address, name: '', company: '' }),
    })
    expect(answer.status).toBe(200)
    expect(await said(answer)).toContain('We have sent you a confirmation message')
    const [row] = await db().selectFrom('permissions').selectAll().execute()
    expect(row).toMatchObject({ wording_id: hidden['consent'] })
  })

  it('is no form that does not exist, and no form for an event', async () => {
    const other = {
      id: 'tilaisuus',
      kind: 'registration',
      definition: '{"topics":["newsletter"],"fields":[],"languages":["fi"]}',
    }
    await t.deps.store.batch([
      db()
        .insertInto('forms')
        .values({ ...other, created_at: 1, updated_at: 1 }),
    ])
    for (const id of ['nothing', 'tilaisuus', '%00', 'a%2Fb', '..%2Fnewsletter', 'NEWSLETTER', 'x'.repeat(5000)]) {
      for (const method of ['GET', 'POST']) expect((await t.request(`/f/${id}`, { method })).status).toBe(404)
      expect((await t.request(`/f/${id}/embed.js`)).status).toBe(404)
    }
  })
})

describe('a posted sign-up', () => {
  it('is taken urlencoded, as multipart and as JSON', async () => {
    const form = new FormData()
    form.set('email', 'b@yritys.example')
    form.append('topics', 'newsletter')
    form.append('topics', 'price-list')
    const answers = [
      await signUp(t, { email: 'a@yritys.example', topics: ['newsletter', 'price-list'] }, { headers: json }),
      await post(t, form, { headers: json }),
      await signUpJson(t, { email: 'c@yritys.example', topics: ['newsletter', 'price-list'] }),
      await signUpJson(
        t,
        { email: 'd@yritys.example', topics: 'price-list' },
        { headers: { 'Content-Type': 'application/json; charset=utf-8' } },
      ),
    ]
    for (const answer of answers) {
      expect(answer.status).toBe(202)
      expect(await answer.json()).toEqual({ status: 'accepted' })
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
    const rows = await db().selectFrom('permissions').select('topic').execute()
    expect(rows.map((row) => row.topic).toSorted()).toEqual([
      ...Array(3).fill('newsletter'),
      ...Array(4).fill('price-list'),
    ])
  })

  it('is refused with each field named and how to mend it, in the language of the page', async () => {
    const wrong = { email: 'maija', phone: '112', topics: 'kaikki', confirmed: 'true' }
    for (const [lang, words] of [
      ['fi', /osoite.*@-merkki/],
      ['sv', /adress.*@-tecken/],
      ['en', /address.*@ sign/],
    ] as const) {
      const answer = await signUp(t, { ...wrong, lang }, { headers: json })
      expect(answer.status).toBe(422)
      expect(answer.headers.get('content-type')).toContain('application/problem+json')
      const body = (await answer.json()) as { errors: { path: string; message: string }[]; status: number }
      expect(body.status).toBe(422)
      expect(body.errors.map(({ path }) => path).toSorted()).toEqual(['confirmed', 'email', 'phone', 'topics'])
      expect(body.errors.find(({ path }) => path === 'email')?.message).toMatch(words)
    }
    expect(await signupCount()).toBe(0)
  })

  it('shows a person the form again, with what was typed and what is wrong', async () => {
    const answer = await signUp(
      t,
      { email: 'maija', name: '<b>Maija</b>', topics: 'price-list' },
      { query: '?lang=en' },
    )
    expect(answer.status).toBe(422)
    const html = await answer.text()
    expect(html).toContain('<title>Error: Subscribe to the newsletter')
    expect(html).toContain('value="&lt;b&gt;Maija&lt;/b&gt;"')
    expect(html).toMatch(/value="price-list" checked/)
    expect(html).toContain('aria-invalid="true"')
    expect(html).toContain('<html lang="en">')
  })

  it.each<[string, RequestInit['body'], Record<string, string>, number]>([
    ['JSON that ends early', '{"email":', { 'Content-Type': 'application/json' }, 400],
    ['a list', '[]', { 'Content-Type': 'application/json' }, 400],
    ['an empty JSON text', ' ', { 'Content-Type': 'application/json' }, 400],
    [
      'JSON with a name that comes twice',
      '{"email":"a@yritys.example","email":"b@yritys.example"}',
      { 'Content-Type': 'application/json' },
      422,
    ],
    ['plain text', 'email=a@yritys.example', { 'Content-Type': 'text/plain' }, 415],
    ['a body of no kind', new Blob(['email=a@yritys.example']), {}, 415],
    ['a packed body', 'x', { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }, 415],
    ['multipart without a boundary', 'x', { 'Content-Type': 'multipart/form-data' }, 400],
    ['a file where a text is asked', fileForm(), {}, 422],
    [
      'a form that is no UTF-8',
      'email=a%40yritys.example&name=M%E4kinen',
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      400,
    ],
    ['nothing at all', null, {}, 422],
    ['nothing, of a kind that is none', null, { 'Content-Type': 'text/plain' }, 422],
    [
      'a body beyond 64 KiB',
      `email=${'a'.repeat(70_000)}`,
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      413,
    ],
  ])('answers %s as what it is, and keeps nothing', async (_what, body, headers, status) => {
    const answer = await post(t, body, { headers: { ...json, ...headers } })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(await signupCount()).toBe(0)
    const page = await post(t, body, { headers: { ...headers, Accept: 'text/html' } })
    expect(page.status).toBe(status)
  })

  it('takes letters of every kind from a form of UTF-8', async () => {
    await signUp(t, { email: address, name: 'Zoë \ufffd 李雷' })
    expect(await db().selectFrom('signups').select('name').execute()).toEqual([{ name: 'Zoë \ufffd 李雷' }])
  })

  it('ignores the trap’s catch: the same answer, nothing kept, and it is counted', async () => {
    const plain = await said(signUp(t, { email: 'a@yritys.example' }))
    const before = await everything(t)
    const caught = await signUp(t, { email: address, leave_empty: 'https://spam.example' })
    expect(caught.status).toBe(200)
    expect(await said(caught)).toBe(plain)
    expect((await signUpJson(t, { email: 'nonsense', leave_empty: true })).status).toBe(202)
    expect(await everything(t)).toBe(before)
    expect(await t.deps.metrics.text()).toContain('postilupa_signups_total{outcome="trapped"} 2')
  })

  it('halves the caps without a time token, with a forged one, with another form’s and with a fresh one', async () => {
    await t.close()
    t = await startApp({ env: { LIMIT_PER_NETWORK: '4' } })
    await makeForm(t, 'toinen')
    const tokenOf = async (form: string) =>
      /name="time_token" value="([^"]+)"/.exec(await (await t.request(`/f/${form}`)).text())?.[1] ?? ''
    const own = await tokenOf('newsletter')
    const other = await tokenOf('toinen')
    t.clock.advance(1999)
    const fresh = own
    let n = 0
    const send = async (time_token: string) => {
      await signUp(t, { email: `a${n++}@yritys.example`, time_token })
      await t.deliver()
      return (await t.mails()).length
    }
    expect(await send('')).toBe(1)
    expect(await send('v1.x.t.newsletter~zzzz.AAAA')).toBe(2)
    expect(await send(fresh)).toBe(2)
    t.clock.advance(1)
    expect(await send(other)).toBe(2)
    expect(await send(own)).toBe(3)
    expect(await send(own)).toBe(4)
    expect(await send(own)).toBe(4)
    t.clock.advance(HOUR)
    expect(await send(own)).toBe(5)
    expect(await signupCount()).toBe(8)
  })
})

describe('other websites', () => {
  const site = 'https://www.yritys.example'
  const ask = (origin: string) => ({
    Origin: origin,
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'content-type',
  })
  beforeEach(() => makeForm(t, 'sivu', { allowedOrigins: [site] }))

  it('may read the answer when the form names them, and only then', async () => {
    for (const [origin, allowed] of [
      [site, site],
      ['https://evil.example', null],
      ['https://www.yritys.example.evil.example', null],
      ['http://www.yritys.example', null],
      ['null', null],
    ] as const) {
      const preflight = await t.request('/f/sivu', { method: 'OPTIONS', headers: ask(origin) })
      expect(preflight.status).toBe(204)
      expect(preflight.headers.get('access-control-allow-origin')).toBe(allowed)
      expect(preflight.headers.get('access-control-allow-methods')).toBe(allowed && 'POST')
      expect(preflight.headers.get('vary')).toContain('Origin')
      for (const fields of [{ email: address }, { email: 'x' }] as const) {
        const answer = await signUp(t, fields, { form: 'sivu', headers: { ...json, Origin: origin } })
        expect(answer.status).toBe(fields.email === address ? 202 : 422)
        expect(answer.headers.get('access-control-allow-origin')).toBe(allowed)
        expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
      }
    }
  })

  it('may frame the form when it names them, and nobody else', async () => {
    const policy = async (form: string) => (await t.request(`/f/${form}`)).headers.get('content-security-policy')
    expect(await policy('sivu')).toContain(`frame-ancestors ${site}`)
    expect(await policy('newsletter')).toContain("frame-ancestors 'none'")
  })

  it('get a script that loads nothing and may be kept for a moment', async () => {
    const answer = await t.request('/f/sivu/embed.js')
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    const text = await answer.text()
    expect(text).toContain('"http://127.0.0.1:8080/f/sivu"')
    expect(text.match(/https?:\/\/[^"']+/g)).toEqual(['http://127.0.0.1:8080/f/sivu'])
    expect(() => new Script(text)).not.toThrow()
  })
})

describe('where a visitor goes afterwards', () => {
  const thanks = 'https://www.yritys.example/kiitos'
  beforeEach(() => makeForm(t, 'sivu', { redirects: [thanks], redirect: `${thanks}/oletus` }))

  it('is the form’s page, or the one the website asks for, when it may be followed', async () => {
    const to = async (fields: Record<string, string>, headers = {}) =>
      (await signUp(t, { email: address, ...fields }, { form: 'sivu', headers })).headers.get('location')
    expect(await to({})).toBe(`${thanks}/oletus`)
    expect(await to({ redirect: `${thanks}?a=1` })).toBe(`${thanks}?a=1`)
    for (const evil of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example/',
      'javascript:alert(1)',
      'https://www.yritys.example@evil.example/kiitos',
    ])
      expect(await to({ redirect: evil })).toBe(`${thanks}/oletus`)
    expect(await to({}, json)).toBeNull()
    expect((await signUp(t, { email: address }, { form: 'sivu' })).status).toBe(303)
  })

  it('is a page of ours where nothing is allowed, and the installation may allow for every form', async () => {
    const answer = await signUp(t, { email: address, redirect: thanks })
    expect([answer.status, answer.headers.get('location')]).toEqual([200, null])
    await t.close()
    t = await startApp({ env: { REDIRECTS: thanks } })
    expect((await signUp(t, { email: address, redirect: thanks })).headers.get('location')).toBe(thanks)
  })

  it('is kept through a correction of the form', async () => {
    const answer = await signUp(t, { email: 'x', redirect: `${thanks}/2` }, { form: 'sivu' })
    expect(answer.headers.get('content-security-policy')).toContain("form-action 'self' https://www.yritys.example")
    const action = /action="([^"]+)"/.exec(await answer.text())?.[1]?.replaceAll('&amp;', '&') ?? ''
    const again = await t.request(action, { method: 'POST', body: new URLSearchParams({ email: address }) })
    expect(again.headers.get('location')).toBe(`${thanks}/2`)
  })
})

describe('other methods', () => {
  it('are answered by what there is, and change nothing', async () => {
    const before = await everything(t)
    expect((await t.request('/f/newsletter', { method: 'OPTIONS' })).headers.get('allow')).toBe(
      'GET, HEAD, POST, OPTIONS',
    )
    const head = await t.request('/f/newsletter', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const answer = await t.request('/f/newsletter', { method, body: 'email=a@yritys.example' })
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, OPTIONS'])
    }
    await t.request(`/f/newsletter?email=${address}&topics=newsletter`)
    expect(await everything(t)).toBe(before)
  })
})

describe('a store that is away', () => {
  it('P16 answers 503 and when to come back, and never that it took what it did not', async () => {
    t.deps.store.batch = () =>
      Promise.reject(Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }))
    for (const headers of [json, { Accept: 'text/html' }]) {
      const answer = await signUp(t, { email: address }, { headers })
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    }
    expect(t.logged.join('\n')).toContain('store_away')
    expect(t.logged.join('\n')).not.toContain('maija')
  })
})

function fileForm() {
  const form = new FormData()
  form.set('email', 'a@yritys.example')
  form.set('name', new File(['x'], 'name.txt'))
  return form
}
