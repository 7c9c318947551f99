import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPicture } from '../../../src/actions/images.ts'
import { embedCode } from '../../../src/templates/embedCode.ts'
import { startApp, type TestApp } from '../../app.ts'
import { openBrowser } from '../../browser.ts'
import { contactForm, enquiriesOf } from '../../enquiries.ts'
import { png } from '../../pictures.ts'
import { newLink } from '../../signedIn.ts'
import { signUp } from '../../signUps.ts'

let browser: Browser | null = null
let t: TestApp
let service: string
let site: Server
let siteUrl: string
let websitePage = ''

beforeAll(async () => {
  t = await startApp()
  service = await t.listen()
  t.deps.config.publicUrl = service
  site = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(websitePage)
  }).listen(0, '127.0.0.1')
  await once(site, 'listening')
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  await contactForm(t, {
    topics: ['newsletter'],
    allowedOrigins: [siteUrl],
    fields: [
      { name: 'name' },
      ...['action', 'reset', 'elements', 'submit', 'method', 'prepend'].map((name) => ({
        name,
        kind: 'text',
        label: { fi: `Kenttä ${name}` },
      })),
      { name: 'aihe', kind: 'select', label: { fi: 'Aihe' }, choices: [{ value: 'a', label: { fi: 'Hinnat' } }] },
      { name: 'viesti', kind: 'textarea', label: { fi: 'Viesti' }, hint: { fi: 'Kerro lyhyesti' }, required: true },
    ],
  })
  await signUp(
    t,
    { email: 'liisa@yritys.example', name: 'Liisa Lahti', viesti: 'Hei!\nMilloin toimitatte?' },
    { form: 'yhteys' },
  )
  await addPicture(t.deps, { name: 'pultti.png', bytes: png(300, 120), alt: 'Kaksi pulttia pöydällä' }, 'test')
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await new Promise((done) => site.close(done))
  await t.close()
})

async function visiting(
  skip: (note: string) => void,
  visit: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
) {
  if (!browser) return skip('no Chromium runs here')
  const context = await browser.newContext({ viewport: { width: 390, height: 800 }, locale: 'fi-FI', ...options })
  try {
    await visit(await context.newPage())
  } finally {
    await context.close()
  }
}

async function signedIn(page: Page) {
  await page.goto(`${service}${await newLink(t)}`)
  await page.locator('main button').click()
  await page.waitForURL('**/admin/mailings')
}

/** What axe finds, in light and in dark, and whether the page is wider than its screen. */
async function faults(page: Page) {
  const look = async () => {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
    return violations.map(({ id, nodes }) => [id, nodes[0]?.html, nodes[0]?.failureSummary])
  }
  const light = await look()
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await look()
  await page.emulateMedia({ colorScheme: 'light' })
  const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  return [...light, ...dark, ...(over === 0 ? [] : [['wider', over]])]
}

const patience = 120_000

describe('in a browser', () => {
  it(
    'the hosted contact form has no fault, tells what is wrong, and takes the message without scripts',
    async ({ skip }) => {
      await visiting(
        skip,
        async (page) => {
          await page.goto(`${service}/f/yhteys`)
          await page.getByLabel('Sähköpostiosoite').fill('maija')
          await page.getByRole('button', { name: 'Lähetä' }).click()
          expect(await page.getByRole('alert').innerText()).toContain('Viesti: täytä tämä kenttä')
          await page.getByLabel('Sähköpostiosoite').fill('maija@yritys.example')
          await page.getByLabel('Viesti').fill('Hei')
          await page.getByRole('button', { name: 'Lähetä' }).click()
          expect(await page.locator('h1').innerText()).toContain('Kiitos, viestisi on perillä')
          expect((await enquiriesOf(t)).map(({ address }) => address)).toContain('maija@yritys.example')
        },
        { javaScriptEnabled: false },
      )
      await visiting(skip, async (page) => {
        await page.goto(`${service}/f/yhteys`)
        expect(await faults(page)).toEqual([])
      })
    },
    patience,
  )

  it(
    'the form copied into a website answers in place, whatever its fields are called',
    async ({ skip }) => {
      const [row] = await t.deps.store.db.selectFrom('wordings').selectAll().where('form_id', '=', 'yhteys').execute()
      const names = ['action', 'reset', 'elements', 'submit', 'method', 'prepend']
      const form = embedCode({
        action: `${service}/f/yhteys`,
        lang: 'fi',
        fields: [
          { name: 'email', kind: 'email', label: 'Sähköpostiosoite', required: true },
          ...names.map((name) => ({ name, kind: 'text' as const, label: `Kenttä ${name}` })),
          { name: 'viesti', kind: 'textarea', label: 'Viesti', required: true },
        ],
        topics: [{ id: 'newsletter', name: 'Uutiskirje' }],
        kind: 'enquiry',
        wording: row ? { id: row.id, text: row.text } : null,
        trap: 'leave_empty',
        script: true,
      })
      websitePage = `<!doctype html><html lang="fi"><title>Yritys</title>${form.replace('accept-charset', 'novalidate accept-charset')}</html>`
      await visiting(skip, async (page) => {
        await page.goto(siteUrl)
        await page.waitForSelector('form[data-postilupa-ready]', { state: 'attached' })
        await page.getByLabel('Sähköpostiosoite').fill('pekka@yritys.example')
        await page.locator('form button').click()
        const status = page.locator('[data-postilupa-status]')
        await status.filter({ hasText: 'Viesti: täytä tämä kenttä' }).waitFor()
        expect(await page.locator('[name=viesti]').getAttribute('aria-invalid')).toBe('true')
        await page.getByLabel('Viesti').fill('Hei')
        await page.getByLabel('Kenttä elements').fill('yksi')
        await page.getByLabel('Uutiskirje').check()
        await page.locator('form button').click()
        await status.filter({ hasText: 'Kiitos, viestisi on perillä' }).waitFor()
        expect(await status.innerText()).toContain('vahvistusviestin')
        expect(await page.locator('[name=viesti]').inputValue()).toBe('')
        expect(page.url()).toBe(`${siteUrl}/`)
        const row = (await enquiriesOf(t)).find(({ address }) => address === 'pekka@yritys.example')
        expect(JSON.parse(row?.fields ?? '{}')).toEqual({ elements: 'yksi', viesti: 'Hei' })
        expect(row?.source).toContain('page=')
      })
    },
    patience,
  )

  it(
    'no screen of forms, enquiries, images and brand has a fault, in light or in dark, on a phone',
    async ({ skip }) => {
      const [enquiry] = await enquiriesOf(t)
      await visiting(skip, async (page) => {
        await signedIn(page)
        const complaints: string[] = []
        page.on('console', (message) => complaints.push(message.text()))
        for (const path of [
          'forms',
          'forms/new?kind=signup',
          'forms/new?kind=contact',
          'forms/yhteys',
          'forms/yhteys/embed',
          'enquiries?state=all',
          `enquiries/${enquiry?.id}`,
          'images',
          'brand',
        ]) {
          await page.goto(`${service}/admin/${path}`)
          expect([path, await faults(page)]).toEqual([path, []])
        }
        expect(complaints).toEqual([])
      })
    },
    patience,
  )

  it(
    'a form is made, tried and put on a website by keyboard and mouse, without scripts',
    async ({ skip }) => {
      await visiting(
        skip,
        async (page) => {
          await signedIn(page)
          await page.getByRole('link', { name: 'Lomakkeet' }).first().click()
          await page.getByRole('link', { name: 'Uusi palautelomake' }).click()
          await page.getByLabel('Otsikko suomeksi').fill('Anna palautetta')
          await page.getByLabel('Lisättävä kenttä').selectOption('number')
          await page.getByRole('button', { name: 'Lisää kenttä' }).click()
          expect(await page.getByRole('status').innerText()).toContain('Muista tallentaa')
          await page.getByRole('button', { name: 'Tallenna lomake' }).last().click()
          expect(await page.getByRole('alert').innerText()).toContain('Kenttä 4: kirjoita nimi')
          await page.locator('[name="f3.label.fi"]').fill('Montako pulttia?')
          // Enter in a field saves.
          await page.locator('[name="f3.label.fi"]').press('Enter')
          expect(await page.getByRole('status').innerText()).toContain('Lomake on tehty')
          await page.getByRole('link', { name: 'Valmis sivu' }).click()
          await page.getByLabel('Sähköpostiosoite').fill('maija@yritys.example')
          await page.getByLabel('Palaute').fill('Hyvä')
          await page.getByLabel('Montako pulttia?').fill('3.5')
          await page.getByRole('button', { name: 'Lähetä' }).click()
          expect(await page.locator('h1').innerText()).toContain('Kiitos')
          const row = (await enquiriesOf(t)).find(({ form_id }) => form_id === 'anna-palautetta')
          expect(JSON.parse(row?.fields ?? '{}')).toEqual({ viesti: 'Hyvä', montako_pulttia: 3.5 })
        },
        { javaScriptEnabled: false, viewport: { width: 1280, height: 900 } },
      )
    },
    patience,
  )
})
