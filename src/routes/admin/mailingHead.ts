import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { mailingState } from '../../rules/mailing.ts'
import { mailingById, timesOf } from '../../store/mailings.ts'
import type { MailingRow } from '../../store/tables.ts'
import type { MailingHead } from '../../templates/pages/admin/mailingPage.tsx'
import { currentUser, type Signed } from './page.tsx'

/** What every screen of one mailing says of it. */
export function headOf({ config }: Pick<Deps, 'config'>, row: MailingRow): MailingHead {
  const { state, reason } = mailingState(timesOf(row))
  return {
    id: row.id,
    subject: row.subject,
    kind: row.kind,
    state,
    reason,
    scheduledAt: row.due_at,
    timeZone: row.time_zone ?? config.timeZone,
  }
}

/** The mailing that the address names. */
export function namedMailing({ store }: Pick<Deps, 'store'>, c: Context): Promise<MailingRow | null> {
  return mailingById(store, c.req.param('id') ?? '')
}

/** Who acts, as the ledger and `created_by` name them. */
export function actorOf(c: Context<Signed>): string {
  return `user:${currentUser(c)}`
}

/** Where a page goes after a change, saying what was done. */
export function after(c: Context, path: string, done: string) {
  return c.redirect(`/admin/mailings${path}${path.includes('?') ? '&' : '?'}done=${done}`, 303)
}
