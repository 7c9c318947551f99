import {
  acceptUncertain,
  cancel,
  pause,
  resendUncertain,
  resume,
  scheduleMailing,
  type VerbResult,
} from '../../actions/mailingVerbs.ts'
import type { Deps } from '../../deps.ts'
import { attachmentsOf } from '../../store/attachments.ts'
import { hasEvent } from '../../store/ledger.ts'
import { countsOf } from '../../store/mailingCounts.ts'
import { mailingById } from '../../store/mailings.ts'
import { mailing, scheduleInput, showMailing } from './mailingShapes.ts'
import { refused } from './mailings.ts'
import { actorOf, answer, body, depsOf, newApi, operations, type ApiContext } from './operation.ts'
import { byId } from './shapes.ts'

/** What can be done to a mailing as a whole; all but stopping needs the right to send. */
const verbs = [
  { path: 'pause', scope: 'mailings:write', act: pause, summary: 'Stop handing over; what is in flight finishes' },
  { path: 'resume', scope: 'mailings:send', act: resume, summary: 'Go on with a paused or held mailing' },
  { path: 'cancel', scope: 'mailings:write', act: cancel, summary: 'End it; whoever waits is skipped' },
  {
    path: 'resend-uncertain',
    scope: 'mailings:send',
    act: resendUncertain,
    summary: 'Send once more what may or may not have gone out',
  },
  {
    path: 'accept-uncertain',
    scope: 'mailings:send',
    act: acceptUncertain,
    summary: 'Take what may or may not have gone out as sent',
  },
] as const

/** The life of a mailing after it was written. */
export function mailingVerbRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('mailings:send', {
      method: 'post',
      path: '/mailings/{id}/schedule',
      tags: ['mailings'],
      summary: 'Send now or at a time; the content is frozen',
      request: { params: byId, body: body(scheduleInput) },
      responses: {
        200: answer('Scheduled: see `schedule` for the instant and what was made of a change of the clocks.', mailing),
      },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      return shown(c, id, () => scheduleMailing(depsOf(c, deps), id, c.req.valid('json'), actorOf(c)))
    },
  )

  for (const { path, scope, act, summary } of verbs) {
    api.openapi(
      operation(scope, {
        method: 'post',
        path: `/mailings/{id}/${path}`,
        tags: ['mailings'],
        summary,
        request: { params: byId },
        responses: { 200: answer('The mailing as it is now.', mailing) },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        return shown(c, id, () => act(depsOf(c, deps), id, actorOf(c)))
      },
    )
  }

  async function shown(c: ApiContext, id: string, act: () => Promise<VerbResult>) {
    const result = (await replayed(c, id)) ?? (await act())
    if (!result.ok) return refused(c, result)
    const [counts, attachments] = await Promise.all([countsOf(deps.store, [id]), attachmentsOf(deps.store, [id])])
    return c.json(showMailing(result.mailing, { ...counts.get(id), attachments, schedule: result.schedule }))
  }

  /** The mailing, when an earlier try of this very request did its work before it died: its event is in the ledger. */
  async function replayed(c: ApiContext, id: string): Promise<VerbResult | null> {
    const turn = c.get('turn')
    if (!turn?.again || !(await hasEvent(deps.store, turn.first))) return null
    const row = await mailingById(deps.store, id)
    return row && { ok: true, mailing: row }
  }

  return api
}
