import type { Deps } from '../deps.ts'
import { csvLine } from '../rules/csv.ts'
import { npsGroups, resultsOf, type Results } from '../rules/surveyResults.ts'
import { answersByDay, countAnswers, responsesAfter, textsOf } from '../store/surveyAnswers.ts'
import { turnoutOf, type Survey } from '../store/surveys.ts'

/** Below it an anonymous survey shows nothing; null = everything may be shown. */
const groupOf = (survey: Survey) => (survey.anonymous ? survey.smallestGroup : null)

export async function surveyResults({ store }: Pick<Deps, 'store'>, survey: Survey): Promise<Results> {
  const texts = survey.questions.filter(({ kind }) => kind === 'text').map(({ id }) => id)
  const [counts, turnout] = await Promise.all([countAnswers(store, survey.id, texts), turnoutOf(store, [survey.id])])
  const { invited, answered } = turnout.get(survey.id) ?? { invited: 0, answered: 0 }
  return resultsOf(survey.questions, counts, { invited, answered }, groupOf(survey))
}

/** So many texts are shown on a page; all of them are in the CSV. */
const TEXTS_SHOWN = 200

export type Report = Results & {
  /** answers by day; nothing where the group is too small */
  days: { day: number; n: number }[]
  texts: ReadonlyMap<string, readonly string[]>
  groups: ReadonlyMap<string, ReturnType<typeof npsGroups>>
}

/** The results with what the page draws beside them. */
export async function surveyReport(deps: Pick<Deps, 'store'>, survey: Survey): Promise<Report> {
  const results = await surveyResults(deps, survey)
  const shown = results.questions.filter(({ answers }) => answers !== null)
  const written = shown.filter(({ kind }) => kind === 'text')
  const [days, ...texts] = await Promise.all([
    results.withheld ? [] : answersByDay(deps.store, survey.id),
    ...written.map(({ id }) => textsOf(deps.store, survey.id, id, TEXTS_SHOWN)),
  ])
  return {
    ...results,
    days,
    texts: new Map(written.map(({ id }, n) => [id, texts[n] ?? []])),
    groups: new Map(
      shown.flatMap(({ id, kind, distribution }) =>
        kind === 'nps' && distribution ? [[id, npsGroups(distribution)] as const] : [],
      ),
    ),
  }
}

const CHUNK = 500

/**
 * The answers as CSV, a line for each response, no cell a formula (threats T16). Of an anonymous survey: no person and no day; free
 * text stands on lines of its own, so that it is joined to no other answer; and nothing at all of what too few have answered.
 */
export async function* surveyCsv(deps: Pick<Deps, 'store'>, survey: Survey): AsyncGenerator<string> {
  const results = await surveyResults(deps, survey)
  const ids = survey.questions.map(({ id }) => id)
  const open = new Set(results.questions.filter(({ answers }) => answers !== null).map(({ id }) => id))
  const texts = survey.questions.filter(({ kind }) => kind === 'text').map(({ id }) => id)
  yield csvLine(survey.anonymous ? ids : ['contactId', 'answeredAt', ...ids])
  if (results.withheld) return
  const apart = (id: string) => survey.anonymous && texts.includes(id)
  for (let after = ''; ;) {
    const responses = await responsesAfter(deps.store, survey.id, after, CHUNK)
    for (const { contactId, answeredAt, answers } of responses) {
      const cells = ids.map((id) =>
        open.has(id) && !apart(id) ? (answers.find(({ question }) => question === id)?.value ?? null) : null,
      )
      if (!survey.anonymous) yield csvLine([contactId, new Date(answeredAt).toISOString(), ...cells])
      else if (cells.some((cell) => cell !== null)) yield csvLine(cells)
    }
    if (responses.length < CHUNK) break
    after = responses.at(-1)?.id ?? ''
  }
  if (!survey.anonymous) return
  for (const text of texts.filter((id) => open.has(id)))
    for (const value of await textsOf(deps.store, survey.id, text, ALL_TEXTS))
      yield csvLine(ids.map((id) => (id === text ? value : null)))
}

/** More than any survey has; what is read at once must fit into a worker's memory. */
const ALL_TEXTS = 20_000
