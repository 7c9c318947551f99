import { describe, expect, it } from 'vitest'
import { composeService } from '../../src/mail/serviceMail.ts'
import type { ServiceInput } from '../../src/mail/serviceMail.ts'
import { documentProblem } from '../../src/mail/inert.ts'
import { mailWords } from '../../src/templates/mail/words.ts'
import type { ServiceNotice } from '../../src/templates/mail/notices.ts'
import { expectWireSafe, header, headersOf, parsed, rawOf, sender, sent } from './fixtures.ts'

const link = (path: string) => `https://posti.yritys.example/${path}`
const confirmation: ServiceNotice = {
  kind: 'confirmation',
  topics: ['Uutiskirje', 'Hinnasto'],
  confirmUrl: link('c/abc'),
  cancelUrl: link('c/abc?no'),
  validHours: 168,
}
const notices: ServiceNotice[] = [
  confirmation,
  { ...confirmation, kind: 'confirmation_despite_ban' },
  { kind: 'welcome', topics: ['Uutiskirje'], preferencesUrl: link('manage') },
  { kind: 'manage_link', url: link('p/abc'), validHours: 24 },
  { kind: 'ban_notice', undoUrl: link('ban/abc') },
  { kind: 'sign_in', url: link('admin/in/abc'), validMinutes: 15 },
  {
    kind: 'registration',
    status: 'registered',
    event: { name: 'Syysmessut', when: '1.10.2026 klo 9', where: 'Helsinki' },
    url: link('r/abc'),
  },
  {
    kind: 'registration',
    status: 'waiting',
    event: { name: 'Syysmessut', when: '1.10.2026 klo 9' },
    url: link('r/abc'),
  },
  {
    kind: 'registration',
    status: 'changed',
    event: { name: 'Syysmessut', when: '1.10.2026 klo 9' },
    url: link('r/abc'),
  },
  { kind: 'registration', status: 'cancelled', event: { name: 'Syysmessut', when: '1.10.2026 klo 9' } },
  { kind: 'enquiry_receipt' },
  {
    kind: 'enquiry',
    form: 'Yhteydenotto',
    rows: [{ label: 'Viesti', value: 'Rivi <b>1</b>\nRivi 2' }],
    url: link('admin/enquiries/1'),
  },
  { kind: 'alert', title: 'Kieltolista on vanhentunut', lines: ['Lähde: asml'], url: link('admin') },
  {
    kind: 'letter',
    subject: 'Vastaus tietopyyntöösi',
    paragraphs: ['Hei', 'Liitteenä.'],
    action: { label: 'Avaa', url: link('x') },
  },
  { kind: 'test' },
]
const input = (notice: ServiceNotice, over: Partial<ServiceInput> = {}): ServiceInput => ({
  notice,
  language: 'fi',
  sender,
  deliveryId: 'confirmation.abc.2026-09-01',
  messageId: 'confirmation.abc.2026-09-01@yritys.example',
  envelopeFrom: 'b@yritys.example',
  to: 'matti@asiakas.example',
  date: Date.UTC(2026, 8, 1),
  ...over,
})
const rawFor = (notice: ServiceNotice, over: Partial<ServiceInput> = {}) =>
  rawOf(sent(composeService(input(notice, over))))

describe.each(['fi', 'sv', 'en'] as const)('service messages in %s', (language) => {
  it.each(notices.map((notice) => [notice.kind, notice] as const))(
    '%s reads the same in two parsers and is safe on the wire',
    async (_kind, notice) => {
      const raw = rawFor(notice, { language })
      expectWireSafe(raw)
      const { text, html, subject, to } = await parsed(raw)
      expect(to).toEqual({ name: '', address: 'matti@asiakas.example' })
      expect(subject).not.toBe('')
      expect(documentProblem(html, () => false)).toBeNull()
      const urls = Object.values(notice).filter(
        (value): value is string => typeof value === 'string' && value.startsWith('https:'),
      )
      for (const part of [text, html]) {
        for (const said of [
          ...urls,
          mailWords[language].businessId,
          'Käsityö Oy',
          'https://posti.yritys.example/privacy',
        ])
          expect(part).toContain(said)
      }
      expect(html).toContain(`<html lang="${language}">`)
    },
  )

  it('A1-15 A7-1 say that a machine wrote them and carry no list headers', () => {
    for (const notice of notices) {
      const raw = rawFor(notice, { language })
      expect(header(raw, 'Auto-Submitted')).toEqual(['auto-generated'])
      expect(headersOf(raw).filter(({ name }) => /^list-|^precedence|^feedback-id/i.test(name))).toEqual([])
    }
  })

  it('A9-8 ask for a confirmation without a word of marketing', async () => {
    for (const kind of ['confirmation', 'confirmation_despite_ban'] as const) {
      const { text, html } = await parsed(rawFor({ ...confirmation, kind }, { language }))
      for (const part of [text, html]) {
        expect(part).not.toMatch(/Mainos|Reklam|Advertisement/)
        expect(part).not.toContain('/u/')
      }
      const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, url]) => url)
      expect(links).toEqual([link('c/abc'), link('c/abc?no'), link('privacy')])
    }
  })
})

describe('a confirmation', () => {
  it('T01 has no place for anything that a visitor typed', async () => {
    const raw = rawFor(confirmation)
    expect(header(raw, 'To')).toEqual(['<matti@asiakas.example>'])
    expect(Object.keys(confirmation).toSorted()).toEqual(['cancelUrl', 'confirmUrl', 'kind', 'topics', 'validHours'])
  })

  it('says what was asked for, how long the link lives, and what to do when it was somebody else', async () => {
    const { text } = await parsed(rawFor(confirmation))
    expect(text).toContain('- Uutiskirje\n- Hinnasto')
    expect(text).toContain('Linkki on voimassa 7 päivää.')
    expect(text).toMatch(/Etkö pyytänyt tätä itse\?.*ei tarvitse tehdä mitään/)
    expect(text).toContain(`Peru pyyntö:\n${link('c/abc?no')}`)
  })

  it('D-14 tells a banned address that a ban is in force and what confirming would lift', async () => {
    const { text } = await parsed(rawFor({ ...confirmation, kind: 'confirmation_despite_ban' }))
    expect(text).toContain('kielto on voimassa')
    expect(text).toContain('Muilta osin kielto jää voimaan. Jos et vahvista, mikään ei muutu.')
  })
})

describe('a service message with a bad value', () => {
  it.each([
    ['address', { to: 'matti@asiakas.example>\r\nRCPT TO:<x@y.example' }],
    ['envelopeFrom', { envelopeFrom: 'a b@c.example' }],
    ['messageId', { messageId: 'x\r\n@a.example' }],
    ['subject', { notice: { kind: 'enquiry', form: 'a\r\nBcc: x@y.example', rows: [], url: 'https://a.example' } }],
  ] as const)('A3-7 names the %s and sends nothing', (field, over) => {
    expect(composeService(input(confirmation, over as Partial<ServiceInput>))).toEqual({ ok: false, field })
  })

  it('shows what was typed into a form to staff as text', async () => {
    const enquiry = notices.find(({ kind }) => kind === 'enquiry') ?? confirmation
    const { html, text } = await parsed(rawFor(enquiry))
    expect(html).toContain('Rivi &lt;b&gt;1&lt;/b&gt;<br>\nRivi 2')
    expect(text).toContain('Viesti: Rivi <b>1</b>\nRivi 2')
  })
})
