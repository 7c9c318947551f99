import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../app.ts'
import { openBrowser } from '../browser.ts'
import { confirmPath, makeForm, signUp } from '../signUps.ts'

/** A website of a company, on another origin than the service, in a real browser. */

let browser: Browser | null = null
let t: TestApp
let service: string
let site: Server
let siteUrl: string

beforeAll(async () => {
  t = await startApp()
  service = await t.listen()
  // The port is known only now.
  t.deps.config.publicUrl = service
  site = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(pages[request.url ?? ''] ?? '')
  }).listen(0, '127.0.0.1')
  await once(site, 'listening')
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  await makeForm(t, 'sivu', { allowedOrigins: [siteUrl] })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await new Promise((done) => site.close(done))
  await t.close()
})

const pages: Record<string, string> = {
  get '/'() {
    return `<!doctype html><html lang="fi"><title>Yritys</title><form data-postilupa method="post" action="${service}/f/sivu">
      <label>Osoite <input name="email" type="text"></label><button>Tilaa</button></form>
      <script src="${service}/f/sivu/embed.js" async></script></html>`
  },
  get '/frame'() {
    return `<!doctype html><iframe src="${service}/f/sivu"></iframe><iframe src="${service}/f/newsletter"></iframe>`
  },
}

async function visiting(skip: (note: string) => void, visit: (page: Page) => Promise<void>, javaScriptEnabled = true) {
  if (!browser) return skip('no Chromium runs here')
  const context = await browser.newContext({ javaScriptEnabled })
  try {
    await visit(await context.newPage())
  } finally {
    await context.close()
  }
}

const signups = () => t.deps.store.db.selectFrom('signups').select(['address', 'source']).execute()

describe('a form on another website', () => {
  it('answers in place: what is wrong, then that a message is on its way', ({ skip }) =>
    visiting(skip, async (page) => {
      const elsewhere: string[] = []
      page.on('request', (request) => {
        if (![service, siteUrl].includes(new URL(request.url()).origin)) elsewhere.push(request.url())
      })
      await page.goto(siteUrl)
      await page.waitForSelector('form[data-postilupa-ready]', { state: 'attached' })
      await page.fill('[name=email]', 'maija')
      await page.click('button')
      await page.waitForSelector('[role=alert]')
      expect(await page.innerText('[role=alert]')).toMatch(/Korjaa.*@-merkki/s)
      expect(await page.getAttribute('[name=email]', 'aria-invalid')).toBe('true')
      await page.fill('[name=email]', 'maija@yritys.example')
      await page.click('button')
      await page.waitForSelector('[role=status]')
      expect(await page.innerText('[role=status]')).toContain('Lähetimme sinulle vahvistusviestin')
      expect(await page.inputValue('[name=email]')).toBe('')
      expect(page.url()).toBe(`${siteUrl}/`)
      expect(elsewhere).toEqual([])
      expect(await signups()).toEqual([
        { address: 'maija@yritys.example', source: `form:sivu?page=${encodeURIComponent(`${siteUrl}/`)}` },
      ])
    }))

  it('works without its script too', ({ skip }) =>
    visiting(
      skip,
      async (page) => {
        await page.goto(siteUrl)
        await page.fill('[name=email]', 'matti@yritys.example')
        await page.click('button')
        await page.waitForURL(`${service}/f/sivu`)
        expect(await page.innerText('h1')).toBe('Lähetimme sinulle vahvistusviestin')
        expect((await signups()).map((row) => row.address)).toContain('matti@yritys.example')
      },
      false,
    ))

  it('may stand in a frame of the websites that it names, and in no other', ({ skip }) =>
    visiting(skip, async (page) => {
      await page.goto(`${siteUrl}/frame`)
      const [named, other] = page.frames().slice(1)
      await named?.waitForSelector('form')
      expect(await named?.locator('form').count()).toBe(1)
      expect(await other?.locator('form').count()).toBe(0)
    }))
})

describe('a confirmation link', () => {
  it('A9-2 A9-3 confirms nothing in a browser that opens it, waits and runs whatever there is to run', ({ skip }) =>
    visiting(skip, async (page) => {
      await signUp(t, { email: 'liisa@yritys.example' })
      const path = await confirmPath(t, 'liisa@yritys.example')
      const contacts = () => t.deps.store.db.selectFrom('contacts').select('strict').execute()
      for (let i = 0; i < 3; i++) {
        await page.goto(service + path, { waitUntil: 'networkidle' })
        await page.mouse.move(100, 100)
        await page.keyboard.press('PageDown')
      }
      expect(await contacts()).toEqual([])
      await page.keyboard.press('Tab')
      await page.click('main button')
      await page.waitForSelector('h1:text("Tilaus on vahvistettu")')
      expect(await contacts()).toEqual([{ strict: 'liisa@yritys.example' }])
    }))
})
