import { ColumnChart, type Column } from '../../charts/columns.tsx'
import { NpsChart } from '../../charts/npsBar.tsx'
import { RowChart } from '../../charts/rows.tsx'
import { Timeline } from '../../charts/timeline.tsx'
import { surveyAdminWords } from '../../words/admin/surveys.ts'
import { formatDay, formatNumber, type Language } from '../../words/index.ts'
import { surveyWords } from '../../words/survey.ts'

type Tone = 'low' | 'mid' | 'high'

export type ShownQuestion = {
  id: string
  kind: 'nps' | 'csat' | 'ces' | 'choice' | 'text'
  text: string
  /** null where the group is too small to be shown */
  answers: number | null
  nps: number | null
  average: number | null
  /** in the order of the scale or of the choices */
  distribution: readonly { label: string; n: number }[]
  groups: Record<Tone, number> | null
  texts: readonly string[]
}

export type ShownResults = {
  answered: number
  withheld: boolean
  /** beginnings of days, milliseconds UTC */
  days: readonly { day: number; n: number }[]
  questions: readonly ShownQuestion[]
}

type Props = { lang: Language; results: ShownResults; smallestGroup: number }

/** What people said, question by question: figures, a drawing with its table, and free text as it was written. */
export const SurveyResults = ({ lang, results, smallestGroup }: Props) => {
  const w = surveyAdminWords[lang]
  const [first, last] = [results.days[0], results.days.at(-1)]
  const day = (at: number) => formatDay(lang, at, 'UTC')
  return (
    <section>
      <h2>{w.results}</h2>
      {results.withheld ? <p class="note" children={w.withheld(formatNumber(lang, smallestGroup))} /> : null}
      {first && last ? (
        <>
          <h3>{w.dayTitle}</h3>
          <Timeline
            id="days"
            title={w.dayTitle}
            description={w.dayDesc(formatNumber(lang, results.answered), day(first.day), day(last.day))}
            head={[w.day, w.answers]}
            asTable={w.asTable}
            days={results.days.map(({ day: at, n }) => ({ at, day: day(at), value: n, text: formatNumber(lang, n) }))}
          />
        </>
      ) : null}
      {results.withheld
        ? null
        : results.questions.map((question, n) => (
            <OneQuestion lang={lang} question={question} id={`chart-${n + 1}`} smallestGroup={smallestGroup} />
          ))}
    </section>
  )
}

const OneQuestion = (props: { lang: Language; question: ShownQuestion; id: string; smallestGroup: number }) => {
  const { lang, question, smallestGroup } = props
  const w = surveyAdminWords[lang]
  const { answers, average, nps } = question
  return (
    <section>
      <h3>{question.text}</h3>
      {answers === null ? <p class="note" children={w.few(formatNumber(lang, smallestGroup))} /> : null}
      {answers === 0 ? <p>{w.noAnswers}</p> : null}
      {answers !== null && answers > 0 ? (
        <>
          <dl class="facts">
            <Fact label={w.answers} value={formatNumber(lang, answers)} />
            {nps === null ? null : <Fact label={w.nps} value={signed(lang, nps)} />}
            {average === null ? null : <Fact label={w.average} value={formatNumber(lang, average)} />}
          </dl>
          <Drawings {...props} answers={answers} />
        </>
      ) : null}
    </section>
  )
}

const Fact = ({ label, value }: { label: string; value: string }) => (
  <div>
    <dt>{label}</dt>
    <dd>{value}</dd>
  </div>
)

const Drawings = (props: { lang: Language; question: ShownQuestion; id: string; answers: number }) => {
  const { lang, question, id, answers } = props
  const w = surveyAdminWords[lang]
  const { kind, text, groups, nps } = question
  if (kind === 'text') return <Texts {...props} />
  const columns: Column[] = question.distribution.map(({ label, n }) => ({
    label,
    value: n,
    text: formatNumber(lang, n),
    share: share(lang, n, answers),
    ...(kind === 'nps' ? { tone: toneOf(Number(label)) } : {}),
  }))
  const top = columns.reduce((most, one) => (one.value > most.value ? one : most), columns[0] ?? nothing)
  const texts = {
    id,
    title: w.distribution(text),
    description: w.distributionDesc(formatNumber(lang, answers), top.label, top.share),
    head: [kind === 'choice' ? w.choice : w.value, w.answers, w.share],
    asTable: w.asTable,
  }
  const [low, high] = kind === 'choice' ? ['', ''] : surveyWords[lang].scale[kind]
  return (
    <>
      {groups && nps !== null ? (
        <NpsChart
          id={`${id}-nps`}
          title={w.npsTitle(text)}
          description={w.npsDesc(
            signed(lang, nps),
            share(lang, groups.low, answers),
            share(lang, groups.mid, answers),
            share(lang, groups.high, answers),
          )}
          head={[w.group, w.answers, w.share]}
          asTable={w.asTable}
          score={nps}
          scoreText={signed(lang, nps)}
          ends={[signed(lang, -100), '0', signed(lang, 100)]}
          groups={(['low', 'mid', 'high'] as const).map((tone) => ({
            tone,
            label: w.groups[tone],
            value: groups[tone],
            text: formatNumber(lang, groups[tone]),
            share: share(lang, groups[tone], answers),
          }))}
        />
      ) : null}
      {kind === 'choice' ? (
        <RowChart {...texts} columns={columns} />
      ) : (
        <ColumnChart {...texts} columns={columns} ends={[low ?? '', high ?? '']} />
      )}
    </>
  )
}

const nothing: Column = { label: '', value: 0, text: '', share: '' }

const TEXTS_SHOWN = 200

const Texts = ({ lang, question }: { lang: Language; question: ShownQuestion }) => {
  const w = surveyAdminWords[lang]
  return (
    <>
      <h4>{w.texts}</h4>
      <ul class="said">
        {question.texts.map((text) => (
          <li>{text}</li>
        ))}
      </ul>
      {question.texts.length >= TEXTS_SHOWN ? <p class="soft" children={w.textsMore} /> : null}
    </>
  )
}

function toneOf(value: number): Tone {
  return value >= 9 ? 'high' : value >= 7 ? 'mid' : 'low'
}

function share(lang: Language, n: number, all: number): string {
  return `${formatNumber(lang, all === 0 ? 0 : Math.round((100 * n) / all))} %`
}

/** With a plus where it is above zero, as scores are written. */
function signed(lang: Language, value: number): string {
  return value > 0 ? `+${formatNumber(lang, value)}` : formatNumber(lang, value)
}
