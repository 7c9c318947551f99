import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ban } from '../../../src/actions/ban.ts'
import { erase } from '../../../src/actions/erase.ts'
import { searchContacts } from '../../../src/store/contactSearch.ts'
import { nameBeginnings } from '../../../src/rules/nameBeginnings.ts'
import { startApp, type TestApp } from '../../app.ts'
import { addPeople, scheduled } from '../../people.ts'
import { look, ours, signIn } from '../../signedIn.ts'
import { signUp } from '../../signUps.ts'
import { engines } from '../../stores.ts'

let t: TestApp
let cookie: string
afterEach(() => t.close())

const page = async (path: string) => (await look(t, path, cookie)).text()
const post = (path: string, fields: Record<string, string> = {}) =>
  t.request(path, {
    method: 'POST',
    headers: { Cookie: cookie, ...ours, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  })
const search = async (query: string) => {
  const answer = await post('/admin/contacts/search', { query })
  return { status: answer.status, to: answer.headers.get('Location'), html: await answer.text() }
}

describe.each(engines.map(({ name }) => name))('searching contacts (%s)', (engine) => {
  it('finds by the beginning of a name or company, else of its later words, in any case, and by domain, and nothing else', async () => {
    t = await startApp({ engine })
    const ids = await addPeople(t, [
      { email: 'a@aijala.example', name: 'Äijälä Matti' },
      { email: 'b@b.example', name: 'matti Äijälä' },
      { email: 'c@c.example', name: 'Matias Öhman' },
      { email: 'd@d.example', name: 'Mattson Bo' },
      { email: 'e@e.example', name: "O'Brien 100% _x" },
      { email: 'f@f.example' },
    ])
    const { store } = t.deps
    await store.batch([
      store.db.updateTable('contacts').set({ company_name: 'Matin Konepaja Oy' }).where('id', '=', ids[5]!),
      store.db.insertInto('companies').values({
        id: 'co',
        name: 'Åbo Mekaniska Ab',
        business_id: null,
        form: 'legal_person',
        address: null,
        price_group: null,
        keys: '[]',
        created_at: 1,
        updated_at: 1,
      }),
      store.db.updateTable('contacts').set({ company_id: 'co' }).where('id', '=', ids[2]!),
    ])
    const found = async (text: string, limit = 50) =>
      (await searchContacts(store, nameBeginnings(text), text.toLowerCase(), limit))
        .map(({ address }) => address[0])
        .join('')
    expect(await found('mat')).toBe('fcbd')
    expect(await found('MATTI')).toBe('b')
    expect(await found('äijä')).toBe('a')
    expect(await found('Äijälä m')).toBe('a')
    expect(await found('matti äij')).toBe('b')
    expect(await found('åbo')).toBe('c')
    expect(await found('b.example')).toBe('b')
    expect(await found("o'brien 100%")).toBe('e')
    expect(await found('%')).toBe('')
    expect(await found('_')).toBe('e')
    expect(await found('mat', 2)).toHaveLength(2)
    expect(await found('Öhman')).toBe('c')
    expect(await found('bo')).toBe('d')
    expect(await found('konepaja')).toBe('f')
    expect(await found('MEKANISKA ab')).toBe('c')
    expect(await found('100% _')).toBe('e')
    expect(await found('hman')).toBe('')
  })
})

describe('the pages of contacts', () => {
  beforeEach(async () => {
    t = await startApp()
    cookie = await signIn(t)
  })

  it('an address leads to its contact, whatever its spelling; names lead to a list', async () => {
    const [id] = await addPeople(t, [
      { email: 'maija@yritys.example', name: 'Maija Virtanen' },
      { email: 'm@b.example', name: 'Maija Aalto' },
    ])
    expect(await search(' Maija@YRITYS.example ')).toMatchObject({ status: 303, to: `/admin/contacts/${id}` })
    const list = await search('maija')
    expect(list.html).toMatch(/Löytyi 2/)
    expect(list.html.indexOf('Maija Aalto')).toBeLessThan(list.html.indexOf('Maija Virtanen'))
    expect((await search('nobody')).html).toContain('Mikään ei vastaa hakua')
    expect(await search('  ')).toMatchObject({ status: 422, html: expect.stringContaining('role="alert"') })
  })

  it('says of an address without a contact what is known: a pending sign-up, a ban, an erasure, nothing', async () => {
    await signUp(t, { email: 'uusi@yritys.example' })
    expect((await search('uusi@yritys.example')).html).toMatch(/Tilaus odottaa vahvistusta/)
    await ban(t.deps, { kind: 'domain', value: 'kielto.example' }, 'system')
    expect((await search('joku@kielto.example')).html).toMatch(/Osoitetta koskevat kiellot/)
    const [id = ''] = await addPeople(t, [{ email: 'pois@yritys.example' }])
    const left = t.deps.store.db
      .updateTable('permissions')
      .set({ withdrawn_at: t.clock.now() })
      .where('contact_id', '=', id)
    await t.deps.store.batch([left])
    await erase(t.deps, id, 'system')
    expect((await search('pois@yritys.example')).html).toMatch(/joka on poistettu/)
    expect((await search('tuntematon@yritys.example')).html).toMatch(/ei tiedetä mitään/)
  })

  it('shows one person: data, permissions, bans, and why each message was sent or stopped', async () => {
    const [id = ''] = await addPeople(t, [{ email: 'maija@yritys.example', name: 'Maija Virtanen' }])
    await scheduled(t, { subject: 'Kevään hinnasto' })
    await t.tick()
    await t.deliver()
    await ban(t.deps, { kind: 'email', value: 'maija@yritys.example' }, 'system')
    await scheduled(t, { subject: 'Kesän hinnasto' })
    t.clock.advance(1000)
    await t.tick()
    await t.deliver()
    const html = await page(`/admin/contacts/${id}`)
    for (const words of [
      'Maija Virtanen',
      'nimetty työosoite',
      'suostumus',
      'voimassa',
      'Kevään hinnasto',
      'lähetetty (peruste: suostumus)',
      'Kesän hinnasto',
      'ei lähetetty: suoramarkkinointikielto',
      'oma kirjaus',
    ])
      expect(html).toContain(words)
    expect(await page(`/admin/contacts/${id}?lang=sv`)).toContain('inte skickat: ')
    expect((await look(t, '/admin/contacts/nobody', cookie)).status).toBe(404)
  })

  it('shows how staff knew of a permission in their own words, and says where nothing was changed yet', async () => {
    const [id = ''] = await addPeople(t, [{ email: 'maija@yritys.example' }])
    const said = (evidence: unknown) => JSON.stringify({ said: evidence, by: 'user:anna', at: '2026-05-01T00:00:00Z' })
    const keep = (evidence: unknown) =>
      t.deps.store.batch([
        t.deps.store.db
          .updateTable('permissions')
          .set({ evidence: said(evidence), wording_id: null })
          .where('contact_id', '=', id),
      ])
    await keep('Ostanut meiltä 2026')
    const html = await page(`/admin/contacts/${id}`)
    expect(html).toContain('Ostanut meiltä 2026')
    expect(html).not.toContain('user:anna')
    expect(html).toContain('Muutoksia ei ole')
    await keep({ duty: 'ostopäällikkö', how: 'puhelimessa', when: '2026-04-30', by: 'Anna' })
    expect(await page(`/admin/contacts/${id}`)).toContain('ostopäällikkö; puhelimessa; 2026-04-30; Anna')
  })

  it('a page that is not there keeps the navigation and its language', async () => {
    for (const path of ['/admin/contacts/nobody', '/admin/price-lists/versions/none', '/admin/nothing']) {
      const answer = await look(t, path, `${cookie}; lang=sv`)
      const html = await answer.text()
      expect([path, answer.status]).toEqual([path, 404])
      expect(html).toContain('Sidan finns inte')
      expect(html).toContain('href="/admin/mailings"')
      expect(html).not.toContain('href="/manage')
    }
  })

  it('corrects data and the class of the address; a new address ends the permissions', async () => {
    const [id = '', other = ''] = await addPeople(t, [
      { email: 'maija@yritys.example', name: 'Maija' },
      { email: 'b@b.example' },
    ])
    const form = await page(`/admin/contacts/${id}/edit`)
    const seen = /name="seen" value="(\d+)"/.exec(form)?.[1] ?? ''
    const values = {
      seen,
      email: 'maija@yritys.example',
      name: 'Maija Virtanen',
      company: '',
      title: '',
      phone: '040 123 4567',
      language: 'sv',
      addressClass: 'private',
      externalId: '',
      source: 'form:newsletter',
    }
    expect((await post(`/admin/contacts/${id}/edit`, { ...values, phone: '12' })).status).toBe(422)
    const taken = await post(`/admin/contacts/${id}/edit`, { ...values, email: 'b@b.example' })
    expect([taken.status, await taken.text()]).toEqual([422, expect.stringContaining('toisella yhteystiedolla')])
    const saved = await post(`/admin/contacts/${id}/edit`, values)
    expect(saved.headers.get('Location')).toBe(`/admin/contacts/${id}?done=saved`)
    const row = async () =>
      t.deps.store.db.selectFrom('contacts').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    expect(await row()).toMatchObject({
      name: 'Maija Virtanen',
      phone: '+358401234567',
      language: 'sv',
      class: 'private',
      class_by: expect.stringMatching(/^user:/),
    })
    const stale = await post(`/admin/contacts/${id}/edit`, { ...values, name: 'Toinen' })
    expect([stale.status, await stale.text()]).toEqual([422, expect.stringContaining('Joku muu muutti')])
    const wrong = await post(`/admin/contacts/${other}/edit`, { ...values, email: 'x', seen: '1' })
    expect(await wrong.text()).not.toMatch(/Enter |needs an @/)
  })

  it('records a ban for the person, restricts, lifts the restriction, exports and erases', async () => {
    const [id = ''] = await addPeople(t, [{ email: 'maija@yritys.example', name: 'Maija' }])
    expect(await page(`/admin/contacts/${id}/object`)).toContain('Maija')
    expect((await post(`/admin/contacts/${id}/object`, { scope: 'all', reason: 'a@b.example' })).status).toBe(422)
    expect((await post(`/admin/contacts/${id}/object`, { scope: 'muu', reason: '' })).status).toBe(422)
    expect(
      (await post(`/admin/contacts/${id}/object`, { scope: 'topic:price-list', reason: 'puhelu' })).headers.get(
        'Location',
      ),
    ).toBe(`/admin/contacts/${id}?done=banned`)
    expect(await t.deps.store.db.selectFrom('bans').select(['scope', 'reason']).execute()).toEqual([
      { scope: 'topic:price-list', reason: 'puhelu' },
    ])
    await post(`/admin/contacts/${id}/restrict`)
    expect(await page(`/admin/contacts/${id}?done=restricted`)).toContain('Pura rajoitus')
    await post(`/admin/contacts/${id}/unrestrict`)
    const file = await look(t, `/admin/contacts/${id}/export`, cookie)
    expect(file.headers.get('Content-Disposition')).toMatch(/^attachment/)
    expect(await file.json()).toMatchObject({ contact: { email: 'maija@yritys.example' } })
    expect(await page(`/admin/contacts/${id}/erase`)).toContain('Poista pysyvästi')
    expect((await post(`/admin/contacts/${id}/erase`)).headers.get('Location')).toBe('/admin/contacts?done=erased')
    expect((await look(t, `/admin/contacts/${id}`, cookie)).status).toBe(404)
    expect(await page('/admin/contacts?done=erased')).toContain('Tiedot on poistettu.')
  })

  it('turns pages from the newest on', async () => {
    await addPeople(
      t,
      Array.from({ length: 51 }, (_, n) => ({ email: `a${n}@yritys.example`, topics: [] })),
    )
    const more = /href="(\/admin\/contacts\?before=[^"]+)"/.exec(await page('/admin/contacts'))?.[1] ?? ''
    expect((await page(more)).match(/role="rowheader"/g)).toHaveLength(1)
  })
})
