import { Hono } from 'hono'
import type { Deps } from '../../deps.ts'
import { mailingState } from '../../rules/mailing.ts'
import { countsOf } from '../../store/mailingCounts.ts'
import { listMailings, mailingById, timesOf } from '../../store/mailings.ts'
import type { MailingRow } from '../../store/tables.ts'
import { MailingsList, MailingView, type Counts, type MailingSummary } from '../../templates/pages/adminMailings.tsx'
import { fail } from '../errors.tsx'
import { adminPage, adminProps } from './page.tsx'

const PER_PAGE = 25

/** The mailings with their live counts, newest first. */
export function mailingScreens(deps: Deps): Hono {
  const app = new Hono()

  app.get('/', async (c) => {
    const rows = await listMailings(deps.store, PER_PAGE + 1, c.req.query('before'))
    const shown = rows.slice(0, PER_PAGE)
    const counts = await countsOf(
      deps.store,
      shown.map((row) => row.id),
    )
    const mailings = shown.map((row) => summary(deps, row, counts.get(row.id)?.counts))
    const last = shown.at(-1)
    const moreHref = rows.length > PER_PAGE && last ? `/admin/mailings?before=${last.id}` : undefined
    return adminPage(c, deps, <MailingsList {...adminProps(c, deps)} mailings={mailings} moreHref={moreHref} />)
  })

  app.get('/:id', async (c) => {
    const row = await mailingById(deps.store, c.req.param('id'))
    if (!row) return fail(c, deps, 404)
    const counted = (await countsOf(deps.store, [row.id])).get(row.id)
    const view = summary(deps, row, counted?.counts)
    return adminPage(
      c,
      deps,
      <MailingView {...adminProps(c, deps)} mailing={view} skippedBy={counted?.skippedBy ?? {}} />,
    )
  })

  return app
}

const none = { proposed: 0, queued: 0, sending: 0, sent: 0, skipped: 0, failed: 0, uncertain: 0, bounced: 0 }

function summary({ config }: Deps, row: MailingRow, counts: Counts = none): MailingSummary {
  const { state, reason } = mailingState(timesOf(row))
  return {
    id: row.id,
    href: `/admin/mailings/${row.id}`,
    subject: row.subject,
    kind: row.kind,
    state,
    reason,
    scheduledAt: row.due_at,
    timeZone: row.time_zone ?? config.timeZone,
    counts,
  }
}
