import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { links } from '../../src/mail/tokens.ts'
import { controlsOf, marketer } from '../adminScreens.ts'
import { startApp, type TestApp } from '../app.ts'
import { inputs } from '../inputs.ts'
import { clientOf, type Client } from '../routes/api/client.ts'
import { answer, invited, makeSurvey, surveyRows } from '../surveys.ts'
import { counted, liveIn, refusesInFinnish } from './spelled.ts'

/** Classes B, H, I and K through surveys. Tokens (class C), tampered with and replayed, are in routes/surveys.test.ts. */

let t: TestApp
let client: Client
let admin: Awaited<ReturnType<typeof marketer>>
let survey: string
let path: string
beforeAll(async () => {
  t = await startApp({ env: { LIMIT_PER_NETWORK: '1000000', LIMIT_PER_FORM: '1000000', LIMIT_IN_ALL: '1000000' } })
  client = await clientOf(t)
  admin = await marketer(t)
  survey = await makeSurvey(t)
  path = (await invited(t, survey, [{ email: 'maija@yritys.example' }])).paths[0] ?? ''
})
afterAll(() => t.close())

const texts = [
  ...inputs('B'),
  ...inputs('H').filter(({ expect: wanted }) => wanted.startsWith('treated')),
  ...inputs('I'),
]

describe('classes B, H and I: what a survey asks', () => {
  it.each(texts)('$id is shown as it reads, or refused with its field', async ({ in: value, expect: wanted }) => {
    const before = await counted(t)
    const given = {
      name: value,
      questions: [
        { id: 'words', kind: 'text', text: { fi: value } },
        {
          id: 'choice',
          kind: 'choice',
          text: { fi: 'Mikä?' },
          choices: [
            { id: 'a', text: { fi: value } },
            { id: 'b', text: { fi: 'B' } },
          ],
        },
      ],
    }
    const { status, json } = await client.call('POST', '/surveys', given)
    if (status !== 201) {
      expect(status).toBeOneOf([400, 413, 422])
      if (status === 422)
        expect(json.errors[0]).toMatchObject({
          path: expect.stringMatching(/^(name|questions)/),
          message: expect.stringMatching(/\w/),
        })
      return expect(await counted(t)).toEqual(before)
    }
    if (wanted.includes('removed or rejected'))
      expect(json.name).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u)
    else expect(json.name).toBe(String(value).normalize('NFC').trim())
    const { makeSurvey: makeLink, url } = links(t.deps)
    const preview = new URL(url('s', makeLink({ surveyId: json.id, contactId: '', language: 'fi' }))).pathname
    expect(liveIn(await (await t.request(preview)).text())).toBeUndefined()
    expect(liveIn((await admin.look(`/admin/surveys/${json.id}`)).html)).toBeUndefined()
    expect(liveIn((await admin.look(`/admin/surveys/${json.id}/edit`)).html)).toBeUndefined()
  })

  it.each(texts.filter(({ in: value }) => typeof value !== 'string' || !/^[A-Za-z0-9][\w-]{0,39}$/.test(value)))(
    '$id is no name of a question',
    async ({ in: id }) => {
      const { status } = await client.call('POST', '/surveys', {
        name: 'x',
        questions: [{ id, kind: 'text', text: { fi: 'x' } }],
      })
      expect(status).toBeOneOf([400, 413, 422])
    },
  )
})

describe('classes B, H and I: what is answered', () => {
  const kept = async () => {
    const rows = await t.deps.store.db.selectFrom('survey_answers').selectAll().execute()
    return rows.map(({ value }) => value)
  }

  it.each(texts)('$id is kept as it reads, or refused with the question', async ({ in: value, expect: wanted }) => {
    await answer(t, path, { words: 'ennen' })
    const text = String(value)
    const { status } = await answer(t, path, { words: text })
    if (status !== 200) {
      expect(status).toBeOneOf([400, 413, 422])
      return expect(await kept()).toEqual(['ennen'])
    }
    if (wanted.includes('removed or rejected'))
      expect((await kept()).join('')).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/u)
    else expect(await kept()).toEqual([text.normalize('NFC').trim()])
    expect(liveIn(await (await t.request(path)).text())).toBeUndefined()
    expect(liveIn((await admin.look(`/admin/surveys/${survey}`)).html)).toBeUndefined()
  })

  // A number that is on the scale is a rating.
  it.each(texts.filter(({ in: value }) => !/^\d+$/.test(String(value))))(
    '$id is no rating and no choice: the answer before stays, and the page says which question',
    async ({ in: value }) => {
      await answer(t, path, { score: '9', channel: 'web' })
      const before = await surveyRows(t)
      for (const [name, label] of [
        ['score', 'Suosittelisitko meitä?'],
        ['channel', 'Mistä ostat?'],
      ] as const) {
        const response = await answer(t, path, { [name]: String(value) || ' ' })
        expect(response.status).toBeOneOf([400, 413, 422])
        if (response.status === 422) {
          const html = await response.text()
          expect(html).toContain(label)
          expect(liveIn(html)).toBeUndefined()
          expect(html).toContain('role="alert"')
        }
      }
      expect(await surveyRows(t)).toBe(before)
    },
  )
})

describe('class K: until when a survey takes answers', () => {
  const lines = inputs('K').filter(({ expect: wanted }) => wanted === '422' || wanted.startsWith('ok'))

  // A program says an instant with its offset; the "ok" lines name a zone beside the time or none, and are refused with the mend.
  it.each(lines)('$id $in is no instant of the API', async ({ in: value }) => {
    const before = await counted(t)
    const closesAt = value
    const given = { name: 'x', questions: [{ id: 'q', kind: 'nps', text: { fi: 'x' } }], closesAt }
    expect((await client.call('POST', '/surveys', given)).json.errors).toEqual([
      { path: 'closesAt', message: expect.stringContaining('2026-12-31T16:00:00+02:00') },
    ])
    expect(await counted(t)).toEqual(before)
  })

  it.each(lines)('$id $in on the page', async ({ id, in: value }) => {
    const controls = controlsOf((await admin.look('/admin/surveys/new')).html)
    const fields = {
      ...controls,
      name: 'Kysely',
      'q1.text.fi': 'Suosittelisitko?',
      closesAt: String(value),
      do: 'save',
    }
    const before = await counted(t)
    const screen = await admin.post('/admin/surveys/new', fields)
    // An empty end is none; a time without a zone is one of the company's, as beside the field it says.
    if (id === 'K023' || id === 'K006') return expect(screen.status).toBe(303)
    expect(refusesInFinnish(screen)).toMatch(/päätty|aika|päivä|sulk/i)
    expect(await counted(t)).toEqual(before)
  })
})
