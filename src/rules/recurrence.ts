import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { holidayOn, nextWorkingDay } from './holidays.ts'

/** When a mailing repeats: which days, at which time of day somewhere, and what becomes of holidays. */

const weekday = z.enum(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'])

const pattern = z.discriminatedUnion('every', [
  /** Monday to Friday. */
  z.strictObject({ every: z.literal('workday') }),
  z.strictObject({
    every: z.literal('week'),
    interval: z.int().min(1).max(52),
    weekdays: z.array(weekday).min(1).max(7),
  }),
  /** The first Monday, the last Friday (-1) … */
  z.strictObject({
    every: z.literal('monthWeekday'),
    nth: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(-1)]),
    weekday,
    interval: z.int().min(1).max(12),
  }),
  /** The 31st is the last day of a shorter month. */
  z.strictObject({ every: z.literal('monthDay'), day: z.int().min(1).max(31), interval: z.int().min(1).max(12) }),
])

const day = z.iso.date()

export const repeatInput = z
  .strictObject({
    pattern,
    /** Local time of day. */
    time: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write a time of day such as 09:00'),
    timeZone: z
      .string()
      .refine(isZone, { error: 'is not an IANA time zone: give one such as Europe/Helsinki' })
      .default('Europe/Helsinki'),
    /** The first day that counts; every two weeks are counted from its week on. */
    from: day,
    until: day.optional(),
    holidays: z.enum(['send', 'next_working_day', 'skip']).default('next_working_day'),
    /** How late it may still go out without asking; a longer outage holds it for a person. */
    lateHours: z.int().min(1).max(72).default(6),
    /** A price list whose newest version is older on the day of sending holds the mailing and alerts. */
    maxPriceListDays: z.int().min(1).max(730).optional(),
  })
  .refine(({ from, until }) => until === undefined || until >= from, {
    path: ['until'],
    error: 'is before the first day: give a later one',
  })

export type Repeat = z.infer<typeof repeatInput>

/**
 * The next times after an instant, in order, each once. The local time of day stays through changes of the clocks; one that they
 * skip is shifted forward, of one that comes twice the first is taken, as a schedule typed by hand has it (rules/schedule.ts).
 * @param after milliseconds UTC, exclusive
 * @returns milliseconds UTC; fewer than `count` when the series ends
 */
export const nextDates = (repeat: Repeat, after: number, count: number): number[] => {
  const found: number[] = []
  for (const date of days(repeat, after)) {
    const moved = movedDay(repeat, date)
    if (!moved) continue
    const at = instantOf(repeat, moved)
    // Two days that a holiday moves to the same working day are one.
    if (at > after && found.at(-1) !== at) found.push(at)
    if (found.length >= count) break
  }
  return found
}

/** The last time that has come, if any, of those after `since`. @returns milliseconds UTC */
export const lastDue = (repeat: Repeat, since: number, now: number): { at: number; missed: number } | null => {
  let last = null as { at: number; missed: number } | null
  for (const date of days(repeat, since)) {
    const moved = movedDay(repeat, date)
    const at = moved ? instantOf(repeat, moved) : null
    if (at === null || at <= since || at === last?.at) continue
    if (at > now) break
    last = { at, missed: last ? last.missed + 1 : 0 }
  }
  return last
}

/** The longest row of days without a working day is shorter than this: a day may have been moved across `after`. */
const LOOK_BACK_DAYS = 10

function* days(repeat: Repeat, after: number): Generator<Temporal.PlainDate> {
  const first = Temporal.PlainDate.from(repeat.from)
  const local = Temporal.Instant.fromEpochMilliseconds(after).toZonedDateTimeISO(repeat.timeZone).toPlainDate()
  const begin = local.subtract({ days: LOOK_BACK_DAYS })
  // Days are days everywhere: the rule runs in UTC, and the zone is asked only what its clocks show at that day's time.
  const rule = new RRuleTemporal({
    ...rulePart(repeat.pattern),
    dtstart: first.toZonedDateTime('UTC'),
    tzid: 'UTC',
    wkst: 'MO',
  })
  const until = repeat.until === undefined ? null : Temporal.PlainDate.from(repeat.until)
  let at = (Temporal.PlainDate.compare(begin, first) > 0 ? begin : first).toZonedDateTime('UTC')
  let inclusive = true
  for (;;) {
    const next = rule.next(new Date(at.epochMilliseconds), inclusive)
    if (!next) return
    const date = Temporal.PlainDate.from(next.toPlainDate().toString())
    if (until && Temporal.PlainDate.compare(date, until) > 0) return
    yield date
    at = date.toZonedDateTime('UTC')
    inclusive = false
  }
}

const rulePart = (of: Repeat['pattern']) => {
  switch (of.every) {
    case 'workday':
      return { freq: 'WEEKLY' as const, byDay: ['MO', 'TU', 'WE', 'TH', 'FR'] }
    case 'week':
      return { freq: 'WEEKLY' as const, interval: of.interval, byDay: of.weekdays }
    case 'monthWeekday':
      return { freq: 'MONTHLY' as const, interval: of.interval, byDay: [`${of.nth}${of.weekday}`] }
    case 'monthDay': {
      const last = { byMonthDay: [28, 29, 30, 31].filter((n) => n <= of.day), bySetPos: [-1] }
      return { freq: 'MONTHLY' as const, interval: of.interval, ...(of.day <= 28 ? { byMonthDay: [of.day] } : last) }
    }
  }
}

/** `until` is the last day of the pattern; what falls on a holiday then may still move past it. */
const movedDay = ({ holidays }: Repeat, date: Temporal.PlainDate): Temporal.PlainDate | null => {
  if (holidays === 'send' || holidayOn(date) === null) return date
  return holidays === 'skip' ? null : nextWorkingDay(date)
}

const instantOf = ({ time, timeZone }: Repeat, date: Temporal.PlainDate): number =>
  date.toZonedDateTime({ timeZone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds

function isZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(zone)) return false
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone)
    return true
  } catch {
    return false
  }
}
