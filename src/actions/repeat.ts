import type { Deps } from '../deps.ts'
import { mailingState } from '../rules/mailing.ts'
import { nextDates, repeatInput, type Repeat } from '../rules/recurrence.ts'
import { recordEventIf } from '../store/ledger.ts'
import { mailingById, timesOf } from '../store/mailings.ts'
import type { SeriesRow } from '../store/rows/audience.ts'
import { changeSeries, putSeries, seriesOf } from '../store/series.ts'
import { sql } from 'kysely'

export type RepeatResult =
  | { ok: true; series: SeriesRow; repeat: Repeat }
  | { ok: false; status: 404 | 409 | 422; errors: { path: string; message: string }[] }

/**
 * Makes a draft repeat, or changes how it does: at each time a copy of it as it is then goes out. The draft stays a draft.
 * @param actor for the ledger
 */
export async function repeatMailing(deps: Deps, id: string, input: Repeat, actor: string): Promise<RepeatResult> {
  const { store } = deps
  const row = await mailingById(store, id)
  if (!row) return missing('mailing')
  const { state } = mailingState(timesOf(row))
  if (state !== 'draft') return conflict(`The mailing is ${state}. Copy it and let the copy repeat.`)
  const now = deps.now()
  const [next] = nextDates(input, now, 1)
  if (next === undefined) {
    const message = 'No time is left before the last day: give a later one, or none.'
    return { ok: false, status: 422, errors: [{ path: 'until', message }] }
  }
  const series = {
    mailing_id: id,
    repeat: JSON.stringify(input),
    next_at: next,
    paused_at: null,
    ended_at: null,
    created_at: now,
    updated_at: now,
    created_by: actor,
  }
  const [made] = await store.batch([
    putSeries(store, series),
    event(deps, id, 'mailing_repeat_set', { nextAt: next }, actor),
  ])
  return made[0] ? { ok: true, series: made[0], repeat: input } : conflict('It was scheduled meanwhile.')
}

/** Nothing more comes until it is resumed; times that go by meanwhile are not made up for. */
export function pauseRepeat(deps: Deps, id: string, actor: string): Promise<RepeatResult> {
  return change(deps, id, 'mailing_repeat_paused', actor, () => ({ paused_at: deps.now() }))
}

export function resumeRepeat(deps: Deps, id: string, actor: string): Promise<RepeatResult> {
  return change(deps, id, 'mailing_repeat_resumed', actor, (repeat) => {
    const next = nextDates(repeat, deps.now(), 1)[0] ?? null
    return { paused_at: null, next_at: next, ended_at: next === null ? deps.now() : null }
  })
}

/** Ends it. What it made so far goes its own way: cancel that by itself. */
export function endRepeat(deps: Deps, id: string, actor: string): Promise<RepeatResult> {
  return change(deps, id, 'mailing_repeat_ended', actor, () => ({ ended_at: deps.now(), next_at: null }))
}

async function change(
  deps: Deps,
  id: string,
  what: string,
  actor: string,
  columns: (repeat: Repeat) => Parameters<typeof changeSeries>[2],
): Promise<RepeatResult> {
  const series = await seriesOf(deps.store, id)
  if (!series || series.ended_at !== null) return missing('repeat')
  const repeat = repeatOf(series)
  const [changed] = await deps.store.batch([
    changeSeries(deps.store, id, columns(repeat), deps.now()),
    event(deps, id, what, {}, actor),
  ])
  return changed[0] ? { ok: true, series: changed[0], repeat } : missing('repeat')
}

export const repeatOf = (series: SeriesRow): Repeat => repeatInput.parse(JSON.parse(series.repeat))

function event(deps: Deps, subject: string, what: string, data: object, actor: string) {
  const at = deps.now()
  const written = sql`exists (select 1 from series where mailing_id = ${subject} and updated_at = ${at})`
  return recordEventIf(deps.store, { id: deps.id(), at, event: what, subject, actor, data }, written)
}

const missing = (what: 'mailing' | 'repeat'): RepeatResult => ({
  ok: false,
  status: 404,
  errors: [{ path: 'id', message: what === 'mailing' ? 'There is no such mailing.' : 'This mailing does not repeat.' }],
})

const conflict = (message: string): RepeatResult => ({ ok: false, status: 409, errors: [{ path: 'state', message }] })
