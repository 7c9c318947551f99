import { Hono, type Context } from 'hono'
import { checkMailing } from '../../actions/checkMailing.ts'
import { scheduleMailing } from '../../actions/mailingVerbs.ts'
import type { Deps } from '../../deps.ts'
import { mailingState, mayBecome } from '../../rules/mailing.ts'
import { parseSchedule, showInstant, type Schedule, type ScheduleProblem } from '../../rules/schedule.ts'
import { mailingById, timesOf } from '../../store/mailings.ts'
import type { MailingRow } from '../../store/tables.ts'
import type { ControlProblem } from '../../templates/pages/admin/mailingControls.tsx'
import {
  MailingSchedule,
  MailingScheduleSummary,
  type ScheduleForm,
} from '../../templates/pages/admin/mailingSchedule.tsx'
import { mailingStepWords } from '../../templates/words/admin/mailings.ts'
import type { Language } from '../../templates/words/index.ts'
import { fail } from '../errors.tsx'
import { saidOf } from './mailingsCheck.tsx'
import { actorOf, after, headOf, namedMailing } from './mailingHead.ts'
import { adminLanguage, adminPage, adminProps, type Signed } from './page.tsx'

const HOUR_MS = 3_600_000

/** When a mailing goes out: a form, a summary that says everything, and the one button that does it. */
export function mailingScheduleScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()
  const { timeZone } = deps.config

  app.get('/:id/schedule', async (c) => {
    const row = await namedMailing(deps, c)
    if (!row) return fail(c, deps, 404)
    if (!maySchedule(row)) return c.redirect(`/admin/mailings/${row.id}`)
    return showForm(c, row, { ...usual(row), ...typed(c) }, [])
  })

  app.get('/:id/schedule/summary', async (c) => {
    const row = await namedMailing(deps, c)
    if (!row) return fail(c, deps, 404)
    if (!maySchedule(row)) return c.redirect(`/admin/mailings/${row.id}`)
    return showSummary(c, row, { ...usual(row), ...typed(c) }, c.req.query('at'))
  })

  app.post('/:id/schedule', async (c) => {
    const row = await namedMailing(deps, c)
    if (!row) return fail(c, deps, 404)
    const body = await c.req.parseBody()
    const text = (name: string) => (typeof body[name] === 'string' ? body[name] : undefined)
    const input = { at: text('at'), timeZone, notAfter: text('notAfter') }
    const seen = Number(text('version') ?? Number.NaN)
    const result = await scheduleMailing(deps, row.id, input, actorOf(c), seen)
    if (result.ok) return after(c, `/${row.id}`, 'scheduled')
    const form = formFrom(input)
    if (result.status === 422) {
      const ofTime = result.errors.filter(({ path }) => path === 'at' || path === 'notAfter')
      if (ofTime.length === 0) return c.redirect(`/admin/mailings/${row.id}/check`, 303)
      return showForm(c, row, form, problemsOf(adminLanguage(c), ofTime as ScheduleProblem[]))
    }
    // The button pressed twice: the first press did it, and the second changes nothing.
    const now = (await mailingById(deps.store, row.id)) ?? row
    if (now.scheduled_at !== null) return after(c, `/${row.id}`, isSame(now, input) ? 'scheduled' : 'moved')
    return showSummary(c, now, form, input.at, true)
  })

  function maySchedule(row: MailingRow) {
    return mayBecome(mailingState(timesOf(row)), 'schedule').ok
  }

  /** Was it scheduled for that very time? "Now" was then, whenever that was. */
  function isSame(row: MailingRow, input: { at?: string | undefined; notAfter?: string | undefined }): boolean {
    if (input.at === 'now') return row.due_at !== null && row.due_at <= deps.now()
    const read = parseSchedule({ ...input, timeZone }, row.scheduled_at ?? deps.now())
    return read.ok && read.dueAt === row.due_at
  }

  /** What the form begins with: what is scheduled already, else nine o'clock tomorrow. */
  function usual(row: MailingRow): ScheduleForm {
    const at = localOf(row.due_at ?? deps.now() + 24 * HOUR_MS)
    const last = row.not_after === null ? { date: '', time: '' } : localOf(row.not_after)
    const time = row.due_at === null ? '09:00' : at.time
    return { when: 'at', date: at.date, time, lastDate: last.date, lastTime: last.time }
  }

  function formFrom({
    at = '',
    notAfter = '',
  }: {
    at?: string | undefined
    notAfter?: string | undefined
  }): ScheduleForm {
    const [date = '', time = ''] = at === 'now' ? [] : at.split('T')
    const [lastDate = '', lastTime = ''] = notAfter.split('T')
    return { when: at === 'now' ? 'now' : 'at', date, time: time.slice(0, 5), lastDate, lastTime: lastTime.slice(0, 5) }
  }

  function localOf(at: number) {
    const { local } = showInstant(at, timeZone)
    return { date: local.slice(0, 10), time: local.slice(11, 16) }
  }

  function showForm(c: Context<Signed>, row: MailingRow, form: ScheduleForm, problems: ControlProblem[]) {
    return adminPage(
      c,
      deps,
      <MailingSchedule
        {...adminProps(c, deps)}
        mailing={headOf(deps, row)}
        form={form}
        problems={problems}
        timeZone={timeZone}
        done={c.req.query('done')}
      />,
      problems.length > 0 ? 422 : 200,
    )
  }

  /** @param exactly the instant that was picked of a time that comes twice */
  async function showSummary(c: Context<Signed>, row: MailingRow, form: ScheduleForm, exactly?: string, stale = false) {
    const lang = adminLanguage(c)
    const missing = missingIn(lang, form)
    if (missing.length > 0) return showForm(c, row, form, missing)
    const at = form.when === 'now' ? 'now' : (exactly ?? `${form.date}T${form.time}`)
    const notAfter = form.lastDate === '' ? null : `${form.lastDate}T${form.lastTime}`
    const read = parseSchedule({ at, timeZone, notAfter }, deps.now())
    if (!read.ok) return showForm(c, row, form, problemsOf(lang, read.errors))
    const check = await checkMailing(deps, row.id)
    if (!check) return fail(c, deps, 404)
    const query = new URLSearchParams(form)
    const base = `/admin/mailings/${row.id}/schedule`
    return adminPage(
      c,
      deps,
      <MailingScheduleSummary
        {...adminProps(c, deps)}
        mailing={headOf(deps, row)}
        at={at}
        notAfter={notAfter}
        version={row.updated_at}
        dueAt={form.when === 'now' ? null : read.dueAt}
        latest={read.notAfter}
        timeZone={timeZone}
        allowed={check.counts.allowed}
        stopped={Object.values(check.counts.stopped).reduce((sum, n) => sum + n, 0)}
        errors={saidOf(lang, check.errors)}
        warnings={saidOf(lang, check.warnings)}
        clock={clockNote(lang, form, read, base, query)}
        changeHref={`${base}?${query.toString()}`}
        stale={stale}
      />,
      stale ? 409 : 200,
    )
  }

  /** The clocks change at that time: what was taken, and of a time that comes twice the way to the other. */
  function clockNote(lang: Language, form: ScheduleForm, read: Schedule, base: string, query: URLSearchParams) {
    if (!read.note) return null
    const later = showInstant(read.dueAt + HOUR_MS, timeZone)
    if (later.local !== read.shown.local) return { said: read.note[lang] }
    const other = new URLSearchParams([...query, ['at', `${later.local}${later.offset}`]])
    return {
      said: mailingStepWords[lang].schedule.overlap(form.time),
      otherHref: `${base}/summary?${other.toString()}`,
    }
  }

  return app
}

/** What stands in the address, as it was typed. */
function typed(c: Context): Partial<ScheduleForm> {
  const given = c.req.query()
  const fields = (['date', 'time', 'lastDate', 'lastTime'] as const).filter((name) => given[name] !== undefined)
  const when = given['when'] === 'now' || given['when'] === 'at' ? { when: given['when'] as ScheduleForm['when'] } : {}
  return { ...Object.fromEntries(fields.map((name) => [name, given[name]])), ...when }
}

function missingIn(lang: Language, form: ScheduleForm): ControlProblem[] {
  const w = mailingStepWords[lang].schedule.invalid
  const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text)
  const isTime = (text: string) => /^\d\d:\d\d$/.test(text)
  const problems: ControlProblem[] = []
  if (form.when === 'at' && !isDay(form.date)) problems.push({ path: 'date', message: w.date })
  if (form.when === 'at' && !isTime(form.time)) problems.push({ path: 'time', message: w.time })
  const last = [form.lastDate, form.lastTime]
  if (last.some((text) => text !== '') && !(isDay(form.lastDate) && isTime(form.lastTime)))
    problems.push({ path: isDay(form.lastDate) ? 'lastTime' : 'lastDate', message: w.notAfterBoth })
  return problems
}

/** What rules/schedule.ts said, by the control that mends it. */
function problemsOf(lang: Language, errors: readonly ScheduleProblem[]): ControlProblem[] {
  const w = mailingStepWords[lang].schedule.invalid
  return errors.map(({ path, message }) => {
    const far = message.includes('two years')
    if (path === 'notAfter') return { path: 'lastDate', message: far ? w.notAfterFar : w.notAfter }
    if (far) return { path: 'date', message: w.far }
    return { path: 'date', message: message.includes('past') ? w.past : w.date }
  })
}
