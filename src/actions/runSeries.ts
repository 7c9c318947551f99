import { Buffer } from 'node:buffer'
import { timeSortedId, type Deps } from '../deps.ts'
import { sha256 } from '../keyring.ts'
import { alertStaff } from '../mail/alerts.ts'
import { mailingState } from '../rules/mailing.ts'
import { lastDue, nextDates, type Repeat } from '../rules/recurrence.ts'
import { isTooLate, showInstant } from '../rules/schedule.ts'
import { mailingById, timesOf } from '../store/mailings.ts'
import type { SeriesRow } from '../store/rows/audience.ts'
import { addOccurrence, advanceSeries, dueSeries, newestPrices } from '../store/series.ts'
import { copyMailing } from './mailingContent.ts'
import { scheduleOccurrence } from './mailingVerbs.ts'
import { repeatOf } from './repeat.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/**
 * What the clock does for mailings that repeat: a copy of each draft whose time has come, scheduled for that time. Of several
 * times that went by (the service was down) only the last one is made, and when it is late beyond its window it waits for a
 * person: nothing ever goes out in a burst (P15). The copy's id follows from draft and time, so that it is made once, whatever dies
 * in between and on however many nodes.
 */
export async function runSeries(deps: Deps): Promise<void> {
  for (const series of await dueSeries(deps.store, deps.now())) {
    try {
      await runOne(deps, series)
    } catch (error) {
      // One broken draft keeps no other from its time; it is tried again with the next tick.
      deps.log.error('repeat_failed', { mailing: series.mailing_id, error: String(error) })
    }
  }
}

async function runOne(deps: Deps, series: SeriesRow) {
  const { store } = deps
  const now = deps.now()
  const repeat = repeatOf(series)
  const due = lastDue(repeat, (series.next_at ?? now) - 1, now) ?? { at: series.next_at ?? now, missed: 0 }
  const id = occurrenceId(series.mailing_id, due.at)
  const trouble = await makeOccurrence(deps, series, repeat, due.at, id)
  const [next] = nextDates(repeat, Math.max(now, due.at), 1)
  const [advanced] = await store.batch([
    advanceSeries(store, series, next ?? null, now),
    addOccurrence(store, { mailing_id: id, series_id: series.mailing_id, due_at: due.at }),
  ])
  if (!advanced[0]) return
  deps.log.info('mailing_repeated', { draft: series.mailing_id, mailing: id, missed: due.missed, trouble })
  if (trouble === null) return
  const lines = [`Mailing ${id}, made from the repeating draft ${series.mailing_id}, was not sent: ${trouble}`]
  await store.batch(alertStaff(deps, `${id}.repeat`, 'Repeating mailing held', lines, now))
}

/** @returns what keeps it from going out by itself, for the alert; null when nothing does */
async function makeOccurrence(deps: Deps, series: SeriesRow, repeat: Repeat, dueAt: number, id: string) {
  const known = await mailingById(deps.store, id)
  if (!known) {
    let n = 0
    const ids = () => (n++ === 0 ? id : derivedId(`${id}~${n}`, dueAt))
    const copied = await copyMailing({ ...deps, id: ids }, series.mailing_id, `series:${series.mailing_id}`)
    if (!copied.ok) return sentence(copied.errors)
  } else if (mailingState(timesOf(known)).state !== 'draft') return null
  const notAfter = dueAt + repeat.lateHours * HOUR_MS
  const old = await oldPrices(deps, series.mailing_id, repeat, dueAt)
  const hold = isTooLate(dueAt, notAfter, deps.now()) ? 'too_late' : old === null ? null : 'price_list_old'
  const scheduled = await scheduleOccurrence(
    deps,
    id,
    { dueAt, notAfter, zone: repeat.timeZone, hold },
    `series:${series.mailing_id}`,
  )
  if (!scheduled.ok) return sentence(scheduled.errors)
  if (hold === 'too_late') return 'its time went by while the service was down. Resume it if it is still wanted.'
  return old
}

/** Prices that are older than the series allows are not sent unasked. */
async function oldPrices({ store }: Deps, mailingId: string, repeat: Repeat, dueAt: number): Promise<string | null> {
  const { maxPriceListDays, timeZone } = repeat
  if (maxPriceListDays === undefined) return null
  const day = showInstant(dueAt, timeZone).local.slice(0, 10)
  const newest = await newestPrices(store, mailingId, day)
  if (newest === null) return 'its price list has no prices for that day. Upload a version and send a copy.'
  const days = Math.round((Date.parse(day) - Date.parse(newest)) / DAY_MS)
  if (days <= maxPriceListDays) return null
  return `its newest prices are ${days} days old, more than ${maxPriceListDays}. Resume it, or cancel it and send a copy with new prices.`
}

const sentence = (errors: readonly { message: string }[]) => errors.map(({ message }) => message).join(' ')

/** Sorted by the time of sending, and always the same for one draft and time. */
export function occurrenceId(mailingId: string, dueAt: number): string {
  return derivedId(`${mailingId}~${dueAt}`, dueAt)
}

const derivedId = (text: string, at: number) => timeSortedId(at, Buffer.from(sha256(text), 'hex'))
