import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../app.ts'
import { openBrowser } from '../browser.ts'
import { mailed, ownAddress } from '../leaving.ts'
import { newLink, outboxOf } from '../signedIn.ts'
import { tabTo, watch, type Watched } from './watched.ts'

const patience = 120_000

let browser: Browser | null = null
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

let t: TestApp
let origin: string
let person: Watched | null = null
beforeEach(async () => {
  t = await startApp()
  origin = await t.listen()
  if (browser) person = await watch(browser, origin, { viewport: { width: 1280, height: 900 } })
})
afterEach(async () => {
  await person?.context.close()
  await t.close()
})

/** A page of somebody else: the same machine under another name is another site. */
async function otherSite(html: (url: URL) => string) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.setHeader('Content-Type', 'text/html').end(html(new URL(request.url ?? '/', 'http://localhost')))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    asked,
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

describe("the marketers' pages in a browser", () => {
  it(
    'sign in by the link, see the mailing and the message as its reader sees it, sign out',
    { timeout: patience },
    async ({ skip }) => {
      if (!person) return skip('no Chromium runs here')
      const { page, isFine } = person
      await mailed(t, [{ email: ownAddress, name: 'Maija' }], { subject: 'Uusi hinnasto' })
      t.deps.outbox = outboxOf((await t.mails()).map((mail) => mail.raw))

      await page.goto(`${origin}/admin/outbox`)
      expect(new URL(page.url()).pathname).toBe('/admin/sign-in')
      await isFine()
      await page.goto(origin + (await newLink(t)))
      await isFine()
      await tabTo(page, 'Kirjaudu sisään')
      await Promise.all([page.waitForURL('**/admin/mailings'), page.keyboard.press('Enter')])
      await isFine()
      await page.getByRole('link', { name: 'Uusi hinnasto' }).click()
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Uusi hinnasto')
      await isFine()
      await page.getByRole('link', { name: 'Lähtevät viestit' }).click()
      await isFine()
      await page.getByRole('link', { name: 'Uusi hinnasto' }).click()
      const mail = page.frameLocator('iframe')
      expect(await mail.getByText('Hei Maija, tässä hinnasto.').isVisible()).toBe(true)
      const colour = "getComputedStyle(document.querySelector('.pl-card')).backgroundColor"
      expect(await page.frames()[1]?.evaluate(colour)).toBe('rgb(255, 255, 255)')
      expect(person.complaints).toEqual([])
      expect(person.elsewhere).toEqual([])
      await page.getByRole('button', { name: 'Kirjaudu ulos' }).click()
      expect(new URL(page.url()).pathname).toBe('/admin/sign-in')
      await page.goBack()
      expect(new URL(page.url()).pathname).toBe('/admin/sign-in')
    },
  )

  it(
    'T13 a form of another site changes nothing here, whatever it calls its body',
    { timeout: patience },
    async ({ skip }) => {
      if (!person) return skip('no Chromium runs here')
      const { page, context } = person
      await page.goto(origin + (await newLink(t)))
      await page.getByRole('button').click()
      const target = `${origin}/admin/sign-out`
      const site = await otherSite(
        (
          url,
        ) => `<form method="post" enctype="${url.searchParams.get('type')}" action="${target}"><input name="a" value="b"></form>
        <script>document.forms[0].submit()</script>`,
      )
      for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']) {
        const other = await context.newPage()
        const refused = other.waitForResponse(
          (response) => response.url() === target && response.request().isNavigationRequest(),
        )
        await other.goto(`${site.origin}/?type=${encodeURIComponent(type)}`)
        expect((await refused).status()).toBe(403)
        await other.close()
      }
      await site.close()
      await page.goto(`${origin}/admin/mailings`)
      expect(new URL(page.url()).pathname).toBe('/admin/mailings')
    },
  )

  it(
    'T05 T06 a hostile message runs nothing, asks nobody, leads nowhere and cannot leave its frame',
    { timeout: patience },
    async ({ skip }) => {
      if (!person) return skip('no Chromium runs here')
      const { page, complaints } = person
      const site = await otherSite(() => '')
      const evil = site.origin
      const html = `<!doctype html><title>mail</title><base href="${evil}/"><meta http-equiv="refresh" content="0;url=${evil}/refresh">
      <link rel="stylesheet" href="${evil}/style.css"><style>@import "${evil}/import.css"; body { background: url(${evil}/bg.png) }</style>
      <script>parent.document.title = 'ran'; top.location = '${evil}/top'</script><img src="${evil}/pixel.gif" onerror="alert(1)"><svg onload="alert(2)"></svg>
      <iframe src="${evil}/frame"></iframe><object data="${evil}/object"></object><video src="${evil}/video" autoplay></video>
      <form action="${origin}/admin/sign-out" method="post"><button id="out">out</button></form>
      <a id="top" href="${evil}/link" target="_top">top</a><a id="self" href="${origin}/admin/sign-out">self</a><p>text</p>`
      t.deps.outbox = outboxOf([
        [
          'From: a@b.example',
          'To: c@d.example',
          'Subject: <img src=x onerror=alert(1)>',
          'Date: Mon, 18 May 2026 09:30:00 +0300',
          'MIME-Version: 1.0',
          'Content-Type: text/html; charset=utf-8',
          '',
          html,
        ].join('\r\n'),
      ])
      await page.goto(origin + (await newLink(t)))
      await page.getByRole('button').click()
      await page.goto(`${origin}/admin/outbox`, { waitUntil: 'networkidle' })
      for (const path of ['/admin/outbox/0.eml', '/admin/outbox/0.eml/html']) {
        await page.goto(origin + path, { waitUntil: 'networkidle' })
        const mail = path.endsWith('/html') ? page.mainFrame() : page.frames()[1]
        expect(await mail?.getByText('text').isVisible()).toBe(true)
        await mail?.locator('#out').click({ noWaitAfter: true })
        if (mail !== page.mainFrame()) await mail?.locator('#top').click({ noWaitAfter: true })
        await page.waitForLoadState('networkidle')
        expect(new URL(page.url()).pathname).toBe(path)
      }
      await site.close()
      expect(site.asked).toEqual([])
      expect(complaints.filter((text) => text.startsWith('dialog'))).toEqual([])
      await page.goto(`${origin}/admin/mailings`)
      expect(new URL(page.url()).pathname).toBe('/admin/mailings')
    },
  )
})
