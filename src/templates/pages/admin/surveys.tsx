import { surveyAdminWords } from '../../words/admin/surveys.ts'
import { formatNumber, formatTime } from '../../words/index.ts'
import { AdminPage, type AdminProps } from '../admin.tsx'
import { ButtonForm } from '../page.tsx'
import { Table } from '../table.tsx'
import { SurveyResults, type ShownResults } from './surveyResults.tsx'

export type SurveyFacts = {
  id: string
  href: string
  name: string
  state: 'open' | 'closed'
  anonymous: boolean
  smallestGroup: number
  /** milliseconds UTC */
  closesAt: number | null
  invited: number
  answered: number
}

/** @param done what was just done here; `words.done` has its sentence */
export const SurveyList = (
  props: AdminProps & { surveys: readonly SurveyFacts[]; timeZone: string; moreHref: string | null; more: string },
) => {
  const { lang, surveys } = props
  const w = surveyAdminWords[lang]
  return (
    <AdminPage {...props} title={w.title} current="surveys">
      <p>{w.intro}</p>
      <p class="actions">
        <a class="button main" href="/admin/surveys/new" children={w.add} />
      </p>
      {surveys.length === 0 ? (
        <p>{w.none}</p>
      ) : (
        <Table
          label={w.title}
          columns={[
            { label: w.name },
            { label: w.state },
            { label: w.closesAt },
            { label: w.invited, number: true },
            { label: w.answered, number: true },
          ]}
          rows={surveys.map((survey) => [
            <a href={survey.href}>{survey.name}</a>,
            <State lang={lang} survey={survey} />,
            survey.closesAt === null ? w.noEnd : formatTime(lang, survey.closesAt, props.timeZone),
            formatNumber(lang, survey.invited),
            formatNumber(lang, survey.answered),
          ])}
        />
      )}
      {props.moreHref === null ? null : (
        <p class="links">
          <a href={props.moreHref}>{props.more}</a>
        </p>
      )}
    </AdminPage>
  )
}

const State = ({ lang, survey }: { lang: AdminProps['lang']; survey: SurveyFacts }) => {
  const w = surveyAdminWords[lang]
  return (
    <>
      <span class="tag">{w.states[survey.state]}</span>{' '}
      {survey.anonymous ? <span class="tag">{w.isAnonymous}</span> : null}
    </>
  )
}

/** One survey: how many have answered, what they said, and what can be done. */
export const SurveyView = (
  props: AdminProps & {
    survey: SurveyFacts
    results: ShownResults
    timeZone: string
    previewHref: string
    done: string | undefined
  },
) => {
  const { lang, survey, timeZone } = props
  const w = surveyAdminWords[lang]
  const { invited, answered } = survey
  const facts = [
    [w.invited, formatNumber(lang, invited)],
    [w.answered, formatNumber(lang, answered)],
    [
      w.rate,
      invited === 0 ? '–' : `${formatNumber(lang, Math.round((100 * Math.min(answered, invited)) / invited))} %`,
    ],
    [w.closesAt, survey.closesAt === null ? w.noEnd : formatTime(lang, survey.closesAt, timeZone)],
  ] as const
  return (
    <AdminPage {...props} title={survey.name} current="surveys" done={props.done && w.done[props.done]}>
      <p>
        <State lang={lang} survey={survey} />
      </p>
      <dl class="facts">
        {facts.map(([label, value]) => (
          <div>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div class="actions">
        {survey.state === 'open' ? (
          <a class="button main" href={`/admin/mailings/new?kind=survey&survey=${survey.id}`} children={w.invite} />
        ) : null}
        <a class="button" href={`${survey.href}/edit`} children={w.edit} />
        <a class="button" href={props.previewHref} children={w.preview} />
        <a class="button" href={`${survey.href}/answers.csv`} download children={w.csv} />
      </div>
      <SurveyResults lang={lang} results={props.results} smallestGroup={survey.smallestGroup} />
      {survey.state === 'open' ? (
        <>
          <section>
            <h2>{w.remindTitle}</h2>
            <p>{w.remindText}</p>
            <ButtonForm action={`${survey.href}/remind`} label={w.remind} />
          </section>
          <section>
            <h2>{w.closeTitle}</h2>
            <p>{w.closeText}</p>
            <ButtonForm action={`${survey.href}/close`} label={w.close} look="danger" />
          </section>
        </>
      ) : null}
    </AdminPage>
  )
}
