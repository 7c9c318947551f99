/**
 * What compose hands to the transport, and what the transport answers.
 * Types only: the two sides meet here and nowhere else.
 */

/** One message to one recipient, ready for the wire. */
export type Message = {
  /** Delivery id; the Message-ID header is derived from it. */
  id: string
  /** Envelope sender, bare address, ASCII. Empty string = null sender. */
  from: string
  /** Envelope recipient, bare address. Its domain is an A-label; the local part is ASCII. */
  to: string
  /**
   * The RFC 5322 message as consecutive byte segments. CRLF line ends only, 7-bit, ends with CRLF, and no line begins
   * with a dot (compose writes "=2E"), so a writer may put the segments on the wire as they are. Segments that are the
   * same object in many messages (static text, attachments) are shared and must not be changed.
   */
  segments: readonly Uint8Array[]
}

/** Where in the SMTP dialogue an outcome was decided; `outbox` for the embedded outbox. */
export type Stage = 'connect' | 'greeting' | 'ehlo' | 'starttls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'dot' | 'outbox'

/**
 * What became of one hand-over. Never thrown: an expected outcome is a value.
 * - accepted: the peer took responsibility (250 after the final dot)
 * - refused: the peer answered 4xx or 5xx, or the connection failed before the message could have been taken;
 *   rules/failures.ts decides what that means for recipient and mailing
 * - uncertain: the final dot was (or may have been) written and no answer came
 * - withheld: `ready()` said no, so no SMTP transaction to that address began
 */
export type Receipt =
  | { outcome: 'accepted'; reply: string }
  | {
      outcome: 'refused'
      stage: Stage
      /** SMTP reply code, or null when there was none (connection refused, time-out, garbage). */
      code: number | null
      /** RFC 3463 status such as "5.1.1", or null. */
      status: string | null
      /** Reply text, at most 500 characters, control characters removed, addresses replaced by "<address>". */
      reply: string
    }
  | { outcome: 'uncertain'; stage: Stage; reply: string }
  | { outcome: 'withheld' }

export type Transport = {
  /** `outbox`, `smtp`. For logs and for /readyz. */
  name: string
  /** How many messages may usefully be in flight at once. */
  capacity: number
  /**
   * Hands one message over. Messages are written in the order of the calls as far as connections allow.
   * @param ready asked synchronously in the very moment before the first byte of the transaction (MAIL FROM, or the
   *   outbox file) is written; `false` = leave it, answer `withheld`.
   * @returns the outcome; never rejects for anything that the peer or the network did.
   */
  send(message: Message, ready: () => boolean): Promise<Receipt>
  /** Lets what is in flight finish (at most `graceMs`), then closes connections. */
  close(graceMs?: number): Promise<void>
}
