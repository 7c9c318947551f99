import { letterPage } from '../templates/mail/letter.ts'
import { letterOf } from '../templates/mail/notices.ts'
import type { ServiceNotice } from '../templates/mail/notices.ts'
import type { Language } from '../templates/mail/words.ts'
import { ascii, multipart } from './body.ts'
import { senderFields } from './compose.ts'
import type { Composed } from './compose.ts'
import { badInHeader, dateField, isPlainAddress, isPlainToken, namedField, textField } from './headers.ts'
import { assertSender } from './ready.ts'
import type { Sender } from './ready.ts'

export type ServiceInput = {
  notice: ServiceNotice
  language: Language
  sender: Sender
  deliveryId: string
  /** Without angle brackets. */
  messageId: string
  /** Bare address; empty for the null sender. */
  envelopeFrom: string
  /** Bare address. A name would be something that a visitor may have typed, so there is none (threats T01). */
  to: string
  /** Milliseconds. */
  date: number
}

/**
 * A single message of the service itself: confirmations, links, receipts, alerts. It says that a machine wrote it
 * (RFC 3834 section 5) and carries no list headers: there is no list to leave (RFC 8058 is for lists).
 * @returns the message, or the name of the value that cannot be sent
 */
export function composeService(input: ServiceInput): Composed {
  const { notice, language, sender, deliveryId, messageId, envelopeFrom, to, date } = input
  assertSender(sender)
  const letter = letterOf(notice, language, sender.company.name)
  if (!isPlainAddress(to)) return { ok: false, field: 'address' }
  if (!isPlainToken(messageId)) return { ok: false, field: 'messageId' }
  if (envelopeFrom !== '' && !isPlainAddress(envelopeFrom)) return { ok: false, field: 'envelopeFrom' }
  if (badInHeader(letter.subject)) return { ok: false, field: 'subject' }
  const page = letterPage(letter, { ...sender, language })
  const head =
    senderFields(sender) +
    namedField('To', '', to) +
    textField('Subject', letter.subject) +
    dateField(date) +
    `Message-ID: <${messageId}>\r\nAuto-Submitted: auto-generated\r\n`
  const body = multipart(deliveryId, [page.text], [page.html], [])
  const segments = [ascii(head), ...body.filter((piece) => typeof piece !== 'function')]
  return { ok: true, message: { id: deliveryId, from: envelopeFrom, to, segments } }
}
