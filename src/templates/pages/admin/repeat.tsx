import type { AdminProps } from '../admin.tsx'
import { formatTime, type Language } from '../../words/index.ts'
import { repeatWords, type RepeatWords } from '../../words/admin/repeat.ts'
import { ButtonForm } from '../page.tsx'
import { Table } from '../table.tsx'
import {
  ProblemList,
  RadioControl,
  SelectControl,
  TextControl,
  TickControl,
  type ControlProblem,
} from './mailingControls.tsx'
import { MailingPage, type MailingHead } from './mailingPage.tsx'

/** What was typed, as it was typed. */
export type RepeatForm = {
  every: string
  nth: string
  weekday: string
  weekdays: readonly string[]
  day: string
  interval: string
  time: string
  from: string
  until: string
  holidays: string
  lateHours: string
  maxPriceListDays: string
}

type Occurrence = { href: string; id: string; at: number }

/** How a draft repeats. @param next milliseconds UTC; null while the form cannot be read */
export const MailingRepeat = (
  props: AdminProps & {
    mailing: MailingHead
    form: RepeatForm
    problems: readonly ControlProblem[]
    next: readonly number[] | null
    state: keyof RepeatWords['states'] | null
    made: readonly Occurrence[]
    timeZone: string
    doneKey?: string | undefined
  },
) => {
  const { lang, mailing, form, problems, state, timeZone } = props
  const w = repeatWords[lang]
  const common = { lang, problems }
  const action = `/admin/mailings/${mailing.id}/repeat`
  const done = props.doneKey !== undefined && Object.hasOwn(w.done, props.doneKey) ? w.done[props.doneKey] : undefined
  const live = {
    'hx-get': `${action}/next`,
    'hx-target': '#next',
    'hx-swap': 'innerHTML',
    'hx-trigger': 'change, keyup delay:500ms',
  }
  return (
    <MailingPage {...props} tab="schedule" problem={problems.length > 0}>
      <h2>{w.title}</h2>
      {done ? <p class="note" role="status" children={done} /> : null}
      <p>{w.intro}</p>
      <ProblemList title={w.problems} problems={problems} />
      {state ? (
        <div class="actions">
          <strong>{w.states[state]}</strong>
          {state === 'running' ? <ButtonForm action={`${action}/pause`} label={w.pause} /> : null}
          {state === 'paused' ? <ButtonForm action={`${action}/resume`} label={w.resume} /> : null}
          {state === 'ended' ? null : <ButtonForm action={`${action}/end`} label={w.end} />}
        </div>
      ) : null}
      <form method="post" action={action} {...live}>
        <RadioControl {...common} name="every" label={w.every} value={form.every} choices={choicesOf(w.patterns)} />
        <div class="grid">
          <SelectControl {...common} name="nth" label={w.nth} value={form.nth} choices={choicesOf(w.nths, nthOrder)} />
          <SelectControl
            {...common}
            name="weekday"
            label={w.weekday}
            value={form.weekday}
            choices={choicesOf(w.weekdays)}
          />
        </div>
        <TextControl {...common} name="day" label={w.day} hint={w.dayHint} value={form.day} />
        <TickControl name="weekdays" label={w.weekly} values={form.weekdays} choices={choicesOf(w.weekdays)} />
        <WeekdayProblem problems={problems} />
        <TextControl {...common} name="interval" label={w.interval} hint={w.intervalHint} value={form.interval} />
        <div class="grid">
          <TextControl
            {...common}
            name="time"
            label={w.time}
            kind="time"
            hint={w.timeHint(timeZone)}
            value={form.time}
          />
          <TextControl {...common} name="from" label={w.from} kind="date" value={form.from} />
          <TextControl {...common} name="until" label={w.until} kind="date" value={form.until} optional />
        </div>
        <RadioControl
          {...common}
          name="holidays"
          label={w.holidays}
          value={form.holidays}
          choices={choicesOf(w.holidayChoices)}
        />
        <TextControl {...common} name="lateHours" label={w.lateHours} hint={w.lateHoursHint} value={form.lateHours} />
        {mailing.kind === 'price_list' ? (
          <TextControl
            {...common}
            name="maxPriceListDays"
            label={w.maxPriceListDays}
            hint={w.maxPriceListDaysHint}
            value={form.maxPriceListDays}
            optional
          />
        ) : null}
        <section>
          <h3>{w.next}</h3>
          <div id="next" aria-live="polite">
            <NextTimes lang={lang} next={props.next} timeZone={timeZone} />
          </div>
        </section>
        <div class="actions">
          <button class="main">{state && state !== 'ended' ? w.change : w.save}</button>
          <button name="preview" value="1">
            {w.preview}
          </button>
        </div>
      </form>
      {props.made.length > 0 ? (
        <section>
          <h3 id="made">{w.made}</h3>
          <Table
            labelledBy="made"
            columns={[{ label: w.at }, { label: w.mailing }]}
            rows={props.made.map(({ href, id, at }) => [
              formatTime(lang, at, timeZone),
              <a href={href} children={id} />,
            ])}
          />
        </section>
      ) : null}
    </MailingPage>
  )
}

/** The next times, a piece of the page that changes while the form is filled in. */
export const NextTimes = (props: { lang: Language; next: readonly number[] | null; timeZone: string }) => {
  const { lang, next, timeZone } = props
  if (!next || next.length === 0) return <p>{repeatWords[lang].none}</p>
  return (
    <ol>
      {next.map((at) => (
        <li>
          {weekdayOf(lang, at, timeZone)} {formatTime(lang, at, timeZone)}
        </li>
      ))}
    </ol>
  )
}

const WeekdayProblem = ({ problems }: { problems: readonly ControlProblem[] }) => (
  <>
    {problems
      .filter(({ path }) => path === 'weekdays')
      .map(({ message }) => (
        <p class="err">{message}</p>
      ))}
  </>
)

const nthOrder = ['1', '2', '3', '4', '-1']

function choicesOf(words: Readonly<Record<string, string>>, order = Object.keys(words)) {
  return order.map((value) => ({ value, label: words[value] ?? value }))
}

function weekdayOf(lang: Language, at: number, timeZone: string): string {
  return new Intl.DateTimeFormat(lang, { weekday: 'long', timeZone }).format(at)
}
