import { simpleParser } from 'mailparser'
import PostalMime from 'postal-mime'
import { expect } from 'vitest'
import type { Composed, ReadyInput, Recipient } from '../../src/mail/compose.ts'
import { checkContent } from '../../src/mail/content.ts'
import type { Content, ContentInput } from '../../src/mail/content.ts'
import type { Message } from '../../src/mail/message.ts'
import type { Sender } from '../../src/mail/ready.ts'

/** Everything that some purpose allows to be merged. */
export const allFields = ['name', 'company', 'title', 'companyAddress', 'workPhone', 'workEmail']

export const sender: Sender = {
  from: { name: 'Käsityö Oy', address: 'uutiset@yritys.example' },
  company: { name: 'Käsityö Oy', businessId: '1234567-1', address: 'Esimerkkikatu 1, 00100 Helsinki' },
  brand: { name: 'Käsityö', color: '#0b6e4f' },
  publicUrl: 'https://posti.yritys.example',
}

export async function contentOf(input: Partial<ContentInput>, fields: readonly string[] = allFields): Promise<Content> {
  const check = await checkContent({ format: 'markdown', subject: 'Hinnasto', body: 'Hei!', ...input }, fields)
  if (!check.ok) throw new Error(JSON.stringify(check.errors))
  return check.content
}

export function readyInput(content: Content, over: Partial<ReadyInput> = {}): ReadyInput {
  return {
    mailingId: 'm01',
    class: 'marketing',
    topic: { id: 'price-list', listId: 'price-list.yritys.example', name: 'Hinnasto' },
    language: 'fi',
    sender,
    content,
    attachments: [],
    feedbackId: 'price-list:m01:price_list:yritysexample',
    helpUrl: 'https://posti.yritys.example/manage',
    ...over,
  }
}

export const recipient: Recipient = {
  deliveryId: 'd01',
  messageId: 'd01@yritys.example',
  envelopeFrom: 'b+d01@yritys.example',
  to: { name: 'Matti Meikäläinen', address: 'matti.meikalainen@asiakas.example' },
  date: Date.UTC(2026, 8, 1, 6, 0, 0),
  unsubscribeUrl: 'https://posti.yritys.example/u/v1.abcDEF-_~0123456789',
  source: null,
  values: { contact: { name: 'Matti Meikäläinen' }, company: { name: 'Asiakas Oy' } },
}

export function sent(composed: Composed): Message {
  if (!composed.ok) throw new Error(`not composed: ${composed.field}`)
  return composed.message
}

export function rawOf(message: Message): string {
  return Buffer.concat(message.segments).toString('latin1')
}

export type Parsed = {
  subject: string
  from: { name: string; address: string }
  to: { name: string; address: string }
  text: string
  html: string
  attachments: { name: string; mediaType: string; content: Buffer }[]
}

/** What two independent parsers make of a message; they must agree. */
export async function parsed(raw: string): Promise<Parsed> {
  const bytes = Buffer.from(raw, 'latin1')
  const ours = await byPostalMime(bytes)
  expect(await byMailparser(bytes)).toEqual(ours)
  return ours
}

async function byPostalMime(bytes: Buffer): Promise<Parsed> {
  const mail = await PostalMime.parse(bytes)
  return {
    subject: mail.subject ?? '',
    from: { name: mail.from?.name ?? '', address: mail.from?.address ?? '' },
    to: { name: mail.to?.[0]?.name ?? '', address: mail.to?.[0]?.address ?? '' },
    text: body(mail.text),
    html: body(mail.html),
    attachments: mail.attachments.map(({ filename, mimeType, content }) => ({
      name: filename ?? '',
      mediaType: mimeType,
      content: Buffer.from(content as ArrayBuffer),
    })),
  }
}

async function byMailparser(bytes: Buffer): Promise<Parsed> {
  const mail = await simpleParser(bytes, { skipTextToHtml: true, skipHtmlToText: true, skipImageLinks: true })
  const to = Array.isArray(mail.to) ? mail.to[0] : mail.to
  return {
    subject: mail.subject ?? '',
    from: { name: mail.from?.value[0]?.name ?? '', address: mail.from?.value[0]?.address ?? '' },
    to: { name: to?.value[0]?.name ?? '', address: to?.value[0]?.address ?? '' },
    text: body(mail.text),
    html: body(mail.html || ''),
    attachments: mail.attachments.map(({ filename, contentType, content }) => ({
      name: filename ?? '',
      mediaType: contentType,
      content,
    })),
  }
}

function body(text: string | undefined): string {
  return (text ?? '').replace(/\r\n/g, '\n').trimEnd()
}

/** Header fields as they stand, unfolded: a fold is a line end before a blank. */
export function headersOf(raw: string): { name: string; value: string }[] {
  const [head = ''] = raw.split('\r\n\r\n')
  return head
    .replace(/\r\n(?=[ \t])/g, '')
    .split('\r\n')
    .map((line) => ({ name: line.slice(0, line.indexOf(':')), value: line.slice(line.indexOf(':') + 1).trim() }))
}

export function header(raw: string, name: string): string[] {
  return headersOf(raw).flatMap((each) => (each.name.toLowerCase() === name.toLowerCase() ? [each.value] : []))
}

/** What every message on the wire is: ASCII, CRLF only, short lines, no line beginning with a dot. */
export function expectWireSafe(raw: string): void {
  expect(raw).toMatch(/^[\t\r\n -~]*$/)
  expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  expect(raw.endsWith('\r\n')).toBe(true)
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  expect(Math.max(...head.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998)
  const lines = rest.join('\r\n\r\n').split('\r\n')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(76)
  expect(raw.split('\r\n').filter((line) => line.startsWith('.'))).toEqual([])
}
