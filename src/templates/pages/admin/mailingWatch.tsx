import type { AdminProps } from '../admin.tsx'
import { formatNumber, formatTime, type Language } from '../../words/index.ts'
import { mailingStepWords, mailingWords } from '../../words/admin/mailings.ts'
import { mendIn, reasonIn } from '../../words/admin/reasons.ts'
import { TextControl } from './mailingControls.tsx'
import { MailingCounts, type Watched } from './mailingCounts.tsx'
import { mailingHref, MailingPage, type MailingHead } from './mailingPage.tsx'

/** milliseconds UTC */
export type WatchedTimes = {
  createdAt: number
  startedAt: number | null
  finishedAt: number | null
  notAfter: number | null
}

/** A mailing that was scheduled: live while it runs, a report when it is over. */
export const MailingWatch = (
  props: AdminProps & Watched & { times: WatchedTimes; timeZone: string; done?: string | undefined },
) => {
  const { lang, mailing } = props
  const w = mailingStepWords[lang].watch
  return (
    <MailingPage {...props} tab="watch">
      <State lang={lang} mailing={mailing} />
      <Live {...props} />
      <Actions {...props} />
      <Times {...props} />
      <section>
        <div class="actions">
          <a class="button" href={mailingHref(mailing.id, 'recipients')}>
            {w.allRecipients}
          </a>
          <a class="button" href={mailingHref(mailing.id, 'preview')}>
            {w.content}
          </a>
          <form method="post" action={`/admin/mailings/${mailing.id}/copy`}>
            <button>{mailingWords[lang].copy}</button>
          </form>
        </div>
      </section>
    </MailingPage>
  )
}

/** Why it stands still, and what will move it. */
const State = ({ lang, mailing }: { lang: Language; mailing: MailingHead }) => {
  const w = mailingStepWords[lang].watch
  if (mailing.state === 'scheduled') return <p class="note">{w.waiting}</p>
  if (mailing.reason === null) return null
  return (
    <div class="note bad" id="reason">
      <p>
        <strong>
          {mailingWords[lang].states[mailing.state]}: {reasonIn(lang, mailing.reason)}
        </strong>
      </p>
      <p>{mendIn(lang, mailing.reason)}</p>
    </div>
  )
}

/** The counts, in a place that a running mailing fills again by itself. */
const Live = (props: Watched & { lang: Language }) => {
  const { lang, mailing } = props
  const w = mailingStepWords[lang].watch
  const live = isMoving(mailing)
    ? {
        'hx-get': `${mailingHref(mailing.id)}/live?seen=${mailing.state}`,
        'hx-trigger': 'every 2s',
        'hx-target': 'this',
      }
    : {}
  return (
    <>
      <h2>{mailing.state === 'finished' ? w.report : w.countsTitle}</h2>
      {isMoving(mailing) ? (
        <p class="links">
          <a href={mailingHref(mailing.id)}>{w.refresh}</a>
        </p>
      ) : null}
      <div id="counts" {...live}>
        <MailingCounts {...props} />
      </div>
    </>
  )
}

/** Does anything change by itself? */
function isMoving({ state }: Pick<MailingHead, 'state'>): boolean {
  return state !== 'draft' && state !== 'finished' && state !== 'cancelled'
}

/** What can be done in this state, and nothing else. */
const Actions = ({ lang, mailing, counts }: Watched & { lang: Language }) => {
  const w = mailingStepWords[lang].watch
  const { state, reason } = mailing
  const post = (verb: string) => `/admin/mailings/${mailing.id}/${verb}`
  const stopped = state === 'paused' || state === 'held'
  const mayResume = stopped && reason !== 'uncertain' && reason !== 'source_stale' && reason !== 'held'
  const mayPause = state === 'scheduled' || state === 'sending' || state === 'held'
  if (state === 'finished' || (state === 'cancelled' && counts.uncertain === 0)) return null
  return (
    <section>
      <h2>{w.actions}</h2>
      {counts.uncertain > 0 ? (
        <>
          <h3>{w.uncertain}</h3>
          <p>{w.uncertainText(formatNumber(lang, counts.uncertain))}</p>
          <div class="actions">
            {state === 'cancelled' ? null : <Button action={post('resend-uncertain')} label={w.resend} />}
            <Button action={post('accept-uncertain')} label={w.accept} />
          </div>
        </>
      ) : null}
      {mayPause ? (
        <form method="post" action={post('pause')}>
          <TextControl
            lang={lang}
            name="note"
            label={w.pauseNote}
            hint={w.pauseNoteHint}
            value=""
            maxLength={200}
            problems={[]}
            optional
          />
          <button>{w.pause}</button>
        </form>
      ) : null}
      <div class="actions">
        {mayResume ? (
          <form method="post" action={post('resume')}>
            <button class="main">{reason === 'too_late' ? w.resumeLate : w.resume}</button>
          </form>
        ) : null}
        {state === 'scheduled' ? (
          <a class="button" href={mailingHref(mailing.id, 'schedule')}>
            {w.changeTime}
          </a>
        ) : null}
        {state === 'cancelled' ? null : (
          <a class="button danger" href={post('cancel')}>
            {w.cancel}
          </a>
        )}
      </div>
    </section>
  )
}

const Button = ({ action, label }: { action: string; label: string }) => (
  <form method="post" action={action}>
    <button>{label}</button>
  </form>
)

const Times = (props: { lang: Language; times: WatchedTimes; timeZone: string }) => {
  const { lang, times, timeZone } = props
  const w = mailingStepWords[lang].watch
  const shown = [
    [w.created, times.createdAt],
    [w.latest, times.notAfter],
    [w.started, times.startedAt],
    [w.finished, times.finishedAt],
  ] as const
  return (
    <section>
      <dl class="facts">
        {shown.map(([label, at]) =>
          at === null ? null : (
            <div>
              <dt>{label}</dt>
              <dd>{formatTime(lang, at, timeZone)}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  )
}

/** Before everything that is left is dropped. */
export const MailingCancel = (props: AdminProps & Watched) => {
  const { lang, mailing, counts } = props
  const w = mailingStepWords[lang].watch
  const left = formatNumber(lang, counts.queued + counts.sending)
  return (
    <MailingPage {...props} tab={null}>
      <h2>{w.cancelTitle}</h2>
      <p>{counts.proposed === 0 ? w.cancelScheduled : w.cancelText(left, formatNumber(lang, counts.sent))}</p>
      <form class="actions" method="post" action={`/admin/mailings/${mailing.id}/cancel`}>
        <button class="danger">{w.cancel}</button>
        <a class="button" href={mailingHref(mailing.id)}>
          {w.keep}
        </a>
      </form>
    </MailingPage>
  )
}
