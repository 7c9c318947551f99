import { simpleParser } from 'mailparser'
import PostalMime from 'postal-mime'
import { expect } from 'vitest'
import type { SinkMessage } from './smtpPeers.ts'

/** A whole Postilupa that runs somewhere, seen from outside. */
export type Installation = {
  /** Where it answers, without a slash at the end; its links begin with PUBLIC_URL, which may be another. */
  url: string
  apiKey: string
  /** The SMTP server that its mail goes through. */
  sink: { messages: readonly SinkMessage[] }
  /** Lets its clock come round once, where nothing else does that in a test. */
  tick(): Promise<void>
}

/** The environment of every installation that makes the journey, besides DATABASE_URL and MAIL_URL. */
export const company = {
  PUBLIC_URL: 'https://lista.yritys.example',
  MAIL_FROM: 'Yritys Oy <uutiskirje@yritys.example>',
  COMPANY_NAME: 'Yritys Oy',
  COMPANY_BUSINESS_ID: '1234567-1',
  COMPANY_ADDRESS: 'Esimerkkikatu 1, 00100 Helsinki',
  ALLOW_RESERVED_DOMAINS: '1',
  SECRETS: 'a secret of the journey with more than 32 characters',
  ADMIN_API_KEY: 'the-key-of-the-journey-has-more-than-32-characters',
}

const matti = 'matti.meikalainen@asiakas.example'
const liisa = 'liisa.virtanen@asiakas.example'
const banned = 'pekka.kielto@kielletty.example'

const pdf = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
)

/**
 * From the sign-up form to the last word of those who left: the same steps on every engine and runtime. Mail goes through a
 * real SMTP server and is read by two parsers that know nothing of each other.
 */
export async function journey(at: Installation) {
  expect((await fetch(`${at.url}/readyz`)).status).toBe(200)

  await signUp(at, matti)
  const confirmation = await theMail(at, matti, 1)
  const link = linkIn(confirmation.text, '/c/')
  await confirm(at, link)

  await call(at, 'POST', '/bans', { kind: 'email', value: banned, reason: 'asked by phone' }, 201)
  await addContact(at, liisa, 'Liisa Virtanen')
  await addContact(at, banned, 'Pekka Kielto')

  const first = await call<{ id: string }>(at, 'POST', '/mailings', mailing, 201)
  await attach(at, first.id)
  expect(await send(at, first.id)).toEqual({ counts: counts({ sent: 2, skipped: 1 }), skippedBy: { banned: 1 } })
  checkMailing(await theMail(at, matti, 2), matti, 'Matti')
  checkMailing(await theMail(at, liisa, 1), liisa, 'Liisa Virtanen')

  await oneClick(at, await theMail(at, matti, 2))
  // What the person said stands, whatever the company records afterwards (P09).
  await addContact(at, matti, 'Matti Meikäläinen')
  await addContact(at, banned, 'Pekka Kielto')
  const second = await call<{ id: string }>(at, 'POST', `/mailings/${first.id}/copy`, undefined, 201)
  await call(at, 'PATCH', `/mailings/${second.id}`, { content: inMjml })
  expect(await send(at, second.id)).toEqual({
    counts: counts({ sent: 1, skipped: 2 }),
    skippedBy: { banned: 1, banned_topic: 1 },
  })
  checkMailing(await theMail(at, liisa, 2), liisa, 'Liisa Virtanen')

  expect(await call(at, 'GET', `/bans/check?kind=email&value=${banned}`)).toMatchObject({ banned: true })
  expect(at.sink.messages.map(({ to }) => to).toSorted()).toEqual([liisa, liisa, matti, matti])
}

const mailing = {
  kind: 'newsletter',
  topic: 'newsletter',
  subject: 'Kevään uutuudet – hyvää vappua',
  content: {
    format: 'markdown',
    body: '# Hei {{ contact.name | default: "asiakas" }}\n\nUusi **hinnasto** on liitteenä. Lue lisää [sivuilta](https://yritys.example/uutta).\n',
  },
}

const inMjml = {
  format: 'mjml',
  body: `<mjml><mj-body><mj-section><mj-column><mj-text>
    Hei {{ contact.name | default: "asiakas" }}, lue <a href="https://yritys.example/uutta">sivuilta</a> lisää.
  </mj-text></mj-column></mj-section></mj-body></mjml>`,
}

async function signUp(at: Installation, email: string) {
  const fields = { email, name: 'Matti', company: 'Asiakas Oy', topics: 'newsletter', language: 'fi' }
  const shown = await fetch(`${at.url}/f/newsletter?lang=fi`)
  expect(shown.status).toBe(200)
  expect(await shown.text()).toContain('name="email"')
  const sent = await fetch(`${at.url}/f/newsletter`, { method: 'POST', body: new URLSearchParams(fields) })
  expect(sent.status).toBe(200)
}

/** Looking at the link changes nothing, however often a scanner does it; the person's POST does (P11). */
async function confirm(at: Installation, link: string) {
  const contacts = async () => (await call<{ items: object[] }>(at, 'GET', `/contacts?email=${matti}`)).items
  for (const method of ['GET', 'HEAD', 'GET']) expect((await fetch(at.url + link, { method })).status).toBe(200)
  expect(await contacts()).toEqual([])
  expect((await fetch(at.url + link, { method: 'POST' })).status).toBe(200)
  expect(await contacts()).toMatchObject([{ email: matti, name: 'Matti', language: 'fi' }])
}

function addContact(at: Installation, email: string, name: string) {
  const permissions = [{ topic: 'newsletter', rule: 'consent', evidence: 'told our sales at the fair, 12 May' }]
  return call(at, 'POST', '/contacts', { email, name, language: 'fi', source: 'fair', permissions }, 200, 201)
}

async function attach(at: Installation, id: string) {
  const body = new FormData()
  body.set('file', new File([pdf], 'hinnasto-äö.pdf', { type: 'application/pdf' }))
  const answer = await fetch(`${at.url}/api/v1/mailings/${id}/attachments`, {
    method: 'POST',
    body,
    headers: authorization(at),
  })
  expect({ status: answer.status, body: await answer.json() }).toMatchObject({
    status: 201,
    body: { size: pdf.length },
  })
}

type Sent = { state: string; reason?: string; counts: Record<string, number>; skippedBy: Record<string, number> }

/** Schedules for now and waits until the mailing is finished. */
async function send(at: Installation, id: string) {
  await call(at, 'POST', `/mailings/${id}/schedule`, { at: 'now' }, 200)
  await at.tick()
  const shown = await until(`the mailing ${id} to be finished`, async () => {
    const now = await call<Sent>(at, 'GET', `/mailings/${id}`)
    if (now.state !== 'scheduled' && now.state !== 'sending') expect(now).toMatchObject({ state: 'finished' })
    return now.state === 'finished' ? now : null
  })
  return { counts: shown.counts, skippedBy: shown.skippedBy }
}

function counts(some: { sent: number; skipped: number }) {
  const none = { queued: 0, sending: 0, failed: 0, uncertain: 0, bounced: 0 }
  return { ...none, ...some, proposed: some.sent + some.skipped }
}

/** What interface.md section 4 says of a sent mailing. */
function checkMailing(mail: Mail, to: string, name: string) {
  expect(mail).toMatchObject({ to, from: 'uutiskirje@yritys.example', subject: mailing.subject })
  for (const part of [mail.text, mail.html]) {
    expect(part).toContain(`Hei ${name}`)
    for (const identity of [company.COMPANY_NAME, company.COMPANY_BUSINESS_ID, company.COMPANY_ADDRESS])
      expect(part).toContain(identity)
    expect(part).toContain(`${company.PUBLIC_URL}/u/`)
  }
  expect(mail.files).toEqual([{ name: 'hinnasto-äö.pdf', type: 'application/pdf', content: pdf }])
  expect(mail.header['list-unsubscribe']).toMatch(/^<https:\/\/lista\.yritys\.example\/u\/[\w.~-]+>$/)
  expect(mail.header['list-unsubscribe-post']).toBe('List-Unsubscribe=One-Click')
  expect(mail.header['list-id']).toContain('<newsletter.yritys.example>')
  expect(mail.header['message-id']).toMatch(/^<.+@yritys\.example>$/)
  expect(mail.header).not.toHaveProperty('auto-submitted')
  expect(Object.keys(mail.header)).toEqual(expect.arrayContaining(['date', 'list-help', 'feedback-id']))
}

/** RFC 8058: nothing but the POST, and an answer that is no redirect. */
async function oneClick(at: Installation, mail: Mail) {
  const url = new URL(mail.header['list-unsubscribe']?.slice(1, -1) ?? '')
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
  expect((await fetch(at.url + url.pathname, { method: 'POST', body, redirect: 'manual' })).status).toBe(200)
}

/** A request to the API that must be answered with one of these statuses. */
async function call<T = unknown>(
  at: Installation,
  method: string,
  path: string,
  body?: object,
  ...statuses: number[]
): Promise<T> {
  const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }
  const answer = await fetch(`${at.url}/api/v1${path}`, {
    method,
    ...json,
    headers: { ...json.headers, ...authorization(at) },
  })
  const read: unknown = await answer.json()
  expect(statuses.length > 0 ? statuses : [200], JSON.stringify(read)).toContain(answer.status)
  return read as T
}

function authorization({ apiKey }: Installation) {
  return { Authorization: `Bearer ${apiKey}` }
}

export type Mail = {
  from: string
  to: string
  subject: string
  text: string
  html: string
  files: { name: string; type: string; content: Buffer }[]
  /** Names in lower case; each name occurs once. */
  header: Record<string, string>
}

/** The nth message that reached this recipient, once it is there. */
async function theMail(at: Installation, to: string, nth: number): Promise<Mail> {
  const message = await until(
    `message ${nth} to ${to}`,
    async () => at.sink.messages.filter((one) => one.to === to)[nth - 1],
  )
  return read(message.raw)
}

/** Reads a message with two independent parsers, which must agree. */
async function read(raw: Buffer): Promise<Mail> {
  const [one, other] = await Promise.all([
    PostalMime.parse(raw, { attachmentEncoding: 'arraybuffer' }),
    simpleParser(raw),
  ])
  const names = one.headers.map(({ key }) => key)
  expect(names).toEqual([...new Set(names)])
  const mail: Mail = {
    from: one.from?.address ?? '',
    to: one.to?.map(({ address }) => address).join() ?? '',
    subject: one.subject ?? '',
    text: plain(one.text),
    html: plain(one.html),
    files: one.attachments.map((file) => ({
      name: file.filename ?? '',
      type: file.mimeType,
      content: Buffer.from(file.content as ArrayBuffer),
    })),
    header: Object.fromEntries(one.headers.map(({ key, value }) => [key, value])),
  }
  expect({
    from: other.from?.value.map(({ address }) => address).join(),
    to: [other.to]
      .flat()
      .map((to) => to?.value.map(({ address }) => address).join())
      .join(),
    subject: other.subject,
    text: plain(other.text),
    html: plain(other.html || ''),
    files: other.attachments.map((file) => ({ name: file.filename, type: file.contentType, content: file.content })),
  }).toEqual({
    from: mail.from,
    to: mail.to,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    files: mail.files,
  })
  return mail
}

function plain(text = '') {
  return text.replaceAll('\r\n', '\n').trim()
}

function linkIn(text: string, path: string): string {
  const link = text.split(/\s/).find((word) => word.startsWith(company.PUBLIC_URL + path))
  expect(link, text).toBeDefined()
  return link?.slice(company.PUBLIC_URL.length) ?? ''
}

/** Looks again until there is something, for a minute at most. */
export async function until<T>(what: string, look: () => Promise<T | null | undefined>): Promise<T> {
  for (let tries = 0; tries < 600; tries++) {
    const seen = await look()
    if (seen != null) return seen
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`waited in vain for ${what}`)
}
