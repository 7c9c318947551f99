import { Temporal } from 'temporal-polyfill'
import { overlapNote, gapNote } from './scheduleNotes.ts'
import type { Note } from './scheduleNotes.ts'

/** When a mailing goes out: one instant, computed once, shown back as local time with its offset. */

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** A time so little in the past is a slow click, not a mistake. */
const PAST_MS = 5 * MINUTE_MS
/** Further ahead is a typing mistake in the year. */
const FUTURE_MS = 731 * DAY_MS
/**
 * A mailing found due later than this (the service was down) is held for a person: the morning's price list does not
 * go out at night. Six hours let an outage within a working day mend itself.
 */
export const LATE_GRACE_MS = 6 * 60 * MINUTE_MS
/** How far the wall clock may run away from the monotonic one between two looks. */
const JUMP_MS = MINUTE_MS
const DEFAULT_ZONE = 'Europe/Helsinki'

export type Schedule = {
  ok: true
  /** Milliseconds UTC. */
  dueAt: number
  notAfter: number | null
  /** `local` + `offset` is RFC 3339 and names `dueAt` exactly. */
  shown: { local: string; offset: string; zone: string }
  /** Only when the clocks change at that time: what was taken and why. */
  note?: Note
}
export type ScheduleProblem = { path: 'at' | 'timeZone' | 'notAfter'; message: string }

/**
 * Reads what a marketer typed. `at` and `notAfter` are `now` (`at` only), a local time `YYYY-MM-DDTHH:mm[:ss]` with an
 * IANA time zone, or RFC 3339 with an offset (then the zone is for showing only, Europe/Helsinki by default).
 * A local time that the clocks skip is shifted forward; of one that comes twice the first is taken; both are explained,
 * and an explicit offset picks the second. Nothing else is understood: no "tomorrow", no numbers, no 24:00.
 * @param now milliseconds UTC
 */
export const parseSchedule = (
  input: { at?: unknown; timeZone?: unknown; notAfter?: unknown },
  now: number,
): Schedule | { ok: false; errors: ScheduleProblem[] } => {
  const zone = readZone(input.timeZone)
  if (zone === null) return failed('timeZone', 'is not an IANA time zone: give one such as Europe/Helsinki')
  const at = input.at === 'now' ? { instant: now } : readTime(input.at, zone)
  if ('error' in at) return failed(at.needsZone ? 'timeZone' : 'at', at.error)
  if (at.instant < now - PAST_MS) return failed('at', 'is in the past: give a time to come, or "now"')
  if (at.instant > now + FUTURE_MS) return failed('at', 'is more than two years ahead: check the year')
  const limit = input.notAfter === undefined || input.notAfter === null ? null : readTime(input.notAfter, zone)
  if (limit && 'error' in limit) return failed(limit.needsZone ? 'timeZone' : 'notAfter', limit.error)
  if (limit && limit.instant <= Math.max(at.instant, now))
    return failed('notAfter', 'must be later than the time of sending')
  if (limit && limit.instant > now + FUTURE_MS)
    return failed('notAfter', 'is more than two years ahead: check the year')
  return {
    ok: true,
    dueAt: at.instant,
    notAfter: limit?.instant ?? null,
    shown: showInstant(at.instant, zone ?? DEFAULT_ZONE),
    ...(at.note ? { note: at.note } : {}),
  }
}

const failed = (path: ScheduleProblem['path'], message: string) => ({ ok: false as const, errors: [{ path, message }] })

/** The zone's own spelling, undefined when none was given, null when there is no such zone. Offsets are no zones. */
const readZone = (zone: unknown): string | undefined | null => {
  if (zone === undefined || zone === null) return undefined
  if (typeof zone !== 'string' || !/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(zone)) return null
  return orNull(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId)
}

type ReadTime = { instant: number; note?: Note } | { error: string; needsZone?: true }

const TIME = /^(\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/

const readTime = (typed: unknown, zone: string | undefined): ReadTime => {
  const [, local, offset] = (typeof typed === 'string' && TIME.exec(typed)) || []
  const plain = local === undefined ? null : orNull(() => Temporal.PlainDateTime.from(local))
  if (plain === null)
    return { error: 'is not a time: write it as 2026-12-01T09:00, or with an offset as 2026-12-01T09:00+02:00' }
  if (offset !== undefined) return { instant: Temporal.Instant.from(plain.toString() + offset).epochMilliseconds }
  if (zone === undefined)
    return { error: 'is missing: a local time needs an IANA time zone such as Europe/Helsinki', needsZone: true }
  const first = plain.toZonedDateTime(zone, { disambiguation: 'earlier' })
  const second = plain.toZonedDateTime(zone, { disambiguation: 'later' })
  if (first.epochMilliseconds === second.epochMilliseconds) return { instant: first.epochMilliseconds }
  const skipped = !second.toPlainDateTime().equals(plain)
  return skipped
    ? { instant: second.epochMilliseconds, note: gapNote(clock(plain), clock(second), second.offset, zone) }
    : { instant: first.epochMilliseconds, note: overlapNote(clock(plain), first.offset, second.offset, zone) }
}

const orNull = <T>(read: () => T): T | null => {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

const clock = (time: Temporal.PlainDateTime | Temporal.ZonedDateTime): string =>
  time.toPlainTime().toString().slice(0, 5)

/** An instant as a clock in that zone shows it. */
export const showInstant = (instant: number, zone: string): Schedule['shown'] => {
  const time = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone)
  return { local: time.toPlainDateTime().toString(), offset: time.offset, zone: time.timeZoneId }
}

/**
 * Has a due mailing missed its time, so that a person must decide (P15)? Its own `notAfter` decides where it has one,
 * else the grace. Once started, only `notAfter` counts: pass Infinity.
 */
export const isTooLate = (
  dueAt: number,
  notAfter: number | null,
  now: number,
  graceMs: number = LATE_GRACE_MS,
): boolean => !(now <= (notAfter ?? dueAt + graceMs))

/** Did the wall clock jump between two looks? Then what seems due is not started before somebody has looked. */
export const hasJumped = (wallElapsedMs: number, monotonicElapsedMs: number): boolean =>
  !(Math.abs(wallElapsedMs - monotonicElapsedMs) <= JUMP_MS)
