import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

/** Keeps a page as a picture in the folder that SCREENSHOTS names; without it nothing is kept. */
export async function picture(page: Page, name: string) {
  const folder = process.env['SCREENSHOTS']
  if (folder === undefined || folder === '') return
  mkdirSync(folder, { recursive: true })
  // Hiding the caret would need a style of its own, which the pages' policy refuses.
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, caret: 'initial' })
}
