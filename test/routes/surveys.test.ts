import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../app.ts'
import { inputs } from '../inputs.ts'
import { mailed, leavingPath } from '../leaving.ts'
import { DAY, said } from '../signUps.ts'
import { answer, invited, makeSurvey, surveyRows } from '../surveys.ts'
import { surveyResults } from '../../src/actions/surveyResults.ts'
import { close } from '../../src/actions/surveys.ts'
import { erase } from '../../src/actions/erase.ts'
import { links } from '../../src/mail/tokens.ts'
import { surveyById } from '../../src/store/surveys.ts'

let t: TestApp
beforeEach(async () => {
  t = await startApp()
})
afterEach(() => t.close())

const maija = { email: 'maija@yritys.example', name: 'Maija' }

async function results(id: string) {
  const survey = await surveyById(t.deps.store, id)
  if (!survey) throw new Error('no survey')
  return surveyResults(t.deps, survey)
}

describe('a survey link', () => {
  it('P11 GET shows the survey and answers nothing, however often and whatever its address chooses', async () => {
    const id = await makeSurvey(t)
    const { paths, mails } = await invited(t, id, [maija])
    const before = await surveyRows(t)
    const tap = /href="([^"]*q=score&amp;v=9)"/.exec(mails[0]?.html ?? '')?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(tap).not.toBe('')
    const { pathname, search } = new URL(tap)
    for (const method of ['GET', 'HEAD', 'GET', 'OPTIONS', 'GET']) {
      const response = await t.request(pathname + search, { method })
      expect([200, 204]).toContain(response.status)
    }
    const page = await (await t.request(pathname + search)).text()
    expect(page).toMatch(/<input[^>]*name="score"[^>]*value="9"[^>]*checked/)
    expect(page.match(/ checked/g)).toHaveLength(1)
    for (const wrong of ['q=score&v=11', 'q=words&v=x', 'q=nothing&v=9', 'q=score', 'q[]=score&v=9', 'q=__proto__&v=1'])
      expect(await (await t.request(`${paths[0]}?${wrong}`)).text()).not.toMatch(/ checked/)
    expect(await surveyRows(t)).toBe(before)
  })

  it('P01 keeps the answer before it thanks, one for each person, and takes a changed mind until it closes', async () => {
    const id = await makeSurvey(t)
    const { paths } = await invited(t, id, [maija, { email: 'pekka@yritys.example' }])
    const [path = '', other = ''] = paths
    expect(await said(answer(t, path, { score: '9', service: '5', words: 'Hyvä!' }))).toContain('Kiitos vastauksestasi')
    expect(await results(id)).toMatchObject({
      invited: 2,
      answered: 1,
      questions: [
        { id: 'score', answers: 1, nps: 100, average: 9 },
        { answers: 1 },
        { answers: 0 },
        {},
        { answers: 1 },
      ],
    })
    expect(await said(t.request(path))).toContain('Olet jo vastannut.')
    await answer(t, path, { score: '3' })
    await answer(t, other, { score: '10', channel: 'web' })
    expect(await results(id)).toMatchObject({
      answered: 2,
      questions: [
        { answers: 2, nps: 0, average: 6.5 },
        { answers: 0 },
        {},
        { distribution: { shop: 0, web: 1 } },
        { answers: 0 },
      ],
    })
    await close(t.deps, id, 'system')
    const before = await surveyRows(t)
    expect(await said(t.request(path))).toContain('Kysely on päättynyt')
    const late = await answer(t, path, { score: '10' })
    expect(late.status).toBe(410)
    expect(await said(late)).toContain('Kysely on päättynyt')
    expect(await surveyRows(t)).toBe(before)
  })

  it('shows what was answered before, but not of an anonymous survey, whoever holds the link', async () => {
    const open = await makeSurvey(t)
    const { paths, ids } = await invited(t, open, [maija])
    await answer(t, paths[0] ?? '', { score: '9', words: 'Salainen ajatus' })
    expect(await (await t.request(paths[0] ?? '')).text()).toContain('Salainen ajatus')
    const hidden = await makeSurvey(t, { anonymous: true })
    const { makeSurvey: makeLink, url } = links(t.deps)
    const path = new URL(url('s', makeLink({ surveyId: hidden, contactId: ids[0] ?? '', language: 'fi' }))).pathname
    await answer(t, path, { score: '9', words: 'Salainen ajatus' })
    const page = await (await t.request(path)).text()
    expect(page).toContain('Olet jo vastannut.')
    expect(page).not.toContain('Salainen ajatus')
    expect(page).not.toMatch(/ checked/)
  })

  it('closes by itself when its time comes, and says until when it is open', async () => {
    const closesAt = new Date(t.clock.now() + DAY).toISOString()
    const { paths } = await invited(t, await makeSurvey(t, { closesAt }), [maija])
    expect(await said(t.request(paths[0] ?? ''))).toContain('Voit vastata ja muuttaa vastaustasi 19.5.2026')
    t.clock.advance(DAY)
    expect(await said(t.request(paths[0] ?? ''))).toContain('Kysely on päättynyt')
    expect((await answer(t, paths[0] ?? '', { score: '1' })).status).toBe(410)
  })

  it('names each question that was answered wrongly with its mend, keeps what was typed, and stores nothing', async () => {
    const { paths } = await invited(t, await makeSurvey(t), [maija])
    const [path = ''] = paths
    const before = await surveyRows(t)
    const cases: [Record<string, string>, string][] = [
      [{}, 'Vastaa ainakin yhteen kysymykseen.'],
      [{ score: '11' }, 'Suosittelisitko meitä?: valitse jokin luettelon vaihtoehdoista.'],
      [{ score: '9.5', words: 'Jää tähän' }, 'Jää tähän'],
      [{ service: '0' }, 'Miten tyytyväinen olet palveluun?: valitse'],
      [{ channel: 'post' }, 'Mistä ostat?: valitse'],
      [{ words: 'a'.repeat(2001) }, 'Mitä muuta haluat sanoa?: lyhennä tekstiä, enintään 2000 merkkiä.'],
      [{ score: '9', email: 'x@y.example' }, 'kenttä, jota kysely ei tunne'],
    ]
    for (const [fields, words] of cases) {
      const response = await answer(t, path, fields)
      expect(response.status).toBe(422)
      const html = await response.text()
      expect(html).toContain('role="alert"')
      expect(html).toContain(words)
    }
    const twice = await t.request(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'score=9&score=10',
    })
    expect(twice.status).toBe(422)
    expect(await surveyRows(t)).toBe(before)
  })

  it('speaks JSON with programs', async () => {
    const { paths } = await invited(t, await makeSurvey(t), [maija])
    const post = (body: object) =>
      t.request(paths[0] ?? '', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
    expect(await (await post({ score: 9, words: 'Hyvä' })).json()).toEqual({ status: 'answered' })
    const bad = await post({ score: 99 })
    expect(bad.status).toBe(422)
    expect(await bad.json()).toMatchObject({ errors: [{ path: 'score' }] })
  })

  it('speaks the three languages, and keeps what the link chose when another is picked', async () => {
    const { paths } = await invited(t, await makeSurvey(t), [{ ...maija, language: 'sv' }])
    const [path = ''] = paths
    expect(await said(t.request(path))).toMatch(/Kundenkät.*Skulle du rekommendera oss\?.*Miten tyytyväinen/)
    expect(await said(t.request(`${path}?lang=en`))).toContain('Would you recommend us?')
    const page = await (await t.request(`${path}?q=score&v=4`)).text()
    expect(page).toContain('?lang=fi&amp;q=score&amp;v=4')
    expect(
      await said(t.request(`${path}?lang=fi`, { method: 'POST', body: new URLSearchParams({ score: '4' }) })),
    ).toContain('Kiitos')
  })

  it('after an erasure is calm and keeps nothing; what was joined to the person is gone', async () => {
    const id = await makeSurvey(t)
    const { paths, ids } = await invited(t, id, [maija])
    await answer(t, paths[0] ?? '', { score: '9', words: 'Salainen ajatus' })
    await erase(t.deps, ids[0] ?? '', 'person')
    expect(await surveyRows(t)).not.toContain('Salainen ajatus')
    expect(await surveyRows(t)).not.toContain(ids[0])
    const before = await surveyRows(t)
    expect((await t.request(paths[0] ?? '')).status).toBe(410)
    expect((await answer(t, paths[0] ?? '', { score: '1' })).status).toBe(410)
    expect(await surveyRows(t)).toBe(before)
  })

  it('A9-5 is stored by nobody, told to nobody, framed by nobody, and runs nothing', async () => {
    const { paths } = await invited(t, await makeSurvey(t), [maija])
    const { headers } = await t.request(paths[0] ?? '')
    expect(headers.get('Cache-Control')).toBe('no-store')
    expect(headers.get('Referrer-Policy')).toBe('no-referrer')
    expect(headers.get('X-Robots-Tag')).toContain('noindex')
    expect(headers.get('Content-Security-Policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
  })
})

describe('a survey link that is not right', () => {
  it('A1-4 tampered with, of another kind, of another survey or expired: one calm page, and nothing changes', async () => {
    const id = await makeSurvey(t)
    const { paths } = await invited(t, id, [maija])
    const token = (paths[0] ?? '').slice('/s/'.length)
    const foreign = leavingPath((await mailed(t, [{ email: 'liisa@yritys.example' }])).mails[0]).slice('/u/'.length)
    const before = await surveyRows(t)
    const [version, key, scope, payload = '', mac = ''] = token.split('.')
    const wrong = [
      foreign,
      [version, key, 'u', payload, mac].join('.'),
      [
        version,
        key,
        scope,
        payload.replace(
          id,
          id.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
        ),
        mac,
      ].join('.'),
      [version, key, scope, payload, mac.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))].join('.'),
      [version, 'ffffffff', scope, payload, mac].join('.'),
      [version, key, scope, payload, ''].join('.'),
      token.toLowerCase(),
      `${token}.`,
      `${token}%3D`,
      ...inputs('C').flatMap(({ in: value }) =>
        typeof value === 'string' && !/^(GET|POST|OPTIONS|<)/.test(value) ? [encodeURIComponent(value)] : [],
      ),
    ].filter((one) => one !== token)
    for (const one of wrong)
      for (const method of ['GET', 'POST']) {
        const body = method === 'POST' ? { body: new URLSearchParams({ score: '9' }) } : {}
        const response = await t.request(`/s/${one}`, { method, ...body })
        expect([one.slice(0, 60), response.status]).toEqual([one.slice(0, 60), 404])
        expect(await response.text()).not.toContain('maija@')
      }
    // The survey's own link opens no other page.
    for (const page of ['u', 'c', 'p']) expect((await t.request(`/${page}/${token}`)).status).toBe(404)
    t.clock.advance(200 * DAY)
    expect((await t.request(paths[0] ?? '')).status).toBe(410)
    expect((await answer(t, paths[0] ?? '', { score: '9' })).status).toBe(410)
    expect(await surveyRows(t)).toBe(before)
  })

  it('replayed by anybody any number of times stays one answer', async () => {
    const id = await makeSurvey(t)
    const { paths } = await invited(t, id, [maija])
    await Promise.all(Array.from({ length: 20 }, (_, n) => answer(t, paths[0] ?? '', { score: String(n % 11) })))
    expect(await results(id)).toMatchObject({ answered: 1, questions: [{ answers: 1 }, {}, {}, {}, {}] })
  })

  it('of a preview shows everything and keeps nothing', async () => {
    const id = await makeSurvey(t)
    const { makeSurvey: makeLink, url } = links(t.deps)
    const path = new URL(url('s', makeLink({ surveyId: id, contactId: '', language: 'fi' }))).pathname
    const before = await surveyRows(t)
    expect(await said(t.request(path))).toContain('Tämä on esikatselu.')
    expect(await said(answer(t, path, { score: '9' }))).toContain('Mitään ei tallennettu.')
    expect(await surveyRows(t)).toBe(before)
  })
})
