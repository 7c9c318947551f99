import { z } from '@hono/zod-openapi'
import {
  endRepeat,
  pauseRepeat,
  repeatMailing,
  repeatOf,
  resumeRepeat,
  type RepeatResult,
} from '../../actions/repeat.ts'
import type { Deps } from '../../deps.ts'
import { nextDates, repeatInput } from '../../rules/recurrence.ts'
import { showInstant } from '../../rules/schedule.ts'
import type { SeriesRow } from '../../store/rows/audience.ts'
import { occurrencesOf, seriesOf } from '../../store/series.ts'
import { refused } from './mailings.ts'
import { actorOf, answer, body, depsOf, invalid, missing, newApi, operations, type ApiContext } from './operation.ts'
import { time } from './paging.ts'
import { byId } from './shapes.ts'

const tags = ['mailings']
const input = z.strictObject(repeatInput.shape).openapi('RepeatInput')
const repeat = z
  .object({
    mailingId: z.string(),
    ...repeatInput.shape,
    state: z.enum(['running', 'paused', 'ended']),
    next: z.array(z.object({ at: z.iso.datetime(), local: z.string(), offset: z.string() })),
    occurrences: z.array(z.object({ mailingId: z.string(), at: z.iso.datetime() })),
  })
  .openapi('Repeat')

/** A draft that repeats: at each time a copy of it goes out, with the newest prices. */
export function repeatRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('mailings:send', {
      method: 'post',
      path: '/mailings/{id}/repeat',
      tags,
      summary: 'Let a draft repeat, or change how it does',
      request: { params: byId, body: body(input) },
      responses: { 200: answer('`next` are the next four times.', repeat) },
    }),
    async (c) => {
      // Once more, for what two fields say together.
      const read = repeatInput.safeParse(c.req.valid('json'))
      if (!read.success)
        return invalid(
          c,
          read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
        )
      return shown(c, await repeatMailing(depsOf(c, deps), c.req.valid('param').id, read.data, actorOf(c)))
    },
  )

  api.openapi(
    operation('mailings:read', {
      method: 'get',
      path: '/mailings/{id}/repeat',
      tags,
      summary: 'How a draft repeats, its next four times, and what it was sent as',
      request: { params: byId },
      responses: { 200: answer('The series.', repeat) },
    }),
    async (c) => {
      const series = await seriesOf(deps.store, c.req.valid('param').id)
      return series ? c.json(await show(series)) : missing(c, 'repeat')
    },
  )

  for (const [path, act, scope, summary] of [
    ['pause', pauseRepeat, 'mailings:write', 'Make nothing more until it is resumed'],
    ['resume', resumeRepeat, 'mailings:send', 'Go on with the next time to come; what went by is not made up for'],
  ] as const) {
    api.openapi(
      operation(scope, {
        method: 'post',
        path: `/mailings/{id}/repeat/${path}`,
        tags,
        summary,
        request: { params: byId },
        responses: { 200: answer('The series as it is now.', repeat) },
      }),
      async (c) => shown(c, await act(depsOf(c, deps), c.req.valid('param').id, actorOf(c))),
    )
  }

  api.openapi(
    operation('mailings:write', {
      method: 'delete',
      path: '/mailings/{id}/repeat',
      tags,
      summary: 'End it; what it made so far goes its own way',
      request: { params: byId },
      responses: { 204: { description: 'Ended.' } },
    }),
    async (c) => {
      const result = await endRepeat(deps, c.req.valid('param').id, actorOf(c))
      return result.ok ? c.body(null, 204) : refusedRepeat(c, result)
    },
  )

  async function shown(c: ApiContext, result: RepeatResult) {
    return result.ok ? c.json(await show(result.series)) : refusedRepeat(c, result)
  }

  async function show(series: SeriesRow) {
    const how = repeatOf(series)
    const running = series.ended_at === null && series.paused_at === null
    const from = Math.max(deps.now(), (series.next_at ?? 1) - 1)
    const next = running ? nextDates(how, from, 4) : []
    const occurrences = await occurrencesOf(deps.store, series.mailing_id, 20)
    return {
      mailingId: series.mailing_id,
      ...how,
      state: series.ended_at !== null ? 'ended' : series.paused_at !== null ? 'paused' : 'running',
      next: next.map((at) => {
        const { local, offset } = showInstant(at, how.timeZone)
        return { at: time(at), local, offset }
      }),
      occurrences: occurrences.map((one) => ({ mailingId: one.mailing_id, at: time(one.due_at) })),
    }
  }

  return api
}

function refusedRepeat(c: ApiContext, result: Extract<RepeatResult, { ok: false }>) {
  return result.status === 404 ? missing(c, 'repeat') : refused(c, result)
}
