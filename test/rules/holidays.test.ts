import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { easter, holidayOn, isWorkingDay, nextWorkingDay } from '../../src/rules/holidays.ts'

const on = (text: string) => holidayOn(Temporal.PlainDate.from(text))

describe('Finnish public holidays', () => {
  test.each([
    ['2008-03-23'],
    ['2011-04-24'],
    ['2019-04-21'],
    ['2024-03-31'],
    ['2025-04-20'],
    ['2026-04-05'],
    ['2027-03-28'],
    ['2038-04-25'],
    ['2285-03-22'],
  ])('Easter Day is %s', (day) => {
    expect(easter(Number(day.slice(0, 4))).toString()).toBe(day)
  })

  test.each([
    ['2026-01-01', 'new_year'],
    ['2026-01-06', 'epiphany'],
    ['2026-04-03', 'good_friday'],
    ['2026-04-04', 'easter_saturday'],
    ['2026-04-06', 'easter_monday'],
    ['2026-05-01', 'may_day'],
    ['2026-05-14', 'ascension'],
    ['2026-05-24', 'whit_sunday'],
    ['2026-06-19', 'midsummer_eve'],
    ['2026-06-20', 'midsummer'],
    ['2027-06-26', 'midsummer'],
    ['2026-10-31', 'all_saints'],
    ['2027-11-06', 'all_saints'],
    ['2026-12-06', 'independence'],
    ['2026-12-24', 'christmas_eve'],
    ['2026-12-25', 'christmas'],
    ['2026-12-26', 'boxing_day'],
    ['2026-12-31', null],
    ['2026-04-02', null],
  ])('%s is %s', (day, holiday) => {
    expect(on(day)).toBe(holiday)
  })

  // The University Almanac Office of Helsinki counts these days off from Monday to Friday, the two eves among them.
  test.each([
    [2022, 7],
    [2023, 9],
    [2024, 10],
    [2025, 10],
    [2026, 9],
    [2027, 8],
    [2028, 9],
    [2029, 10],
    [2033, 7],
  ])('%i has %i days off from Monday to Friday', (year, count) => {
    let off = 0
    for (let day = Temporal.PlainDate.from({ year, month: 1, day: 1 }); day.year === year; day = day.add({ days: 1 }))
      if (day.dayOfWeek <= 5 && !isWorkingDay(day)) off += 1
    expect(off).toBe(count)
  })

  test('the working day after Easter begins on Tuesday', () => {
    expect(nextWorkingDay(Temporal.PlainDate.from('2026-04-03')).toString()).toBe('2026-04-07')
  })
})
