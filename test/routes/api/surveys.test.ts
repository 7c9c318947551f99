import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readCsv } from '../../csvRead.ts'
import { startApp, type TestApp } from '../../app.ts'
import { corpora } from '../../inputs.ts'
import { addPeople } from '../../people.ts'
import { answer, invitation, invited, makeSurvey, questions, surveyPath } from '../../surveys.ts'
import { look, signIn } from '../../signedIn.ts'
import { run } from '../../leaving.ts'
import { engines } from '../../stores.ts'
import { clientOf, keyWith, type Client } from './client.ts'

let t: TestApp
let api: Client
const start = async (engine?: (typeof engines)[number]['name']) => {
  t = await startApp(engine ? { engine } : {})
  api = await clientOf(t)
}
afterEach(() => t.close())

const people = Array.from({ length: 6 }, (_, n) => ({ email: `ostaja${n}@yritys.example` }))

describe.each(engines.map(({ name }) => name))('/surveys (%s)', (engine) => {
  beforeEach(() => start(engine))

  it('lists more surveys than a statement may have parameters', async () => {
    for (let n = 0; n < 105; n++) await makeSurvey(t)
    const { json } = await api.call('GET', '/surveys?limit=200')
    expect(json.items).toHaveLength(105)
    expect(json.items[0]).toMatchObject({ invited: 0, answered: 0 })
  })

  it('from the survey to its results: made, named by a mailing, answered, reminded, closed, read', async () => {
    const made = await api.call('POST', '/surveys', { name: 'Kevät', questions })
    expect(made).toMatchObject({ status: 201, json: { state: 'open', anonymous: false, invited: 0, answered: 0 } })
    const { id } = made.json
    expect(made.headers.get('Location')).toBe(`/api/v1/surveys/${id}`)
    await addPeople(
      t,
      people.map((person) => ({ ...person, topics: ['survey'] })),
    )
    const mailing = await api.call('POST', '/mailings', { ...invitation, survey: id, remindAfterDays: 14 })
    expect(mailing).toMatchObject({ status: 201, json: { survey: id, remindAfterDays: 14 } })
    expect((await api.call('POST', `/mailings/${mailing.json.id}/check`)).json).toMatchObject({
      errors: [],
      counts: { allowed: 6 },
    })
    expect((await api.call('POST', `/mailings/${mailing.json.id}/preview`, {})).json.html).toContain(
      'Suosittelisitko meitä?',
    )
    expect((await api.call('POST', `/mailings/${mailing.json.id}/schedule`, { at: 'now' })).status).toBe(200)
    await run(t)
    const scores = [10, 9, 8, 2]
    for (const [n, score] of scores.entries()) {
      const [mail] = await t.mailsTo(people[n]?.email ?? '')
      expect((await answer(t, surveyPath(mail), { score: String(score), service: '4', channel: 'web' })).status).toBe(
        200,
      )
    }
    expect((await api.call('GET', `/surveys/${id}/results`)).json).toMatchObject({
      invited: 6,
      answered: 4,
      withheld: false,
      questions: [
        {
          id: 'score',
          kind: 'nps',
          answers: 4,
          nps: 25,
          average: 7.25,
          distribution: { 0: 0, 2: 1, 8: 1, 9: 1, 10: 1 },
        },
        { id: 'service', kind: 'csat', answers: 4, average: 4, distribution: { 4: 4 } },
        { id: 'ease', kind: 'ces', answers: 0 },
        { id: 'channel', kind: 'choice', answers: 4, distribution: { shop: 0, web: 4 } },
        { id: 'words', kind: 'text', answers: 0 },
      ],
    })
    expect((await api.call('POST', `/surveys/${id}/remind`)).json).toEqual({
      mailings: [`${mailing.json.id}-reminder`],
    })
    expect((await api.call('POST', `/surveys/${id}/remind`)).status).toBe(409)
    await run(t)
    expect((await api.call('GET', `/mailings/${mailing.json.id}-reminder`)).json).toMatchObject({
      state: 'finished',
      counts: { sent: 2, skipped: 4 },
      skippedBy: { answered: 4 },
    })
    expect((await api.call('GET', `/surveys/${id}`)).json).toMatchObject({ invited: 6, answered: 4 })
    expect((await api.call('POST', `/surveys/${id}/close`)).json).toMatchObject({ state: 'closed' })
    expect((await api.call('POST', `/surveys/${id}/close`)).status).toBe(200)
    expect((await api.call('GET', '/surveys')).json.items).toMatchObject([{ id, state: 'closed' }])
  })

  it('C9 an anonymous survey shows nothing and lists nothing before its smallest group, and joins nothing afterwards', async () => {
    const id = await makeSurvey(t, { anonymous: true, smallestGroup: 3 })
    const { ids, paths } = await invited(t, id, people)
    for (const [n, path] of paths.slice(0, 2).entries()) await answer(t, path, { score: '9', words: `Salaisuus ${n}` })
    const few = await api.call('GET', `/surveys/${id}/results`)
    expect(few.json).toMatchObject({ answered: 2, withheld: true })
    expect(JSON.stringify(few.json)).not.toMatch(/nps":|average|distribution/)
    expect((await api.call('GET', `/surveys/${id}/answers.csv`)).text.trim().split('\r\n')).toHaveLength(1)
    for (const [n, path] of paths.slice(2, 5).entries()) await answer(t, path, { score: '3', words: `Ajatus ${n}` })
    expect((await api.call('GET', `/surveys/${id}/results`)).json).toMatchObject({
      answered: 5,
      withheld: false,
      questions: [{ nps: -20 }, {}, {}, {}, { answers: 5 }],
    })
    const { text } = await api.call('GET', `/surveys/${id}/answers.csv`)
    for (const contact of ids) expect(text).not.toContain(contact)
    expect(text).not.toMatch(/20\d\d-/)
    const [head, ...rows] = readCsv(text)
    expect(head).toEqual(['score', 'service', 'ease', 'channel', 'words'])
    expect(rows).toHaveLength(10)
    // No line joins what was written to anything else.
    expect(rows.filter((row) => row[4] !== '' && row[0] !== '')).toEqual([])
  })
})

describe('/surveys', () => {
  beforeEach(() => start())

  it('changes what nobody was told yet, and later only name and end', async () => {
    const { id } = (await api.call('POST', '/surveys', { name: 'Kevät', questions })).json
    const other = [{ id: 'q', kind: 'ces', text: { fi: 'Helppoa?' } }]
    expect((await api.call('PATCH', `/surveys/${id}`, { questions: other, anonymous: true })).json).toMatchObject({
      questions: other,
      anonymous: true,
    })
    await invited(t, id, people.slice(0, 1))
    expect(await api.call('PATCH', `/surveys/${id}`, { questions, anonymous: false })).toMatchObject({
      status: 409,
      json: { errors: [{ path: 'questions' }, { path: 'anonymous' }] },
    })
    const closesAt = new Date(t.clock.now() + 1000).toISOString()
    expect((await api.call('PATCH', `/surveys/${id}`, { name: 'Syksy', closesAt })).json).toMatchObject({
      name: 'Syksy',
      closesAt,
    })
    expect((await api.call('PATCH', `/surveys/${id}`, { closesAt: null })).json.closesAt).toBeNull()
    expect((await api.call('PATCH', `/surveys/${id}`, { closesAt: '2020-01-01T00:00:00Z' })).status).toBe(422)
    expect((await api.call('PATCH', '/surveys/nothing', { name: 'a' })).status).toBe(404)
    for (const path of ['', '/results', '/answers.csv'])
      expect((await api.call('GET', `/surveys/nothing${path}`)).status).toBe(404)
  })

  it('names each wrong field', async () => {
    const refused = await api.call('POST', '/surveys', {
      name: '',
      questions: [{ id: 'a b', kind: 'nps', text: { fi: 'a' } }],
      reward: 'mug',
    })
    expect(refused.status).toBe(422)
    expect(refused.json.errors.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['name', 'questions.0.id', 'reward']),
    )
  })

  it('asks for rights: answers are about people', async () => {
    const id = await makeSurvey(t)
    const bearer = { Authorization: `Bearer ${await keyWith(t, 'mailings:read')}` }
    expect((await api.call('GET', `/surveys/${id}/results`, undefined, bearer)).status).toBe(200)
    expect((await api.call('GET', `/surveys/${id}/answers.csv`, undefined, bearer)).status).toBe(403)
    expect((await api.call('POST', '/surveys', { name: 'a', questions }, bearer)).status).toBe(403)
    expect((await api.call('POST', `/surveys/${id}/remind`, undefined, bearer)).status).toBe(403)
  })

  it('P13 the same idempotency key makes one survey', async () => {
    const headers = { 'Idempotency-Key': 'kevat-2026' }
    const [one, two] = [
      await api.call('POST', '/surveys', { name: 'a', questions }, headers),
      await api.call('POST', '/surveys', { name: 'a', questions }, headers),
    ]
    expect(two.json).toEqual(one.json)
    expect((await api.call('GET', '/surveys')).json.items).toHaveLength(1)
  })

  it('T16 T05 hostile answers are kept as typed, run in no spreadsheet and in no page', async () => {
    const strings: string[] = corpora
      ? (JSON.parse(readFileSync(new URL('strings/blns.json', corpora), 'utf8')) as string[])
      : ['=1+1', '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>']
    const id = await makeSurvey(t)
    const all = Array.from({ length: strings.length }, (_, n) => ({ email: `h${n}@yritys.example` }))
    const { paths } = await invited(t, id, all)
    let kept = 0
    for (const [n, words] of strings.entries()) {
      const response = await answer(t, paths[n] ?? '', { score: '5', words })
      expect([200, 400]).toContain(response.status)
      if (response.status === 200) kept++
      const shown = await (await t.request(paths[n] ?? '')).text()
      expect(shown).not.toMatch(/<(script|img|svg|iframe|b|marquee)\b/i)
    }
    expect(kept).toBeGreaterThan(strings.length * 0.9)
    const { text } = await api.call('GET', `/surveys/${id}/answers.csv`)
    for (const row of readCsv(text).slice(1)) expect(row.at(-1)).not.toMatch(/^[=+\-@\t\r＝＋－＠]/)
    const page = await (await look(t, `/admin/surveys/${id}`, await signIn(t))).text()
    expect(page).not.toMatch(/<(script(?! src="\/admin\/htmx\.js")|img|iframe|marquee)\b/i)
  }, 120_000)
})
