import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { startApp, type TestApp } from '../app.ts'
import { openBrowser } from '../browser.ts'
import { watch, type Watched } from './watched.ts'

/** A service on a real port and a browser that looks at it, anew for each test; `person` is null where no Chromium runs. */
export type InBrowser = { t: TestApp; origin: string; person: Watched | null }

/** Begins and ends them around every test of a file. The result is to be read within a test. */
export function marketerInBrowser(options: Parameters<typeof watch>[2] = {}, start = startApp): () => InBrowser {
  let browser: Browser | null = null
  let now: InBrowser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser?.close())
  beforeEach(async () => {
    const t = await start()
    const origin = await t.listen()
    now = { t, origin, person: browser && (await watch(browser, origin, options)) }
  })
  afterEach(async () => {
    await now.person?.context.close()
    await now.t.close()
  })
  return () => now
}
