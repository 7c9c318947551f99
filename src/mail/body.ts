import { parameter } from './headers.ts'
import { base64Lines, boundary, quotedPrintable } from './mime.ts'
import type { Attachment } from './mime.ts'
import type { Part, Slot } from './parts.ts'

/** A body ready for the wire: shared bytes, and slots whose values are encoded when they are known. */
export type BodyPiece = Uint8Array | Slot

/** Header lines are Latin-1 by construction (ASCII even); this makes them bytes without looking twice. */
export function ascii(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

/**
 * MIME header fields and body: plain text first, then HTML, then attachments, in quoted-printable and base64.
 * @param seed makes the boundaries, the same for the same message
 * @param text @param html each ends with a line end
 */
export function multipart(
  seed: string,
  text: readonly Part[],
  html: readonly Part[],
  attachments: readonly Attachment[],
): BodyPiece[] {
  const both = boundary('alternative', seed)
  const alternative: Part[] = [
    `Content-Type: multipart/alternative;\r\n boundary="${both}"\r\n\r\n--${both}\r\n`,
    ...textPart('plain', text),
    `\r\n--${both}\r\n`,
    ...textPart('html', html),
    `\r\n--${both}--\r\n`,
  ]
  if (attachments.length === 0) return joined(alternative)
  const all = boundary('mixed', seed)
  const files = attachments.map((file) => `\r\n--${all}\r\n${filePart(file)}`)
  return joined([
    `Content-Type: multipart/mixed;\r\n boundary="${all}"\r\n\r\n--${all}\r\n`,
    ...alternative,
    ...files,
    `\r\n--${all}--\r\n`,
  ])
}

function textPart(subtype: 'plain' | 'html', parts: readonly Part[]): Part[] {
  const head = `Content-Type: text/${subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`
  return [head, ...parts.map((part) => (typeof part === 'string' ? quotedPrintable(part) : part))]
}

function filePart({ name, mediaType, base64 }: Attachment): string {
  if (!/^[a-z]+\/[a-z0-9.+-]+$/i.test(mediaType)) throw new Error(`"${mediaType}" is not a media type`)
  if (/[\p{Cc}\p{Cs}/\\]/u.test(name) || name === '') throw new Error('an attachment has no usable file name')
  return (
    `Content-Type: ${mediaType}\r\nContent-Transfer-Encoding: base64\r\n` +
    `Content-Disposition: attachment${parameter('filename', name)}\r\n\r\n${base64Lines(base64)}`
  )
}

function joined(parts: readonly Part[]): BodyPiece[] {
  const pieces: BodyPiece[] = []
  let text = ''
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    if (text !== '') pieces.push(ascii(text))
    text = ''
    pieces.push(part)
  }
  return text === '' ? pieces : [...pieces, ascii(text)]
}
