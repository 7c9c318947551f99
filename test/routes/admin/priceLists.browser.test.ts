import { expect, it } from 'vitest'
import { marketerInBrowser } from '../../browser/marketer.ts'
import { newLink } from '../../signedIn.ts'
import { workbook } from '../../workbooks.ts'

const inBrowser = marketerInBrowser()

it(
  'a marketer uploads a workbook and a PDF, maps the columns, and sees the changes of the next version',
  { timeout: 120_000 },
  async ({ skip }) => {
    const { t, origin, person } = inBrowser()
    if (!person) return skip('no Chromium runs here')
    const { page, isFine } = person
    const table = async (rows: (string | number)[][]) => ({
      name: 'hinnasto.xlsx',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(await workbook(rows)),
    })
    const heading = ['Koodi', 'Tuote', 'Yksikkö', 'Hinta alv 0 %', 'Pakkaus']
    await page.goto(origin + (await newLink(t)))
    await page.getByRole('button', { name: 'Kirjaudu sisään' }).click()
    await page.goto(`${origin}/admin/price-lists`)
    await isFine()
    await page.getByRole('link', { name: 'Lisää hinnasto' }).click()
    await isFine()
    await page.getByLabel('Nimi').fill('Rautahinnasto')
    await page.getByRole('button', { name: 'Lisää' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('Tiedosto puuttuu')
    // A refused form answers 422, which the browser notes.
    person.complaints.length = 0
    await isFine()
    await page
      .getByLabel('Taulukko (XLSX tai CSV)')
      .setInputFiles(
        await table([
          heading,
          ['00123', 'Ruuvi 4×40', 'ltk', 12.5, '200 kpl'],
          ['00124', 'Mutteri M8', 'kpl', 0.05, ''],
        ]),
      )
    await page
      .getByLabel('Tiedosto liitteeksi (PDF)')
      .setInputFiles({ name: 'hinnasto.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') })
    await page.getByRole('button', { name: 'Lisää' }).click()
    await page.waitForURL('**/columns')
    await isFine()
    await page.getByLabel('Sarake E: Pakkaus').selectOption('extra')
    await page.getByRole('button', { name: 'Tallenna sarakkeet' }).click()
    await page.waitForURL('**done=mapped')
    await isFine()
    await page.getByRole('link', { name: 'Lisää uusi versio' }).click()
    await isFine()
    t.clock.advance(1000)
    await page.getByLabel('Voimassa alkaen').fill('2026-06-01')
    await page
      .getByLabel('Taulukko (XLSX tai CSV)')
      .setInputFiles(
        await table([heading, ['00123', 'Ruuvi 4×40', 'ltk', 13, '200 kpl'], ['00125', 'Naula', 'kg', 4, '']]),
      )
    await page.getByRole('button', { name: 'Lisää' }).click()
    await page.waitForURL('**done=added')
    expect(await page.getByText('muuttuneita hintoja 1, uusia tuotteita 1, poistuneita 1').count()).toBe(1)
    await isFine()
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 390, height: 844 })
    await isFine()
    await page.goto(`${origin}/admin/price-lists?lang=sv`)
    await isFine()
  },
)
