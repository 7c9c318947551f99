import type { AdminProps } from '../admin.tsx'
import type { Language } from '../../words/index.ts'
import { mailingWords } from '../../words/admin/mailings.ts'
import { shellWords } from '../../words/admin/shell.ts'
import { MailingAudience } from './mailingAudience.tsx'
import {
  AreaControl,
  ProblemList,
  RadioControl,
  SelectControl,
  TextControl,
  type Choice,
  type ControlProblem,
} from './mailingControls.tsx'
import { MailingPrices, MailingSurvey } from './mailingAbout.tsx'
import { MailingHelp, type MergeTag } from './mailingHelp.tsx'
import { Remarks } from './mailingLive.tsx'
import type { MailingKind } from './mailingPage.tsx'

/** What stands in the controls, as it was typed. */
export type MailingForm = {
  kind: MailingKind
  topic: string
  subject: string
  fromName: string
  fromAddress: string
  replyTo: string
  format: string
  body: string
  priceList: string
  pricesOn: string
  survey: string
  remindAfterDays: string
  segment: string
  /** one a line: business id or name */
  companies: string
  languages: readonly string[]
  priceGroups: readonly string[]
}

/** What can be chosen. `usualSender`: who it comes from when nobody is named. */
export type MailingChoices = {
  topics: readonly Choice[]
  priceLists: readonly Choice[]
  surveys: readonly Choice[]
  segments: readonly Choice[]
  priceGroups: readonly string[]
  tags: readonly MergeTag[]
  usualSender: string
}

export type EditProps = {
  form: MailingForm
  choices: MailingChoices
  problems: readonly ControlProblem[]
  warnings: readonly ControlProblem[]
  /** `updated_at` of the draft that the form shows; null for a new one */
  version: number | null
  /** somebody changed the draft after the form was opened; the version that is there now */
  stale?: number | undefined
}

const BODY_MAX = 150_000

/** Everything that a draft is made of, but its files. @param layoutHref how the stored draft looks */
export const MailingFields = (props: AdminProps & EditProps & { action: string; layoutHref?: string }) => {
  const { lang, form, choices, problems } = props
  const w = mailingWords[lang].form
  const live = { 'hx-post': '/admin/mailings/live', 'hx-target': '#live', 'hx-trigger': 'input changed delay:700ms' }
  const common = { lang, problems }
  const ofBody = problems.filter(({ path }) => path === 'body')
  return (
    <>
      <ProblemList title={w.problems} problems={problems} />
      <Stale {...props} />
      <form method="post" action={props.action}>
        <input type="hidden" name="kind" value={form.kind} />
        {props.version === null ? null : <input type="hidden" name="version" value={props.stale ?? props.version} />}
        <div class="grid">
          <SelectControl
            {...common}
            name="topic"
            label={w.topic}
            hint={w.topicHint}
            value={form.topic}
            choices={choices.topics}
          />
          {form.kind === 'price_list' ? <MailingPrices {...common} {...props} /> : null}
          {form.kind === 'survey' ? <MailingSurvey {...common} {...props} /> : null}
        </div>
        <TextControl
          {...common}
          name="subject"
          label={w.subject}
          hint={w.subjectHint}
          value={form.subject}
          maxLength={300}
        />
        <h2>{w.content}</h2>
        <RadioControl
          {...common}
          name="format"
          label={w.format}
          value={form.format}
          choices={(['markdown', 'mjml'] as const).map((value) => ({ value, label: w.formats[value] }))}
        />
        <AreaControl
          {...common}
          name="body"
          label={w.body}
          hint={w.bodyHint}
          value={form.body}
          rows={18}
          code
          maxLength={BODY_MAX}
          live={live}
          toldIn="live"
        />
        <div id="live" class="live" aria-live="polite">
          {ofBody.length > 0 ? <Remarks bad title={w.liveProblems} remarks={ofBody} /> : null}
          {props.warnings.length > 0 ? <Remarks title={w.warnings} remarks={props.warnings} /> : null}
        </div>
        <MailingHelp lang={lang} tags={choices.tags} />
        <details open={props.layoutHref !== undefined}>
          <summary>{w.layoutTitle}</summary>
          <p class="actions">
            <button formaction="/admin/mailings/layout" formtarget="layout" formnovalidate>
              {w.show}
            </button>
          </p>
          <iframe name="layout" class="layout" sandbox="" title={w.layoutTitle} src={props.layoutHref} />
        </details>
        <MailingAudience {...common} form={form} choices={choices} />
        <h2>{w.sender}</h2>
        <div class="grid">
          <TextControl
            {...common}
            name="fromName"
            label={w.fromName}
            hint={w.fromHint(choices.usualSender)}
            value={form.fromName}
            maxLength={200}
            optional
          />
          <TextControl
            {...common}
            name="fromAddress"
            label={w.fromAddress}
            kind="email"
            value={form.fromAddress}
            maxLength={254}
            optional
          />
          <TextControl
            {...common}
            name="replyTo"
            label={w.replyTo}
            hint={w.replyToHint}
            kind="email"
            value={form.replyTo}
            maxLength={254}
            optional
          />
        </div>
        <p class="actions">
          <button class="main">{props.stale === undefined ? w.save : w.keepMine}</button>
          <a class="button" href="/admin/mailings">
            {shellWords[lang].cancel}
          </a>
        </p>
      </form>
    </>
  )
}

/** Told, never overwritten: what was typed stays in the form, and the other version can be looked at beside it. */
const Stale = (props: { lang: Language; action: string; stale?: number | undefined }) => {
  const w = mailingWords[props.lang].form
  return props.stale === undefined ? null : (
    <div class="note bad" role="alert" tabindex={-1} autofocus>
      <h2>{w.staleTitle}</h2>
      <p>{w.stale}</p>
      <p>
        <a href={props.action} target="_blank" rel="noopener">
          {w.openLatest}
        </a>
      </p>
    </div>
  )
}
