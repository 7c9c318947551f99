import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../app.ts'
import { inputs } from '../inputs.ts'
import { gif, jpeg, png } from '../pictures.ts'
import { look, ours, signIn } from '../signedIn.ts'
import { said, signUp } from '../signUps.ts'
import { engines } from '../stores.ts'
import { clientOf, read, type Answer } from './api/client.ts'

let t: TestApp
afterEach(() => t.close())

function formOf(bytes: Uint8Array, alt?: string, name = 'kuva.png') {
  const form = new FormData()
  form.append('file', new File([new Uint8Array(bytes)], name))
  if (alt !== undefined) form.append('alt', alt)
  return form
}
const upload = async (bytes: Uint8Array, alt?: string, name?: string): Promise<Answer> =>
  read(
    await t.request('/api/v1/images', {
      method: 'POST',
      headers: { Authorization: `Bearer ${t.apiKey}` },
      body: formOf(bytes, alt, name),
    }),
  )
const mailingWith = async (body: string) => {
  const client = await clientOf(t)
  return client.call('POST', '/mailings', {
    kind: 'newsletter',
    topic: 'newsletter',
    subject: 'Kuvat',
    content: { format: 'markdown', body },
  })
}

it.each(engines.map(({ name }) => name))('a picture is kept, served for ever and deleted on %s', async (engine) => {
  t = await startApp({ engine })
  const large = png(900, 400)
  const { status, json } = await upload(large, 'Kaksi pulttia')
  expect([status, json]).toMatchObject([201, { width: 900, height: 400, mediaType: 'image/png', alt: 'Kaksi pulttia' }])
  const path = new URL(json.url).pathname
  expect(path).toMatch(/^\/i\/[0-9a-f]{64}$/)
  const served = await t.request(path)
  expect(Object.fromEntries(served.headers)).toMatchObject({
    'content-type': 'image/png',
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  })
  expect(new Uint8Array(await served.arrayBuffer()).length).toBe(json.size)
  expect((await t.request(path, { method: 'HEAD' })).status).toBe(200)
  expect((await t.request(path, { headers: { 'If-None-Match': served.headers.get('etag') ?? '' } })).status).toBe(304)
  expect((await upload(large, 'Pultteja')).json).toMatchObject({ id: json.id, alt: 'Pultteja' })
  const client = await clientOf(t)
  expect((await client.call('GET', '/images')).json.items).toHaveLength(1)
  expect((await client.call('PATCH', `/images/${json.id}`, { alt: 'Kolme pulttia' })).json.alt).toBe('Kolme pulttia')
  expect((await client.call('DELETE', `/images/${json.id}`)).status).toBe(204)
  expect((await t.request(path)).status).toBe(404)
  expect(await t.deps.store.db.selectFrom('file_chunks').select('n').execute()).toEqual([])
})

describe('a picture', () => {
  beforeEach(async () => {
    t = await startApp()
  })

  it('needs a text, and a body that holds a picture and nothing else', async () => {
    expect((await upload(png())).json.errors).toMatchObject([{ path: 'alt' }])
    expect((await upload(png(), '   ')).json.errors).toMatchObject([{ path: 'alt' }])
    expect((await upload(Buffer.from('<svg xmlns="x"/>'), 'Kuvio', 'x.png')).json.errors).toMatchObject([
      { path: 'file', message: expect.stringContaining('PNG') },
    ])
    const more = formOf(png(), 'x')
    more.append('hobby', 'golf')
    const answer = await t.request('/api/v1/images', {
      method: 'POST',
      headers: { Authorization: `Bearer ${t.apiKey}` },
      body: more,
    })
    expect([answer.status, await answer.json()]).toMatchObject([422, { errors: [{ path: 'hobby' }] }])
    expect((await upload(new Uint8Array(3 * 1024 * 1024), 'x')).status).toBe(413)
  })

  it.each(inputs('G').filter(({ in: name }) => typeof name === 'string'))(
    '$id has no power by its name: $in',
    async ({ in: name }) => {
      const { status, json } = await upload(jpeg(), 'Kuva', String(name) || 'x')
      expect(status).toBe(201)
      expect(new URL(json.url).pathname).toMatch(/^\/i\/[0-9a-f]{64}$/)
      expect(json.name).not.toMatch(/[/\\\p{Cc}\u202a-\u202e]/u)
    },
  )

  it('that a mailing shows is not deleted, and its mailing is named', async () => {
    const { json } = await upload(gif(), 'Pultti')
    const mailing = await mailingWith(`![Pultti](${json.url})`)
    expect(mailing.status).toBe(201)
    const client = await clientOf(t)
    const refused = await client.call('DELETE', `/images/${json.id}`)
    expect([refused.status, refused.json.errors[0].message]).toEqual([409, expect.stringContaining('Kuvat')])
    await client.call('DELETE', `/mailings/${mailing.json.id}`)
    expect((await client.call('DELETE', `/images/${json.id}`)).status).toBe(204)
  })

  it('without a text cannot stand in a mailing', async () => {
    const { json } = await upload(png(), 'Pultti')
    for (const body of [`![](${json.url}) Hinnat`, `![  ](${json.url}) Hinnat`]) {
      const answer = await mailingWith(body)
      expect([answer.status, answer.json.errors[0].message]).toEqual([422, expect.stringContaining('alt')])
    }
  })

  it('of ours that is not there is an error of the check before sending', async () => {
    const { json } = await upload(png(), 'Pultti')
    const client = await clientOf(t)
    const check = async (url: string) => {
      const mailing = await mailingWith(`![Pultti](${url}) Hinnat`)
      const { json: checked } = await client.call('POST', `/mailings/${mailing.json.id}/check`)
      return checked.errors.filter(({ message }: { message: string }) => message.includes('/i/'))
    }
    expect(await check(json.url)).toEqual([])
    const gone = String(json.url).replace(/.$/, (last) => (last === '0' ? '1' : '0'))
    expect(await check(gone)).toEqual([{ path: 'content.body', message: expect.stringContaining(gone) }])
  })

  it('is uploaded, described and deleted on its page, whose lines go into messages as they are', async () => {
    const cookie = await signIn(t)
    const send = (path: string, body: FormData | URLSearchParams) =>
      t.request(`/admin${path}`, { method: 'POST', body, headers: { ...ours, Cookie: cookie } })
    expect(await (await look(t, '/admin/images?lang=fi', cookie)).text()).toContain('Kuvia ei ole vielä lisätty')
    expect((await send('/images', formOf(png(), 'Pultti "M8" [A]'))).headers.get('location')).toBe(
      '/admin/images?done=added',
    )
    const html = await (await look(t, '/admin/images?done=added&lang=fi', cookie)).text()
    expect(html).toContain('Kuva on lisätty')
    const unescaped = html
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
    const line = /!\[Pultti "M8" \\\[A\\\]\]\(http[^)]+\)/.exec(unescaped)?.[0] ?? ''
    expect((await mailingWith(line)).status).toBe(201)
    const none = await send('/images?lang=fi', formOf(new Uint8Array(), 'x', ''))
    expect([none.status, await none.text()]).toEqual([422, expect.stringContaining('valitse yksi kuva')])
    const svg = await send('/images?lang=fi', formOf(Buffer.from('<svg/>'.replace('/', ' /')), 'Kuvio'))
    expect([svg.status, await svg.text()]).toEqual([422, expect.stringContaining('Tallenna kuva PNG-muodossa')])
    const huge = await send('/images?lang=fi', formOf(new Uint8Array(3 * 1024 * 1024), 'Kuvio'))
    expect([huge.status, await huge.text()]).toEqual([413, expect.stringContaining('yli 2 Mt')])
    const [row] = await t.deps.store.db.selectFrom('images').selectAll().execute()
    const used = await send(`/images/${row?.id}/delete?lang=fi`, new URLSearchParams())
    expect([used.status, await used.text()]).toEqual([409, expect.stringContaining('Kuvat</a>')])
    expect((await send(`/images/${row?.id}`, new URLSearchParams({ alt: 'Pultti' }))).status).toBe(303)
    expect((await send(`/images/${row?.id}?lang=fi`, new URLSearchParams({ alt: '' }))).status).toBe(422)
  })
})

describe('the brand', () => {
  beforeEach(async () => {
    t = await startApp()
  })

  it('chosen by an administrator stands on pages and in messages, and goes back to the environment’s when it is emptied', async () => {
    const cookie = await signIn(t)
    const save = (fields: Record<string, string>) =>
      t.request('/admin/brand?lang=fi', {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { ...ours, Cookie: cookie },
      })
    const { json } = await upload(png(200, 50), 'Myyjän logo')
    const hash = String(json.sha256)
    expect((await save({ name: 'Myyjä', color: '#AA0000', logo: hash })).status).toBe(303)
    const page = await t.request('/f/newsletter?lang=fi')
    const html = await page.text()
    expect(html).toContain(`<img src="/i/${hash}" alt="Myyjä"/>`)
    expect(html).toContain('--brand:#aa0000;--ink:#ffffff')
    expect(page.headers.get('content-security-policy')).toContain("img-src 'self' data:")
    expect(await (await look(t, '/admin/forms', cookie)).text()).toContain(`/i/${hash}`)

    await signUp(t, { email: 'maija@yritys.example' })
    await t.deliver()
    const [mail] = await t.mailsTo('maija@yritys.example')
    expect(mail?.html).toContain(`<img src="http://127.0.0.1:8080/i/${hash}" alt="Myyjä"`)
    expect(mail?.html).toContain('#aa0000')
    const mailing = await mailingWith('Hei')
    const preview = await (await clientOf(t)).call('POST', `/mailings/${mailing.json.id}/preview`, {})
    expect(preview.json.html).toContain(`http://127.0.0.1:8080/i/${hash}`)

    const logo = await t.request(`/admin/images/${json.id}/delete?lang=fi`, {
      method: 'POST',
      headers: { ...ours, Cookie: cookie },
    })
    expect([logo.status, await logo.text()]).toEqual([409, expect.stringContaining('Vaihda ensin logo')])
    const wrong = await save({ name: 'x'.repeat(101), color: 'red;}', logo: 'f'.repeat(64) })
    expect(wrong.status).toBe(422)
    const text = await wrong.text()
    for (const word of ['Nimi: lyhennä', 'Väri: kirjoita', 'Logo: kuvaa ei enää ole']) expect(text).toContain(word)
    await save({ name: '', color: '', logo: '' })
    const plain = await (await t.request('/f/newsletter?lang=fi')).text()
    expect(plain).toContain('<p class="brand">Myyjä Oy</p>')
    expect(plain).toContain('--brand:#1a4f8b')
  })

  it.each(['#ffffff', '#000000', '#ffff00', '#777777'])(
    'of the colour %s can be read on every button',
    async (color) => {
      const cookie = await signIn(t)
      await t.request('/admin/brand', {
        method: 'POST',
        body: new URLSearchParams({ name: '', color, logo: '' }),
        headers: { ...ours, Cookie: cookie },
      })
      const text = await (await look(t, '/admin/brand?lang=fi', cookie)).text()
      const ratio = Number(/kontrasti ([\d,]+) : 1/.exec(text)?.[1]?.replace(',', '.'))
      expect(ratio).toBeGreaterThanOrEqual(4.5)
      expect(await said(t.request('/f/newsletter'))).not.toBe('')
    },
  )
})
