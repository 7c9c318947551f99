import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addCompany } from '../../../src/actions/addCompany.ts'
import { createMailing } from '../../../src/actions/mailingContent.ts'
import { saveSegment } from '../../../src/actions/segments.ts'
import { runSeries } from '../../../src/actions/runSeries.ts'
import { seriesOf } from '../../../src/store/series.ts'
import { startApp, type TestApp } from '../../app.ts'
import { addPeople } from '../../people.ts'
import { look, ours, signIn } from '../../signedIn.ts'

let t: TestApp
let cookie: string
beforeEach(async () => {
  t = await startApp()
  cookie = await signIn(t)
})
afterEach(() => t.close())

const page = async (path: string) => (await look(t, path, cookie)).text()
const post = (path: string, fields: Record<string, string | string[]>, headers: Record<string, string> = {}) => {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  )
  return t.request(path, {
    method: 'POST',
    headers: { Cookie: cookie, ...ours, 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(pairs).toString(),
  })
}
const goOn = async (answer: Response) => {
  expect(answer.status).toBe(303)
  return page(answer.headers.get('Location') ?? '')
}
const draft = async (kind: 'newsletter' | 'price_list' = 'price_list') => {
  const content = { format: 'markdown' as const, body: 'Hei!' }
  const topic = kind === 'newsletter' ? 'newsletter' : 'price-list'
  const made = await createMailing(t.deps, { kind, topic, subject: 'Kuukausihinnasto', content }, 'system')
  if (!made.ok) throw new Error(JSON.stringify(made.errors))
  return made.mailing.id
}

describe('the page of a repeating mailing', () => {
  const first = {
    every: 'monthWeekday',
    nth: '1',
    weekday: 'MO',
    interval: '1',
    time: '9:00',
    from: '2026-05-18',
    holidays: 'next_working_day',
    lateHours: '6',
  }

  it('shows the next four times in Finnish before anything is saved', async () => {
    const id = await draft()
    const html = await page(`/admin/mailings/${id}/repeat`)
    expect(html).toContain('Toistuva lähetys')
    for (const time of ['maanantai 1.6.2026', 'maanantai 6.7.2026', 'maanantai 3.8.2026', 'maanantai 7.9.2026'])
      expect(html).toContain(time)
    const query = new URLSearchParams({ ...first, every: 'monthDay', day: '6' })
    const piece = await page(`/admin/mailings/${id}/repeat/next?${query.toString()}`)
    expect(piece).toContain('6.6.2026')
    expect(piece).not.toContain('<html')
    const preview = await (await post(`/admin/mailings/${id}/repeat`, { ...first, preview: '1' })).text()
    expect(preview).toContain('maanantai 1.6.2026')
    expect(await seriesOf(t.deps.store, id)).toBeNull()
  })

  it('starts, pauses, resumes and ends a series, and shows what was sent', async () => {
    const id = await draft()
    expect(await goOn(await post(`/admin/mailings/${id}/repeat`, first))).toContain('Toisto on käytössä.')
    expect(await seriesOf(t.deps.store, id)).toMatchObject({ next_at: Date.parse('2026-06-01T06:00:00Z') })
    expect(await goOn(await post(`/admin/mailings/${id}/repeat/pause`, {}))).toContain('Jatka toistoa')
    expect(await goOn(await post(`/admin/mailings/${id}/repeat/resume`, {}))).toContain('Keskeytä toisto')
    t.clock.advance(Date.parse('2026-06-01T06:00:00Z') - t.clock.now())
    await runSeries(t.deps)
    cookie = await signIn(t)
    expect(await page(`/admin/mailings/${id}/repeat`)).toContain('Lähteneet')
    expect(await goOn(await post(`/admin/mailings/${id}/repeat/end`, {}))).toContain('Toisto on päättynyt.')
  })

  it('says which fields to mend, and keeps what was typed', async () => {
    const id = await draft()
    const answer = await post(`/admin/mailings/${id}/repeat`, {
      ...first,
      time: '25:00',
      lateHours: 'monta',
      interval: '0',
    })
    expect(answer.status).toBe(422)
    const html = await answer.text()
    expect(html).toContain('Kirjoita kellonaika muodossa 9:00.')
    expect(html).toContain('Kirjoita tunnit väliltä 1–72.')
    expect(html).toContain('value="monta"')
    const weekly = await post(`/admin/mailings/${id}/repeat`, { ...first, every: 'week' })
    expect(await weekly.text()).toContain('Valitse ainakin yksi viikonpäivä.')
    expect((await look(t, '/admin/mailings/nothing/repeat', cookie)).status).toBe(404)
  })

  it('asks for the age of prices only where there are prices', async () => {
    expect(await page(`/admin/mailings/${await draft()}/repeat`)).toContain('maxPriceListDays')
    expect(await page(`/admin/mailings/${await draft('newsletter')}/repeat`)).not.toContain('maxPriceListDays')
  })
})

describe('the pages of companies', () => {
  const kulta = {
    name: 'Kulta Oy',
    businessId: '1234567-1',
    form: 'legal_person',
    domains: 'kulta.example',
    priceGroup: 'A',
    address: '',
  }

  it('adds a company, finds it, and shows its people', async () => {
    expect(await page('/admin/companies')).toContain('Täällä ei ole vielä mitään.')
    const html = await goOn(await post('/admin/companies/new', kulta))
    expect(html).toContain('Yrityksen tiedot on tallennettu.')
    await addPeople(t, [{ email: 'aino@hopea.example' }])
    const { id } = await t.deps.store.db.selectFrom('companies').select('id').executeTakeFirstOrThrow()
    await t.deps.store.batch([t.deps.store.db.updateTable('contacts').set({ company_id: id, name: 'Aino' })])
    for (const search of ['kulta', 'Kulta', 'ulta', '1234567-1', 'kulta.example'])
      expect(await page(`/admin/companies?search=${search}`)).toContain('Kulta Oy')
    expect(await page('/admin/companies?search=hopea')).toContain('Haulla ei löytynyt')
    expect(await page(`/admin/companies/${id}`)).toContain('aino@hopea.example')
  })

  it('pages through many companies by name', async () => {
    for (let n = 0; n < 30; n++) await addCompany(t.deps, { name: `Yritys ${String(n).padStart(2, '0')}` })
    const html = await page('/admin/companies')
    expect(html).toContain('Yritys 24')
    expect(html).not.toContain('Yritys 25')
    const more = /href="(\/admin\/companies\?name=[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect(await page(more)).toContain('Yritys 25')
  })

  it('records an objection with who asked and how, and shows the bans', async () => {
    const answer = await post('/admin/companies/new', kulta)
    const path = (answer.headers.get('Location') ?? '').split('?')[0] ?? ''
    const wrong = await post(`${path}/objection`, { requestedBy: '', how: 'aino@kulta.example' })
    expect(wrong.status).toBe(422)
    expect(await wrong.text()).toContain('Kirjoita, kuka pyysi')
    const html = await goOn(await post(`${path}/objection`, { requestedBy: 'Toimitusjohtaja', how: 'puhelimessa' }))
    for (const text of ['Kielto on kirjattu', 'verkkotunnus', 'Y-tunnus', 'Toimitusjohtaja', 'kaikki markkinointi'])
      expect(html).toContain(text)
    expect(await page('/admin/companies')).toContain('kieltänyt 18. toukokuuta 2026')
  })

  it('says in Finnish what is wrong', async () => {
    await post('/admin/companies/new', kulta)
    const answer = await post('/admin/companies/new', {
      ...kulta,
      name: '',
      businessId: '1234567-8',
      domains: 'gmail.com',
    })
    const html = await answer.text()
    for (const text of ['Kirjoita yrityksen nimi', 'Y-tunnus ei ole oikein', 'gmail.com: tätä verkkotunnusta'])
      expect(html).toContain(text)
    const taken = await post('/admin/companies/new', { ...kulta, name: 'Toinen Oy', businessId: '' })
    expect(await taken.text()).toContain('kulta.example: verkkotunnus kuuluu toiselle yritykselle.')
    expect((await look(t, '/admin/companies/nothing', cookie)).status).toBe(404)
  })
})

describe('the pages of segments', () => {
  it('makes a segment, counts it, changes and deletes it', async () => {
    const company = await addCompany(t.deps, { name: 'Kulta Oy', businessId: '1234567-1', priceGroup: 'A' })
    await addPeople(t, [
      { email: 'aino@a.example', ...(company.ok ? { companyId: company.company.id } : {}) },
      { email: 'bertta@b.example', language: 'sv' },
    ])
    expect(await page('/admin/segments')).toContain('Kohderyhmät')
    const fields = { name: 'Suomenkieliset', combine: 'all', 'in.languages': ['fi'], 'in.companies': 'Kulta Oy' }
    const piece = await (await post('/admin/segments/count', fields, { 'HX-Request': 'true' })).text()
    expect(piece).toContain('kohderyhmässä nyt: 1')
    expect(await (await post('/admin/segments/count', fields)).text()).toContain('kohderyhmässä nyt: 1')
    const html = await goOn(await post('/admin/segments/new', fields))
    expect(html).toContain('Kohderyhmä on tallennettu.')
    expect(html).toContain('1234567-1')
    expect(html).toContain('kohderyhmässä nyt: 1')
    const { id } = await t.deps.store.db.selectFrom('segments').select('id').executeTakeFirstOrThrow()
    const changed = { name: 'Muut', combine: 'any', 'in.languages': ['fi', 'sv'], 'out.contains': 'johtaja' }
    expect(await goOn(await post(`/admin/segments/${id}`, changed))).toContain('kohderyhmässä nyt: 2')
    expect(await goOn(await post(`/admin/segments/${id}/remove`, {}))).toContain('Kohderyhmä on poistettu.')
  })

  it('says what is missing, and which drafts stand in the way of deleting', async () => {
    const nothing = await (await post('/admin/segments/new', { name: 'Tyhjä', combine: 'all' })).text()
    expect(nothing).toContain('Täytä ainakin yksi ehto.')
    const unknown = { name: 'x', combine: 'all', 'in.companies': 'Olematon Oy' }
    expect(await (await post('/admin/segments/new', unknown)).text()).toContain('Olematon Oy: tätä yritystä ei löydy.')
    const definition = { all: [{ field: 'language' as const, in: ['fi' as const] }] }
    const saved = await saveSegment(t.deps, null, { name: 'Suomeksi', definition })
    if (!saved.ok) throw new Error('not saved')
    const again = await post('/admin/segments/new', { name: 'Suomeksi', combine: 'all', 'in.languages': ['fi'] })
    expect(await again.text()).toContain('Toisella kohderyhmällä on sama nimi.')
    const content = { format: 'markdown' as const, body: 'Hei!' }
    const audience = { segment: saved.segment.id }
    await createMailing(
      t.deps,
      { kind: 'newsletter', topic: 'newsletter', subject: 'Kevät', content, audience },
      'system',
    )
    const html = await page(`/admin/segments/${saved.segment.id}`)
    expect(html).toContain('Kevät')
    expect(html).not.toContain('/remove')
  })

  it('shows by name what only the API can say', async () => {
    const title = (contains: string) => ({ field: 'title' as const, contains })
    const definition = { all: [title('osto'), title('päällikkö')] }
    const saved = await saveSegment(t.deps, null, { name: 'Ostopäälliköt', definition })
    if (!saved.ok) throw new Error('not saved')
    expect(await page(`/admin/segments/${saved.segment.id}`)).toContain('rajapinnan kautta')
  })
})
