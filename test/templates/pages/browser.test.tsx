import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { adminStyleFor, styleFor } from '../../../src/templates/style.ts'
import { openBrowser } from '../../browser.ts'
import { languages, samplePages } from './samples.tsx'

const samples = { fi: samplePages('fi'), sv: samplePages('sv'), en: samplePages('en') }
const names = Object.keys(samples.fi)

const hash = (css: string) => `'sha256-${createHash('sha256').update(css).digest('base64')}'`
const policy =
  `default-src 'none'; style-src ${hash(styleFor('#1a4f8b'))} ${hash(adminStyleFor('#1a4f8b'))}; img-src 'self' data:; ` +
  "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
// What the HTML part of a mail needs to be shown as it is, and no more
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; " +
  'sandbox allow-popups allow-popups-to-escape-sandbox'
const mail =
  '<!doctype html><title>m</title><style>h1{color:rgb(1,2,3)}</style><h1>Hinnasto</h1>' +
  '<p style="color:rgb(4,5,6)">Hei</p><img src="/pixel.gif" alt=""><script>document.title = "ran"</script>' +
  '<a href="/fi/manage" target="_blank">Peruuta tilaus</a>'

let browser: Browser | null = null
let server: Server
let origin = ''
let asked: string[] = []
let posted: string[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    const url = request.url ?? '/'
    asked.push(url)
    if (url === '/admin/outbox/1/html') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': mailPolicy })
      return response.end(mail)
    }
    const [, language = '', name = ''] = url.split('?')[0]?.split('/') ?? []
    const html = (samples as Record<string, Record<string, string>>)[language]?.[name]
    response.writeHead(html ? 200 : 404, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'referrer-policy': 'no-referrer',
    })
    request.setEncoding('utf8')
    let body = ''
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      if (request.method === 'POST') posted.push(`${url}?${body}`)
      response.end(html ?? '<!doctype html><html lang="en"><title>received</title>')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

type Options = NonNullable<Parameters<Browser['newContext']>[0]>

/** Opens a page in a fresh context, runs the check, closes the context. Without a Chromium the test is skipped. */
async function within(
  skip: (note: string) => unknown,
  options: Options,
  check: (page: Page, context: BrowserContext) => Promise<void>,
) {
  if (!browser) return void skip('no Chromium runs here')
  asked = []
  posted = []
  const context = await browser.newContext({ viewport: { width: 390, height: 800 }, ...options })
  try {
    await check(await context.newPage(), context)
  } finally {
    await context.close()
  }
}

describe('in a browser', () => {
  test.each(names)('%s has no fault that axe finds, in light and dark, on a phone and on a desk', async (name) => {
    await within(test.skip, {}, async (page) => {
      await page.goto(`${origin}/fi/${name}`)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        for (const width of [390, 1280]) {
          await page.setViewportSize({ width, height: 800 })
          const { violations } = await new AxeBuilder({ page }).analyze()
          expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html, nodes[0]?.failureSummary])).toEqual([])
        }
      }
    })
  })
})
