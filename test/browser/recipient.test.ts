import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type Mail, type TestApp } from '../app.ts'
import { openBrowser } from '../browser.ts'
import { allRows, gets, leavingPath, mailed, run } from '../leaving.ts'
import { scheduled } from '../people.ts'
import { HOUR } from '../signUps.ts'
import { tabTo, watch, type Watched } from './watched.ts'

const address = 'matti.meikalainen@yritys.example'
const patience = 180_000

let browser: Browser | null = null
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

let t: TestApp
let origin: string
let open: Watched[] = []
beforeEach(async () => {
  t = await startApp()
  origin = await t.listen()
})
afterEach(async () => {
  for (const { context } of open.splice(0)) await context.close()
  open = []
  await t.close()
})

/** Without a Chromium the test is skipped. */
async function visitor(
  skip: (note: string) => unknown,
  options: Parameters<typeof watch>[2] = {},
): Promise<Watched | null> {
  if (!browser) {
    skip('no Chromium runs here')
    return null
  }
  const watched = await watch(browser, origin, options)
  open.push(watched)
  return watched
}

/** The newest message to the person, and where its link of that kind leads on this port. */
async function newest(): Promise<Mail> {
  await t.deliver()
  const mail = (await t.mailsTo(address)).at(-1)
  if (!mail) throw new Error('no mail')
  return mail
}
const here = (link: string | undefined) => `${origin}${new URL(link ?? '').pathname}`
const linkOf = (mail: Mail, kind: string) => here(mail.links.find((link) => link.includes(`/${kind}/`)))

describe("the recipient's path in a browser", () => {
  it(
    'from the form to the last word: subscribe, confirm, leave, come back, ban, see the data, erase',
    { timeout: patience },
    async ({ skip }) => {
      const person = await visitor(skip)
      if (!person) return
      const { page, isFine } = person
      const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
      const title = () => page.getByRole('heading', { level: 1 }).textContent()

      await page.goto(`${origin}/f/newsletter`)
      expect(await title()).toBe('Tilaa uutiskirje')
      expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0)
      await isFine()
      await page.getByLabel('Sähköpostiosoite').fill(address)
      await page.getByLabel('Hinnasto').check()
      await press('Tilaa')
      expect(await title()).toBe('Lähetimme sinulle vahvistusviestin')
      await isFine()

      await page.goto(linkOf(await newest(), 'c'))
      expect(await title()).toBe('Vahvista tilaus')
      await isFine()
      await press('Vahvista tilaus')
      expect(await title()).toBe('Tilaus on vahvistettu')
      await isFine()

      await scheduled(t)
      await run(t)
      await page.goto(here(`http://x${leavingPath(await newest())}`))
      expect(await title()).toBe('Peruuta tilaus')
      await isFine()
      await press('Peruuta tilaus')
      expect(await title()).toBe('Tilaus on peruutettu')
      await isFine()
      expect(await gets(t, address)).toBe(false)

      await page.getByRole('link', { name: 'Tietosuojaseloste' }).click()
      await isFine()
      await page.getByRole('link', { name: 'Hallitse asetuksia' }).click()
      await isFine()
      await page.getByLabel('Sähköpostiosoite').fill(address)
      await press('Lähetä linkki')
      await isFine()

      t.clock.advance(HOUR)
      await page.goto(linkOf(await newest(), 'p'))
      expect(await title()).toBe('Viestintäasetukset')
      expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0)
      await isFine()
      await page.getByLabel('Uutiskirje').check()
      await page.getByLabel('Viestien kieli').selectOption('English')
      await press('Tallenna')
      expect(await title()).toBe('Your preferences are saved')
      expect(await page.getByRole('listitem').allTextContents()).toEqual(['Newsletter'])
      await isFine()
      await page.getByRole('link', { name: 'Back to communication preferences' }).click()
      expect(await gets(t, address, 'newsletter')).toBe(true)

      await press('Opt out of all direct marketing')
      expect(await page.getByRole('status').textContent()).toBe('The direct marketing ban is in force')
      await isFine()
      expect(await gets(t, address, 'newsletter')).toBe(false)
      await press('Lift the ban')
      expect(await page.getByRole('status').textContent()).toBe('The ban has been lifted')
      expect(await gets(t, address, 'newsletter')).toBe(true)

      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Download my data (JSON)' }).click(),
      ])
      expect(download.suggestedFilename()).toBe('postilupa.json')
      expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toMatchObject({
        contact: { email: address, language: 'en' },
      })

      await page.getByRole('link', { name: 'Erase my data' }).click()
      expect(await title()).toBe('Erase my data')
      await isFine()
      await press('Erase my data')
      expect(await title()).toBe('Your data has been erased')
      await isFine()
      expect((await allRows(t)).filter((row) => row.includes('meikalainen'))).toEqual([])
      // Nothing was kept for the way back.
      await page.goBack()
      expect(await title()).toBe('Linkki on vanhentunut')
      expect(await page.content()).not.toContain(address)
    },
  )

  it('by keyboard alone: Tab, Space and Enter reach everything', { timeout: patience }, async ({ skip }) => {
    const person = await visitor(skip, { javaScriptEnabled: true, viewport: { width: 1280, height: 800 } })
    if (!person) return
    const { page, complaints } = person
    const enter = async () => {
      await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
    }
    const title = () => page.getByRole('heading', { level: 1 }).textContent()

    await page.goto(`${origin}/f/newsletter`)
    await tabTo(page, 'Sähköpostiosoite')
    await page.keyboard.type('ei osoite')
    await enter()
    // The errors come first; Enter on one leads to its field.
    await page.locator('[role=alert]:focus').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type(address)
    await tabTo(page, 'Hinnasto')
    await page.keyboard.press('Space')
    await tabTo(page, 'Tilaa')
    await enter()
    expect(await title()).toBe('Lähetimme sinulle vahvistusviestin')

    await page.goto(linkOf(await newest(), 'c'))
    await tabTo(page, 'Vahvista tilaus')
    await enter()
    expect(await title()).toBe('Tilaus on vahvistettu')

    await scheduled(t)
    await run(t)
    await page.goto(here(`http://x${leavingPath(await newest())}`))
    await tabTo(page, 'Peruuta tilaus')
    await enter()
    expect(await title()).toBe('Tilaus on peruutettu')
    await tabTo(page, 'Tietosuojaseloste')
    await enter()
    await tabTo(page, 'Hallitse asetuksia')
    await enter()
    await tabTo(page, 'Sähköpostiosoite')
    await page.keyboard.type(address)
    await enter()

    t.clock.advance(HOUR)
    await page.goto(linkOf(await newest(), 'p'))
    await tabTo(page, 'Hinnasto')
    await page.keyboard.press('Space')
    await tabTo(page, 'Viestien kieli')
    await page.keyboard.type('Sv')
    await tabTo(page, 'Tallenna')
    await enter()
    expect(await title()).toBe('Inställningarna har sparats')
    await tabTo(page, 'Tillbaka till kommunikationsinställningarna')
    await enter()
    await tabTo(page, 'Förbjud all direktmarknadsföring')
    await enter()
    expect(await gets(t, address)).toBe(false)
    await tabTo(page, 'Radera mina uppgifter')
    await enter()
    await tabTo(page, 'Radera mina uppgifter')
    await enter()
    expect(await title()).toBe('Dina uppgifter har raderats')
    // A page sent back with errors is a 422, which the browser notes as a failed resource.
    expect(complaints.filter((text) => !text.includes('422'))).toEqual([])
  })

  it('works without JavaScript, in a browser that asks for Swedish', { timeout: patience }, async ({ skip }) => {
    const person = await visitor(skip, { javaScriptEnabled: false, locale: 'sv-FI' })
    if (!person) return
    const { page } = person
    const { mails } = await mailed(t, [{ email: address }])
    await page.goto(`${origin}${leavingPath(mails[0])}`)
    await page.getByRole('link', { name: 'Svenska' }).click()
    await page.getByRole('button', { name: 'Förbjud all direktmarknadsföring' }).click()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(
      'Förbudet mot direktmarknadsföring är i kraft',
    )
    await page.goto(`${origin}/ban`)
    await page.getByLabel('Telefonnummer').fill('040 123 4567')
    await page.getByRole('button', { name: 'Förbjud all direktmarknadsföring' }).click()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(
      'Förbudet mot direktmarknadsföring är i kraft',
    )
  })

  it(
    'P11 A9-1 A9-4 T03 a scanner that opens every link of every message in a real browser, with scripts on, changes nothing',
    { timeout: patience },
    async ({ skip }) => {
      const scanner = await visitor(skip)
      if (!scanner) return
      const { page } = scanner
      const post = (path: string, fields: Record<string, string>) =>
        t.request(path, { method: 'POST', body: new URLSearchParams(fields) })
      await mailed(t, [{ email: address, topics: ['newsletter', 'price-list'] }])
      await post('/manage', { email: address })
      await post('/f/newsletter', { email: 'uusi@yritys.example' })
      await post('/ban', { email: 'toinen@yritys.example' })
      await t.deliver()
      const mails = await t.mails()
      const links = new Set(
        mails.flatMap((mail) =>
          [...mail.links, ...(mail.html ?? '').matchAll(/href="(http[^"]+)"/g)].map((link) =>
            typeof link === 'string' ? link : (link[1] ?? '').replaceAll('&amp;', '&'),
          ),
        ),
      )
      const own = [...links].filter((link) => link.startsWith(t.deps.config.publicUrl))
      const kinds = own.map((link) => new URL(link).pathname.split('/')[1] ?? '')
      expect([...new Set(kinds)].toSorted()).toEqual(['ban', 'c', 'p', 'privacy', 'u'])
      const before = await allRows(t)
      for (const link of own) {
        const at = here(link) + new URL(link).search
        for (let n = 0; n < 2; n++) {
          const response = await page.goto(at, { waitUntil: 'networkidle' })
          expect([link, response?.status()]).toEqual([link, 200])
          await page.mouse.move(100, 100)
          await page.mouse.wheel(0, 2000)
        }
        for (const method of ['HEAD', 'OPTIONS', 'PROPFIND']) await fetch(at, { method, redirect: 'manual' })
      }
      expect(await allRows(t)).toEqual(before)
      expect(scanner.complaints).toEqual([])
      expect(scanner.elsewhere).toEqual([])
      // … and the person's press works afterwards.
      await page.goto(linkOf((await t.mailsTo('uusi@yritys.example')).at(-1) as Mail, 'c'))
      await page.getByRole('button', { name: 'Vahvista tilaus' }).click()
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Tilaus on vahvistettu')
    },
  )
})
