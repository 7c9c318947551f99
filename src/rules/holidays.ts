import { Temporal } from 'temporal-polyfill'

/**
 * Days on which nobody in Finland is at work. The Annual Holidays Act (162/2005, section 4) counts as working days all but
 * Sundays, church holidays, Independence Day, Christmas Eve, Midsummer Eve, Easter Saturday and May Day. The church holidays are
 * those of the Church Act (1054/1993, chapter 4 section 3, taken over by 652/2023): Midsummer Day is the Saturday after 19 June,
 * All Saints' Day the Saturday after 30 October, the others as western Christendom has them. Independence Day: Act 388/1937; May Day:
 * Act 272/1944. Computed, so that no list runs out.
 */
export type Holiday =
  | 'new_year'
  | 'epiphany'
  | 'good_friday'
  | 'easter_saturday'
  | 'easter'
  | 'easter_monday'
  | 'may_day'
  | 'ascension'
  | 'whit_sunday'
  | 'midsummer_eve'
  | 'midsummer'
  | 'all_saints'
  | 'independence'
  | 'christmas_eve'
  | 'christmas'
  | 'boxing_day'

/** The holiday that a day is, or null. */
export const holidayOn = (day: Temporal.PlainDate): Holiday | null => {
  const fixed = FIXED[`${day.month}-${day.day}`]
  if (fixed) return fixed
  const fromEaster = easter(day.year).until(day, { largestUnit: 'days' }).days
  const moving = FROM_EASTER[fromEaster]
  if (moving) return moving
  if (day.equals(saturdayAfter(day.year, 6, 19))) return 'midsummer'
  if (day.equals(saturdayAfter(day.year, 6, 19).subtract({ days: 1 }))) return 'midsummer_eve'
  return day.equals(saturdayAfter(day.year, 10, 30)) ? 'all_saints' : null
}

/** Monday to Friday and no holiday. */
export const isWorkingDay = (day: Temporal.PlainDate): boolean => day.dayOfWeek <= 5 && holidayOn(day) === null

/** This day where it is a working day, else the next one that is. */
export const nextWorkingDay = (day: Temporal.PlainDate): Temporal.PlainDate => {
  let next = day
  while (!isWorkingDay(next)) next = next.add({ days: 1 })
  return next
}

const FIXED: Readonly<Record<string, Holiday>> = {
  '1-1': 'new_year',
  '1-6': 'epiphany',
  '5-1': 'may_day',
  '12-6': 'independence',
  '12-24': 'christmas_eve',
  '12-25': 'christmas',
  '12-26': 'boxing_day',
}

/** Days from Easter Day. */
const FROM_EASTER: Readonly<Record<number, Holiday>> = {
  [-2]: 'good_friday',
  [-1]: 'easter_saturday',
  0: 'easter',
  1: 'easter_monday',
  39: 'ascension',
  49: 'whit_sunday',
}

/** The Saturday of the seven days after that day. */
const saturdayAfter = (year: number, month: number, day: number): Temporal.PlainDate => {
  const from = Temporal.PlainDate.from({ year, month, day }).add({ days: 1 })
  return from.add({ days: (6 - from.dayOfWeek + 7) % 7 })
}

/** Easter Day of the Gregorian calendar (the anonymous algorithm of 1876: Butcher, Meeus). */
export const easter = (year: number): Temporal.PlainDate => {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const g = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const n = h + l - 7 * m + 114
  return Temporal.PlainDate.from({ year, month: Math.floor(n / 31), day: (n % 31) + 1 })
}
