import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeMailing, createMailing } from '../../../src/actions/mailingContent.ts'
import { holdMailing, mailingById, pauseMailing } from '../../../src/store/mailings.ts'
import { controlsOf, marketer } from '../../adminScreens.ts'
import { startApp, type TestApp } from '../../app.ts'
import { run } from '../../leaving.ts'
import { addPeople, scheduled } from '../../people.ts'

const HOUR = 3_600_000
const newsletter = {
  kind: 'newsletter' as const,
  topic: 'newsletter',
  subject: 'Kevään uutuudet',
  content: { format: 'markdown' as const, body: 'Hei {{ contact.name }}, uutta on tullut.' },
}
const topics = ['newsletter']

let t: TestApp
let m: Awaited<ReturnType<typeof marketer>>
beforeEach(async () => {
  t = await startApp()
  m = await marketer(t)
})
afterEach(() => t.close())

async function draft(change: object = {}): Promise<string> {
  const made = await createMailing(t.deps, { ...newsletter, ...change }, 'system')
  if (!made.ok) throw new Error(JSON.stringify(made.errors))
  return made.mailing.id
}

async function addUser(address: string) {
  const user = { id: address, strict: address, address, name: null, language: 'fi' as const }
  await t.deps.store.batch([
    t.deps.store.db.insertInto('users').values({ ...user, created_at: t.clock.now(), disabled_at: null }),
  ])
}

/** Fields of the last button, as the summary page posts them. */
async function summaryOf(id: string, query: Record<string, string>) {
  const page = await m.look(`/admin/mailings/${id}/schedule/summary?${new URLSearchParams(query).toString()}`)
  return { page, fields: controlsOf(page.html) as Record<string, string> }
}

describe('the check before sending', () => {
  it('counts who gets it and why others do not, in words with what to do', async () => {
    await addPeople(t, [
      { email: 'maija@yritys.example', name: 'Maija', topics },
      { email: 'pekka@yritys.example', topics, rule: 'legal_person' },
    ])
    const page = await m.look(`/admin/mailings/${await draft()}/check`)
    expect(page.text).toContain('Viestissä ei ole esteitä.')
    expect(page.text).toMatch(/Saa viestin 1 Ei saa viestiä 1/)
    expect(page.text).toContain('ei lupaa sähköiseen suoramarkkinointiin 1 Kirjaa lupa yhteystietoon')
    expect(page.text).toContain('rivi 1, merkki 5: {{ contact.name }} jää tyhjäksi, jos tieto puuttuu.')
  })

  it('says what stands in the way, and what holds every mailing', async () => {
    await t.deps.store.batch([
      t.deps.store.db.insertInto('settings').values({ key: 'hold', value: 'restore', updated_at: 1 }),
    ])
    const page = await m.look(`/admin/mailings/${await draft()}/check`)
    expect(page.text).toContain('Kohderyhmässä ei ole ketään, jolla olisi lupa tähän aiheeseen.')
    expect(page.text).toContain('Ylläpitäjä on pysäyttänyt kaiken lähettämisen')
    expect(page.text).not.toMatch(/Nobody|held|audience/)
  })

  it('sends a test to a user through the door and shows its outcome', async () => {
    const id = await draft()
    expect((await m.look(`/admin/mailings/${id}/check`)).text).toContain('npx postilupa user add')
    await addUser('kollega@myyja.example')
    const sent = await m.post(`/admin/mailings/${id}/test`, { to: 'kollega@myyja.example' })
    expect([sent.status, sent.location]).toEqual([
      303,
      expect.stringContaining(`/admin/mailings/${id}/check?test=test.`),
    ])
    const waiting = await m.look(sent.location)
    expect(waiting.text).toContain('Testiviestin tila: jonossa')
    const piece = /hx-get="([^"]+)"/.exec(waiting.html)?.[1] ?? ''
    await t.deliver()
    const settled = await m.look(piece)
    expect([settled.text, settled.html.includes('hx-get')]).toEqual([expect.stringContaining('lähetetty'), false])
    expect((await t.mailsTo('kollega@myyja.example'))[0]?.subject).toContain('Kevään uutuudet')
    expect((await m.look(piece.replace(id, await draft()))).status).toBe(404)
  })

  it('refuses a test to anybody else', async () => {
    await addUser('kollega@myyja.example')
    for (const to of ['maija@yritys.example', 'ei osoite', '']) {
      const page = await m.post(`/admin/mailings/${await draft()}/test`, { to })
      expect([page.status, page.text]).toEqual([422, expect.stringContaining('Valitse käyttäjä luettelosta.')])
    }
    await t.deliver()
    expect(await t.mails()).toEqual([])
  })
})

describe('the preview', () => {
  it('shows both widths and the text as a contact sees it, whose address stands in no link', async () => {
    const [sven] = await addPeople(t, [{ email: 'sven@foretag.example', name: 'Sven', topics, language: 'sv' }])
    const id = await draft()
    const sample = await m.look(`/admin/mailings/${id}/preview`)
    expect(sample.text).toContain('Näin viestin näkee: esimerkkivastaanottaja (suomi).')
    expect(sample.html.match(/<iframe [^>]*sandbox="[^"]*"/g)).toHaveLength(2)
    const asked = await m.post(`/admin/mailings/${id}/preview`, { address: ' Sven@foretag.example ', language: '' })
    expect([asked.status, asked.location]).toEqual([303, `/admin/mailings/${id}/preview?as=${sven}`])
    const page = await m.look(asked.location)
    expect(page.text).toContain('Näin viestin näkee: Sven (ruotsi).')
    expect(page.text).toContain('Hei Sven, uutta on tullut.')
    expect(page.text).toContain('direktmarknadsföring')
    const frame = /<iframe [^>]*src="([^"]+)"/.exec(page.html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const html = await m.look(frame)
    expect(html.headers.get('Content-Security-Policy')).toMatch(
      /^sandbox .*default-src 'none'; style-src 'unsafe-inline'/,
    )
    expect(html.html).toContain('Hei Sven')
    const english = await m.post(`/admin/mailings/${id}/preview`, { address: 'sven@foretag.example', language: 'en' })
    expect((await m.look(english.location)).text).toContain('Sven (englanti)')
  })

  it('says when nobody has the address, and keeps what was typed', async () => {
    const id = await draft()
    for (const address of ['kuka@yritys.example', 'ei osoite']) {
      const page = await m.post(`/admin/mailings/${id}/preview`, { address })
      expect([page.status, page.text]).toEqual([422, expect.stringContaining('Tällä osoitteella ei ole yhteystietoa.')])
      expect(controlsOf(page.html)).toMatchObject({ address })
    }
  })
})

describe('scheduling', () => {
  beforeEach(() => addPeople(t, [{ email: 'maija@yritys.example', topics }]))
  const at = { when: 'at', date: '2026-06-01', time: '09:00', lastDate: '', lastTime: '' }

  it('says everything before the last button: local time, limit, how many', async () => {
    const id = await draft()
    const { page, fields } = await summaryOf(id, { ...at, lastDate: '2026-06-01', lastTime: '15:00' })
    expect(page.text).toContain('1.6.2026 klo 9.00 (Europe/Helsinki)')
    expect(page.text).toContain('1.6.2026 klo 15.00 (Europe/Helsinki)')
    expect(page.text).toContain('Ajasta 1 vastaanottajalle')
    expect(await mailingById(t.deps.store, id)).toMatchObject({ scheduled_at: null })
    const done = await m.post(`/admin/mailings/${id}/schedule`, fields)
    expect([done.status, done.location]).toEqual([303, `/admin/mailings/${id}?done=scheduled`])
    expect(await mailingById(t.deps.store, id)).toMatchObject({
      due_at: Date.UTC(2026, 5, 1, 6),
      not_after: Date.UTC(2026, 5, 1, 12),
      time_zone: 'Europe/Helsinki',
    })
    const page2 = await m.look(done.location)
    expect(page2.text).toContain('Lähetys ajastettiin.')
    expect(page2.text).toContain('1.6.2026 klo 9.00 (Europe/Helsinki)')
    expect(controlsOf((await m.look(`/admin/mailings/${id}/schedule`)).html)).toMatchObject({
      date: '2026-06-01',
      time: '09:00',
      lastDate: '2026-06-01',
      lastTime: '15:00',
    })
  })

  it('P15 explains a time that the clocks skip, and offers both of one that comes twice', async () => {
    const id = await draft()
    const skipped = await summaryOf(id, { ...at, date: '2027-03-28', time: '03:30' })
    expect(skipped.page.text).toContain('kello 03:30 ei ole olemassa')
    expect(skipped.page.text).toContain('28.3.2027 klo 4.30')
    const twice = await summaryOf(id, { ...at, date: '2026-10-25', time: '03:30' })
    expect(twice.page.text).toContain('kello 03:30 tulee kahdesti')
    const other = /href="([^"]+)">Lähetä vasta/.exec(twice.page.html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const second = await m.look(other)
    expect(second.text).not.toContain('kahdesti')
    await m.post(`/admin/mailings/${id}/schedule`, controlsOf(second.html) as Record<string, string>)
    expect(await mailingById(t.deps.store, id)).toMatchObject({ due_at: Date.UTC(2026, 9, 25, 1, 30) })
  })

  it.each([
    [{ date: '' }, 'Päivä: kirjoita päivä muodossa'],
    [{ date: '2026-02-31' }, 'Päivä: kirjoita päivä muodossa'],
    [{ time: '25:00' }, 'Päivä: kirjoita päivä muodossa'],
    [{ time: '' }, 'Kellonaika: kirjoita aika muodossa'],
    [{ date: '2026-05-01' }, 'Aika on jo mennyt.'],
    [{ date: '2036-05-01' }, 'Aika on yli kahden vuoden päässä.'],
    [{ lastDate: '2026-05-20', lastTime: '09:00' }, 'Viimeisen lähetyshetken pitää olla lähetysajan jälkeen.'],
    [{ lastDate: '2026-06-02' }, 'Anna viimeiselle lähetyshetkelle sekä päivä että kellonaika.'],
    [{ lastDate: '2036-06-02', lastTime: '09:00' }, 'Viimeinen lähetyshetki on yli kahden vuoden päässä.'],
  ])('a wrong time is told beside its field and kept: %j', async (change, words) => {
    const { page, fields } = await summaryOf(await draft(), { ...at, ...change })
    expect([page.status, page.text]).toEqual([422, expect.stringContaining(words)])
    expect(fields).toMatchObject({ ...at, ...change })
    expect(page.text).not.toMatch(/must|give|is in the past/)
  })

  it('pressed twice does it once', async () => {
    const id = await draft()
    const { page, fields } = await summaryOf(id, { when: 'now' })
    expect(page.text).toContain('Lähetä nyt 1 vastaanottajalle')
    const [first, second] = await Promise.all([
      m.post(`/admin/mailings/${id}/schedule`, fields),
      m.post(`/admin/mailings/${id}/schedule`, fields),
    ])
    expect([first.location, second.location]).toEqual(Array(2).fill(`/admin/mailings/${id}?done=scheduled`))
    await run(t)
    expect((await m.post(`/admin/mailings/${id}/schedule`, fields)).location).toBe(
      `/admin/mailings/${id}?done=scheduled`,
    )
    await run(t)
    expect(await t.mailsTo('maija@yritys.example')).toHaveLength(1)
    const events = await t.deps.store.db
      .selectFrom('ledger')
      .select('actor')
      .where('event', '=', 'mailing_scheduled')
      .execute()
    expect(events).toEqual([{ actor: 'user:operator' }])
  })

  it('a mailing that changed after the summary is not sent as nobody saw it', async () => {
    const id = await draft()
    const { fields } = await summaryOf(id, at)
    await changeMailing(t.deps, id, { subject: 'Toinen aihe' })
    const told = await m.post(`/admin/mailings/${id}/schedule`, fields)
    expect([told.status, told.text]).toEqual([
      409,
      expect.stringContaining('Lähetystä muutettiin yhteenvedon jälkeen.'),
    ])
    expect(await mailingById(t.deps.store, id)).toMatchObject({ scheduled_at: null })
    const again = await m.post(`/admin/mailings/${id}/schedule`, controlsOf(told.html) as Record<string, string>)
    expect(again.location).toBe(`/admin/mailings/${id}?done=scheduled`)
  })

  it('with errors there is no button, but a way to mend them', async () => {
    const { page } = await summaryOf(await draft({ audience: { languages: ['en'] } }), at)
    expect(page.text).toContain('Tarkistus löysi esteitä.')
    expect(page.html).not.toContain('name="version"')
    expect(page.text).toContain('Siirry tarkistukseen')
  })
})

describe('watching', () => {
  it('counts live, pauses with its reason, resumes and reports', async () => {
    await addPeople(t, [
      { email: 'maija@yritys.example', topics },
      { email: 'pekka@yritys.example', topics, rule: 'legal_person' },
    ])
    const id = await scheduled(t, newsletter)
    expect((await m.look(`/admin/mailings/${id}`)).text).toContain('Lähetys alkaa ajastettuna aikana.')
    await t.tick()
    const sending = await m.look(`/admin/mailings/${id}`)
    expect(sending.html).toContain(`hx-get="/admin/mailings/${id}/live?seen=sending" hx-trigger="every 2s"`)
    expect(sending.text).toContain('Käsitelty 0 / 2')
    const paused = await m.post(`/admin/mailings/${id}/pause`, { note: 'Hinta\r\nväärin' })
    expect((await m.look(paused.location)).text).toContain('keskeytetty: käyttäjä keskeytti: Hinta väärin')
    const live = await m.look(`/admin/mailings/${id}/live?seen=sending`)
    expect([live.headers.get('HX-Refresh'), live.html.includes('<html')]).toEqual(['true', false])
    expect((await m.look(`/admin/mailings/${id}/live?seen=paused`)).headers.get('HX-Refresh')).toBeNull()
    await run(t)
    expect(await t.mails()).toEqual([])
    expect((await m.post(`/admin/mailings/${id}/pause`)).location).toBe(`/admin/mailings/${id}?done=moved`)
    expect((await m.post(`/admin/mailings/${id}/resume`)).location).toBe(`/admin/mailings/${id}?done=resumed`)
    await run(t)
    const report = await m.look(`/admin/mailings/${id}`)
    expect(report.text).toMatch(/Raportti .*Käsitelty 2 \/ 2/)
    expect(report.html).toMatch(/lähetetty<\/dt><dd>1</)
    expect(report.text).toContain('ei lupaa sähköiseen suoramarkkinointiin')
    expect(report.text).toMatch(/Valmistui \d/)
    expect(report.html).not.toContain('hx-get')
    expect(report.html).not.toContain(`/admin/mailings/${id}/pause`)
  })

  it('lists what became of each recipient, by state, a page at a time, with the contact', async () => {
    const people = Array.from({ length: 55 }, (_, n) => ({ email: `ostaja${n}@yritys.example`, topics }))
    const [first] = await addPeople(t, [
      ...people,
      { email: 'pekka@yritys.example', topics, rule: 'legal_person' as const },
    ])
    const id = await scheduled(t, newsletter)
    await run(t)
    const page = await m.look(`/admin/mailings/${id}/recipients?state=sent`)
    expect(page.html).toContain(`<a href="/admin/contacts/${first}">ostaja0@yritys.example</a>`)
    expect(page.html.match(/<th role="rowheader"/g)).toHaveLength(50)
    expect(page.text).toContain('suostumus')
    const more = /href="([^"]+)">Näytä lisää/.exec(page.html)?.[1]?.replaceAll('&amp;', '&') ?? ''
    expect((await m.look(more)).html.match(/<th role="rowheader"/g)).toHaveLength(5)
    const skipped = await m.look(`/admin/mailings/${id}/recipients?state=skipped`)
    expect(skipped.text).toContain('pekka@yritys.example ohitettu ei lupaa sähköiseen suoramarkkinointiin')
    expect((await m.look(`/admin/mailings/${id}/recipients?state=failed`)).text).toContain(
      'Ei vastaanottajia tässä tilassa.',
    )
  })

  it('says what holds a mailing and what will move it', async () => {
    await addPeople(t, [{ email: 'maija@yritys.example', topics }])
    const late = await scheduled(t, newsletter)
    t.clock.advance(7 * HOUR)
    // The session ended meanwhile
    m = await marketer(t)
    await t.tick()
    const page = await m.look(`/admin/mailings/${late}`)
    expect(page.text).toContain('pidätetty: lähetysaika meni ohi')
    expect(page.text).toContain('Jatka ja lähetä nyt')
    const stale = await scheduled(t, newsletter)
    await t.deps.store.batch([holdMailing(t.deps.store, stale, 'source_stale', t.clock.now())])
    const held = await m.look(`/admin/mailings/${stale}`)
    expect(held.text).toContain('Lähetys jatkuu itsestään heti, kun rekisteri on saatu haettua.')
    expect(held.html).not.toContain(`/admin/mailings/${stale}/resume`)
    const refused = await scheduled(t, newsletter)
    await t.deps.store.batch([pauseMailing(t.deps.store, refused, 'auth', t.clock.now())])
    const broken = await m.look(`/admin/mailings/${refused}`)
    expect(broken.text).toContain('sähköpostipalvelin ei hyväksy tunnuksia')
    expect(broken.html).toContain(`/admin/mailings/${refused}/resume`)
  })

  it('P04 leaves what is uncertain to a person: send again, or take as sent', async () => {
    await addPeople(t, [{ email: 'maija@yritys.example', topics }])
    for (const [verb, done, state] of [
      ['resend-uncertain', 'resent', 'queued'],
      ['accept-uncertain', 'accepted', 'sent'],
    ] as const) {
      const id = await scheduled(t, newsletter)
      await t.tick()
      await t.deps.store.batch([
        t.deps.store.db
          .updateTable('deliveries')
          .set({ state: 'uncertain', reason: 'crash' })
          .where('mailing_id', '=', id),
        pauseMailing(t.deps.store, id, 'uncertain', t.clock.now()),
      ])
      const page = await m.look(`/admin/mailings/${id}`)
      expect(page.text).toContain('joku voi saada viestin kahdesti')
      expect(page.html).not.toContain(`/admin/mailings/${id}/resume`)
      expect((await m.post(`/admin/mailings/${id}/${verb}`)).location).toBe(`/admin/mailings/${id}?done=${done}`)
      const rows = await t.deps.store.db.selectFrom('deliveries').select('state').where('mailing_id', '=', id).execute()
      expect(rows).toEqual([{ state }])
    }
  })

  it('cancels after asking, with what is lost in numbers', async () => {
    await addPeople(t, [{ email: 'maija@yritys.example', topics }])
    const id = await scheduled(t, newsletter)
    expect((await m.look(`/admin/mailings/${id}/cancel`)).text).toContain('Kukaan ei saa viestiä.')
    await t.tick()
    expect((await m.look(`/admin/mailings/${id}/cancel`)).text).toContain('Lähettämättä jää 1 viestiä.')
    expect((await m.post(`/admin/mailings/${id}/cancel`)).location).toBe(`/admin/mailings/${id}?done=cancelled`)
    await run(t)
    expect(await t.mails()).toEqual([])
    expect((await m.look(`/admin/mailings/${id}?done=cancelled`)).text).toContain('Lähetys peruttiin.')
    expect((await m.look(`/admin/mailings/${id}/cancel`)).status).toBe(302)
    expect((await m.post(`/admin/mailings/${id}/cancel`)).location).toBe(`/admin/mailings/${id}?done=moved`)
  })

  it('A9-1 no GET changes anything, and what there is not is not found', async () => {
    const id = await scheduled(t, newsletter, '2026-06-01T09:00')
    const before = await mailingById(t.deps.store, id)
    const steps = [
      '',
      '/edit',
      '/attachments',
      '/preview',
      '/preview/html',
      '/check',
      '/schedule',
      '/schedule/summary',
      '/live',
      '/recipients',
      '/cancel',
      '/delete',
      '/pause',
      '/resume',
      '/copy',
      '/test',
    ]
    for (const step of steps) await m.look(`/admin/mailings/${id}${step}`)
    expect(await mailingById(t.deps.store, id)).toEqual(before)
    for (const step of steps)
      expect([step, (await m.look(`/admin/mailings/unknown${step}`)).status]).toEqual([step, 404])
    for (const step of ['pause', 'resume', 'cancel', 'copy', 'edit', 'schedule', 'test', 'preview', 'attachments'])
      expect([step, (await m.post(`/admin/mailings/unknown/${step}`)).status]).toEqual([step, 404])
  })
})

describe('in Swedish and English', () => {
  it.each([
    ['sv', 'Tidsinställning', 'Kontroll före utskick'],
    ['en', 'Schedule', 'Check before sending'],
  ])('the screens speak %s', async (lang, schedule, check) => {
    const other = await marketer(t, lang)
    const id = await draft()
    expect((await other.look(`/admin/mailings/${id}/schedule`)).text).toContain(schedule)
    expect((await other.look(`/admin/mailings/${id}/check`)).text).toContain(check)
  })
})
