import { Hono, type Context } from 'hono'
import { endRepeat, pauseRepeat, repeatMailing, repeatOf, resumeRepeat } from '../../actions/repeat.ts'
import type { Deps } from '../../deps.ts'
import { nextDates, repeatInput, type Repeat } from '../../rules/recurrence.ts'
import { showInstant } from '../../rules/schedule.ts'
import { mailingById } from '../../store/mailings.ts'
import type { SeriesRow } from '../../store/rows/audience.ts'
import { occurrencesOf, seriesOf } from '../../store/series.ts'
import type { MailingRow } from '../../store/tables.ts'
import type { ControlProblem } from '../../templates/pages/admin/mailingControls.tsx'
import { MailingRepeat, NextTimes, type RepeatForm } from '../../templates/pages/admin/repeat.tsx'
import { repeatWords, type RepeatWords } from '../../templates/words/admin/repeat.ts'
import { fail } from '../errors.tsx'
import { actorOf, headOf } from './mailingHead.ts'
import { adminLanguage, adminPage, adminProps, fragment, type Signed } from './page.tsx'

/** How a draft repeats: the pattern with its next four times, pausing and ending. Mounted below /admin/mailings. */
export function repeatScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()
  const { timeZone } = deps.config

  app.get('/:id/repeat', async (c) => {
    const row = await mailingById(deps.store, c.req.param('id'))
    if (!row) return fail(c, deps, 404)
    const series = await seriesOf(deps.store, row.id)
    return show(c, row, series, series ? formOf(repeatOf(series)) : usual(), [])
  })

  // What is typed now, while it is typed.
  app.get('/:id/repeat/next', (c) => {
    const read = readForm(formFrom(new URL(c.req.url).searchParams))
    const next = read.ok ? nextDates(read.repeat, deps.now(), 4) : null
    return fragment(c, deps, <NextTimes lang={adminLanguage(c)} next={next} timeZone={timeZone} />)
  })

  app.post('/:id/repeat', async (c) => {
    const row = await mailingById(deps.store, c.req.param('id'))
    if (!row) return fail(c, deps, 404)
    const posted = new URLSearchParams(await c.req.text())
    const form = formFrom(posted)
    const series = await seriesOf(deps.store, row.id)
    const read = readForm(form)
    if (!read.ok) return show(c, row, series, form, read.paths)
    if (posted.has('preview')) return show(c, row, series, form, [])
    const result = await repeatMailing(deps, row.id, read.repeat, actorOf(c))
    if (result.ok) return done(c, row.id, 'saved')
    if (result.status === 404) return fail(c, deps, 404)
    return show(c, row, series, form, [result.status === 409 ? 'state' : 'until'])
  })

  for (const [verb, act, key] of [
    ['pause', pauseRepeat, 'paused'],
    ['resume', resumeRepeat, 'resumed'],
    ['end', endRepeat, 'ended'],
  ] as const)
    app.post(`/:id/repeat/${verb}`, async (c) => {
      const id = c.req.param('id') ?? ''
      const result = await act(deps, id, actorOf(c))
      return result.ok ? done(c, id, key) : c.redirect(`/admin/mailings/${id}/repeat`, 303)
    })

  async function show(
    c: Context<Signed>,
    row: MailingRow,
    series: SeriesRow | null,
    form: RepeatForm,
    paths: readonly Problem[],
  ) {
    const lang = adminLanguage(c)
    const read = readForm(form)
    const made = await occurrencesOf(deps.store, row.id, 12)
    return adminPage(
      c,
      deps,
      <MailingRepeat
        {...adminProps(c, deps)}
        mailing={headOf(deps, row)}
        form={form}
        problems={paths.map((path): ControlProblem => ({ path, message: repeatWords[lang].invalid[path] }))}
        next={read.ok ? nextDates(read.repeat, deps.now(), 4) : null}
        state={series && stateOf(series)}
        made={made.map((one) => ({ href: `/admin/mailings/${one.mailing_id}`, id: one.mailing_id, at: one.due_at }))}
        timeZone={timeZone}
        doneKey={c.req.query('done')}
      />,
      paths.length > 0 ? 422 : 200,
    )
  }

  function usual(): RepeatForm {
    const from = showInstant(deps.now(), timeZone).local.slice(0, 10)
    const pattern = { every: 'monthWeekday' as const, nth: 1 as const, weekday: 'MO' as const, interval: 1 }
    return formOf({ pattern, time: '09:00', timeZone, from, holidays: 'next_working_day', lateHours: 6 })
  }

  /** The form as it is meant, or the fields that cannot be. */
  function readForm(form: RepeatForm): { ok: true; repeat: Repeat } | { ok: false; paths: Problem[] } {
    const { every, nth, weekday, weekdays, day, interval } = form
    const patterns: Record<string, object> = {
      workday: { every },
      week: { every, interval: whole(interval), weekdays },
      monthWeekday: { every, nth: whole(nth), weekday, interval: whole(interval) },
      monthDay: { every, day: whole(day), interval: whole(interval) },
    }
    const { until, maxPriceListDays } = form
    const read = repeatInput.safeParse({
      pattern: patterns[every] ?? {},
      time: form.time.padStart(5, '0'),
      timeZone,
      from: form.from,
      ...(until === '' ? {} : { until }),
      holidays: form.holidays,
      lateHours: whole(form.lateHours),
      ...(maxPriceListDays === '' ? {} : { maxPriceListDays: whole(maxPriceListDays) }),
    })
    if (read.success) return { ok: true, repeat: read.data }
    const paths = read.error.issues.map(({ path }) => String(path[0] === 'pattern' ? (path[1] ?? 'every') : path[0]))
    return { ok: false, paths: [...new Set(paths)].filter(isProblem) }
  }

  return app
}

type Problem = keyof RepeatWords['invalid']
const isProblem = (path: string): path is Problem => Object.hasOwn(repeatWords.fi.invalid, path)

const done = (c: Context, id: string, key: string) => c.redirect(`/admin/mailings/${id}/repeat?done=${key}`, 303)

const stateOf = ({ ended_at, paused_at }: SeriesRow) =>
  ended_at !== null ? ('ended' as const) : paused_at !== null ? ('paused' as const) : ('running' as const)

const whole = (text: string) => (/^-?\d{1,4}$/.test(text.trim()) ? Number(text) : Number.NaN)

function formFrom(posted: URLSearchParams): RepeatForm {
  const text = (name: string) => posted.get(name) ?? ''
  return {
    every: text('every'),
    nth: text('nth'),
    weekday: text('weekday'),
    weekdays: posted.getAll('weekdays'),
    day: text('day'),
    interval: text('interval'),
    time: text('time'),
    from: text('from'),
    until: text('until'),
    holidays: text('holidays'),
    lateHours: text('lateHours'),
    maxPriceListDays: text('maxPriceListDays'),
  }
}

function formOf({ pattern, time, from, until = '', holidays, lateHours, maxPriceListDays }: Repeat): RepeatForm {
  return {
    every: pattern.every,
    nth: 'nth' in pattern ? String(pattern.nth) : '1',
    weekday: 'weekday' in pattern ? pattern.weekday : 'MO',
    weekdays: 'weekdays' in pattern ? pattern.weekdays : ['MO'],
    day: 'day' in pattern ? String(pattern.day) : '1',
    interval: 'interval' in pattern ? String(pattern.interval) : '1',
    time,
    from,
    until,
    holidays,
    lateHours: String(lateHours),
    maxPriceListDays: maxPriceListDays === undefined ? '' : String(maxPriceListDays),
  }
}
