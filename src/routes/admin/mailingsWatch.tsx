import { Hono, type Context } from 'hono'
import { acceptUncertain, cancel, pause, resendUncertain, resume, type VerbResult } from '../../actions/mailingVerbs.ts'
import type { Deps } from '../../deps.ts'
import { mailingState, mayBecome } from '../../rules/mailing.ts'
import { listDeliveries } from '../../store/deliveryList.ts'
import { addressesOf } from '../../store/mailingChoices.ts'
import { countsOf, type MailingCounts as Counted } from '../../store/mailingCounts.ts'
import { timesOf } from '../../store/mailings.ts'
import type { DeliveryState, MailingRow } from '../../store/tables.ts'
import { MailingRecipients } from '../../templates/pages/admin/mailingRecipients.tsx'
import { MailingCounts, type Watched } from '../../templates/pages/admin/mailingCounts.tsx'
import { MailingCancel, MailingWatch } from '../../templates/pages/admin/mailingWatch.tsx'
import { fail } from '../errors.tsx'
import { actorOf, after, headOf, namedMailing } from './mailingHead.ts'
import { adminLanguage, adminPage, adminProps, fragment, type Signed } from './page.tsx'

const PER_PAGE = 50
const deliveryStates: readonly DeliveryState[] = ['queued', 'sending', 'sent', 'skipped', 'failed', 'uncertain']

/** A scheduled mailing: live counts, what can be done, the report, and what became of each recipient. */
export function mailingWatchScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()

  app.get('/:id', async (c) => {
    const row = await namedMailing(deps, c)
    if (!row) return fail(c, deps, 404)
    const done = c.req.query('done')
    if (row.scheduled_at === null)
      return c.redirect(
        `/admin/mailings/${row.id}/edit${done === undefined ? '' : `?done=${encodeURIComponent(done)}`}`,
      )
    const times = {
      createdAt: row.created_at,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      notAfter: row.not_after,
    }
    const props = { ...adminProps(c, deps), ...(await watched(row)), times, done }
    return adminPage(c, deps, <MailingWatch {...props} timeZone={deps.config.timeZone} />)
  })

  // Fetched again by the page while it is open; another state than it shows makes it load itself anew, buttons and all.
  app.get('/:id/live', async (c) => {
    const row = await namedMailing(deps, c)
    if (!row) return fail(c, deps, 404)
    const view = await watched(row)
    if (view.mailing.state !== c.req.query('seen')) c.header('HX-Refresh', 'true')
    return fragment(c, deps, <MailingCounts lang={adminLanguage(c)} {...view} />)
  })

  app.get('/:id/recipients', async (c) => {
    const row = await namedMailing(deps, c)
    if (!row) return fail(c, deps, 404)
    const state = deliveryStates.find((one) => one === c.req.query('state')) ?? null
    const behind = c.req.query('after') ?? ''
    const rows = await listDeliveries(deps.store, row.id, state, behind, PER_PAGE + 1)
    const shown = rows.slice(0, PER_PAGE)
    const ids = shown.flatMap(({ contact_id }) => (contact_id === null ? [] : [contact_id]))
    const addresses = await addressesOf(deps.store, ids)
    const here = `/admin/mailings/${row.id}/recipients`
    const href = (query: Record<string, string>) =>
      `${here}?${new URLSearchParams({ ...(state === null ? {} : { state }), ...query }).toString()}`
    return adminPage(
      c,
      deps,
      <MailingRecipients
        {...adminProps(c, deps)}
        mailing={headOf(deps, row)}
        state={state}
        timeZone={deps.config.timeZone}
        deliveries={shown.map((one) => ({
          contactId: one.contact_id,
          address: addresses.get(one.contact_id ?? '') ?? null,
          state: one.state,
          reason: one.reason,
          allowedBy: one.allowed_by,
          reply: one.reply,
          sentAt: one.sent_at,
          bouncedAt: one.bounced_at,
        }))}
        moreHref={rows.length > PER_PAGE ? href({ after: shown.at(-1)?.id ?? '' }) : undefined}
        firstHref={behind === '' ? undefined : href({})}
      />,
    )
  })

  app.get('/:id/cancel', async (c) => {
    const row = await namedMailing(deps, c)
    if (!row) return fail(c, deps, 404)
    if (!mayBecome(mailingState(timesOf(row)), 'cancel').ok) return c.redirect(`/admin/mailings/${row.id}`)
    return adminPage(c, deps, <MailingCancel {...adminProps(c, deps)} {...await watched(row)} />)
  })

  app.post('/:id/pause', async (c) => {
    const { note } = await c.req.parseBody()
    return answer(c, 'paused', await pause(deps, id(c), actorOf(c), typeof note === 'string' ? note : ''))
  })
  app.post('/:id/resume', async (c) => answer(c, 'resumed', await resume(deps, id(c), actorOf(c))))
  app.post('/:id/cancel', async (c) => answer(c, 'cancelled', await cancel(deps, id(c), actorOf(c))))
  app.post('/:id/resend-uncertain', async (c) => answer(c, 'resent', await resendUncertain(deps, id(c), actorOf(c))))
  app.post('/:id/accept-uncertain', async (c) => answer(c, 'accepted', await acceptUncertain(deps, id(c), actorOf(c))))

  /** A button that came too late (pressed twice, by two people) changes nothing and shows how things are now. */
  function answer(c: Context<Signed>, done: string, result: VerbResult) {
    if (!result.ok && result.status === 404) return fail(c, deps, 404)
    return after(c, `/${id(c)}`, result.ok ? done : 'moved')
  }

  async function watched(row: MailingRow): Promise<Watched> {
    const counted = (await countsOf(deps.store, [row.id])).get(row.id)
    return {
      mailing: headOf(deps, row),
      counts: counted?.counts ?? nobody,
      skippedBy: counted?.skippedBy ?? {},
      proposing: row.started_at !== null && row.proposed_at === null && row.cancelled_at === null,
    }
  }

  return app
}

const nobody: Counted = {
  proposed: 0,
  queued: 0,
  sending: 0,
  sent: 0,
  skipped: 0,
  failed: 0,
  uncertain: 0,
  bounced: 0,
}

function id(c: Context): string {
  return c.req.param('id') ?? ''
}
