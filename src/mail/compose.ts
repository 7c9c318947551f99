import { ascii, multipart } from './body.ts'
import type { BodyPiece } from './body.ts'
import { badInHeader, dateField, isHttpUrl, isPlainAddress, isPlainToken, namedField, textField } from './headers.ts'
import type { Message } from './message.ts'
import { quotedPrintable } from './mime.ts'
import type { Attachment } from './mime.ts'
import { fill } from './parts.ts'
import type { MergeValues, Part, SlotValues } from './parts.ts'
import { assertSender, mailingParts } from './ready.ts'
import type { MailingInput, Sender } from './ready.ts'

export type ReadyInput = MailingInput & {
  mailingId: string
  attachments: readonly Attachment[]
  /** Feedback-ID for Gmail's feedback loop: up to three group names, then a sender id of 5 to 15 letters and digits. */
  feedbackId: string
  /** Where a recipient finds help about the list, http(s). */
  helpUrl: string
}

/** A mailing made ready once for one language. Its byte segments are shared by every message and never changed. */
export type Ready = {
  /** Header fields that are the same for all. */
  head: Uint8Array
  /** The subject, when it has merge tags. */
  subject: readonly Part[] | null
  body: readonly BodyPiece[]
  /** Fields that subject or body show. */
  fields: readonly { scope: keyof MergeValues; key: string }[]
}

export type Recipient = SlotValues & {
  deliveryId: string
  /** Without angle brackets. */
  messageId: string
  /** Bare address; empty for the null sender. */
  envelopeFrom: string
  to: { name?: string; address: string }
  /** Milliseconds. */
  date: number
}

/** A value that cannot be sent skips its recipient and nobody else (P21); `field` says which. */
export type Composed = { ok: true; message: Message } | { ok: false; field: string }

/**
 * Makes a mailing ready for one language: everything that is the same for all recipients is rendered, encoded and
 * kept as bytes.
 * @throws when the sender's configuration or an attachment cannot stand in a message
 */
export function makeReady(input: ReadyInput): Ready {
  const { subject, html, text } = mailingParts(input)
  const [only = ''] = subject
  const sameForAll = subject.length <= 1 && typeof only === 'string'
  return {
    head: ascii(listHead(input) + (sameForAll ? textField('Subject', only) : '')),
    subject: sameForAll ? null : subject,
    body: multipart(input.mailingId, text, html, input.attachments),
    fields: fieldsOf(input),
  }
}

/** Header fields of bulk mail: RFC 2369, RFC 2919, RFC 8058. No name and no comment comes from a recipient. */
function listHead({ sender, topic, helpUrl, feedbackId }: ReadyInput): string {
  assertSender(sender)
  if (!isHttpUrl(helpUrl)) throw new Error('the help link cannot stand in a header')
  if (!LIST_ID.test(topic.listId) || topic.listId.length > 255) throw new Error(`"${topic.listId}" is no List-Id`)
  if (!FEEDBACK_ID.test(feedbackId)) throw new Error(`"${feedbackId}" is no Feedback-ID`)
  return [
    senderFields(sender),
    namedField('List-Id', topic.name, topic.listId),
    `List-Help: <${helpUrl}>\r\n`,
    'List-Post: NO\r\n',
    'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n',
    `Feedback-ID: ${feedbackId}\r\n`,
  ].join('')
}

export function senderFields({ from, replyTo }: Sender): string {
  const reply = replyTo ? namedField('Reply-To', replyTo.name, replyTo.address) : ''
  return `MIME-Version: 1.0\r\n${namedField('From', from.name, from.address)}${reply}`
}

const LIST_ID = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$/
const FEEDBACK_ID = /^(?:[!-9;-~]*:){1,3}[A-Za-z0-9]{5,15}$/

function fieldsOf({ content }: ReadyInput): Ready['fields'] {
  const code = [content.subject, content.html, content.text].join(' ')
  const paths = new Set(code.match(/\b(?:contact|company)\.\w+/g))
  return [...paths].map((path) => {
    const [scope, key = ''] = path.split('.')
    return { scope: scope === 'contact' ? 'contact' : 'company', key }
  })
}

/** Fills the slots of a ready mailing for one recipient. Cost is that of the slots: nothing else is touched. */
export function compose(ready: Ready, recipient: Recipient): Composed {
  const { to, deliveryId, envelopeFrom, unsubscribeUrl } = recipient
  const subject = ready.subject === null ? null : fill(ready.subject, recipient)
  const field = badValue(ready, recipient) ?? (subject !== null && badSubject(subject) ? 'subject' : null)
  if (field !== null) return { ok: false, field }
  const head =
    namedField('To', to.name ?? '', to.address) +
    (subject === null ? '' : textField('Subject', subject)) +
    dateField(recipient.date) +
    `Message-ID: <${recipient.messageId}>\r\n` +
    `List-Unsubscribe: <${unsubscribeUrl}>\r\n`
  const segments = [ready.head, ascii(head)]
  for (const piece of ready.body) {
    if (typeof piece !== 'function') segments.push(piece)
    else {
      const encoded = quotedPrintable(piece(recipient))
      if (encoded !== '') segments.push(ascii(encoded))
    }
  }
  return { ok: true, message: { id: deliveryId, from: envelopeFrom, to: to.address, segments } }
}

/** The first value that cannot stand in a message, by name. Nothing is stripped: a changed value is a wrong value. */
function badValue(
  { fields }: Ready,
  { to, messageId, envelopeFrom, unsubscribeUrl, surveyUrl, source, values }: Recipient,
) {
  if (!isPlainAddress(to.address)) return 'address'
  if (to.name !== undefined && badInHeader(to.name)) return 'name'
  if (!isPlainToken(messageId)) return 'messageId'
  if (envelopeFrom !== '' && !isPlainAddress(envelopeFrom)) return 'envelopeFrom'
  if (!isHttpUrl(unsubscribeUrl)) return 'unsubscribeUrl'
  if (surveyUrl !== undefined && !isHttpUrl(surveyUrl)) return 'surveyUrl'
  if (source !== null && badInBody(source)) return 'source'
  for (const { scope, key } of fields) {
    const value = values[scope][key]
    if (value !== undefined && badInBody(value)) return `${scope}.${key}`
  }
  return null
}

function badInBody(value: string): boolean {
  return /[\p{Cs}\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u.test(value)
}

function badSubject(subject: string): boolean {
  return badInHeader(subject) || subject.trim() === ''
}

/** What a message would look like to someone with these values: decoded, for preview and for "view in browser". */
export function renderPreview(
  input: MailingInput,
  sample: SlotValues,
): { subject: string; html: string; text: string } {
  const { subject, html, text } = mailingParts(input)
  return { subject: fill(subject, sample), html: fill(html, sample), text: fill(text, sample) }
}
