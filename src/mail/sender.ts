import type { Config } from '../config.ts'
import type { MailingRow } from '../store/tables.ts'
import type { Sender } from './ready.ts'

/** Who a message comes from: the mailing's own sender where it names one, else the configured one. */
export function senderOf(config: Config, row?: Pick<MailingRow, 'sender'>): Sender {
  const own = row ? (JSON.parse(row.sender) as { from?: Sender['from']; replyTo?: string }) : {}
  const { name, logo } = config.brand
  return {
    from: own.from ?? config.mailFrom,
    ...(own.replyTo === undefined ? {} : { replyTo: { name: '', address: own.replyTo } }),
    company: config.company,
    brand: { name, color: config.brand.color, ...(logo === null ? {} : { logo: absolute(logo, config.publicUrl) }) },
    publicUrl: config.publicUrl,
  }
}

/** A picture of ours gets the address at which mail programs find it. */
function absolute(logo: string, publicUrl: string): string {
  return logo.startsWith('/') ? `${publicUrl}${logo}` : logo
}

/** Topic, mailing, kind and a stable sender: groups, never a person (Gmail's feedback loop, standards A8-6). */
export function feedbackId(row: Pick<MailingRow, 'id' | 'topic' | 'kind'>, config: Config): string {
  const sender = config.listDomain
    .replace(/[^a-z0-9]/gi, '')
    .slice(0, 15)
    .padEnd(5, '0')
  return `${row.topic}:${row.id}:${row.kind}:${sender}`
}
