import { segmentWords } from '../../words/admin/segments.ts'
import { shellWords } from '../../words/admin/shell.ts'
import { formatDay, formatNumber, words, type Language } from '../../words/index.ts'
import { AdminPage, type AdminProps } from '../admin.tsx'
import { ButtonForm } from '../page.tsx'
import { Table } from '../table.tsx'
import {
  AreaControl,
  ProblemList,
  RadioControl,
  SelectControl,
  TextControl,
  TickControl,
  type Choice,
  type ControlProblem,
} from './mailingControls.tsx'

export const SegmentsList = (
  props: AdminProps & {
    segments: readonly { href: string; name: string; changedAt: number }[]
    timeZone: string
    doneKey?: string | undefined
  },
) => {
  const { lang, segments, timeZone } = props
  const w = segmentWords[lang]
  return (
    <AdminPage {...props} title={w.title} current="segments" done={doneIn(lang, props.doneKey)}>
      <p>{w.intro}</p>
      <p class="links">
        <a href="/admin/segments/new">{w.add}</a>
      </p>
      {segments.length === 0 ? (
        <p>{shellWords[lang].none}</p>
      ) : (
        <Table
          label={w.title}
          columns={[{ label: w.name }, { label: w.changed }]}
          rows={segments.map(({ href, name, changedAt }) => [
            <a href={href} children={name} />,
            formatDay(lang, changedAt, timeZone),
          ])}
        />
      )}
    </AdminPage>
  )
}

function doneIn(lang: Language, key: string | undefined): string | undefined {
  const { done } = segmentWords[lang]
  return key !== undefined && Object.hasOwn(done, key) ? done[key] : undefined
}

/** One side of the form: what to include, or what to leave out. */
export type SegmentSide = {
  languages: readonly string[]
  topics: readonly string[]
  priceGroups: readonly string[]
  companies: string
  contains: string
  source: string
  confirmed: string
  answered: string
  received: string
}
export type SegmentForm = { name: string; combine: 'all' | 'any'; include: SegmentSide; exclude: SegmentSide }
export type SegmentChoices = { topics: readonly Choice[]; priceGroups: readonly string[] }

/** @param id null for a new one @param form null where the definition is none that a form can show */
export const SegmentEdit = (
  props: AdminProps & {
    id: string | null
    name: string
    form: SegmentForm | null
    choices: SegmentChoices
    problems: readonly ControlProblem[]
    count: number | null
    usedBy: readonly { href: string; subject: string }[]
    doneKey?: string | undefined
  },
) => {
  const { lang, id, form, problems, count } = props
  const w = segmentWords[lang]
  const action = id === null ? '/admin/segments/new' : `/admin/segments/${id}`
  const title = id === null ? w.addTitle : props.name
  return (
    <AdminPage
      {...props}
      title={title}
      current="segments"
      problem={problems.length > 0}
      done={doneIn(lang, props.doneKey)}
    >
      <ProblemList title={w.problems} problems={problems} />
      <div id="count" aria-live="polite">
        {count === null ? null : <SegmentCount lang={lang} count={count} />}
      </div>
      {form ? (
        <form method="post" action={action}>
          <TextControl lang={lang} problems={problems} name="name" label={w.name} value={form.name} maxLength={200} />
          <RadioControl
            lang={lang}
            problems={problems}
            name="combine"
            label={w.combine}
            value={form.combine}
            choices={[
              { value: 'all', label: w.combines.all },
              { value: 'any', label: w.combines.any },
            ]}
          />
          <fieldset>
            <legend>{w.include}</legend>
            <Side {...props} prefix="in." side={form.include} />
          </fieldset>
          <fieldset>
            <legend>{w.exclude}</legend>
            <p class="hint">{w.excludeHint}</p>
            <Side {...props} prefix="out." side={form.exclude} />
          </fieldset>
          <div class="actions">
            <button class="main">{shellWords[lang].save}</button>
            <button formaction="/admin/segments/count" hx-post="/admin/segments/count" hx-target="#count">
              {w.count}
            </button>
          </div>
        </form>
      ) : (
        <p>{w.foreign}</p>
      )}
      {props.usedBy.length > 0 ? (
        <section>
          <p>{w.usedBy}</p>
          <ul>
            {props.usedBy.map(({ href, subject }) => (
              <li>
                <a href={href}>{subject}</a>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {id !== null && props.usedBy.length === 0 ? (
        <ButtonForm action={`${action}/remove`} label={shellWords[lang].remove} look="danger" />
      ) : null}
    </AdminPage>
  )
}

/** How many it means; a piece of the page too. */
export const SegmentCount = ({ lang, count }: { lang: Language; count: number }) => (
  <p class="note">{segmentWords[lang].meant(formatNumber(lang, count))}</p>
)

const Side = (props: {
  lang: Language
  problems: readonly ControlProblem[]
  prefix: string
  side: SegmentSide
  choices: SegmentChoices
}) => {
  const { lang, problems, prefix, side, choices } = props
  const w = segmentWords[lang]
  const common = { lang, problems }
  const languages = (['fi', 'sv', 'en'] as const).map((value) => ({ value, label: words[value].languageName }))
  const periods = (value: string): Choice[] => [
    ...Object.entries(w.since).map(([days, label]) => ({ value: days, label })),
    ...(value === '' || value in w.since ? [] : [{ value, label: w.sinceOther(value) }]),
  ]
  return (
    <>
      <div class="grid">
        <TickControl name={`${prefix}languages`} label={w.languages} values={side.languages} choices={languages} />
        <TickControl name={`${prefix}topics`} label={w.topics} values={side.topics} choices={choices.topics} />
        <TickControl
          name={`${prefix}priceGroups`}
          label={w.priceGroups}
          values={side.priceGroups}
          choices={choices.priceGroups.map((value) => ({ value, label: value }))}
        />
      </div>
      <div class="grid">
        <TextControl
          {...common}
          name={`${prefix}contains`}
          label={w.contains}
          hint={w.containsHint}
          value={side.contains}
          maxLength={60}
          optional
        />
        <TextControl
          {...common}
          name={`${prefix}source`}
          label={w.source}
          hint={w.sourceHint}
          value={side.source}
          maxLength={200}
          optional
        />
      </div>
      <AreaControl
        {...common}
        name={`${prefix}companies`}
        label={w.companies}
        hint={w.companiesHint}
        value={side.companies}
        rows={2}
        optional
      />
      <div class="grid">
        {(['confirmed', 'answered', 'received'] as const).map((name) => (
          <SelectControl
            {...common}
            name={`${prefix}${name}`}
            label={w[name]}
            value={side[name]}
            choices={periods(side[name])}
            none={w.noMatter}
          />
        ))}
      </div>
    </>
  )
}
