import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type Mail, type TestApp } from '../app.ts'
import { openBrowser } from '../browser.ts'
import { tabTo, watch, type Watched } from '../browser/watched.ts'
import { run } from '../leaving.ts'
import { addPeople, scheduled } from '../people.ts'
import { newLink } from '../signedIn.ts'
import { DAY } from '../signUps.ts'
import { answer, invitation, surveyPath, surveyRows } from '../surveys.ts'

const patience = 240_000
const people = Array.from({ length: 12 }, (_, n) => ({ email: `ostaja${n}@yritys.example`, topics: ['survey'] }))
const maija = { email: 'maija@yritys.example', name: 'Maija Meikäläinen', topics: ['survey'] }

let browser: Browser | null = null
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

/** Keeps what was seen as pictures, where SCREENSHOTS names a folder. */
async function picture(page: Page, name: string) {
  const folder = process.env['SCREENSHOTS']
  if (folder === undefined || folder === '') return
  mkdirSync(folder, { recursive: true })
  // Hiding the caret would need a style of its own, which the pages' policy refuses.
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, caret: 'initial' })
}

describe.each(['SQLite', 'PostgreSQL'] as const)('the survey path in a browser (%s)', (engine) => {
  it(
    'a marketer makes a survey and invites; a customer taps 9 in the mail, answers on a phone; the results show it',
    { timeout: patience },
    async ({ skip }) => {
      if (!browser) return skip('no Chromium runs here')
      const t = await startApp({ engine })
      const origin = await t.listen()
      const desk = await watch(browser, origin, { viewport: { width: 1280, height: 900 } })
      const phone = await watch(browser, origin, { viewport: { width: 390, height: 844 }, javaScriptEnabled: false })
      try {
        const survey = await make(t, desk, origin, engine)
        await addPeople(t, [maija, ...people])
        await scheduled(t, { ...invitation, survey })
        await run(t)
        const mail = (await t.mailsTo(maija.email))[0]
        if (!mail) throw new Error('no invitation')
        await readMail(desk.context.newPage(), mail, engine)
        await answerOnPhone(t, phone, origin, mail, engine)
        await othersAnswer(t)
        await lookAtResults(t, desk, origin, engine)
      } finally {
        await desk.context.close()
        await phone.context.close()
        await t.close()
      }
    },
  )
})

/** Signs in, makes a survey without typing more than a newcomer would, and mends what the form points at. */
async function make(
  t: TestApp,
  { page, isFine, complaints }: Watched,
  origin: string,
  engine: string,
): Promise<string> {
  const press = (name: string) => page.getByRole('button', { name, exact: true }).last().click()
  await page.goto(origin + (await newLink(t)))
  await page.getByRole('button', { name: 'Kirjaudu sisään' }).click()
  await page.getByRole('link', { name: 'Kyselyt' }).click()
  await isFine()
  await picture(page, `${engine}-1-empty-list`)
  await page.getByRole('link', { name: 'Uusi kysely' }).click()
  await isFine()
  await press('Tallenna kysely')
  expect(await page.getByRole('alert').textContent()).toContain('Kysymys 1: kirjoita kysymys ainakin yhdellä kielellä')
  // The browser notes a page that was sent back as a failed resource.
  expect(await page.getByRole('alert').getByRole('link').count()).toBe(2)
  await picture(page, `${engine}-2-form-problems`)
  await page.getByLabel('Nimi').fill('Asiakastyytyväisyys, kevät 2026')
  await page.getByLabel('Kysymys suomeksi').fill('Kuinka todennäköisesti suosittelisit meitä kollegallesi?')
  for (const kind of ['csat', 'choice', 'text']) {
    await page.getByLabel('Uuden kysymyksen laji').selectOption(kind)
    const before = await page.locator('section h3').count()
    await press('Lisää kysymys')
    await page.locator('section h3').nth(before).waitFor()
  }
  await page.getByLabel('Kysymys suomeksi').nth(1).fill('Kuinka tyytyväinen olet toimituksiimme?')
  await page.getByLabel('Kysymys suomeksi').nth(2).fill('Mistä tilaat useimmin?')
  await page.getByLabel('Vaihtoehdot suomeksi').fill('Verkkokaupasta\nMyymälästä\nMyyjältä puhelimitse')
  await page.getByLabel('Kysymys suomeksi').nth(3).fill('Mitä voisimme tehdä paremmin?')
  await page.getByRole('button', { name: 'Siirrä kysymystä 4 ylöspäin' }).click()
  await expect.poll(() => page.locator('[name="q4.kind"]').inputValue()).toBe('choice')
  expect(await page.getByLabel('Kysymys suomeksi').nth(2).inputValue()).toBe('Mitä voisimme tehdä paremmin?')
  await picture(page, `${engine}-3-form`)
  await press('Tallenna kysely')
  expect(await page.getByRole('status').textContent()).toBe('Kysely on tallennettu.')
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await page.getByRole('link', { name: 'Esikatsele vastaajan sivua' }).click()
  expect(await page.locator('main').textContent()).toContain('Tämä on esikatselu.')
  complaints.splice(0)
  await isFine()
  await page.emulateMedia({ colorScheme: 'dark' })
  await isFine()
  await page.getByRole('button', { name: 'Lähetä vastaus' }).click()
  expect(await page.getByRole('alert').textContent()).toContain('Vastaa ainakin yhteen kysymykseen.')
  complaints.splice(0)
  await isFine()
  // A scale is one stop; arrows go through it and round its end.
  await tabTo(page, '0')
  await page.keyboard.press('ArrowLeft')
  expect(await page.getByRole('radio', { checked: true }).first().getAttribute('value')).toBe('10')
  await tabTo(page, 'Lähetä vastaus')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Kiitos vastauksestasi' }).waitFor()
  await isFine()
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto(`${origin}/admin/surveys/${id}`)
  return id
}

async function readMail(opening: Promise<Page>, mail: Mail, engine: string) {
  const page = await opening
  await page.setViewportSize({ width: 390, height: 844 })
  await page.setContent(mail.html ?? '')
  expect(await page.getByText('Kuinka todennäköisesti suosittelisit meitä kollegallesi?').isVisible()).toBe(true)
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  await picture(page, `${engine}-4-mail-on-phone`)
  await page.close()
}

/** One tap in the mail chooses and answers nothing; the person's own press does, and may be changed. */
async function answerOnPhone(t: TestApp, { page }: Watched, origin: string, mail: Mail, engine: string) {
  const link = /href="([^"]*[?&]v=9)"/.exec((mail.html ?? '').replaceAll('&amp;', '&'))?.[1] ?? ''
  const { pathname, search } = new URL(link)
  expect(mail.text).toContain(link)
  const before = await surveyRows(t)
  await page.goto(origin + pathname + search)
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Asiakaskysely')
  expect(await page.getByRole('radio', { checked: true }).getAttribute('value')).toBe('9')
  expect(await surveyRows(t)).toBe(before)
  const small = await page.evaluate(
    `[...document.querySelectorAll('.rate, .tick, button, textarea')].filter((one) => one.getBoundingClientRect().height < 44).length`,
  )
  expect(small).toBe(0)
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  await picture(page, `${engine}-5-phone-preselected`)
  await page
    .getByRole('group', { name: 'Kuinka tyytyväinen olet toimituksiimme?' })
    .locator('label', { hasText: '4' })
    .click()
  await page.getByLabel('Verkkokaupasta').check()
  await page.getByLabel('Mitä voisimme tehdä paremmin?').fill('<b>Toimitukset</b> maanantaisin, =HYPERLINK("http://x")')
  await page.getByRole('button', { name: 'Lähetä vastaus' }).click()
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Kiitos vastauksestasi')
  await picture(page, `${engine}-6-phone-thanks`)
  await page.getByRole('link', { name: 'Muuta vastausta' }).click()
  expect(await page.getByRole('radio', { checked: true }).count()).toBe(3)
  await page.locator('label.rate', { hasText: '10' }).click()
  await page.getByRole('button', { name: 'Lähetä vastaus' }).click()
}

async function othersAnswer(t: TestApp) {
  const scores = [10, 9, 9, 8, 7, 7, 6, 3, 10, 9, 10]
  for (const [n, score] of scores.entries()) {
    if (n % 3 === 0) t.clock.advance(DAY)
    const mail = (await t.mailsTo(people[n]?.email ?? ''))[0]
    const fields = { q1: String(score), q2: String(1 + (score % 5)), q3: n % 2 ? 'c1' : 'c2', q4: `Vastaus ${n}` }
    // The ids of the form: the third question was moved behind the fourth.
    const response = await answer(
      t,
      surveyPath(mail),
      n === 10 ? { q1: '10' } : { q1: fields.q1, q2: fields.q2, q3: fields.q3, q4: fields.q4 },
    )
    expect(response.status).toBe(200)
  }
}

async function lookAtResults(t: TestApp, { page, isFine, complaints }: Watched, origin: string, engine: string) {
  // The form that was sent back with its mistakes was a 422, which the browser notes.
  complaints.splice(0, complaints.length, ...complaints.filter((text) => !text.includes('422')))
  // Days have gone by, and the session with them.
  await page.goto(origin + (await newLink(t)))
  await page.getByRole('button', { name: 'Kirjaudu sisään' }).click()
  await page.goto(`${origin}/admin/surveys`)
  await isFine()
  await page.getByRole('link', { name: 'Asiakastyytyväisyys, kevät 2026' }).click()
  expect(await page.getByText('+42').first().isVisible()).toBe(true)
  expect(await page.getByRole('img', { name: /^Suositteluhalukkuus: / }).count()).toBe(1)
  expect(await page.getByRole('img').count()).toBe(5)
  await isFine()
  await picture(page, `${engine}-7-results`)
  await page.emulateMedia({ colorScheme: 'dark' })
  await isFine()
  await picture(page, `${engine}-8-results-dark`)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 390, height: 844 })
  for (const table of await page.getByText('Näytä luvut taulukkona').all()) await table.click()
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  await isFine()
  await picture(page, `${engine}-9-results-phone`)
  expect(await page.locator('main').textContent()).not.toMatch(/\b(Survey|answers|Question|null|undefined|NaN)\b/)
  expect(await page.locator('main b').count()).toBe(0)
  expect(await page.getByText('<b>Toimitukset</b>').isVisible()).toBe(true)
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.getByRole('link', { name: 'Muokkaa kyselyä' }).click()
  expect(await page.getByText('kysymyksiä ja nimettömyyttä ei voi enää muuttaa').isVisible()).toBe(true)
  await isFine()
  await page.getByRole('link', { name: 'Takaisin tallentamatta' }).click()
  await page.getByRole('button', { name: 'Muistuta vastaamattomia' }).click()
  expect(await page.getByRole('status').textContent()).toContain('Muistutus on lähdössä.')
  await page.getByRole('button', { name: 'Muistuta vastaamattomia' }).click()
  expect(await page.getByRole('status').textContent()).toContain('Muistutus on jo lähetetty')
  await page.getByRole('button', { name: 'Sulje kysely' }).click()
  expect(await page.getByRole('status').textContent()).toBe('Kysely on suljettu.')
  await isFine()
}
