import { http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { controlsOf, marketer } from '../adminScreens.ts'
import { startApp, type TestApp } from '../app.ts'
import { inputs } from '../inputs.ts'
import { clientOf, type Client } from '../routes/api/client.ts'
import { newLink, ours } from '../signedIn.ts'
import { invited, makeSurvey } from '../surveys.ts'
import { counted, refusesInFinnish } from './spelled.ts'

/**
 * Class D wherever a URL may be typed. Where we differ from a line: nothing here fetches a URL that somebody typed, no webhook and
 * no picture, so that addresses of inner networks are refused nowhere; they are followed by a browser, or are the operator's own
 * register (BAN_SOURCES), which may well stand beside this server. That nothing is fetched is what these tests see to.
 */

let t: TestApp
let client: Client
let admin: Awaited<ReturnType<typeof marketer>>
const fetched: string[] = []
const server = setupServer(http.all('*', ({ request }) => void fetched.push(request.url)))
beforeAll(async () => {
  server.listen({ onUnhandledRequest: 'bypass' })
  t = await startApp()
  client = await clientOf(t)
  admin = await marketer(t)
})
afterAll(async () => {
  server.close()
  await t.close()
  if (fetched.length > 0) throw new Error(`an address was fetched: ${fetched.join(', ')}`)
})

const lines = inputs('D').map(({ id, in: value, expect: wanted }) => [id, String(value), wanted] as const)
const isRefused = (wanted: string) => wanted.startsWith('reject 422') || wanted.startsWith('click tracker')

describe('class D: forms', () => {
  let n = 0
  it.each(lines)('%s %s is stored nowhere but as a whole http or https URL', async (_, url, wanted) => {
    for (const field of ['allowedOrigins', 'redirects', 'redirect', 'confirmedRedirect']) {
      const value =
        field.startsWith('redirect') && field !== 'redirects' ? url : field === 'confirmedRedirect' ? url : [url]
      const form = {
        id: `d${n++}`,
        kind: 'signup',
        title: { fi: 'Uutiskirje' },
        topics: ['newsletter'],
        [field]: value,
      }
      const { status, json } = await client.call('POST', '/forms', form)
      // A JSON text with NUL is none that can be kept (class E): 400, whatever it says.
      if (url.includes('\0')) expect(status).toBe(400)
      else expect([field, status]).toEqual([field, isRefused(wanted) ? 422 : expect.toBeOneOf([201, 422])])
      if (status === 400) continue
      if (status === 422) {
        expect(json.errors[0]).toMatchObject({
          path: expect.stringMatching(`^${field}`),
          message: expect.stringMatching(/give/),
        })
        expect((await client.call('GET', `/forms/${form.id}`)).status).toBe(404)
      } else for (const stored of [json[field]].flat()) expect(stored).toMatch(/^https?:\/\/[!-[\]-~]+$/)
    }
  })

  it.each(lines)('%s %s: the editor says so in Finnish', async (_, url, wanted) => {
    const controls = controlsOf((await admin.look('/admin/forms/new?kind=signup')).html)
    for (const field of ['origins', 'redirects', 'redirect', 'confirmedRedirect']) {
      const fields = {
        ...controls,
        'title.fi': 'Uutiskirje',
        topics: 'newsletter',
        id: `e${n++}`,
        [field]: url,
        do: 'save',
      }
      const answer = await admin.post('/admin/forms/new?kind=signup', fields)
      if (isRefused(wanted) && answer.status !== 422) expect([field, answer.status]).toEqual([field, 422])
      if (answer.status === 422) expect(refusesInFinnish(answer)).toMatch(/http/)
    }
  })
})

describe('class D: links and pictures of a message', () => {
  const frame = (inner: string) =>
    `<mjml><mj-body><mj-section><mj-column><mj-text>Hei</mj-text>${inner}</mj-column></mj-section></mj-body></mjml>`
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')

  it.each(lines)('%s %s is refused with its place, or leads nowhere else', async (_, url, wanted) => {
    const contents = [
      { format: 'markdown', body: `Hei\n\n[x](<${url}>)` },
      { format: 'markdown', body: `Hei\n\n![Kuva](${url})` },
      { format: 'mjml', body: frame(`<mj-button href="${escaped(url)}">x</mj-button>`) },
      { format: 'mjml', body: frame(`<mj-image alt="Kuva" src="${escaped(url)}" />`) },
      { format: 'mjml', body: frame(`<mj-text><a href="${escaped(url)}">x</a></mj-text>`) },
    ]
    for (const content of contents) {
      const before = await counted(t)
      const { status, json } = await client.call('POST', '/mailings', {
        kind: 'newsletter',
        topic: 'newsletter',
        subject: 'Hei',
        content,
      })
      if (wanted.startsWith('reject 422') && content.format === 'mjml')
        expect([content.body, status]).toEqual([content.body, url.includes('\0') ? 400 : 422])
      if (status === 400) expect(url).toContain('\0')
      else if (status !== 201) {
        expect([status, json.errors[0]]).toMatchObject([422, { path: 'content.body', line: expect.any(Number) }])
        expect(await counted(t)).toEqual(before)
      }
      if (status !== 201) continue
      const { html } = (await client.call('POST', `/mailings/${json.id}/preview`, {})).json
      for (const [, attribute, value] of html.matchAll(/<[a-z][^>]*?\s(href|src|background)="([^"]*)"/g))
        expect([attribute, value]).toEqual([
          attribute,
          expect.stringMatching(/^(https?:\/\/[\w[]|mailto:|tel:|#|cid:|data:image\/gif;base64,R0lGOD)/),
        ])
    }
  })
})

describe('class D: where somebody goes next', () => {
  it('is our own page, whatever the request says', async () => {
    const survey = await makeSurvey(t)
    const { paths } = await invited(t, survey, [{ email: 'maija@yritys.example' }])
    for (const [id, url, wanted] of lines) {
      const asked = encodeURIComponent(url.slice(0, 2000))
      const query = `next=${asked}&return_to=${asked}&redirect=${asked}&lang=${asked}&done=${asked}&q=${asked}&v=${asked}`
      const signedIn = await t.request(`${await newLink(t)}?${query}`, { method: 'POST', headers: ours })
      expect([id, signedIn.headers.get('Location')]).toEqual([id, '/admin/mailings'])
      const page = await (await t.request(`${paths[0]}?${query}`)).text()
      for (const [, href = ''] of page.matchAll(/(?:href|action)="([^"]*)"/g))
        expect(href).toMatch(/^(\/[\w?]|\?|#|data:,$|http:\/\/127\.0\.0\.1:8080\/)/)
      if (!wanted.startsWith('click')) continue
      // No click is counted here: /c/ confirms a sign-up, and nothing of it redirects.
      const { status, headers } = await t.request(url.replace(/<[^>]*>/g, 'x').replace(/ \(.*\)$/, ''))
      expect([id, status, headers.get('Location')]).toEqual([id, 404, null])
    }
  })

  it.each(lines)('%s %s is no logo', async (_, logo) => {
    const before = await counted(t)
    expect(refusesInFinnish(await admin.post('/admin/brand', { name: '', color: '', logo }))).toMatch(/logo|kuva/i)
    expect(await counted(t)).toEqual(before)
  })
})

describe('class D: the URL of a ban register', () => {
  it.each(lines.filter(([, , wanted]) => isRefused(wanted)))('%s %s is refused before anything starts', (_, url) => {
    const sources = JSON.stringify([{ name: 'crm', kind: 'http', url }])
    const read = parseConfig({ PUBLIC_URL: 'http://127.0.0.1:8080', BAN_SOURCES: sources })
    expect(read).toMatchObject({ ok: false })
    if (!read.ok) expect(read.problems.join('\n')).toMatch(/BAN_SOURCES.*whole http or https URL/)
  })
  // D034 D036 D040 D041 while it is fetched: faults/banSources.test.ts (redirects are not followed, certificates are looked at).
})
