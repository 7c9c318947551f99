import { afterEach, beforeEach, expect, test } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { addPeople } from '../../people.ts'
import { clientOf, type Client } from './client.ts'

let t: TestApp
let api: Client
beforeEach(async () => {
  t = await startApp()
  api = await clientOf(t)
  await addPeople(t, [{ email: 'aino@a.example' }, { email: 'bertta@b.example', language: 'sv' }])
})
afterEach(() => t.close())

const draft = {
  kind: 'price_list',
  topic: 'price-list',
  subject: 'Hinnasto',
  content: { format: 'markdown', body: 'Hei!' },
}

test('a segment is made, counted, named by a mailing, changed and deleted', async () => {
  const definition = { all: [{ field: 'language', in: ['sv'] }] }
  const made = await api.call('POST', '/segments', { name: 'Ruotsiksi', definition })
  expect(made.status).toBe(201)
  const path = `/segments/${made.json.id}`
  expect(made.headers.get('Location')).toBe(`/api/v1${path}`)
  expect((await api.call('GET', path)).json).toMatchObject({ name: 'Ruotsiksi', definition })
  expect((await api.call('GET', '/segments')).json.items).toHaveLength(1)
  expect((await api.call('GET', `${path}/count`)).json).toEqual({ contacts: 1 })
  const mailing = await api.call('POST', '/mailings', { ...draft, audience: { segment: made.json.id } })
  expect(mailing.json.audience).toEqual({ segment: made.json.id })
  expect((await api.call('POST', `/mailings/${mailing.json.id}/check`)).json.counts).toEqual({
    allowed: 1,
    stopped: {},
  })
  expect((await api.call('DELETE', path)).status).toBe(409)
  expect((await api.call('DELETE', `/mailings/${mailing.json.id}`)).status).toBe(204)
  const changed = await api.call('PUT', path, {
    name: 'Kaikki',
    definition: { none: [{ field: 'language', in: ['en'] }] },
  })
  expect(changed.json.name).toBe('Kaikki')
  expect((await api.call('GET', `${path}/count`)).json).toEqual({ contacts: 2 })
  expect((await api.call('DELETE', path)).status).toBe(204)
  expect((await api.call('GET', path)).status).toBe(404)
  expect((await api.call('GET', `${path}/count`)).status).toBe(404)
  expect((await api.call('POST', '/segments', { name: 'x', definition: { all: [{ field: 'opened' }] } })).status).toBe(
    422,
  )
})

test('P15 a draft repeats, shows its next four times, is paused, resumed and ended', async () => {
  const { id } = (await api.call('POST', '/mailings', draft)).json
  const pattern = { every: 'monthWeekday', nth: 1, weekday: 'MO', interval: 1 }
  const repeat = { pattern, time: '09:00', from: '2026-05-18' }
  expect((await api.call('GET', `/mailings/${id}/repeat`)).status).toBe(404)
  const made = await api.call('POST', `/mailings/${id}/repeat`, repeat)
  expect(made.json).toMatchObject({ state: 'running', timeZone: 'Europe/Helsinki', holidays: 'next_working_day' })
  expect(made.json.next.map(({ local }: { local: string }) => local)).toEqual([
    '2026-06-01T09:00:00',
    '2026-07-06T09:00:00',
    '2026-08-03T09:00:00',
    '2026-09-07T09:00:00',
  ])
  expect((await api.call('POST', `/mailings/${id}/repeat/pause`)).json).toMatchObject({ state: 'paused', next: [] })
  expect((await api.call('POST', `/mailings/${id}/repeat/resume`)).json.state).toBe('running')
  expect((await api.call('DELETE', `/mailings/${id}/repeat`)).status).toBe(204)
  expect((await api.call('GET', `/mailings/${id}/repeat`)).json.state).toBe('ended')
  expect((await api.call('DELETE', `/mailings/${id}/repeat`)).status).toBe(404)
  expect((await api.call('POST', `/mailings/${id}/repeat`, { ...repeat, time: '9' })).status).toBe(422)
  expect((await api.call('POST', `/mailings/${id}/repeat`, { ...repeat, until: '2026-05-17' })).status).toBe(422)
  await api.call('POST', `/mailings/${id}/schedule`, { at: 'now' })
  expect((await api.call('POST', `/mailings/${id}/repeat`, repeat)).status).toBe(409)
})

test('a company objects for all its people, and its page of bans says who asked', async () => {
  const { id } = (
    await api.call('POST', '/companies', { name: 'Ei Oy', businessId: '1234567-1', domains: ['a.example'] })
  ).json
  const asked = { requestedBy: 'Toimitusjohtaja', how: 'kirjeellä' }
  const made = await api.call('POST', `/companies/${id}/objection`, asked)
  expect(made.status).toBe(201)
  expect(made.json.bans.map(({ kind }: { kind: string }) => kind)).toEqual(['company', 'domain'])
  const found = (await api.call('GET', `/companies/${id}/objection`)).json
  expect(found.objections).toMatchObject([asked])
  expect(found.bans).toHaveLength(2)
  expect((await api.call('GET', '/bans/check?kind=company&value=1234567-1')).json.banned).toBe(true)
  expect((await api.call('POST', `/companies/${id}/objection`, { ...asked, how: 'a@b.example' })).status).toBe(422)
  expect((await api.call('POST', '/companies/nothing/objection', asked)).status).toBe(404)
  expect((await api.call('GET', '/companies/nothing/objection')).status).toBe(404)
})
