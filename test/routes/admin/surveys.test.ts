import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { look, ours, signIn } from '../../signedIn.ts'
import { answer, invited, makeSurvey, surveyRows } from '../../surveys.ts'
import { surveyById } from '../../../src/store/surveys.ts'

let t: TestApp
let cookie: string
beforeEach(async () => {
  t = await startApp()
  cookie = await signIn(t)
})
afterEach(() => t.close())

const people = Array.from({ length: 6 }, (_, n) => ({ email: `ostaja${n}@yritys.example` }))
const post = (path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
  t.request(`/admin/surveys${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { Cookie: cookie, ...ours, ...headers },
  })
/** What the main part of a page says. */
const shown = async (path: string) =>
  (/<main[^]*<\/main>/.exec(await (await look(t, path, cookie)).text())?.[0] ?? '').replace(/<[^>]*>/g, ' ')
const one = { 'q1.id': 'q1', 'q1.kind': 'nps', 'q1.text.fi': 'Suosittelisitko?' }
const whole = { name: 'Kevät', smallestGroup: '5', closesAt: '', ...one }
const surveyOf = async (answer: Response) =>
  surveyById(t.deps.store, /\/admin\/surveys\/(\w+)/.exec(answer.headers.get('location') ?? '')?.[1] ?? '')

describe('the survey form, without scripts', () => {
  it('makes a survey with texts and choices in their languages, and goes on to its page', async () => {
    const made = await post('/new', {
      ...whole,
      closesAt: '2026-12-31T16:00',
      anonymous: 'on',
      'q1.text.sv': 'Rekommenderar du oss?',
      'q2.id': 'q2',
      'q2.kind': 'choice',
      'q2.text.fi': 'Mistä?',
      'q2.choices.fi': 'Verkosta\r\n\r\nMyymälästä\r\n',
      'q2.choices.en': 'Web',
      do: 'save',
    })
    expect(made.status).toBe(303)
    expect(await surveyOf(made)).toMatchObject({
      name: 'Kevät',
      anonymous: true,
      closesAt: Date.UTC(2026, 11, 31, 14),
      questions: [
        { id: 'q1', kind: 'nps', text: { fi: 'Suosittelisitko?', sv: 'Rekommenderar du oss?' } },
        {
          id: 'q2',
          kind: 'choice',
          choices: [
            { id: 'c1', text: { fi: 'Verkosta', en: 'Web' } },
            { id: 'c3', text: { fi: 'Myymälästä' } },
          ],
        },
      ],
    })
    const page = await look(t, made.headers.get('location') ?? '', cookie)
    expect(await page.text()).toContain('Kysely on tallennettu.')
    expect(await (await look(t, `${made.headers.get('location')?.split('?')[0]}/edit`, cookie)).text()).toContain(
      'value="2026-12-31T16:00"',
    )
  })

  it('adds, moves and removes questions and keeps nothing of it', async () => {
    const before = await surveyRows(t)
    const two = { ...whole, 'q2.id': 'q2', 'q2.kind': 'text', 'q2.text.fi': 'Miksi?' }
    const kinds = async (fields: Record<string, string>, verb: string) => {
      const response = await post('/new', { ...fields, do: verb })
      expect(response.status).toBe(200)
      const html = await response.text()
      expect(html).toContain('value="Kevät"')
      return [...html.matchAll(/name="q\d+\.id" value="(\w+)"/g)].map((match) => match[1])
    }
    expect(await kinds({ ...two, newKind: 'ces' }, 'add')).toEqual(['q1', 'q2', 'q3'])
    expect(await kinds(two, 'up:2')).toEqual(['q2', 'q1'])
    expect(await kinds(two, 'down:1')).toEqual(['q2', 'q1'])
    expect(await kinds(two, 'remove:1')).toEqual(['q2'])
    for (const verb of ['up:9', 'remove:-1', 'down:x', 'nonsense', ''])
      expect(await kinds(two, verb)).toEqual(['q1', 'q2'])
    // A removed id is not given to another question while it is still there.
    expect(await kinds({ ...whole, 'q1.id': 'q2', newKind: 'text' }, 'add')).toEqual(['q2', 'q3'])
    const piece = await post('/new', { ...two, do: 'up:2' }, { 'HX-Request': 'true' })
    expect(await piece.text()).toMatch(/^<form /)
    expect(await surveyRows(t)).toBe(before)
  })

  it.each<[string, Record<string, string>, string]>([
    ['no name', { name: '' }, 'Nimi: kirjoita kyselylle nimi'],
    ['an end that is over', { closesAt: '2020-01-01T00:00' }, 'Päättyy: anna tuleva päivä ja kellonaika.'],
    ['an end that is no time', { closesAt: 'huomenna' }, 'Päättyy: anna tuleva päivä ja kellonaika.'],
    ['a group of one', { smallestGroup: '1' }, 'Pienin ryhmä: anna luku 2–1000.'],
    ['no text', { 'q1.text.fi': '' }, 'Kysymys 1: kirjoita kysymys ainakin yhdellä kielellä'],
    ['no choices', { 'q1.kind': 'choice' }, 'Kysymys 1: anna 2–30 vaihtoehtoa'],
  ])('names the field and the mend: %s', async (_, change, words) => {
    const response = await post('/new', { ...whole, ...change, do: 'save' })
    expect(response.status).toBe(422)
    const html = await response.text()
    expect(html).toContain('role="alert"')
    expect(html).toContain(words)
    const target = /role="alert"[^]*?href="#([^"]+)"/.exec(html)?.[1] ?? ''
    expect(html).toContain(` id="${target}"`)
  })

  it('lets only name and end change once people were invited', async () => {
    const id = await makeSurvey(t)
    await invited(t, id, people.slice(0, 1))
    const page = await (await look(t, `/admin/surveys/${id}/edit`, cookie)).text()
    expect(page).not.toContain('name="q1.kind"')
    expect(
      (await post(`/${id}/edit`, { name: 'Syksy', closesAt: '2026-12-31T16:00', do: 'save' })).headers.get('location'),
    ).toContain('done=saved')
    expect(await surveyById(t.deps.store, id)).toMatchObject({
      name: 'Syksy',
      questions: [{ id: 'score' }, {}, {}, {}, {}],
    })
  })
})

it('keeps what somebody else saved since the form was opened, and says so', async () => {
  const id = await makeSurvey(t)
  const version = /name="version" value="(\d+)"/.exec(
    await (await look(t, `/admin/surveys/${id}/edit`, cookie)).text(),
  )?.[1]
  expect(version).toBeDefined()
  const save = async (name: string) =>
    (await post(`/${id}/edit`, { ...whole, name, version: version ?? '', do: 'save' })).headers.get('location')
  expect(await save('Toisen nimi')).toContain('done=saved')
  expect(await save('Oma nimi')).toContain('done=frozen')
  expect(await surveyById(t.deps.store, id)).toMatchObject({ name: 'Toisen nimi' })
})

describe('a survey’s page', () => {
  it('shows figures, charts with their tables, and what can be done, in each language', async () => {
    const id = await makeSurvey(t)
    const { paths } = await invited(t, id, people)
    for (const [n, path] of paths.entries())
      await answer(t, path, { score: String(5 + n), service: '4', channel: 'web', words: `<i>Sana ${n}</i>` })
    const html = await (await look(t, `/admin/surveys/${id}`, cookie)).text()
    expect(html.match(/<svg /g)).toHaveLength(5)
    expect(html.match(/<table/g)).toHaveLength(5)
    expect(html).toContain('&lt;i&gt;Sana 0&lt;/i&gt;')
    expect(html).toContain('<dt>NPS</dt><dd>0</dd>')
    expect(html).toContain('<dt>Vastausprosentti</dt><dd>100 %</dd>')
    const sv = await shown(`/admin/surveys/${id}?lang=sv`)
    expect(sv).toContain('Svarens fördelning')
    expect(sv).not.toMatch(/Vastau|Kysely|Answers/)
    expect(await shown(`/admin/surveys/${id}?lang=en`)).toContain('Response rate')
    const csv = await look(t, `/admin/surveys/${id}/answers.csv`, cookie)
    expect(csv.headers.get('content-disposition')).toContain('attachment')
    expect((await csv.text()).split('\r\n')).toHaveLength(8)
  })

  it('leads to an invitation with this survey chosen already', async () => {
    await makeSurvey(t, { name: 'Syksy' })
    const wanted = await makeSurvey(t, { name: 'Kevät' })
    const html = await (await look(t, `/admin/surveys/${wanted}`, cookie)).text()
    const href = /href="(\/admin\/mailings\/new[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const form = await (await look(t, href, cookie)).text()
    expect(new RegExp(`<option value="${wanted}" selected`).test(form)).toBe(true)
  })

  it('C9 of an anonymous survey with few answers says how many are needed, and shows none', async () => {
    const id = await makeSurvey(t, { anonymous: true })
    const { paths } = await invited(t, id, people)
    await answer(t, paths[0] ?? '', { score: '9', words: 'Salaisuus' })
    const html = await (await look(t, `/admin/surveys/${id}`, cookie)).text()
    expect(html).toContain('Tulokset näytetään, kun vastaajia on vähintään 5.')
    expect(html).not.toMatch(/<svg|Salaisuus/)
  })

  it('reminds once and closes for good', async () => {
    const id = await makeSurvey(t)
    const where = async (path: string) => (await post(`/${id}${path}`)).headers.get('location')
    expect(await where('/remind')).toBe(`/admin/surveys/${id}?done=nobody`)
    await invited(t, id, people.slice(0, 1))
    expect(await where('/remind')).toBe(`/admin/surveys/${id}?done=reminded`)
    expect(await where('/remind')).toBe(`/admin/surveys/${id}?done=already`)
    expect(await where('/close')).toBe(`/admin/surveys/${id}?done=closed`)
    expect(await where('/remind')).toBe(`/admin/surveys/${id}?done=over`)
    const html = await (await look(t, `/admin/surveys/${id}?done=closed`, cookie)).text()
    expect(html).toContain('päättynyt')
    expect(html).not.toContain('Sulje kysely</button>')
  })

  it('T11 T13 is for nobody without a session, and changes nothing for another site', async () => {
    const id = await makeSurvey(t)
    for (const path of ['', '/new', `/${id}`, `/${id}/edit`, `/${id}/answers.csv`])
      expect((await t.request(`/admin/surveys${path}`)).headers.get('location')).toBe('/admin/sign-in')
    const before = await surveyRows(t)
    for (const path of ['/new', `/${id}/edit`, `/${id}/close`, `/${id}/remind`])
      expect((await post(path, { ...whole, do: 'save' }, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
    expect(await surveyRows(t)).toBe(before)
    for (const path of ['/nothing', '/nothing/edit', '/nothing/answers.csv'])
      expect((await look(t, `/admin/surveys${path}`, cookie)).status).toBe(404)
    for (const path of ['/nothing/edit', '/nothing/close', '/nothing/remind'])
      expect((await post(path)).status).toBe(404)
  })
})
