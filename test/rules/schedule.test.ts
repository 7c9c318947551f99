import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasJumped, isTooLate, LATE_GRACE_MS, parseSchedule } from '../../src/rules/schedule.ts'
import { inputs } from '../inputs.ts'

const NOW = Date.UTC(2026, 6, 1, 12)
const HOUR = 3_600_000
const instant = (text: string) => Date.parse(text)

const read = (at: unknown, timeZone: unknown = 'Europe/Helsinki', notAfter?: unknown, now = NOW) => {
  const schedule = parseSchedule({ at, timeZone, notAfter }, now)
  return schedule.ok ? schedule : schedule.errors
}

describe('reading a time', () => {
  it.each([
    ['2026-12-01T09:00', 'Europe/Helsinki', '2026-12-01T07:00:00Z', '2026-12-01T09:00:00', '+02:00'],
    ['2026-07-02T09:00:30', 'Europe/Helsinki', '2026-07-02T06:00:30Z', '2026-07-02T09:00:30', '+03:00'],
    ['2026-12-01T09:00:00+02:00', 'Europe/Helsinki', '2026-12-01T07:00:00Z', '2026-12-01T09:00:00', '+02:00'],
    ['2026-12-01T07:00:00Z', 'Europe/Helsinki', '2026-12-01T07:00:00Z', '2026-12-01T09:00:00', '+02:00'],
    ['2026-12-01T07:00:00.000Z', undefined, '2026-12-01T07:00:00Z', '2026-12-01T09:00:00', '+02:00'],
    ['2026-12-01T09:00', 'UTC', '2026-12-01T09:00:00Z', '2026-12-01T09:00:00', '+00:00'],
    ['2026-12-01T09:00', 'America/Sao_Paulo', '2026-12-01T12:00:00Z', '2026-12-01T09:00:00', '-03:00'],
    ['2026-12-01T09:00', 'Asia/Kathmandu', '2026-12-01T03:15:00Z', '2026-12-01T09:00:00', '+05:45'],
    ['2028-02-29T12:00', 'Europe/Helsinki', '2028-02-29T10:00:00Z', '2028-02-29T12:00:00', '+02:00'],
    ['2026-12-31T23:59:59', 'Europe/Helsinki', '2026-12-31T21:59:59Z', '2026-12-31T23:59:59', '+02:00'],
    ['2026-12-01T09:00+14:00', 'Pacific/Kiritimati', '2026-11-30T19:00:00Z', '2026-12-01T09:00:00', '+14:00'],
  ])('P15 %s in %s is one instant, shown back in local time', (at, timeZone, due, local, offset) => {
    expect(parseSchedule({ at, timeZone }, NOW)).toEqual({
      ok: true,
      dueAt: instant(due),
      notAfter: null,
      shown: { local, offset, zone: timeZone ?? 'Europe/Helsinki' },
    })
  })

  it('P15 "now" is now, to the millisecond', () => {
    expect(parseSchedule({ at: 'now' }, NOW + 7)).toEqual({
      ok: true,
      dueAt: NOW + 7,
      notAfter: null,
      shown: { local: '2026-07-01T15:00:00.007', offset: '+03:00', zone: 'Europe/Helsinki' },
    })
  })

  it('writes the name of a zone as the zone database does', () => {
    expect(read('2026-12-01T09:00', 'europe/helsinki')).toMatchObject({ shown: { zone: 'Europe/Helsinki' } })
  })

  it.each([
    ['no time at all', undefined],
    ['null', null],
    ['a number', 1_798_761_600_000],
    ['a digit string', '1798761600'],
    ['a list', ['2026-12-01T09:00']],
    ['a date alone', '2026-12-01'],
    ['a space for the T', '2026-12-01 09:00'],
    ['space around it', ' 2026-12-01T09:00'],
    ['a line break behind it', '2026-12-01T09:00\n'],
    ['a day that February does not have', '2026-02-30T09:00'],
    ['29 February of a common year', '2027-02-29T09:00'],
    ['month 13', '2026-13-01T09:00'],
    ['24:00', '2026-12-01T24:00'],
    ['minute 60', '2026-12-01T09:60'],
    ['a leap second', '2026-12-01T09:00:60Z'],
    ['an offset of 25 hours', '2026-12-01T09:00+25:00'],
    ['an offset without a colon', '2026-12-01T09:00+0200'],
    ['a zone in brackets', '2026-12-01T09:00[Europe/Helsinki]'],
    ['an expanded year', '+002026-12-01T09:00'],
    ['a week date', '2026-W49-2T09:00'],
    ['other digits', '２０２６-12-01T09:00'],
    ['NOW in capitals', 'NOW'],
    ['very long text', '2026-12-01T09:00'.repeat(10_000)],
  ])('P15 refuses %s and says how to write it', (_, at) => {
    expect(read(at)).toEqual([{ path: 'at', message: expect.stringMatching(/2026-12-01T09:00/) }])
  })

  it.each(['Helsinki', 'EUROPE', '+02:00', 'Z', '', 'Europe/Helsinki\n', 'Europe/../etc', 2, {}, 'a'.repeat(1000)])(
    'P15 refuses the time zone %j',
    (zone) => {
      expect(read('2026-12-01T09:00', zone)).toEqual([
        { path: 'timeZone', message: expect.stringMatching(/Europe\/Helsinki/) },
      ])
    },
  )

  it('P15 does not guess the time zone of a local time', () => {
    expect(parseSchedule({ at: '2026-12-01T09:00' }, NOW)).toEqual({
      ok: false,
      errors: [{ path: 'timeZone', message: expect.stringMatching(/needs an IANA time zone/) }],
    })
  })
})

describe('F69 the change of the clocks', () => {
  it('P15 shifts a time that the spring skips forward and says so in three languages', () => {
    expect(read('2027-03-28T03:30')).toMatchObject({
      dueAt: instant('2027-03-28T01:30:00Z'),
      shown: { local: '2027-03-28T04:30:00', offset: '+03:00' },
      note: {
        fi: expect.stringMatching(/03:30 ei ole olemassa.*04:30/),
        sv: expect.stringMatching(/03:30 finns inte.*04:30/),
        en: expect.stringMatching(/03:30 does not exist.*04:30/),
      },
    })
  })

  it('P15 takes the first of a time that the autumn repeats and tells how to choose the second', () => {
    expect(read('2026-10-25T03:30')).toMatchObject({
      dueAt: instant('2026-10-25T00:30:00Z'),
      shown: { local: '2026-10-25T03:30:00', offset: '+03:00' },
      note: {
        fi: expect.stringContaining('+02:00'),
        sv: expect.stringContaining('+02:00'),
        en: expect.stringContaining('+02:00'),
      },
    })
    const second = read('2026-10-25T03:30+02:00')
    expect(second).toMatchObject({ dueAt: instant('2026-10-25T01:30:00Z'), shown: { offset: '+02:00' } })
    expect(second).not.toHaveProperty('note')
  })

  it('P15 knows changes of half an hour', () => {
    expect(read('2026-10-04T02:15', 'Australia/Lord_Howe')).toMatchObject({
      shown: { local: '2026-10-04T02:45:00', offset: '+11:00' },
    })
  })

  const zones = [
    'Europe/Helsinki',
    'Europe/Prague',
    'Atlantic/Azores',
    'America/Sao_Paulo',
    'America/St_Johns',
    'America/New_York',
    'Asia/Kathmandu',
    'Asia/Tehran',
    'Africa/Casablanca',
    'Australia/Lord_Howe',
    'Pacific/Chatham',
    'Pacific/Apia',
    'Antarctica/Troll',
    'UTC',
  ]

  it('P15 in every zone the time shown back is the same instant, and the time asked for unless a note explains', () => {
    const minute = fc.integer({ min: 1, max: 729 * 24 * 60 - 24 * 60 })
    const zoneChange = fc.constantFrom(
      '2026-10-25',
      '2027-03-28',
      '2026-10-04',
      '2027-04-04',
      '2026-11-01',
      '2027-03-14',
    )
    const nearChange = fc
      .tuple(zoneChange, fc.integer({ min: 0, max: 5 * 60 }))
      .map(([day, m]) => Date.parse(`${day}T00:00Z`) + m * 60_000)
    const local = fc.oneof(
      minute.map((m) => NOW + 24 * HOUR + m * 60_000),
      nearChange,
    )
    fc.assert(
      fc.property(fc.constantFrom(...zones), local, (zone, time) => {
        const asked = new Date(time).toISOString().slice(0, 16)
        const schedule = parseSchedule({ at: asked, timeZone: zone }, NOW)
        if (!schedule.ok) throw new Error(JSON.stringify(schedule.errors))
        const { local: shown, offset } = schedule.shown
        expect(instant(`${shown}${offset}`)).toBe(schedule.dueAt)
        expect(parseSchedule({ at: `${shown}${offset}`, timeZone: zone }, NOW)).toMatchObject({
          dueAt: schedule.dueAt,
          shown: schedule.shown,
        })
        if (!schedule.note) expect(shown).toBe(`${asked}:00`)
      }),
      { numRuns: 500 },
    )
  })
})

describe('limits', () => {
  it('P15 forgives five minutes in the past and no more', () => {
    expect(read('2026-07-01T11:55:00Z')).toMatchObject({ dueAt: NOW - 5 * 60_000 })
    expect(read('2026-07-01T11:54:59Z')).toEqual([{ path: 'at', message: expect.stringMatching(/in the past/) }])
  })

  it('P15 refuses a year that was mistyped', () => {
    expect(read('2028-06-30T12:00Z')).toMatchObject({ ok: true })
    expect(read('2062-12-01T09:00')).toEqual([{ path: 'at', message: expect.stringMatching(/check the year/) }])
    expect(read('0001-01-01T00:00')).toEqual([{ path: 'at', message: expect.stringMatching(/in the past/) }])
  })

  it('P15 "not after" is read as the time is, and must be later', () => {
    expect(read('2026-12-01T09:00', 'Europe/Helsinki', '2026-12-01T18:00')).toMatchObject({
      notAfter: instant('2026-12-01T16:00:00Z'),
    })
    expect(read('now', undefined, '2026-12-01T16:00:00Z')).toMatchObject({ notAfter: instant('2026-12-01T16:00:00Z') })
    expect(read('2026-12-01T09:00', 'Europe/Helsinki', null)).toMatchObject({ notAfter: null })
    const later = [{ path: 'notAfter', message: expect.stringMatching(/later/) }]
    expect(read('2026-12-01T09:00', 'Europe/Helsinki', '2026-12-01T09:00')).toEqual(later)
    expect(read('2026-07-01T11:56:00Z', 'UTC', '2026-07-01T11:59:00Z')).toEqual(later)
    expect(read('2026-12-01T09:00', 'Europe/Helsinki', 'now')).toEqual([
      { path: 'notAfter', message: expect.any(String) },
    ])
    expect(read('2026-12-01T09:00', 'Europe/Helsinki', '2062-01-01T00:00Z')).toMatchObject([{ path: 'notAfter' }])
    expect(parseSchedule({ at: 'now', notAfter: '2026-12-01T09:00' }, NOW)).toMatchObject({
      errors: [{ path: 'timeZone' }],
    })
  })

  it('F70 a mailing found due within six hours goes out, later it waits for a person', () => {
    expect(isTooLate(NOW, null, NOW + 30 * 60_000)).toBe(false)
    expect(isTooLate(NOW, null, NOW + LATE_GRACE_MS)).toBe(false)
    expect(isTooLate(NOW, null, NOW + LATE_GRACE_MS + 1)).toBe(true)
    expect(isTooLate(NOW, null, NOW + 2 * HOUR, HOUR)).toBe(true)
  })

  it('P15 a limit of its own outranks the grace, both ways', () => {
    expect(isTooLate(NOW, NOW + HOUR, NOW + HOUR + 1)).toBe(true)
    expect(isTooLate(NOW, NOW + 48 * HOUR, NOW + 24 * HOUR)).toBe(false)
    expect(isTooLate(NOW, null, NOW + 900 * HOUR, Infinity)).toBe(false)
    expect(isTooLate(Number.NaN, null, NOW)).toBe(true)
  })

  it('F67 F68 a wall clock that runs away from the monotonic one by more than a minute is noticed', () => {
    expect(hasJumped(2 * HOUR + 1000, 1000)).toBe(true)
    expect(hasJumped(1000 - HOUR, 1000)).toBe(true)
    expect(hasJumped(61_000, 1000)).toBe(false)
    expect(hasJumped(61_001, 1000)).toBe(true)
    expect(hasJumped(Number.NaN, 1000)).toBe(true)
  })
})

/** "2026-10-25T02:30 Europe/Prague first (…)", "… +01:00 …" or a zone alone, as a marketer would type them. */
const typed = (input: string): [string, string] => {
  const [, at, behind] = /^(\d{4}-\d\d-\d\dT\S+)(?: (\S+\/\S+|[+-]\d\d:\d\d))?/.exec(input) ?? []
  if (at === undefined) return ['2026-12-01T09:00', input]
  return behind?.includes('/') ? [at, behind] : [at + (behind ?? ''), 'Europe/Helsinki']
}

/** Recurrence, as far as a single time shows it: each date is asked for by itself. */
const dates = (input: string): string[] => {
  if (input.includes('spring')) return ['2027-03-27T03:30', '2027-03-28T03:30', '2027-03-29T03:30']
  if (input.includes('autumn')) return ['2026-10-24T03:30', '2026-10-25T03:30', '2026-10-26T03:30']
  return ['2027-02-29T12:00', '2028-02-29T12:00']
}

const hostile = (expected: string): [string, string][] =>
  inputs('K')
    .filter((line) => line.expect.startsWith(expected))
    .map((line) => [line.id, String(line.in)])

it.each(hostile('422'))('%s P15 refuses %j', (_, input) => {
  expect(read(input)).toMatchObject([{ path: 'at' }])
})

it.each(hostile('ok'))('%s P15 makes one instant of %j and shows it in local time', (_, input) => {
  const [at, zone] = typed(input)
  expect(read(at, zone)).toMatchObject({ ok: true, shown: { zone } })
})

it.each(hostile('asks or shifts'))('%s P15 never skips silently: %s', (_, input) => {
  for (const at of dates(input)) {
    const schedule = parseSchedule({ at, timeZone: 'Europe/Helsinki' }, NOW)
    if (schedule.ok) expect(schedule.shown.local.slice(0, 10)).toBe(at.slice(0, 10))
    else expect(schedule.errors).toMatchObject([{ path: 'at' }])
  }
})
