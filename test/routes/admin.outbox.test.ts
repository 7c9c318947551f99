import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../app.ts'
import { inputs } from '../inputs.ts'
import { look, outboxOf, signIn } from '../signedIn.ts'

describe('T05 T06 hostile mail in the outbox', () => {
  let t: TestApp
  let cookie: string
  beforeAll(async () => {
    t = await startApp()
    cookie = await signIn(t)
  })
  afterAll(() => t.close())

  const texts = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    '</title><script>1</script>',
    'javascript:alert(1)',
    '\u202egnp.exe',
    ...['B', 'I'].flatMap((letter) =>
      inputs(letter)
        .map(({ in: value }) => (typeof value === 'string' ? value : JSON.stringify(value)))
        .filter((text) => text.length < 5000),
    ),
  ]

  it('shows subjects, senders, texts and file names as text, and nothing of them as markup', async () => {
    t.deps.outbox = outboxOf(texts.map((text) => mailOf(text)))
    const list = await (await look(t, '/admin/outbox', cookie)).text()
    expect(markupIn(list)).toEqual([])
    for (const name of texts.keys()) {
      const page = await (await look(t, `/admin/outbox/${name}.eml`, cookie)).text()
      expect([texts[name], markupIn(page)]).toEqual([texts[name], []])
    }
  })

  it('serves the HTML part alone, in a sandbox that runs nothing, asks for nothing, and is no page of ours', async () => {
    t.deps.outbox = outboxOf([
      mailOf('<script>alert(1)</script><meta http-equiv=refresh content="0;url=https://evil.example/">'),
    ])
    const answer = await look(t, '/admin/outbox/0.eml/html', cookie)
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(
      /^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; frame-ancestors 'self'$/,
    )
    const page = await (await look(t, '/admin/outbox/0.eml', cookie)).text()
    expect(page).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"')
  })

  it('hands files out as downloads of their own name, never as a page', async () => {
    const names = [
      'hinnasto.pdf',
      'a"b.html',
      "it's (1)*.svg",
      'päivitys – €.txt',
      '../../etc/passwd',
      'x\r\nSet-Cookie: a=b',
    ]
    t.deps.outbox = outboxOf(names.map((name) => mailOf('x', name)))
    for (const n of names.keys()) {
      const answer = await look(t, `/admin/outbox/${n}.eml/attachments/0`, cookie)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toBe('application/octet-stream')
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''[\w.~%-]+$/)
      expect(answer.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
      expect(answer.headers.getSetCookie()).toEqual([])
    }
    for (const path of [
      '/outbox/0.eml/attachments/9',
      '/outbox/0.eml/attachments/-1',
      '/outbox/0.eml/attachments/x',
      '/outbox/9.eml',
      '/outbox/9.eml/html',
      '/outbox/9.eml/source',
      '/outbox/..%2Fsecrets',
    ])
      expect((await look(t, `/admin${path}`, cookie)).status).toBe(404)
    const source = await look(t, '/admin/outbox/0.eml/source', cookie)
    expect(source.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  })

  it('survives messages that are none', async () => {
    const broken = [
      '',
      'x',
      '\0\0\0',
      'Subject: =?utf-8?B?////?=\r\n\r\n',
      'Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n',
      'Date: never\r\nTo: @@@\r\n\r\nx',
      `${'A: b\r\n'.repeat(5000)}\r\nx`,
    ]
    t.deps.outbox = outboxOf(broken.map((text) => new TextEncoder().encode(text)))
    expect((await look(t, '/admin/outbox', cookie)).status).toBe(200)
    for (const n of broken.keys()) expect((await look(t, `/admin/outbox/${n}.eml`, cookie)).status).toBe(200)
  })
})
/** A message that has the text in its subject, sender, recipient, text, HTML and file name. */
function mailOf(text: string, file = text): Uint8Array {
  const word = (value: string) => `=?utf-8?B?${Buffer.from(value).toString('base64')}?=`
  const part = (type: string, value: string, more = '') =>
    `--b\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n${more}\r\n${Buffer.from(value).toString('base64')}\r\n`
  return new TextEncoder().encode(
    [
      `From: ${word(text)} <a@b.example>`,
      `To: ${word(text)} <c@d.example>`,
      `Subject: ${word(text)}`,
      'Date: Mon, 18 May 2026 09:30:00 +0300',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      part('text/plain', text) +
        part('text/html', text) +
        part(
          'application/octet-stream',
          'x',
          `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(file.toWellFormed())}\r\n`,
        ) +
        '--b--',
    ].join('\r\n'),
  )
}

/** Elements, attributes and addresses of a page that no page of ours has: whatever stands between < and > is markup. */
function markupIn(html: string): string[] {
  const elements = new Set(
    '!doctype html head meta title link style body header p nav a form button main h1 h2 table thead tbody tr th td pre ul li strong iframe'.split(
      ' ',
    ),
  )
  const attributes = new Set(
    'lang charset name content rel href aria-label aria-current aria-labelledby hreflang method action class role scope data-label id title src sandbox referrerpolicy download html'.split(
      ' ',
    ),
  )
  const own = ['<script src="/admin/htmx.js" defer=""></script>', '<a class="skip" href="#main">']
  const body = own.reduce((rest, tag) => rest.replace(tag, ''), html.replace(/<style>[^<]*<\/style>/, ''))
  return (body.match(/<[^>]*>?/g) ?? []).filter((tag) => {
    const [, name = '', rest = ''] = /^<\/?([!\w]*)([^]*)>$/.exec(tag) ?? []
    const given = [...rest.matchAll(/\s([\w-]+)(?:="([^"]*)")?/g)]
    const left = given.reduce((text, [whole]) => text.replace(whole, ''), rest)
    const isOurs = given.every(([, attribute = '', value = '']) => {
      const isAddress = attribute === 'href' || attribute === 'src' || attribute === 'action'
      return attributes.has(attribute) && (!isAddress || /^(\/|https?:\/\/|data:,$)/.test(value))
    })
    return !elements.has(name.toLowerCase()) || !isOurs || left.replaceAll('/', '').trim() !== ''
  })
}
