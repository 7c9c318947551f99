import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../../browser.ts'
import { languages } from './samples.tsx'
import { names, samples, servePages } from './served.ts'

let browser: Browser | null = null
let served: Awaited<ReturnType<typeof servePages>>

beforeAll(async () => {
  served = await servePages()
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  await served.close()
})

type Options = NonNullable<Parameters<Browser['newContext']>[0]>

/** Opens a page in a fresh context, runs the check, closes the context. Without a Chromium the test is skipped. */
async function within(
  skip: (note: string) => unknown,
  options: Options,
  check: (page: Page, context: BrowserContext) => Promise<void>,
) {
  if (!browser) return void skip('no Chromium runs here')
  served.forget()
  const context = await browser.newContext({ viewport: { width: 390, height: 800 }, ...options })
  try {
    await check(await context.newPage(), context)
  } finally {
    await context.close()
  }
}

/** axe cannot look into a frame that may run no script, so for axe alone the mail stands there without its sandbox. */
async function withoutSandbox(page: Page) {
  const html = samples.fi['admin-message'] ?? ''
  await page.route('**/admin-message', (route) =>
    route.fulfill({ contentType: 'text/html', body: html.replace(/ sandbox="[^"]*"/, '') }),
  )
  await page.route('**/html', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><html lang="fi"><title>m</title><p>Hei' }),
  )
}

/** Everything in the light scheme on a phone; then, with axe already in the page, what colours decide in the dark. */
async function faults(page: Page): Promise<unknown[]> {
  type Found = { violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }
  const light: Found = await new AxeBuilder({ page }).setLegacyMode().analyze()
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark: Found = await page.evaluate("axe.run({ runOnly: ['color-contrast', 'link-in-text-block'] })")
  await page.emulateMedia({ colorScheme: 'light' })
  return [...light.violations, ...dark.violations].map(({ id, nodes }) => [
    id,
    nodes[0]?.html,
    nodes[0]?.failureSummary,
  ])
}

/** What Tab should visit, in the order of the page; an element is named by its place in this list. */
// (of radio buttons the chosen one, and nothing that is folded away)
const controls =
  'a[href],button,input:not([type=hidden],[tabindex="-1"],[type=radio]:not(:checked)),select,textarea,iframe,summary'
const reachable = `:is(${controls}):not(details:not([open]) > :not(summary), details:not([open]) > :not(summary) *)`
const stop = `(() => {
  const element = document.activeElement
  const { outlineStyle, outlineWidth } = getComputedStyle(element)
  return {
    at: [...document.querySelectorAll('${reachable}')].indexOf(element),
    ring: element.tagName === 'IFRAME' || (outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2),
  }
})()`

/** Goes through the page with Tab until it leaves, and says where it was and whether one could see it. */
async function tabThrough(page: Page) {
  const visited: { at: number; ring: boolean }[] = []
  for (;;) {
    await page.keyboard.press('Tab')
    const here: { at: number; ring: boolean } = await page.evaluate(stop)
    if (here.at < 0 || here.at < (visited.at(-1)?.at ?? 0)) return visited
    // a date field has several stops inside
    if (visited.at(-1)?.at !== here.at) visited.push(here)
  }
}

const patience = 180_000

describe('in a browser', () => {
  test('no page has a fault that axe finds, in light or in dark', { timeout: patience }, async ({ skip }) => {
    await within(skip, {}, async (page) => {
      await withoutSandbox(page)
      for (const name of names) {
        await page.goto(`${served.origin}/fi/${name}`)
        expect(await faults(page), name).toEqual([])
      }
    })
  })

  test(
    'every page can be used by keyboard, in its order, and shows where one is',
    { timeout: patience },
    async ({ skip }) => {
      await within(skip, {}, async (page) => {
        for (const name of names) {
          await page.goto(`${served.origin}/fi/${name}`)
          // The browser moves the focus when it has drawn the page, which may be after it was loaded.
          await page.waitForFunction('!document.querySelector("[autofocus]") || document.activeElement.autofocus')
          const count = await page.locator(reachable).count()
          // a page with errors begins at its summary, after what stands above it
          const first: number = await page.evaluate(`(() => {
            const start = document.querySelector('[autofocus]')
            const all = [...document.querySelectorAll('${reachable}')]
            return all.filter((one) => start && start.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING).length
          })()`)
          const expected = Array.from({ length: count - first }, (_, at) => ({ at: at + first, ring: true }))
          expect(await tabThrough(page), name).toEqual(expected)
        }
      })
    },
  )

  test('a page with errors begins at their summary', async ({ skip }) => {
    await within(skip, {}, async (page) => {
      await page.goto(`${served.origin}/fi/form-problems`)
      expect(await page.evaluate("document.activeElement.getAttribute('role')")).toBe('alert')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      expect(await page.evaluate("document.activeElement.getAttribute('name')")).toBe('email')
    })
  })

  test('every button, field and stand-alone link can be hit with a thumb', { timeout: patience }, async ({ skip }) => {
    await within(skip, {}, async (page) => {
      for (const name of names) {
        await page.goto(`${served.origin}/fi/${name}`)
        const small = await page.evaluate(`[...document.querySelectorAll(
          'button, select, textarea, .tick, .field > input, nav a, .links a'
        )].filter((element) => element.getBoundingClientRect().height < 44).map((element) => element.outerHTML)`)
        expect(small, name).toEqual([])
      }
    })
  })

  test.for(languages)('no page in %s is wider than its screen', { timeout: patience }, async (language, { skip }) => {
    await within(skip, {}, async (page) => {
      for (const name of names) {
        await page.goto(`${served.origin}/${language}/${name}`)
        for (const width of [320, 768, 1280]) {
          await page.setViewportSize({ width, height: 800 })
          const over = await page.evaluate(
            "[document.documentElement, document.querySelector('main')].map((box) => box.scrollWidth - box.clientWidth)",
          )
          expect(over, `${name} at ${width}`).toEqual([0, 0])
        }
      }
    })
  })

  test('no paragraph runs wider than 70 characters', { timeout: patience }, async ({ skip }) => {
    await within(skip, { viewport: { width: 1280, height: 800 } }, async (page) => {
      for (const name of names) {
        await page.goto(`${served.origin}/fi/${name}`)
        // `ch` is the width of a zero in the element's own font
        const wide = await page.evaluate(`[...document.querySelectorAll('main p, main li')].filter((element) => {
          const ruler = element.appendChild(document.createElement('span'))
          ruler.textContent = '0'
          return element.clientWidth > 70 * ruler.getBoundingClientRect().width
        }).map((element) => element.outerHTML)`)
        expect(wide, name).toEqual([])
      }
    })
  })

  test(
    'A9-5 no page asks anybody else for anything, and the policy lets its style in',
    { timeout: patience },
    async ({ skip }) => {
      await within(skip, {}, async (page) => {
        const complaints: string[] = []
        const elsewhere: string[] = []
        page.on('console', (message) => complaints.push(message.text()))
        page.on('pageerror', (error) => complaints.push(String(error)))
        page.on('request', (request) => {
          if (!request.url().startsWith(`${served.origin}/`) && request.url() !== 'data:,')
            elsewhere.push(request.url())
        })
        // a frame shows a mail, which is looked at below
        for (const name of names.filter((one) => !/<iframe [^>]*src=/.test(samples.sv[one] ?? ''))) {
          served.forget()
          await page.goto(`${served.origin}/sv/${name}`)
          expect(
            served.asked.filter((path) => path !== '/admin/htmx.js'),
            name,
          ).toEqual([`/sv/${name}`])
          expect(await page.evaluate('getComputedStyle(document.body).marginTop'), name).toBe('0px')
        }
        expect(complaints).toEqual([])
        expect(elsewhere).toEqual([])
      })
    },
  )

  test('B1-1 a sign-up without scripts and without a tick posts the wording and no topic', async ({ skip }) => {
    await within(skip, { javaScriptEnabled: false }, async (page) => {
      await page.goto(`${served.origin}/fi/form`)
      await page.getByLabel('Sähköpostiosoite').fill('matti.meikalainen@yritys.example')
      await page.getByRole('button', { name: 'Tilaa' }).click()
      await page.waitForURL('**/f/newsletter')
      const sent = new URLSearchParams(served.posted[0]?.split('?')[1])
      expect(sent.get('email')).toBe('matti.meikalainen@yritys.example')
      expect(sent.get('consent')).toBe('newsletter-fi-1')
      expect(sent.get('homepage')).toBe('')
      expect(sent.getAll('topics')).toEqual([])
    })
  })

  test('leaving takes one key: Tab to the button and Enter', async ({ skip }) => {
    await within(skip, { javaScriptEnabled: false }, async (page) => {
      await page.goto(`${served.origin}/fi/unsubscribe`)
      await page.getByRole('button', { name: 'Peruuta tilaus', exact: true }).press('Enter')
      await page.waitForURL('**/c/token')
      expect(served.posted).toEqual(['/c/token?scope=topic'])
    })
  })

  test('a mail in the outbox is shown in its own style, runs nothing, fetches nothing, and its links open', async ({
    skip,
  }) => {
    await within(skip, { viewport: { width: 1280, height: 800 } }, async (page, context) => {
      await page.goto(`${served.origin}/fi/admin-message`)
      const frame = page.frameLocator('iframe')
      const colors = "['h1', 'p'].map((name) => getComputedStyle(document.querySelector(name)).color)"
      expect(await page.frames()[1]?.evaluate(colors)).toEqual(['rgb(1, 2, 3)', 'rgb(4, 5, 6)'])
      expect(await frame.locator('title').textContent()).toBe('m')
      expect(served.asked).toEqual(['/fi/admin-message', '/admin/htmx.js', '/admin/outbox/1/html'])
      const opened = context.waitForEvent('page')
      await frame.getByRole('link').click()
      expect(await (await opened).title()).toContain('Hallitse asetuksia')
    })
  })
})
