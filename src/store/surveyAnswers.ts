import { sql } from 'kysely'
import type { Answer } from '../rules/surveyAnswers.ts'
import type { AnswerCount } from '../rules/surveyResults.ts'
import type { Query, Store } from './store.ts'
import { takesAnswers } from './surveys.ts'

/** What somebody answered before; `ids` are their response's id under every key of the ring. */
export async function responseOf(
  { db }: Store,
  ids: readonly string[],
): Promise<{ id: string; answers: Answer[] } | null> {
  const rows = await db
    .selectFrom('survey_responses as r')
    .leftJoin('survey_answers as a', 'a.response_id', 'r.id')
    .select(['r.id', 'a.question_id', 'a.value'])
    .where('r.id', 'in', ids)
    .execute()
  const [first] = rows
  if (!first) return null
  const answers = rows.flatMap(({ question_id, value }) =>
    question_id === null || value === null ? [] : [{ question: question_id, value }],
  )
  return { id: first.id, answers }
}

export type Response = {
  id: string
  surveyId: string
  /** whose link it was; they must still be there */
  contactId: string
  /** who is kept with the answers: nobody, where the survey is anonymous */
  keptContactId: string | null
  answeredAt: number
  /** keyed digest that says that this person took part */
  person: string
  answers: readonly Answer[]
}

/**
 * Keeps what somebody answered in place of what they answered before, while the survey takes answers and the contact is there;
 * all or nothing. The first query returns the response's id when it was so.
 */
export function keepResponse(store: Store, response: Response, now: number): [Query<{ id: string }>, ...Query[]] {
  const { id, surveyId, contactId, keptContactId, answeredAt, person, answers } = response
  const may = sql`${takesAnswers(surveyId, now)} and exists (select 1 from contacts c where c.id = ${contactId})`
  const rows = sql`${JSON.stringify(answers.map(({ question, value }) => ({ q: question, v: value })))}`
  return [
    sql<{ id: string }>`
      insert into survey_responses (id, survey_id, contact_id, answered_at)
      select ${id}, ${surveyId}, ${keptContactId}, cast(${answeredAt} as bigint) where ${may}
      on conflict (id) do update set answered_at = excluded.answered_at
      returning id`.compile(store.db),
    sql`delete from survey_answers where response_id = ${id} and ${may}`.compile(store.db),
    sql`insert into survey_answers (response_id, question_id, survey_id, value)
      select ${id}, a.value ->> 'q', ${surveyId}, a.value ->> 'v' from ${store.each(rows)} as a where ${may}
      on conflict do nothing`.compile(store.db),
    sql`insert into survey_participants (person, survey_id) select ${person}, ${surveyId} where ${may}
      on conflict do nothing`.compile(store.db),
  ]
}

/** Has somebody taken part? `persons` are their digests under every key of the ring. */
export async function tookPart({ db }: Store, persons: readonly string[]): Promise<boolean> {
  const query = db.selectFrom('survey_participants').select('person').where('person', 'in', persons)
  return (await query.limit(1).execute()).length > 0
}

/** How often each question was answered with each value; of free text only how often. */
export async function countAnswers(
  { db }: Store,
  surveyId: string,
  textQuestions: readonly string[],
): Promise<AnswerCount[]> {
  const value =
    textQuestions.length === 0
      ? sql<string>`value`
      : sql<string>`case when question_id in (${sql.join(textQuestions)}) then '' else value end`
  const { rows } = await sql<AnswerCount>`
    select c.question, c.value, cast(count(*) as integer) as n
    from (select question_id as question, ${value} as value from survey_answers where survey_id = ${surveyId}) as c
    group by c.question, c.value`.execute(db)
  return rows
}

/** Answers by day (its beginning, UTC), oldest first. */
export async function answersByDay({ db }: Store, surveyId: string): Promise<{ day: number; n: number }[]> {
  const { rows } = await sql<{ day: number; n: number }>`
    select d.day, cast(count(*) as integer) as n
    from (select answered_at - (answered_at % 86400000) as day from survey_responses where survey_id = ${surveyId}) as d
    group by d.day order by d.day`.execute(db)
  return rows
}

/** What people wrote to a question, in an order that says nothing of when or who. */
export async function textsOf({ db }: Store, surveyId: string, questionId: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('survey_answers')
    .select('value')
    .where('survey_id', '=', surveyId)
    .where('question_id', '=', questionId)
    .orderBy('value')
    .limit(limit)
    .execute()
  return rows.map(({ value }) => value)
}

export type ListedResponse = { id: string; contactId: string | null; answeredAt: number; answers: Answer[] }

/** Responses by id (which is random), behind the given one. */
export async function responsesAfter(
  { db }: Store,
  surveyId: string,
  after: string,
  limit: number,
): Promise<ListedResponse[]> {
  const rows = await db
    .selectFrom('survey_responses')
    .selectAll()
    .where('survey_id', '=', surveyId)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute()
  const [first, last] = [rows[0], rows.at(-1)]
  if (!first || !last) return []
  const answers = await db
    .selectFrom('survey_answers')
    .select(['response_id', 'question_id', 'value'])
    .where('survey_id', '=', surveyId)
    .where('response_id', '>=', first.id)
    .where('response_id', '<=', last.id)
    .execute()
  const byResponse = Map.groupBy(answers, (answer) => answer.response_id)
  return rows.map((row) => ({
    id: row.id,
    contactId: row.contact_id,
    answeredAt: row.answered_at,
    answers: (byResponse.get(row.id) ?? []).map(({ question_id, value }) => ({ question: question_id, value })),
  }))
}
