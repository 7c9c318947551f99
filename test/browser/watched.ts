import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'

export type Watched = {
  page: Page
  context: BrowserContext
  /** What the browser complained of: console errors, policy violations, faults of scripts, dialogs. */
  complaints: string[]
  /** Addresses of other origins that were asked for anything. */
  elsewhere: string[]
  /** Nothing was complained of or asked for elsewhere, and axe finds no fault in the page. */
  isFine(): Promise<void>
}

/** A page in a context of its own that notes what should never happen. */
export async function watch(
  browser: Browser,
  origin: string,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Watched> {
  const context = await browser.newContext({
    locale: 'fi-FI',
    viewport: { width: 390, height: 800 },
    acceptDownloads: true,
    ...options,
  })
  const complaints: string[] = []
  const elsewhere: string[] = []
  context.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) elsewhere.push(url)
  })
  const page = await context.newPage()
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()} ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  return {
    page,
    context,
    complaints,
    elsewhere,
    async isFine() {
      expect(complaints).toEqual([])
      expect(elsewhere).toEqual([])
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
      expect(violations.map(({ id, nodes }) => [page.url(), id, nodes[0]?.html])).toEqual([])
    },
  }
}

/** Presses Tab until the element of that name has the focus; the way a person without a mouse finds it. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const focused = `(() => {
    const element = document.activeElement
    const label = element.labels?.[0]?.textContent ?? ''
    return [label, element.textContent ?? '', element.getAttribute('aria-label') ?? ''].map((text) => text.trim())
  })()`
  for (let n = 0; n < 60; n++) {
    await page.keyboard.press('Tab')
    const texts: string[] = await page.evaluate(focused)
    if (texts.some((text) => text === name || text.startsWith(`${name} (`))) return
  }
  throw new Error(`Tab never reaches "${name}" on ${page.url()}`)
}
