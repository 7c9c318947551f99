import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readHtmx } from '../../../src/entries/htmx.ts'
import { adminStyleFor, styleFor } from '../../../src/templates/style.ts'
import { samplePages } from './samples.tsx'

export const samples = { fi: samplePages('fi'), sv: samplePages('sv'), en: samplePages('en') }
export const names = Object.keys(samples.fi)

const htmx = await readHtmx()
const hash = (css: string) => `'sha256-${createHash('sha256').update(css).digest('base64')}'`
const policy =
  `default-src 'none'; script-src 'self'; connect-src 'self'; style-src ${hash(styleFor('#1a4f8b'))} ${hash(adminStyleFor('#1a4f8b'))}; img-src 'self' data:; ` +
  "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
// What the HTML part of a mail needs to be shown as it is, and no more
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; " +
  'sandbox allow-popups allow-popups-to-escape-sandbox'
const mail =
  '<!doctype html><title>m</title><style>h1{color:rgb(1,2,3)}</style><h1>Hinnasto</h1>' +
  '<p style="color:rgb(4,5,6)">Hei</p><img src="/pixel.gif" alt=""><script>document.title = "ran"</script>' +
  '<a href="/fi/manage" target="_blank">Peruuta tilaus</a>'

/** The samples on a loopback port at /{language}/{name}, under the policy of the real routes; remembers what was asked. */
export async function servePages() {
  const asked: string[] = []
  const posted: string[] = []
  const server = createServer((request, response) => {
    const url = request.url ?? '/'
    asked.push(url)
    if (url === '/admin/htmx.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' })
      return response.end(htmx)
    }
    if (/\/html(\?|$)/.test(url)) {
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
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    posted,
    forget: () => void (asked.splice(0), posted.splice(0)),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
