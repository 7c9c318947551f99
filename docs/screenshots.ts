// npm run screenshots: walks the browser journeys and keeps the pictures that the guides show in docs/images.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openBrowser } from '../test/browser.ts'

/** In pixels of the journey's picture, which may be a page of any length: what the guide speaks of. */
type Kept = { of: string; top?: number; height: number; width?: number }

const kept: Record<string, Kept> = {
  'import-columns': { of: 'import-columns', height: 1110 },
  'import-try': { of: 'import-try', height: 860 },
  'price-list-columns': { of: 'price-list-columns', height: 720 },
  'price-list-version': { of: 'price-list-version', height: 900 },
  'mailing-mistake': { of: 'mailing-live-error', top: 620, height: 700 },
  'mailing-preview': { of: 'mailing-preview', height: 1310 },
  'mailing-check': { of: 'mailing-check', height: 1252 },
  'mailing-summary': { of: 'mailing-summary-clock', height: 800 },
  'mailing-paused': { of: 'mailing-paused', height: 830 },
  'mailing-report': { of: 'mailing-report', height: 900 },
  'survey-form': { of: 'SQLite-3-form', height: 1100 },
  'survey-mail': { of: 'SQLite-4-mail-on-phone', height: 844, width: 390 },
  'survey-answer': { of: 'SQLite-5-phone-preselected', height: 844, width: 390 },
  'survey-results': { of: 'SQLite-7-results', height: 1190 },
}

const root = join(import.meta.dirname, '..')
const taken = mkdtempSync(join(tmpdir(), 'postilupa-screenshots-'))
try {
  process.exitCode = walk(taken)
  if (process.exitCode === 0) await keep(taken, join(root, 'docs/images'))
} finally {
  rmSync(taken, { recursive: true, force: true })
}

/** @returns the exit code of the tests: a journey that fails has no pictures worth keeping */
function walk(folder: string): number {
  const journeys = ['marketer', 'survey'].map((name) => `test/journeys/${name}.browser.test.ts`)
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const { status } = spawnSync(process.execPath, [vitest, 'run', '--testNamePattern', 'SQLite', ...journeys], {
    cwd: root,
    env: { ...process.env, SCREENSHOTS: folder },
    stdio: 'inherit',
  })
  return status ?? 1
}

async function keep(from: string, to: string) {
  const browser = await openBrowser()
  if (!browser) throw new Error('no Chromium runs here, so there are no pictures')
  try {
    const page = await browser.newPage()
    rmSync(to, { recursive: true, force: true })
    mkdirSync(to, { recursive: true })
    for (const [name, part] of Object.entries(kept)) {
      await cut(page, readFileSync(join(from, `${part.of}.png`)), part, join(to, `${name}.png`))
    }
  } finally {
    await browser.close()
  }
}

/** A browser is there anyway, and it cuts pictures well enough. */
async function cut(page: Page, png: Buffer, { top = 0, height, width = 1280 }: Kept, path: string) {
  await page.setViewportSize({ width, height })
  await page.setContent(
    `<body style="margin:0"><img src="data:image/png;base64,${png.toString('base64')}" style="display:block;margin-top:-${top}px">`,
  )
  await page.screenshot({ path })
}
