import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compose, makeReady, renderPreview } from '../../src/mail/compose.ts'
import type { Recipient } from '../../src/mail/compose.ts'
import { corpora } from '../inputs.ts'
import {
  contentOf,
  expectWireSafe,
  header,
  headersOf,
  parsed,
  rawOf,
  readyInput,
  recipient,
  sender,
  sent,
} from './fixtures.ts'

const body =
  '# Hei {{ contact.name | default: "asiakas" }}!\n\n.piste rivin alussa\n\nHinnat **nousevat** – [katso](https://www.yritys.example/hinnat?a=1&b=2).'
const content = await contentOf({ subject: 'Hinnasto {{ contact.name | default: "asiakas" }} – äöå 😀', body })
const ready = makeReady(readyInput(content))
const pdf = {
  name: 'hinnasto-päivitys.pdf',
  mediaType: 'application/pdf',
  base64: Buffer.from('%PDF-1.7 '.repeat(200)).toString('base64'),
}
const rawFor = (over: Partial<Recipient> = {}, from = ready) => rawOf(sent(compose(from, { ...recipient, ...over })))

describe('a mailing on the wire', () => {
  it('says the same to two parsers', async () => {
    const raw = rawFor()
    expectWireSafe(raw)
    const mail = await parsed(raw)
    expect(mail.subject).toBe('Hinnasto Matti Meikäläinen – äöå 😀')
    expect(mail.from).toEqual(sender.from)
    expect(mail.to).toEqual(recipient.to)
    expect(mail.text).toContain(
      'Hei Matti Meikäläinen!\n\n.piste rivin alussa\n\nHinnat nousevat – katso (https://www.yritys.example/hinnat?a=1&b=2).',
    )
    expect(mail.html).toContain('<h1>Hei Matti Meikäläinen!</h1>')
    const preview = renderPreview(readyInput(content), recipient)
    expect({ ...preview, text: preview.text.trimEnd(), html: preview.html.trimEnd() }).toEqual({
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
    })
  })

  it('A3-1 has each field that must be there, once', () => {
    const names = headersOf(rawFor()).map(({ name }) => name.toLowerCase())
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(expect.arrayContaining(['from', 'to', 'subject', 'date', 'message-id', 'mime-version']))
    expect(header(rawFor(), 'Date')).toEqual(['Tue, 01 Sep 2026 06:00:00 +0000'])
    expect(header(rawFor(), 'Message-ID')).toEqual(['<d01@yritys.example>'])
    expect(names).not.toContain('bcc')
  })

  it('A1-1 A1-3 has one List-Unsubscribe with one URI and nothing else', () => {
    expect(header(rawFor(), 'List-Unsubscribe')).toEqual([`<${recipient.unsubscribeUrl}>`])
  })

  it('A1-2 has List-Unsubscribe-Post byte for byte', () => {
    expect(rawFor().match(/^List-Unsubscribe-Post.*$/gm)).toEqual([
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r'.replace('\r', ''),
    ])
    expect(rawFor()).toContain('\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n')
  })

  it('A2-1 A2-2 A2-3 keeps the list id whatever the topic is called', () => {
    const renamed = makeReady(
      readyInput(content, {
        topic: { id: 'price-list', listId: 'price-list.yritys.example', name: 'Hintäluettelo "A" ' + 'x'.repeat(90) },
      }),
    )
    for (const raw of [rawFor(), rawFor({}, renamed)]) {
      const [value = ''] = header(raw, 'List-Id')
      expect(value).toMatch(/^[ -;=?-~]+ <price-list\.yritys\.example>$/)
    }
    expect(() => makeReady(readyInput(content, { topic: { id: 'x', listId: 'a b.example', name: 'x' } }))).toThrow(
      'List-Id',
    )
    expect(() =>
      makeReady(readyInput(content, { topic: { id: 'x', listId: `${'a'.repeat(250)}.example`, name: 'x' } })),
    ).toThrow('List-Id')
  })

  it('A2-5 A2-6 has List-Help and says that nobody posts to it', () => {
    expect(header(rawFor(), 'List-Help')).toEqual(['<https://posti.yritys.example/manage>'])
    expect(header(rawFor(), 'List-Post')).toEqual(['NO'])
  })

  it('A2-6 never breaks a long link', () => {
    const unsubscribeUrl = `https://posti.yritys.example/u/${'a'.repeat(600)}`
    expect(rawFor({ unsubscribeUrl })).toContain(`\r\nList-Unsubscribe: <${unsubscribeUrl}>\r\n`)
  })

  it('A7-1 A7-3 claims neither to be a machine’s answer nor a precedence', () => {
    const names = headersOf(rawFor()).map(({ name }) => name.toLowerCase())
    expect(names).not.toContain('auto-submitted')
    expect(names).not.toContain('precedence')
  })

  it('A8-6 has a Feedback-ID of groups and a sender id', () => {
    expect(header(rawFor(), 'Feedback-ID')).toEqual(['price-list:m01:price_list:yritysexample'])
    for (const feedbackId of [
      'a:b:c:abc',
      'a:b:c:d:yritysexample',
      'a:b\r\n:c:yritysexample',
      'a:b:c:sixteencharacters',
    ]) {
      expect(() => makeReady(readyInput(content, { feedbackId }))).toThrow('Feedback-ID')
    }
  })

  it('A3-9 has plain text first, then HTML', () => {
    expect(rawFor().match(/^Content-Type: [a-z/]+/gm)).toEqual([
      'Content-Type: multipart/alternative',
      'Content-Type: text/plain',
      'Content-Type: text/html',
    ])
  })

  it('A3-9 B2-6 says in both parts who sends, that it is marketing and how to stop it', async () => {
    const { text, html } = await parsed(rawFor())
    expect(text).toMatch(/^Mainos – Käsityö Oy\n/)
    for (const part of [text, html]) {
      for (const said of [
        'Mainos – Käsityö Oy',
        'Y-tunnus 1234567-1',
        'Esimerkkikatu 1, 00100 Helsinki',
        recipient.unsubscribeUrl,
        'https://posti.yritys.example/privacy',
      ]) {
        expect(part).toContain(said)
      }
    }
  })

  it('B1-21 tells of the right to object clearly and apart from other information', async () => {
    const { text, html } = await parsed(rawFor())
    const [, block = ''] = text.split(/\n-{20,}\n/)
    expect(block.trim()).toMatch(
      /^Oikeutesi kieltää suoramarkkinointi\n.*vastustaa henkilötietojesi käsittelyä suoramarkkinointia varten/,
    )
    expect(block).not.toContain('Y-tunnus')
    expect(html).toMatch(/<td class="[^"]*pl-box"[^>]*><strong>Oikeutesi kieltää suoramarkkinointi<\/strong>/)
  })

  it('A10-1 fetches nothing and carries nothing that tells one recipient from another but their own link', async () => {
    const { html } = await parsed(rawFor())
    expect(html).not.toMatch(/<img|<link|@import|url\(/i)
    const others = html.replaceAll(recipient.unsubscribeUrl, '').matchAll(/(?:href|src)="([^"]*)"/g)
    expect([...others].map(([, url]) => url)).toEqual([
      'https://www.yritys.example/hinnat?a=1&amp;b=2',
      '',
      'https://posti.yritys.example/privacy',
    ])
  })

  it.each([
    ['sv', 'Reklam – Käsityö Oy', 'FO-nummer', 'Din rätt att förbjuda'],
    ['en', 'Advertisement – Käsityö Oy', 'Business ID', 'Your right to opt out'],
  ] as const)('speaks %s to who does', async (language, ...said) => {
    const mail = await parsed(rawFor({}, makeReady(readyInput(content, { language }))))
    expect(mail.html).toContain(`<html lang="${language}">`)
    for (const words of said) for (const part of [mail.text, mail.html]) expect(part).toContain(words)
  })

  it('tells where the contact details came from, when not from the person (GDPR Art. 14)', async () => {
    const { text, html } = await parsed(rawFor({ source: 'Kevätmessut <2026>' }))
    expect(text).toContain('Yhteystietojesi lähde: Kevätmessut <2026>\n')
    expect(html).toContain('Yhteystietojesi lähde: Kevätmessut &lt;2026&gt;<br>')
    expect((await parsed(rawFor())).text).not.toContain('lähde')
  })

  it('marks a test send in the subject', async () => {
    expect((await parsed(rawFor({}, makeReady(readyInput(content, { test: true }))))).subject).toMatch(
      /^\[Testi\] Hinnasto/,
    )
  })
})

describe('blocks that a content places itself', () => {
  it('are not appended a second time', async () => {
    const own = await contentOf({
      body: 'Alku\n\n{{ objectionBlock }}\n\n{{ identity }}\n\n{{ marking }}\n\n[Pois]({{ unsubscribeUrl }})\n\nLoppu',
    })
    const { text, html } = await parsed(rawFor({}, makeReady(readyInput(own))))
    for (const part of [text, html]) {
      for (const once of ['Mainos – Käsityö Oy', 'Y-tunnus', 'Oikeutesi kieltää'])
        expect(part.split(once)).toHaveLength(2)
      expect(part.split(recipient.unsubscribeUrl)).toHaveLength(3)
    }
    expect(text).toMatch(/^Alku\n\nOikeutesi kieltää/)
    expect(html).toContain(`<p><a href="${recipient.unsubscribeUrl}">Pois</a></p>`)
  })

  it('are appended to a document of MJML inside its page, in the mailing’s language', async () => {
    const mjml = await contentOf({
      format: 'mjml',
      body: '<mjml><mj-body><mj-section><mj-column><mj-text>Hej {{ contact.name }}</mj-text></mj-column></mj-section></mj-body></mjml>',
    })
    const raw = rawFor({}, makeReady(readyInput(mjml, { language: 'sv' })))
    expectWireSafe(raw)
    const { html, text } = await parsed(raw)
    expect(html).toMatch(/^<!doctype html>\s*<html lang="sv"/)
    const [top = -1, middle = -1, bottom = -1, end = -1] = [
      'Reklam – ',
      'Hej Matti',
      'Din rätt att förbjuda',
      '</body>',
    ].map((said) => html.indexOf(said))
    expect(0 < top && top < middle && middle < bottom && bottom < end).toBe(true)
    expect(text).toMatch(/^Reklam – Käsityö Oy\n\nHej Matti/)
  })

  it('hold a survey’s first question, with words of their own for research', async () => {
    const survey = {
      question: 'Suosittelisitko meitä?',
      choices: [
        { label: '9', query: 'q1=9' },
        { label: '10', query: 'q1=10' },
      ],
    }
    const asked = makeReady(readyInput(await contentOf({ body: 'Hei!' }, ['workEmail']), { class: 'research', survey }))
    const { html, text } = await parsed(rawFor({ surveyUrl: 'https://posti.yritys.example/s/tok' }, asked))
    expect(html).toContain('href="https://posti.yritys.example/s/tok?q1=10"')
    expect(text).toContain('Suosittelisitko meitä?\nVastaa kyselyyn:\nhttps://posti.yritys.example/s/tok\n')
    expect(text).toMatch(/^Asiakaskysely – Käsityö Oy\n/)
    expect(text).toContain('Vastaaminen on vapaaehtoista.')
    expect(text).not.toContain('Mainos')
  })
})

describe('attachments', () => {
  it('A3-4 keep their names and bytes, and their encoding is shared by every message', async () => {
    const withFile = makeReady(readyInput(content, { attachments: [pdf] }))
    const [one, two] = [compose(withFile, recipient), compose(withFile, { ...recipient, deliveryId: 'd02' })].map(sent)
    const raw = rawOf(one ?? sent(compose(withFile, recipient)))
    expectWireSafe(raw)
    const { attachments, text } = await parsed(raw)
    expect(attachments).toEqual([
      { name: 'hinnasto-päivitys.pdf', mediaType: 'application/pdf', content: Buffer.from('%PDF-1.7 '.repeat(200)) },
    ])
    expect(text).toContain('Hei Matti')
    expect(one?.segments.at(-1)).toBe(two?.segments.at(-1))
    expect(one?.segments[0]).toBe(two?.segments[0])
  })

  it('make the same bytes again for the same delivery', () => {
    const again = makeReady(readyInput(content, { attachments: [pdf] }))
    expect(rawFor({}, again)).toBe(rawFor({}, makeReady(readyInput(content, { attachments: [pdf] }))))
  })

  it.each([
    { mediaType: 'application/pdf\r\nX: y' },
    { name: 'a\r\nb.pdf' },
    { name: '../etc/passwd' },
    { base64: '%%%' },
  ])('are refused when ready is made, not while sending: %j', (over) => {
    expect(() => makeReady(readyInput(content, { attachments: [{ ...pdf, ...over }] }))).toThrow()
  })
})

describe('values of one recipient', () => {
  it.each([
    ['name', { to: { name: 'Matti\r\nBcc: x@y.example', address: 'm@a.example' } }],
    ['address', { to: { address: 'm@a.example>\r\nRCPT TO:<x@y.example' } }],
    ['address', { to: { address: 'mätti@a.example' } }],
    ['contact.name', { values: { contact: { name: 'Matti\0' }, company: {} } }],
    ['contact.name', { values: { contact: { name: 'Matti\r\nBcc: x' }, company: {} } }],
    ['subject', { values: { contact: { name: 'Matti\nBcc: x@y.example' }, company: {} } }],
    ['unsubscribeUrl', { unsubscribeUrl: 'https://a.example/u/x>\r\nX: y' }],
    ['unsubscribeUrl', { unsubscribeUrl: 'javascript:alert(1)' }],
    ['source', { source: 'a\0b' }],
    ['messageId', { messageId: 'd01@a.example>\r\nX: y' }],
    ['envelopeFrom', { envelopeFrom: 'b@a.example> SIZE=1' }],
  ] as const)('P21 A3-7 a %s that cannot be sent skips that recipient and is not mended in silence', (field, over) => {
    expect(compose(ready, { ...recipient, ...over } as Recipient)).toEqual({ ok: false, field })
    expect(compose(ready, recipient).ok).toBe(true)
  })

  it('P21 a value that the mailing does not show harms nobody', () => {
    const values = { contact: { name: 'Matti', title: 'a\0b' }, company: { name: '\r\n' } }
    expect(compose(ready, { ...recipient, values }).ok).toBe(true)
  })

  it('T15 A2-8 leave the number and the names of the header fields as they are', async () => {
    const expected = headersOf(rawFor()).map(({ name }) => name)
    const names = corpora
      ? (JSON.parse(readFileSync(new URL('strings/blns.json', corpora), 'utf8')) as string[])
      : ['"><script>alert(1)</script>', '${jndi:x}']
    let composed = 0
    // A byte order mark at the beginning of a word is dropped by one of the parsers; everything else must agree.
    for (const name of names.filter((each) => !each.startsWith('\ufeff'))) {
      const result = compose(ready, {
        ...recipient,
        to: { name, address: 'm@a.example' },
        values: { contact: { name }, company: {} },
      })
      if (!result.ok) {
        expect(name).toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u)
        continue
      }
      composed++
      const raw = rawOf(result.message)
      expectWireSafe(raw)
      expect(headersOf(raw).map((each) => each.name)).toEqual(expected)
      const mail = await parsed(raw)
      expect(mail.to.address).toBe('m@a.example')
      expect(mail.subject).toBe(`Hinnasto ${name || 'asiakas'} – äöå 😀`)
      expect(mail.text).toContain(`Hei ${name || 'asiakas'}!`)
      expect(mail.html).not.toMatch(/<(?:script|img|iframe|svg)/i)
    }
    expect(composed).toBeGreaterThan(names.length / 2)
  })

  it('reach the envelope untouched', () => {
    const message = sent(compose(ready, { ...recipient, envelopeFrom: '' }))
    expect({ id: message.id, from: message.from, to: message.to }).toEqual({
      id: 'd01',
      from: '',
      to: 'matti.meikalainen@asiakas.example',
    })
  })
})

describe('a sender that cannot stand in a message', () => {
  it.each([
    { from: { name: 'a\r\nb', address: 'a@b.example' } },
    { from: { name: 'a', address: 'a@käsityö.example' } },
    { company: { ...sender.company, address: 'Katu 1\n00100' } },
    { publicUrl: 'ftp://a.example' },
  ])('stops the mailing before anybody is written to: %j', (over) => {
    expect(() => makeReady(readyInput(content, { sender: { ...sender, ...over } }))).toThrow()
  })
})
