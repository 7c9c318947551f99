import { expect, it } from 'vitest'
import { ban } from '../../../src/actions/ban.ts'
import { marketerInBrowser } from '../../browser/marketer.ts'
import { addPeople, scheduled } from '../../people.ts'
import { newLink } from '../../signedIn.ts'

const inBrowser = marketerInBrowser({ viewport: { width: 1280, height: 900 } })

it(
  'a marketer finds a person, sees why a mail was stopped, corrects the class, records a ban and erases',
  { timeout: 120_000 },
  async ({ skip }) => {
    const { t, origin, person } = inBrowser()
    if (!person) return skip('no Chromium runs here')
    const { page, isFine } = person
    await addPeople(t, [
      { email: 'maija@yritys.example', name: 'Maija Virtanen' },
      { email: 'matti@yritys.example', name: 'Matti Aalto' },
    ])
    await ban(t.deps, { kind: 'domain', value: 'kielto.example' }, 'system')
    await scheduled(t, { subject: 'Kevään hinnasto' })
    await t.tick()
    await t.deliver()
    await page.goto(origin + (await newLink(t)))
    await page.getByRole('button', { name: 'Kirjaudu sisään' }).click()
    await page.goto(`${origin}/admin/contacts`)
    await isFine()
    await page.getByLabel('Nimi, yritys, verkkotunnus tai osoite').fill('joku@kielto.example')
    await page.getByRole('button', { name: 'Hae' }).click()
    await page.getByRole('heading', { name: 'Osoitetta koskevat kiellot' }).waitFor()
    await isFine()
    await page.getByLabel('Nimi, yritys, verkkotunnus tai osoite').fill('maij')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Maija Virtanen' }).click()
    await isFine()
    expect(await page.getByText('lähetetty (peruste: suostumus)').isVisible()).toBe(true)
    await page.getByRole('link', { name: 'Muokkaa tietoja' }).click()
    await isFine()
    await page.getByLabel('Osoitteen luokka').selectOption('private')
    await page.getByRole('button', { name: 'Tallenna' }).click()
    await page.getByText('Tiedot on tallennettu.').waitFor()
    await page.getByRole('link', { name: 'Kirjaa kielto' }).click()
    await isFine()
    await page.getByRole('button', { name: 'Kirjaa kielto' }).click()
    await page.getByText('Kielto on voimassa.').waitFor()
    await page.emulateMedia({ colorScheme: 'dark' })
    await isFine()
    await page.setViewportSize({ width: 390, height: 800 })
    await isFine()
    await page.getByRole('link', { name: 'Poista tiedot' }).click()
    await isFine()
    await page.getByRole('button', { name: 'Poista pysyvästi' }).click()
    await page.getByText('Tiedot on poistettu.').waitFor()
    await isFine()
  },
)
