import { Buffer } from 'node:buffer'
import type { Receipt, Stage } from '../message.ts'

/** One complete reply (RFC 5321 §4.2); its lines are joined by spaces, one character a byte. */
export type Reply = { code: number; text: string }

export type Refused = Extract<Receipt, { outcome: 'refused' }>

const MAX_LINE = 4096
const MAX_LINES = 100
const MAX_PENDING = 65_536

// The text is optional (RFC 5321 §4.2, Reply-line); a NUL is never text.
const replyLine = /^([2-5]\d\d)(?:([ -])([^\0]*))?$/

/**
 * Reads replies out of what a peer sends, whatever the cuts between chunks. Bounded: a line of more than 4 KiB, a reply
 * of more than 100 lines, more than 64 KiB without the end of a reply, or a line that is no reply is `garbage`, and the
 * connection has to go. Replies that stood before the garbage are still handed out first.
 */
export function makeReplyReader() {
  let pending = ''
  let lines: string[] = []
  let bytes = 0
  let code = ''

  return {
    push(chunk: Uint8Array) {
      pending += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1')
    },

    /** Something came that was not handed out yet. */
    unread() {
      return pending !== '' || lines.length > 0
    },

    /** The next complete reply; null when more has to come first. */
    next(): Reply | 'garbage' | null {
      for (;;) {
        const end = pending.indexOf('\n')
        if (end === -1) return pending.length > MAX_LINE ? 'garbage' : null
        const line = pending.slice(0, pending[end - 1] === '\r' ? end - 1 : end)
        pending = pending.slice(end + 1)
        bytes += line.length
        if (line.length > MAX_LINE || lines.length >= MAX_LINES || bytes > MAX_PENDING) return 'garbage'
        const [, digits = '', mark, text = ''] = replyLine.exec(line) ?? []
        if (digits === '' || (lines.length > 0 && digits !== code)) return 'garbage'
        lines.push(text)
        code = digits
        if (mark === '-') continue
        const reply = { code: Number(digits), text: lines.length === 1 ? text : lines.join(' ') }
        lines = []
        bytes = 0
        return reply
      }
    },
  }
}

/** 2xx */
export function isGood(reply: Reply) {
  return reply.code < 300
}

/** 4xx or 5xx */
export function isBad(reply: Reply) {
  return reply.code >= 400
}

/** What a 4xx or 5xx says, as a receipt. */
export function refusal(stage: Stage, reply: Reply): Refused {
  return { outcome: 'refused', stage, code: reply.code, status: statusOf(reply.text), reply: cleanReply(reply.text) }
}

/**
 * A refusal without an answer from the peer: a cut, a time-out, garbage, or our own verdict on the message.
 * @param status RFC 3463 status of our own verdict; null says that nothing was learned and a later attempt may do better
 */
export function refusedByUs(stage: Stage, status: string | null, why: string): Refused {
  return { outcome: 'refused', stage, code: null, status, reply: cleanReply(why) }
}

/** RFC 3463 status at the front of a reply's text (RFC 2034), or null. */
function statusOf(text: string): string | null {
  return /^[245]\.\d{1,3}\.\d{1,3}(?=\s|$)/.exec(text)?.[0] ?? null
}

const harmless = /^[\x20-\x24\x26-\x3f\x41-\x7e]{0,500}$/

/**
 * A peer's words, fit for a log line and a database row (P23): no control or format characters, at most 500 of them,
 * every word with something like an address in it replaced. Whole words go, since a peer that writes
 * `sender=matti=yritys.example@…` would otherwise leave half an address behind.
 */
export function cleanReply(text: string): string {
  if (harmless.test(text)) return text.trim()
  const decoded = Buffer.from(text.slice(0, MAX_LINE), 'latin1').toString('utf8')
  return decoded
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .split(/\s+/)
    .map((word) => (/[@＠﹫]|%40/i.test(word) ? '<address>' : word))
    .join(' ')
    .slice(0, 500)
}
