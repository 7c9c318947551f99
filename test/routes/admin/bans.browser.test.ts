import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { openBrowser } from '../../browser.ts'
import { watch, type Watched } from '../../browser/watched.ts'
import { banned, json, listOf, startRegister, type Register } from '../../faults/register.ts'
import { newLink } from '../../signedIn.ts'

let browser: Browser | null = null
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

let t: TestApp
let register: Register
let person: Watched | null = null
let origin: string
beforeEach(async () => {
  register = await startRegister()
  t = await startApp({
    env: { BAN_SOURCES: JSON.stringify([{ name: 'asml', kind: 'http', url: register.url, maxAge: '24h' }]) },
  })
  origin = await t.listen()
  if (browser) person = await watch(browser, origin)
})
afterEach(async () => {
  await person?.context.close()
  await t.close()
  await register.close()
})

it(
  'a marketer adds a ban, is told what is wrong with one, checks it and lifts it; registers say how they stand',
  { timeout: 120_000 },
  async ({ skip }) => {
    if (!person) return skip('no Chromium runs here')
    const { page, isFine } = person
    await page.goto(origin + (await newLink(t)))
    await page.getByRole('button', { name: 'Kirjaudu sisään' }).click()
    await page.goto(`${origin}/admin/bans`)
    await isFine()
    await page.getByRole('link', { name: 'Lisää kielto' }).click()
    await isFine()
    await page.getByLabel('Mitä kielletään').selectOption('domain')
    await page.getByLabel('Arvo').fill('gmail.com')
    await page.getByRole('button', { name: 'Lisää kielto' }).click()
    expect(await page.getByRole('alert').textContent()).toContain('monet toisilleen vieraat')
    // A refused form answers 422, which the browser notes.
    person.complaints.length = 0
    await isFine()
    await page.getByLabel('Arvo').fill('kilpailija.example')
    await page.getByRole('button', { name: 'Lisää kielto' }).click()
    await page.waitForURL('**/admin/bans?done=added')
    await isFine()
    await page.getByLabel('Arvo').fill('joku@kilpailija.example')
    await page.getByRole('button', { name: 'Tarkista' }).click()
    await page.getByText(': Kielletty').waitFor()
    await isFine()
    await page.getByRole('link', { name: 'verkkotunnus' }).first().click()
    await isFine()
    await page.getByLabel('Kuka pyysi').fill('yrityksen edustaja, kirje')
    await page.getByLabel('Syy').fill('haluaa hinnastot')
    await page.getByRole('button', { name: 'Pura kielto' }).click()
    await page.waitForURL('**/admin/bans?done=lifted')
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.goto(`${origin}/admin/ban-sources`)
    await isFine()
    await page.getByRole('button', { name: 'Hae asml nyt' }).click()
    await page.waitForURL('**/admin/ban-sources?done=failed')
    await isFine()
    register.answers(json(listOf(banned(3))))
    await page.getByRole('button', { name: 'Hae asml nyt' }).click()
    await page.waitForURL('**/admin/ban-sources?done=synced')
    await isFine()
  },
)
