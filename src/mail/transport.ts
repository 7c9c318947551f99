import { parseMailUrl } from './mailUrl.ts'
import type { Transport } from './message.ts'
import { makeOutboxTransport } from './outboxTransport.ts'
import { usualTimeouts } from './smtp/open.ts'
import type { OpenOptions, Timeouts } from './smtp/open.ts'
import { makeSmtpTransport } from './smtp/pool.ts'

export type TransportOptions = {
  /** Milliseconds UTC; sorts the outbox's files. */
  now: () => number
  /** Writes one file of the outbox, whole or not at all. Needed with `outbox:`; only entry files touch the file system. */
  writeFile?: (name: string, bytes: Uint8Array) => Promise<void>
  /** The host name said in EHLO. */
  clientName: string
  /** Milliseconds; what is left out stays as usual. */
  timeouts?: Partial<Timeouts>
  /** Extra trust for a private relay's certificate. */
  tls?: OpenOptions['tls']
}

/**
 * Chooses the way out by the scheme of MAIL_URL.
 * @throws Error that names the mend when the URL is wrong, or when `outbox:` comes without `writeFile`
 */
export function makeTransport(mailUrl: string, options: TransportOptions): Transport {
  const way = parseMailUrl(mailUrl)
  if (way.scheme === 'smtp') {
    const { clientName, timeouts, tls = {} } = options
    return makeSmtpTransport(way.relay, { clientName, tls, timeouts: { ...usualTimeouts, ...timeouts } })
  }
  if (!options.writeFile) throw new Error('MAIL_URL: outbox: needs a file system; use smtp:// or smtps:// here')
  return makeOutboxTransport(options.now, options.writeFile)
}
