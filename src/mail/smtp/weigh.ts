import type { Message } from '../message.ts'
import { refusedByUs } from './reply.ts'
import type { Refused } from './reply.ts'

// Printable ASCII without space and angle brackets: nothing in it can end the path or the command (RFC 5321 §4.1.2).
const path = /^[\x21-\x3b\x3d\x3f-\x7e]{3,254}$/

const CR = 13
const LF = 10
const DOT = 46

/** Long segments that were read once and found sound: static text and attachments are shared by thousands of messages. */
const sound = new WeakSet<Uint8Array>()

/**
 * The last look at a message before it queues for the wire.
 *
 * The envelope may hold nothing that could end a command. The bytes must be what src/mail/message.ts promises: 7-bit,
 * CRLF only, no line that begins with a dot. A message that breaks this could smuggle a second one past the final dot,
 * so it is refused here and harms nobody else.
 *
 * @returns the size in bytes, or the refusal
 */
export function weigh(message: Message): number | Refused {
  if (/[^\0-\x7f]/.test(message.to)) return refusedByUs('rcpt', '5.6.7', 'the local part needs SMTPUTF8')
  if (!path.test(message.to)) return refusedByUs('rcpt', '5.1.3', 'the recipient does not fit into an envelope')
  if (message.from !== '' && !path.test(message.from))
    return refusedByUs('mail', '5.1.7', 'the sender does not fit into an envelope')
  let size = 0
  let last = LF
  for (const segment of message.segments) {
    const first = segment[0]
    if (first === undefined) continue
    if (!mayFollow(last, first) || !isSound(segment)) return broken
    last = segment[segment.length - 1] ?? LF
    size += segment.length
  }
  return size > 0 && last === LF ? size : broken
}

const broken = refusedByUs('data', '5.6.0', 'the message is not 7-bit text with CRLF line ends and safe dots')

function isSound(segment: Uint8Array): boolean {
  if (sound.has(segment)) return true
  let last = segment[0] ?? 0
  if (last === 0 || last > 127) return false
  for (let at = 1; at < segment.length; at++) {
    const byte = segment[at] ?? 0
    if (byte === 0 || byte > 127 || !mayFollow(last, byte)) return false
    last = byte
  }
  if (segment.length >= 512) sound.add(segment)
  return true
}

function mayFollow(last: number, byte: number): boolean {
  return (last === CR) === (byte === LF) && !(last === LF && byte === DOT)
}
