import type { AdminProps } from '../admin.tsx'
import { formatNumber, formatTime } from '../../words/index.ts'
import { mailingStepWords } from '../../words/admin/mailings.ts'
import { ProblemList, RadioControl, TextControl, type ControlProblem } from './mailingControls.tsx'
import { mailingHref, MailingPage, type MailingHead } from './mailingPage.tsx'

/** What was typed: local days `2026-12-01` and times `09:00`. */
export type ScheduleForm = { when: 'now' | 'at'; date: string; time: string; lastDate: string; lastTime: string }

/** When it goes out. */
export const MailingSchedule = (
  props: AdminProps & {
    mailing: MailingHead
    form: ScheduleForm
    problems: readonly ControlProblem[]
    timeZone: string
    done?: string | undefined
  },
) => {
  const { lang, mailing, form, problems } = props
  const w = mailingStepWords[lang].schedule
  const common = { lang, problems }
  return (
    <MailingPage {...props} tab="schedule" problem={problems.length > 0}>
      <ProblemList title={w.title} problems={problems} />
      <form method="get" action={`${mailingHref(mailing.id, 'schedule')}/summary`}>
        <RadioControl
          {...common}
          name="when"
          label={w.when}
          value={form.when}
          choices={[
            { value: 'at', label: w.at },
            { value: 'now', label: w.now },
          ]}
        />
        <div class="grid">
          <TextControl
            {...common}
            name="date"
            label={w.date}
            kind="date"
            value={form.date}
            hint={w.zone(props.timeZone)}
          />
          <TextControl {...common} name="time" label={w.time} kind="time" value={form.time} hint={w.timeHint} />
        </div>
        <h2>{w.notAfter}</h2>
        <p class="hint">{w.notAfterHint}</p>
        <div class="grid">
          <TextControl {...common} name="lastDate" label={w.notAfterDate} kind="date" value={form.lastDate} optional />
          <TextControl {...common} name="lastTime" label={w.notAfterTime} kind="time" value={form.lastTime} optional />
        </div>
        <button class="main">{w.toSummary}</button>
      </form>
      {mailing.state === 'draft' ? (
        <section>
          <h2>{w.repeat}</h2>
          <p>
            {w.repeatHint} <a href={`/admin/mailings/${mailing.id}/repeat`}>{w.repeatLink}</a>
          </p>
        </section>
      ) : null}
    </MailingPage>
  )
}

/** Everything that the last button does, before it does it. */
export const MailingScheduleSummary = (
  props: AdminProps & {
    mailing: MailingHead
    /** what the button posts */
    at: string
    notAfter: string | null
    version: number
    /** milliseconds UTC; null = now */
    dueAt: number | null
    latest: number | null
    timeZone: string
    allowed: number
    stopped: number
    errors: readonly string[]
    warnings: readonly string[]
    /** what is made of a change of the clocks, and where the other choice leads */
    clock: { said: string; otherHref?: string | undefined } | null
    /** back to the form, filled in */
    changeHref: string
    stale: boolean
  },
) => {
  const { lang, mailing, dueAt, latest, timeZone } = props
  const w = mailingStepWords[lang].schedule
  const many = formatNumber(lang, props.allowed)
  const shown = (at: number) => `${formatTime(lang, at, timeZone)} (${timeZone})`
  return (
    <MailingPage {...props} tab="schedule" problem={props.stale}>
      {props.stale ? (
        <p class="note bad" role="alert" tabindex={-1} autofocus>
          {w.stale}
        </p>
      ) : null}
      <h2>{w.summary}</h2>
      <dl class="facts">
        <div>
          <dt>{w.starts}</dt>
          <dd>
            <strong>{dueAt === null ? w.startsNow : shown(dueAt)}</strong>
          </dd>
        </div>
        <div>
          <dt>{w.latest}</dt>
          <dd>{latest === null ? w.noLatest : shown(latest)}</dd>
        </div>
        <div>
          <dt>{w.recipients}</dt>
          <dd>
            <strong>{many}</strong>
            {props.stopped > 0 ? ` · ${w.recipientsHint(formatNumber(lang, props.stopped))}` : ''}
          </dd>
        </div>
      </dl>
      {props.clock ? (
        <div class="note">
          <h3>{w.clock}</h3>
          <p>{props.clock.said}</p>
          {props.clock.otherHref ? (
            <p>
              <a href={props.clock.otherHref}>{w.second}</a>
            </p>
          ) : null}
        </div>
      ) : null}
      {props.warnings.length === 0 ? null : (
        <div class="note">
          <ul>
            {props.warnings.map((warning) => (
              <li>{warning}</li>
            ))}
          </ul>
        </div>
      )}
      {props.errors.length > 0 ? (
        <div class="note bad">
          <h3>{w.errorsFirst}</h3>
          <ul>
            {props.errors.map((error) => (
              <li>{error}</li>
            ))}
          </ul>
        </div>
      ) : (
        <p>{w.frozen}</p>
      )}
      <div class="actions">
        {props.errors.length > 0 ? (
          <a class="button main" href={mailingHref(mailing.id, 'check')}>
            {w.toCheck}
          </a>
        ) : (
          <form method="post" action={mailingHref(mailing.id, 'schedule')}>
            <input type="hidden" name="at" value={props.at} />
            {props.notAfter === null ? null : <input type="hidden" name="notAfter" value={props.notAfter} />}
            <input type="hidden" name="version" value={props.version} />
            <button class="main">{dueAt === null ? w.confirmNow(many) : w.confirmAt(many)}</button>
          </form>
        )}
        <a class="button" href={props.changeHref}>
          {w.change}
        </a>
      </div>
    </MailingPage>
  )
}
