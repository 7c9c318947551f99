import { expect, it } from 'vitest'
import { createMailing } from '../../../src/actions/mailingContent.ts'
import { marketerInBrowser } from '../../browser/marketer.ts'
import { addPeople } from '../../people.ts'
import { newLink } from '../../signedIn.ts'

const inBrowser = marketerInBrowser()

it(
  'a marketer lets a draft repeat, keeps a company with its objection, and makes a segment',
  { timeout: 120_000 },
  async ({ skip }) => {
    const { t, origin, person } = inBrowser()
    if (!person) return skip('no Chromium runs here')
    const { page, isFine } = person
    await addPeople(t, [{ email: 'aino@kulta.example' }])
    const content = { format: 'markdown' as const, body: 'Hei!' }
    const draft = { kind: 'price_list' as const, topic: 'price-list', subject: 'Kuukausihinnasto', content }
    const made = await createMailing(t.deps, draft, 'system')
    if (!made.ok) throw new Error('no draft')
    await page.goto(origin + (await newLink(t)))
    await page.getByRole('button', { name: 'Kirjaudu sisään' }).click()

    await page.goto(`${origin}/admin/mailings/${made.mailing.id}/repeat`)
    await isFine()
    await page.getByLabel('Jokaisena arkipäivänä').check()
    await page.getByText('tiistai 19.5.2026').waitFor()
    await isFine()
    await page.getByRole('button', { name: 'Ota toisto käyttöön' }).click()
    await page.getByText('Keskeytä toisto').waitFor()
    await isFine()

    await page.goto(`${origin}/admin/companies`)
    await isFine()
    await page.getByRole('link', { name: 'Lisää yritys' }).click()
    await isFine()
    await page.getByLabel('Nimi').fill('Kulta Oy')
    await page.getByLabel('Verkkotunnukset').fill('kulta.example')
    await page.getByRole('button', { name: 'Tallenna' }).click()
    await page.getByText('aino@kulta.example').waitFor()
    await isFine()
    await page.getByLabel('Kuka pyysi').fill('Toimitusjohtaja')
    await page.getByLabel('Miten pyydettiin').fill('puhelimessa')
    await page.getByRole('button', { name: 'Kirjaa kielto' }).click()
    await page.getByText('Kielto on kirjattu ja voimassa.').waitFor()
    await isFine()
    await page.goto(`${origin}/admin/companies`)
    await isFine()

    await page.goto(`${origin}/admin/segments`)
    await isFine()
    await page.getByRole('link', { name: 'Tee kohderyhmä' }).click()
    await isFine()
    await page.getByLabel('Nimi', { exact: true }).fill('Kullan väki')
    await page.getByRole('group', { name: 'Ketkä mukaan' }).getByLabel('Yritykset').fill('Kulta Oy')
    await page.getByRole('button', { name: 'Laske' }).click()
    await page.getByText('kohderyhmässä nyt: 1').waitFor()
    await isFine()
    await page.getByRole('button', { name: 'Tallenna' }).click()
    await page.getByText('Kohderyhmä on tallennettu.').waitFor()
    await isFine()
    expect(person.complaints).toEqual([])
  },
)
