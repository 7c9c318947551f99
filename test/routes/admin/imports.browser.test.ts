import { expect, it } from 'vitest'
import { runToEnd } from '../../actions/imported.ts'
import { marketerInBrowser } from '../../browser/marketer.ts'
import { newLink } from '../../signedIn.ts'

const inBrowser = marketerInBrowser()

const table = [
  'Sähköposti;Etunimi;Sukunimi;Yritys;Asiakasnumero;Muistiinpano',
  'matti.makinen@yritys.example;Matti;Mäkinen;Yritys Oy;0012;soita keväällä',
  'liisa.virtanen@yritys.example;Liisa;Virtanen;Yritys Oy;0013;',
  'info@toinen.example;;;Toinen Oy;0014;',
  'väärä osoite;Erkki;Esimerkki;Toinen Oy;0015;',
]

it(
  'a marketer uploads a table, checks its columns, mends a choice, tries it, imports it and sees it done by itself',
  { timeout: 120_000 },
  async ({ skip }) => {
    const { t, origin, person } = inBrowser()
    if (!person) return skip('no Chromium runs here')
    const { page, isFine } = person
    await page.goto(origin + (await newLink(t)))
    await page.getByRole('button', { name: 'Kirjaudu sisään' }).click()
    await page.goto(`${origin}/admin/imports`)
    await isFine()
    const buffer = Buffer.from(`${table.join('\r\n')}\r\n`, 'latin1')
    const file = { name: 'asiakkaat.csv', mimeType: 'text/csv', buffer }
    await page.getByLabel('Tiedosto').first().setInputFiles(file)
    await page.getByRole('button', { name: 'Lataa ja tarkista sarakkeet' }).first().click()
    await page.waitForURL('**/admin/imports/uploads/*')
    await isFine()
    await page.getByLabel('Lähde').fill('Asiakasrekisteri, toukokuu 2026')
    await page.getByLabel('Hinnasto').check()
    await page.getByRole('button', { name: 'Kokeile tallentamatta' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('mihin lupa lähettää perustuu')
    // A refused form answers 422, which the browser notes.
    person.complaints.length = 0
    await isFine()
    await page.getByLabel('Mihin lupa perustuu').selectOption('duty_evidence')
    await page.getByLabel('Näyttö').last().fill('Nimetty ostajaksi toimitussopimuksessa')
    await page.getByRole('button', { name: 'Kokeile tallentamatta' }).click()
    await page.waitForURL('**?done=queued')
    await isFine()
    await runToEnd(t)
    await page.getByText('Tämä oli kokeilu').waitFor()
    await isFine()
    await page.emulateMedia({ colorScheme: 'dark' })
    await isFine()
    await page.getByRole('button', { name: 'Tuo nyt' }).click()
    await page.waitForURL('**?done=queued')
    await runToEnd(t)
    await page.getByText('valmis').waitFor()
    await isFine()
    await page.getByRole('link', { name: 'Tuo uusi tiedosto' }).click()
    await isFine()
    expect(await t.deps.store.db.selectFrom('contacts').select('id').execute()).toHaveLength(3)
  },
)
