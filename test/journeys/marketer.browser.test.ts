import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../app.ts'
import { runToEnd } from '../actions/imported.ts'
import { openBrowser } from '../browser.ts'
import { picture } from '../browser/picture.ts'
import { watch, type Watched } from '../browser/watched.ts'
import { newLink } from '../signedIn.ts'
import { workbook } from '../workbooks.ts'

const patience = 240_000

const pdf = {
  name: 'hinnasto-äö.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'),
}

let browser: Browser | null = null
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

type Desk = Watched & { t: TestApp; origin: string; engine: string; snap(name: string): Promise<void> }

describe.each(['SQLite', 'PostgreSQL'] as const)("the marketer's path in a browser (%s)", (engine) => {
  it(
    'import contacts, add a price list, write, check, test, schedule, watch, pause, resume, read the report',
    { timeout: patience },
    async ({ skip }) => {
      if (!browser) return skip('no Chromium runs here')
      const t = await startApp({ engine })
      const origin = await t.listen()
      const watched = await watch(browser, origin, { viewport: { width: 1280, height: 900 } })
      const isFine = async () => {
        await watched.isFine()
        // axe asks every frame, and a sandboxed one does not answer
        const { complaints } = watched
        complaints.splice(0, complaints.length, ...complaints.filter((text) => !text.includes("'postMessage'")))
      }
      const desk: Desk = {
        ...watched,
        isFine,
        t,
        origin,
        engine,
        snap: async (name) => {
          await isFine()
          // The pictures are the same on every engine: one set is enough
          if (engine === 'SQLite') await picture(watched.page, name)
        },
      }
      try {
        await prepare(t)
        await signIn(desk)
        await importContacts(desk)
        await addPriceList(desk)
        const id = await write(desk)
        await attach(desk)
        await preview(desk)
        await check(desk)
        await schedule(desk)
        await pauseAndResume(desk, id)
        await report(desk, id)
      } finally {
        await watched.context.close()
        await t.close()
      }
    },
  )
})

/** A colleague who can get a test; everybody else comes by the import. */
async function prepare(t: TestApp) {
  const user = { strict: 'kollega@myyja.example', address: 'kollega@myyja.example', name: 'Kalle Kollega' }
  const { db } = t.deps.store
  await t.deps.store.batch([
    db
      .insertInto('users')
      .values({ ...user, id: 'kollega', language: 'fi', created_at: t.clock.now(), disabled_at: null }),
  ])
}

async function signIn({ page, t, origin }: Desk) {
  await page.goto(origin + (await newLink(t)))
  await page.getByRole('button', { name: 'Kirjaudu sisään' }).click()
  await page.waitForURL('**/admin/mailings')
}

const customers = [
  'Sähköposti;Nimi;Yritys;Y-tunnus;Hintaryhmä;Kieli',
  'maija.meikalainen@rauta.example;Maija Meikäläinen;Rauta Oy;1234567-1;A;fi',
  'sven.svensson@jarn.example;Sven Svensson;Järn Ab;;B;sv',
  'olli.ostaja@puu.example;Olli Ostaja;Puu Oy;;;fi',
  'pekka.virtanen@gmail.com;Pekka Virtanen;;;;fi',
  'ei osoite;Erkki Esimerkki;;;;fi',
]

/** A spreadsheet's CSV as it comes: its columns are found, one row is refused with its mend, a try stores nothing. */
async function importContacts({ page, t, snap }: Desk) {
  await page.getByRole('link', { name: 'Yhteystiedot', exact: true }).click()
  await snap('contacts-empty')
  await page.getByRole('navigation').getByRole('link', { name: 'Tuonnit' }).click()
  await snap('imports-empty')
  const buffer = Buffer.from(`${customers.join('\r\n')}\r\n`, 'latin1')
  await page.getByLabel('Tiedosto').first().setInputFiles({ name: 'asiakkaat.csv', mimeType: 'text/csv', buffer })
  await page.getByRole('button', { name: 'Lataa ja tarkista sarakkeet' }).first().click()
  await page.waitForURL('**/admin/imports/uploads/*')
  await page.getByLabel('Lähde').fill('Asiakasrekisteri, toukokuu 2026')
  await page.getByLabel('Hinnasto').check()
  await page.getByLabel('Mihin lupa perustuu').selectOption('duty_evidence')
  await page.getByLabel('Näyttö').last().fill('Nimetty ostajaksi toimitussopimuksessa')
  await snap('import-columns')
  await page.getByRole('button', { name: 'Kokeile tallentamatta' }).click()
  await page.waitForURL('**?done=queued')
  await runToEnd(t)
  await page.getByText('Tämä oli kokeilu').waitFor()
  await snap('import-try')
  await page.getByRole('button', { name: 'Tuo nyt' }).click()
  await page.waitForURL('**?done=queued')
  await runToEnd(t)
  await page.getByText('valmis').waitFor()
  await snap('import-done')
}

/** A workbook and a PDF: the columns are said once. */
async function addPriceList({ page, snap }: Desk) {
  await page.getByRole('link', { name: 'Hinnastot', exact: true }).click()
  await page.getByRole('link', { name: 'Lisää hinnasto' }).click()
  await page.getByLabel('Nimi').fill('Kiinnikkeet')
  const rows = [
    ['Koodi', 'Tuote', 'Yksikkö', 'Hinta alv 0 %'],
    ['00123', 'Ruuvi 4×40', 'ltk', 12.5],
    ['00124', 'Mutteri M8', 'kpl', 0.05],
  ]
  const table = { name: 'kiinnikkeet.xlsx', mimeType: 'application/octet-stream' }
  await page
    .getByLabel('Taulukko (XLSX tai CSV)')
    .setInputFiles({ ...table, buffer: Buffer.from(await workbook(rows)) })
  await page.getByLabel('Tiedosto liitteeksi (PDF)').setInputFiles({ ...pdf, name: 'kiinnikkeet.pdf' })
  await snap('price-list-new')
  await page.getByRole('button', { name: 'Lisää', exact: true }).click()
  await page.waitForURL('**/columns')
  await snap('price-list-columns')
  await page.getByRole('button', { name: 'Tallenna sarakkeet' }).click()
  await page.waitForURL('**done=mapped')
  await snap('price-list-version')
  await page.getByRole('navigation').getByRole('link', { name: 'Hinnastot', exact: true }).click()
  await snap('price-lists')
}

/** A mistake is shown while it is typed and again at the save, and nothing that was typed is lost. */
async function write({ page, snap, complaints, origin }: Desk): Promise<string> {
  await page.goto(`${origin}/admin/mailings`)
  await snap('mailings-empty')
  await page.getByRole('link', { name: 'Uusi lähetys' }).click()
  await snap('mailing-kinds')
  await page.getByRole('link', { name: 'Uusi hinnastolähetys' }).click()
  await page.getByLabel('Hinnasto', { exact: true }).selectOption('Kiinnikkeet')
  await page.getByLabel('Viestin aihe').fill('Syksyn hinnasto 2026')
  const body = page.getByLabel('Viesti', { exact: true })
  await body.fill('# Hei {{ contact.nimi }}\n\nUusi hinnasto on liitteenä.')
  await page.getByText('rivi 1, merkki 10').waitFor()
  await snap('mailing-live-error')
  await page.getByRole('button', { name: 'Tallenna luonnos' }).click()
  expect(await page.getByRole('alert').textContent()).toContain('Rivi 1, merkki 10: Kenttää ”contact.nimi” ei ole.')
  // The browser notes a page that was sent back as a failed resource.
  expect(complaints.splice(0).filter((text) => !text.includes('422'))).toEqual([])
  await snap('mailing-error')
  await body.fill(
    '# Hei {{ contact.name | default: "asiakas" }}\n\nUusi **hinnasto** on liitteenä. Hinnat ovat voimassa 1.10. alkaen.\n\n{{ priceTable }}\n\n[Avaa verkkokauppa](https://kauppa.yritys.example)\n',
  )
  await page.getByText('Hei Maija Meikäläinen').waitFor()
  await page.getByText('Viestin ulkoasu').click()
  await page.getByRole('button', { name: 'Näytä ulkoasu' }).click()
  await page.frameLocator('iframe[name=layout]').getByText('Hinnat ovat voimassa').waitFor()
  await snap('mailing-write')
  await page.getByRole('button', { name: 'Tallenna luonnos' }).click()
  expect(await page.getByRole('status').textContent()).toContain('Luonnos luotiin.')
  return new URL(page.url()).pathname.split('/')[3] ?? ''
}

async function attach({ page, snap }: Desk) {
  await page.getByRole('link', { name: 'Liitteet', exact: true }).click()
  await page.getByLabel('Tiedosto').setInputFiles(pdf)
  await page.getByRole('button', { name: 'Liitä' }).click()
  expect(await page.getByRole('status').textContent()).toContain('Tiedosto liitettiin.')
  await snap('mailing-files')
}

async function preview({ page, snap, isFine }: Desk) {
  await page.getByRole('link', { name: 'Esikatselu', exact: true }).click()
  await isFine()
  await page.getByLabel('Vastaanottajan sähköpostiosoite').fill('sven.svensson@jarn.example')
  await page.getByRole('button', { name: 'Näytä', exact: true }).click()
  await page.getByText('Näin viestin näkee: Sven Svensson (ruotsi).').waitFor()
  expect(page.url()).not.toContain('jarn.example')
  const phone = page.frameLocator('iframe.phone')
  await phone.getByText('Hei Sven Svensson').waitFor()
  expect(await phone.getByText('direktmarknadsföring').first().isVisible()).toBe(true)
  await snap('mailing-preview')
}

async function check({ page, t, snap }: Desk) {
  await page.getByRole('link', { name: 'Tarkistus', exact: true }).click()
  expect(await page.getByText('Viestissä ei ole esteitä.').isVisible()).toBe(true)
  await page.getByRole('button', { name: 'Lähetä testiviesti' }).click()
  await page.getByText('jonossa, lähtee hetken kuluttua').waitFor()
  await t.deliver()
  await page.getByRole('status').filter({ hasText: 'lähetetty' }).waitFor()
  expect(await t.mailsTo('kollega@myyja.example')).toHaveLength(1)
  await snap('mailing-check')
}

/** First a time at which the clocks change, then now after all; the last button pressed twice does it once. */
async function schedule({ page, snap, isFine }: Desk) {
  await page.getByRole('link', { name: 'Siirry ajastukseen' }).click()
  await snap('mailing-schedule')
  await page.getByLabel('Päivä', { exact: true }).fill('2026-10-25')
  await page.getByLabel('Kellonaika', { exact: true }).fill('03:30')
  await page.getByRole('button', { name: 'Jatka yhteenvetoon' }).click()
  expect(await page.getByText('kello 03:30 tulee kahdesti').isVisible()).toBe(true)
  await snap('mailing-summary-clock')
  await page.getByRole('link', { name: 'Lähetä vasta jälkimmäisellä kerralla' }).click()
  await isFine()
  expect(await page.getByText('tulee kahdesti').count()).toBe(0)
  await page.getByRole('link', { name: 'Muuta aikaa' }).click()
  expect(await page.getByLabel('Päivä', { exact: true }).inputValue()).toBe('2026-10-25')
  await page.getByLabel('Heti').check()
  await page.getByRole('button', { name: 'Jatka yhteenvetoon' }).click()
  await snap('mailing-summary')
  await page.getByRole('button', { name: /^Lähetä nyt \d vastaanottajalle$/ }).dblclick()
  await page.getByText('Lähetys ajastettiin.').waitFor()
}

/** The page follows by itself; a pause lets nothing out. */
async function pauseAndResume({ page, t, snap }: Desk, id: string) {
  expect(new URL(page.url()).pathname).toBe(`/admin/mailings/${id}`)
  await page.evaluate('window.stayed = true')
  await t.tick()
  await page.getByText('Käsitelty 0 / 4').waitFor()
  await snap('mailing-sending')
  await page.getByLabel('Keskeytyksen syy').fill('Tarkistan yhden hinnan')
  await page.getByRole('button', { name: 'Keskeytä' }).click()
  await page.getByText('keskeytetty: käyttäjä keskeytti: Tarkistan yhden hinnan').first().waitFor()
  await snap('mailing-paused')
  await t.deliver()
  expect(
    (await t.mails()).filter((mail) => mail.attachments.length > 0 && mail.recipient.endsWith('rauta.example')),
  ).toEqual([])
  await page.getByRole('button', { name: 'Jatka' }).click()
  await page.getByText('Lähetys jatkuu.').waitFor()
  await page.goto(page.url().split('?')[0] ?? '')
  await t.tick()
  await t.deliver()
  await t.tick()
  await page.getByRole('heading', { name: 'Raportti' }).waitFor()
}

async function report({ page, t, snap, isFine, origin }: Desk, id: string) {
  expect(await page.getByText('Käsitelty 4 / 4').isVisible()).toBe(true)
  await snap('mailing-report')
  const mail = (await t.mailsTo('maija.meikalainen@rauta.example'))[0]
  expect(mail?.attachments.map(({ filename }) => filename)).toEqual(
    expect.arrayContaining(['hinnasto-äö.pdf', 'kiinnikkeet.pdf']),
  )
  expect(mail?.text).toContain('Ruuvi 4×40')
  await page.getByRole('link', { name: 'Vastaanottajat ja mitä heille tapahtui' }).click()
  await snap('mailing-recipients')
  await page.getByRole('link', { name: 'ohitettu' }).click()
  expect(await page.getByRole('link', { name: 'pekka.virtanen@gmail.com' }).count()).toBe(1)
  await page.goto(`${origin}/admin/mailings`)
  await snap('mailings')
  await onPhoneAndInTheDark(page, isFine, `${origin}/admin/mailings/${id}`)
}

async function onPhoneAndInTheDark(page: Page, isFine: () => Promise<void>, address: string) {
  await page.goto(address)
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  await picture(page, 'mailing-report-phone')
  await page.emulateMedia({ colorScheme: 'dark' })
  await isFine()
  await picture(page, 'mailing-report-phone-dark')
  expect(await page.locator('main').textContent()).not.toMatch(/\b(mailing|sent|queued|null|undefined|NaN)\b/)
}
