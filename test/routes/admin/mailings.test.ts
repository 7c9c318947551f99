import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeMailing, copyMailing } from '../../../src/actions/mailingContent.ts'
import { mailingById } from '../../../src/store/mailings.ts'
import { controlsOf, marketer } from '../../adminScreens.ts'
import { startApp, type TestApp } from '../../app.ts'
import { scheduled } from '../../people.ts'

const pdf = new Uint8Array(Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'))

const newsletter = {
  kind: 'newsletter',
  topic: 'newsletter',
  subject: 'Kevään uutuudet',
  format: 'markdown',
  body: '# Hei {{ contact.name | default: "asiakas" }}\n\nUutta on tullut.',
  fromName: '',
  fromAddress: '',
  replyTo: '',
  companies: '',
}

let t: TestApp
let m: Awaited<ReturnType<typeof marketer>>
beforeEach(async () => {
  t = await startApp()
  m = await marketer(t)
})
afterEach(() => t.close())

/** A new draft; its id. */
async function draft(change: Record<string, string | string[]> = {}): Promise<string> {
  const made = await m.post('/admin/mailings/new', { ...newsletter, ...change })
  expect([made.status, made.text]).toEqual([303, ''])
  return /mailings\/([^/]+)\/edit/.exec(made.location)?.[1] ?? ''
}

describe('writing a mailing', () => {
  it('begins with what it is and shows the topics of that kind', async () => {
    const kinds = await m.look('/admin/mailings/new')
    for (const kind of ['newsletter', 'price_list', 'survey', 'event'])
      expect(kinds.html).toContain(`/admin/mailings/new?kind=${kind}`)
    const page = await m.look('/admin/mailings/new?kind=newsletter')
    expect(controlsOf(page.html)).toMatchObject({
      kind: 'newsletter',
      topic: 'newsletter',
      format: 'markdown',
      body: '',
    })
    expect(page.text).toContain('Uusi uutiskirje')
    expect(page.html).not.toContain('value="price-list"')
  })

  it('makes a draft by the user and goes to it', async () => {
    const made = await m.post('/admin/mailings/new', newsletter)
    expect([made.status, made.location]).toEqual([
      303,
      expect.stringMatching(/^\/admin\/mailings\/\w+\/edit\?done=created$/),
    ])
    const page = await m.look(made.location)
    expect(page.text).toContain('Luonnos luotiin.')
    expect(controlsOf(page.html)).toMatchObject({ subject: newsletter.subject, body: newsletter.body })
    const id = made.location.split('/')[3] ?? ''
    expect(await mailingById(t.deps.store, id)).toMatchObject({ created_by: 'user:operator', kind: 'newsletter' })
  })

  it('keeps everything that was typed when something is wrong, and says where', async () => {
    const typed = {
      ...newsletter,
      subject: 'Hei "kaikki" <b>',
      body: '\nEnsimmäinen rivi\n\nHei {{ contact.shoe }} & muut\n{% if contact.name %}auki',
      fromName: 'Myynti',
      fromAddress: 'myynti',
      replyTo: 'vastaus@yritys.example',
      languages: ['fi', 'sv'],
    }
    const { companies: _, ...withoutCompanies } = typed
    for (const change of [{}, { companies: 'Ei Ole Oy' }]) {
      const page = await m.post('/admin/mailings/new', { ...typed, ...change })
      expect(page.status).toBe(422)
      const { companies = '', ...shown } = controlsOf(page.html)
      // A line end that begins a text stands twice in the page, since browsers take the first away
      expect(shown).toMatchObject({ ...withoutCompanies, body: `\n${typed.body}` })
      expect(companies).toBe('companies' in change ? change.companies : '')
    }
    const page = await m.post('/admin/mailings/new', { ...typed, fromAddress: 'myynti@yritys.example' })
    expect(page.text).toContain('Rivi 4, merkki 8: Kenttää ”contact.shoe” ei ole.')
    expect(page.text).toContain('Rivi 5, merkki 1: {% if %} on sulkematta.')
    expect(page.html).toMatch(/<textarea [^>]*aria-invalid="true"/)
    expect(page.html).toContain('href="#f-body"')
  })

  it('P17 lists the merge tags of the purpose and no other', async () => {
    const news = await m.look('/admin/mailings/new?kind=newsletter')
    expect(news.text).toContain('{{ contact.name | default: "asiakas" }}')
    const survey = await m.look('/admin/mailings/new?kind=survey')
    expect(survey.text).toContain('{{ contact.email }}')
    expect(survey.text).not.toContain('{{ contact.name')
  })

  it('narrows the audience by language, price group and company, and shows the choice again', async () => {
    const { db } = t.deps.store
    const company = { form: 'legal_person' as const, address: null, keys: '[]', created_at: 1, updated_at: 1 }
    await t.deps.store.batch([
      db
        .insertInto('companies')
        .values({ ...company, id: 'c1', name: 'Rauta Oy', business_id: '1234567-1', price_group: 'A' }),
      db.insertInto('companies').values({ ...company, id: 'c2', name: 'Sama Oy', business_id: null, price_group: 'B' }),
      db
        .insertInto('companies')
        .values({ ...company, id: 'c3', name: 'Sama Oy', business_id: null, price_group: null }),
    ])
    const id = await draft({ languages: ['sv'], priceGroups: ['A'], companies: 'FI12345671\r\n' })
    const row = await mailingById(t.deps.store, id)
    expect(JSON.parse(row?.audience ?? '')).toEqual({ languages: ['sv'], priceGroups: ['A'], companies: ['c1'] })
    const page = await m.look(`/admin/mailings/${id}/edit`)
    expect(controlsOf(page.html)).toMatchObject({ languages: ['sv'], priceGroups: ['A'], companies: '1234567-1' })
    const twice = await m.post('/admin/mailings/new', { ...newsletter, companies: 'Sama Oy' })
    expect(twice.text).toContain('Useita yrityksiä on nimeltään ”Sama Oy”. Kirjoita Y-tunnus.')
    await m.post(`/admin/mailings/${id}/edit`, { ...newsletter, version: controlsOf(page.html)['version'] ?? '' })
    expect(JSON.parse((await mailingById(t.deps.store, id))?.audience ?? '')).toEqual({})
  })

  it('tells of a stale edit and overwrites nothing, until the person says so', async () => {
    const id = await draft()
    const mine = controlsOf((await m.look(`/admin/mailings/${id}/edit`)).html)
    await changeMailing(t.deps, id, { subject: 'Toisen aihe' })
    const told = await m.post(`/admin/mailings/${id}/edit`, {
      ...newsletter,
      subject: 'Minun aihe',
      version: mine['version'] ?? '',
    })
    expect([told.status, told.text]).toEqual([409, expect.stringContaining('Joku muu muutti luonnosta sillä välin')])
    expect(controlsOf(told.html)).toMatchObject({ subject: 'Minun aihe' })
    expect(await mailingById(t.deps.store, id)).toMatchObject({ subject: 'Toisen aihe' })
    const version = controlsOf(told.html)['version'] ?? ''
    const kept = await m.post(`/admin/mailings/${id}/edit`, { ...newsletter, subject: 'Minun aihe', version })
    expect([kept.status, kept.location]).toEqual([303, `/admin/mailings/${id}/edit?done=saved`])
    expect(await mailingById(t.deps.store, id)).toMatchObject({ subject: 'Minun aihe' })
  })

  it('a save posted twice is one save', async () => {
    const id = await draft()
    const { version = '' } = controlsOf((await m.look(`/admin/mailings/${id}/edit`)).html)
    const fields = { ...newsletter, subject: 'Uusi', version }
    const [first, second] = [
      await m.post(`/admin/mailings/${id}/edit`, fields),
      await m.post(`/admin/mailings/${id}/edit`, fields),
    ]
    expect([first.status, second.status]).toEqual([303, 409])
    expect(await mailingById(t.deps.store, id)).toMatchObject({ subject: 'Uusi' })
  })

  it('copies, and deletes a draft after asking', async () => {
    const id = await draft()
    const copied = await m.post(`/admin/mailings/${id}/copy`)
    expect(copied.location).toMatch(/^\/admin\/mailings\/\w+\/edit\?done=copied$/)
    const asked = await m.look(`/admin/mailings/${id}/delete`)
    expect(asked.text).toContain('Poistetaanko luonnos?')
    expect(await mailingById(t.deps.store, id)).not.toBeNull()
    const gone = await m.post(`/admin/mailings/${id}/delete`)
    expect([gone.status, gone.location]).toEqual([303, '/admin/mailings?done=deleted'])
    expect(await mailingById(t.deps.store, id)).toBeNull()
    expect((await m.look(`/admin/mailings/${id}/edit`)).status).toBe(404)
    expect((await m.look('/admin/mailings?done=deleted')).text).toContain('Luonnos poistettiin.')
  })

  it('a scheduled mailing is neither edited nor deleted nor given files', async () => {
    const id = await scheduled(t, {}, '2026-06-01T09:00')
    for (const step of ['edit', 'attachments', 'delete'])
      expect((await m.look(`/admin/mailings/${id}/${step}`)).location).toBe(`/admin/mailings/${id}`)
    expect((await m.post(`/admin/mailings/${id}/delete`)).location).toBe(`/admin/mailings/${id}?done=moved`)
    const attached = await m.post(`/admin/mailings/${id}/attachments`, { file: new File([pdf], 'a.pdf') })
    expect([attached.status, attached.text]).toEqual([
      409,
      expect.stringContaining('Ajastettua lähetystä ei voi muuttaa.'),
    ])
    expect(await mailingById(t.deps.store, id)).toMatchObject({ subject: 'Hinnasto' })
  })
})

describe('looking while writing', () => {
  it('says what is wrong as it is typed, or how it reads', async () => {
    const wrong = await m.post('/admin/mailings/live', { ...newsletter, body: 'Hei {{ contact.nam }}' })
    expect(wrong.html).not.toContain('<html')
    expect(wrong.text).toContain('rivi 1, merkki 8: Kenttää ”contact.nam” ei ole.')
    const right = await m.post('/admin/mailings/live', newsletter)
    expect(right.text).toContain('Hei Maija Meikäläinen')
    expect(right.text).not.toContain('rivi')
  })

  it('shows an unsaved content in a frame of its own policy', async () => {
    const shown = await m.post('/admin/mailings/layout', { ...newsletter, body: 'Moi <script>alert(1)</script>' })
    expect(shown.headers.get('Content-Security-Policy')).toMatch(/^sandbox .*default-src 'none'/)
    expect(shown.html).toContain('Moi')
    expect(shown.html).not.toContain('<script')
    const broken = await m.post('/admin/mailings/layout', { ...newsletter, format: 'mjml', body: '<mjml><mj-body>' })
    expect([broken.headers.get('Content-Type'), broken.html]).toEqual([
      expect.stringContaining('text/plain'),
      expect.stringContaining('<mj-body> on sulkematta.'),
    ])
    expect((await m.look('/admin/mailings')).text).toContain('Ei lähetyksiä.')
  })
})

describe('attachments', () => {
  it('are added, listed and removed', async () => {
    const id = await draft()
    const added = await m.post(`/admin/mailings/${id}/attachments`, { file: new File([pdf], 'hinnasto-äö.pdf') })
    expect([added.status, added.location]).toEqual([303, `/admin/mailings/${id}/attachments?done=attached`])
    const page = await m.look(added.location)
    expect(page.text).toContain('hinnasto-äö.pdf')
    expect(page.html).toContain('aria-label="Poista liite hinnasto-äö.pdf"')
    const action = /action="([^"]+\/remove)"/.exec(page.html)?.[1] ?? ''
    for (let pressed = 0; pressed < 2; pressed++)
      expect((await m.post(action)).location).toBe(`/admin/mailings/${id}/attachments?done=detached`)
    expect((await m.look(`/admin/mailings/${id}/attachments`)).text).toContain('Ei liitteitä.')
  })

  it('of a wrong kind or size are refused with the mend, in words', async () => {
    const id = await draft()
    const refused: [File, number, string][] = [
      [new File(['MZ'], 'virus.exe'), 422, 'Tällaista tiedostoa ei voi liittää.'],
      [new File(['hei'], 'hinnasto.pdf'), 422, 'Tiedoston sisältö ei vastaa nimen päätettä.'],
      [new File([], 'tyhja.pdf'), 422, 'Tiedosto on tyhjä.'],
      [new File([], ''), 422, 'Valitse tiedosto.'],
      [
        new File([new Uint8Array(11 * 1024 * 1024)], 'suuri.txt'),
        413,
        'Tiedosto on liian suuri: enintään 10 megatavua.',
      ],
    ]
    for (const [file, status, words] of refused) {
      const page = await m.post(`/admin/mailings/${id}/attachments`, { file })
      expect([file.name, page.status, page.text]).toEqual([file.name, status, expect.stringContaining(words)])
    }
  })
})

describe('the list of mailings', () => {
  it('shows each state by itself and pages', async () => {
    const first = await draft({ subject: 'Ensimmäinen' })
    for (let n = 0; n < 26; n++) {
      t.clock.advance(1)
      await copyMailing(t.deps, first, 'system')
    }
    const waiting = await scheduled(t, { subject: 'Odottaa' }, '2026-06-01T09:00')
    const all = await m.look('/admin/mailings')
    expect(all.html.match(/<tr role="row"><th role="rowheader"/g)).toHaveLength(25)
    const more = /href="([^"]+)">Näytä lisää/.exec(all.html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const rest = await m.look(more)
    expect(rest.html.match(/<tr role="row"><th role="rowheader"/g)).toHaveLength(3)
    expect(rest.text).toContain('Alkuun')
    const scheduledOnes = await m.look('/admin/mailings?state=scheduled')
    expect(scheduledOnes.html).toContain(`/admin/mailings/${waiting}"`)
    expect(scheduledOnes.html).not.toContain(first)
    for (const state of ['sending', 'paused', 'held', 'finished', 'cancelled'])
      expect((await m.look(`/admin/mailings?state=${state}`)).text).toContain('Tässä tilassa ei ole lähetyksiä.')
    expect((await m.look('/admin/mailings?state=draft')).html).not.toContain(waiting)
  })
})
