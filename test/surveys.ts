import { createSurvey } from '../src/actions/surveys.ts'
import { surveyInput, type SurveyInput } from '../src/rules/survey.ts'
import type { Mail, TestApp } from './app.ts'
import { run } from './leaving.ts'
import { addPeople, scheduled, type Person } from './people.ts'

export const questions: SurveyInput['questions'] = [
  {
    id: 'score',
    kind: 'nps',
    text: { fi: 'Suosittelisitko meitä?', sv: 'Skulle du rekommendera oss?', en: 'Would you recommend us?' },
  },
  { id: 'service', kind: 'csat', text: { fi: 'Miten tyytyväinen olet palveluun?' } },
  { id: 'ease', kind: 'ces', text: { fi: 'Asiointi oli helppoa.' } },
  {
    id: 'channel',
    kind: 'choice',
    text: { fi: 'Mistä ostat?' },
    choices: [
      { id: 'shop', text: { fi: 'Myymälästä', en: 'In the shop' } },
      { id: 'web', text: { fi: 'Verkosta', en: 'On the web' } },
    ],
  },
  { id: 'words', kind: 'text', text: { fi: 'Mitä muuta haluat sanoa?' } },
]

/** A survey; returns its id. */
export async function makeSurvey({ deps }: Pick<TestApp, 'deps'>, change: Partial<SurveyInput> = {}): Promise<string> {
  const made = await createSurvey(deps, surveyInput.parse({ name: 'Asiakaskysely', questions, ...change }), 'system')
  if (!made.ok) throw new Error(JSON.stringify(made.errors))
  return made.survey.id
}

export const invitation = {
  kind: 'survey',
  topic: 'survey',
  subject: 'Miten onnistuimme?',
  content: { format: 'markdown', body: 'Hei! Kerro meille mielipiteesi.' },
} as const

/** Schedules an invitation for now and sends it. Returns the mailing's id. */
export async function invite(t: TestApp, survey: string, change: object = {}): Promise<string> {
  const mailing = await scheduled(t, { ...invitation, survey, ...change })
  await run(t)
  return mailing
}

/** People who take surveys, invited; their ids and the path of each one's link. */
export async function invited(t: TestApp, survey: string, people: readonly Person[]) {
  const ids = await addPeople(
    t,
    people.map((person) => ({ topics: ['survey'], ...person })),
  )
  const mailing = await invite(t, survey)
  const mails = await Promise.all(people.map(async ({ email }) => (await t.mailsTo(email)).at(-1)))
  return { ids, mailing, paths: mails.map(surveyPath), mails: mails.flatMap((mail) => mail ?? []) }
}

/** The path of the survey's link in a message. */
export function surveyPath(mail: Mail | undefined): string {
  const link = mail?.links.find((url) => url.includes('/s/'))
  if (link === undefined) throw new Error('the message has no survey link')
  return new URL(link).pathname
}

export function answer(t: TestApp, path: string, fields: Record<string, string>): Promise<Response> {
  return t.request(path, { method: 'POST', body: new URLSearchParams(fields) })
}

/** Everything that surveys keep, in one text. */
export async function surveyRows({ deps }: Pick<TestApp, 'deps'>): Promise<string> {
  const tables = ['surveys', 'survey_responses', 'survey_answers', 'survey_participants'] as const
  const rows = await Promise.all(tables.map((table) => deps.store.db.selectFrom(table).selectAll().execute()))
  return JSON.stringify(rows.map((table) => table.map((row) => JSON.stringify(row)).toSorted()))
}
