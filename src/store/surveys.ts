import { sql, type RawBuilder } from 'kysely'
import type { Question } from '../rules/survey.ts'
import { idList } from './idList.ts'
import type { Store } from './store.ts'
import type { MailingRow, Tables } from './tables.ts'

type SurveyRow = Tables['surveys']

/** A survey as it is worked with; its questions were checked when they were saved. */
export type Survey = {
  id: string
  name: string
  questions: Question[]
  anonymous: boolean
  smallestGroup: number
  closesAt: number | null
  closedAt: number | null
  createdAt: number
  updatedAt: number
}

function readSurvey(row: SurveyRow): Survey {
  return {
    id: row.id,
    name: row.name,
    questions: JSON.parse(row.questions) as Question[],
    anonymous: row.anonymous === 1,
    smallestGroup: row.smallest_group,
    closesAt: row.closes_at,
    closedAt: row.closed_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export async function surveyById({ db }: Store, id: string): Promise<Survey | null> {
  const row = await db.selectFrom('surveys').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? readSurvey(row) : null
}

/** Newest first; ids sort by time. */
export async function listSurveys({ db }: Store, limit: number, before?: string): Promise<Survey[]> {
  const query = db.selectFrom('surveys').selectAll().orderBy('id', 'desc').limit(limit)
  return (await (before === undefined ? query : query.where('id', '<', before)).execute()).map(readSurvey)
}

/** The surveys that a mailing may invite to: those that take answers. */
export async function openSurveys({ db }: Store, now: number): Promise<Survey[]> {
  const query = db.selectFrom('surveys').selectAll().where('closed_at', 'is', null).orderBy('id', 'desc').limit(200)
  return (await query.where((e) => e.or([e('closes_at', 'is', null), e('closes_at', '>', now)])).execute()).map(
    readSurvey,
  )
}

export function addSurvey({ db }: Store, survey: Omit<Survey, 'closedAt' | 'updatedAt'> & { createdBy: string }) {
  const { id, name, questions, anonymous, smallestGroup, closesAt, createdAt, createdBy } = survey
  return db
    .insertInto('surveys')
    .values({
      id,
      name,
      questions: JSON.stringify(questions),
      anonymous: anonymous ? 1 : 0,
      smallest_group: smallestGroup,
      closes_at: closesAt,
      closed_at: null,
      created_at: createdAt,
      updated_at: createdAt,
      created_by: createdBy,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
}

/**
 * Changes a survey that is as it was read. Returns its id when it was so.
 * @param unused only while nobody was asked and nobody has answered, in the moment of the write
 */
export function changeSurvey({ db }: Store, survey: Survey, seenAt: number, at: number, unused: boolean) {
  const { id, name, questions, anonymous, smallestGroup, closesAt } = survey
  const isUnused = sql<boolean>`not exists (select 1 from mailings m where m.survey_id = ${id} and m.scheduled_at is not null)
    and not exists (select 1 from survey_responses r where r.survey_id = ${id})`
  return db
    .updateTable('surveys')
    .set({
      name,
      questions: JSON.stringify(questions),
      anonymous: anonymous ? 1 : 0,
      smallest_group: smallestGroup,
      closes_at: closesAt,
      updated_at: at,
    })
    .where('id', '=', id)
    .where('updated_at', '=', seenAt)
    .where(unused ? isUnused : sql<boolean>`1 = 1`)
    .returning('id')
}

/** Takes no more answers; once. */
export function closeSurvey({ db }: Store, id: string, now: number) {
  return db
    .updateTable('surveys')
    .set({ closed_at: now, updated_at: now })
    .where('id', '=', id)
    .where('closed_at', 'is', null)
    .returning('id')
}

/** True in the batch in which a survey was changed. */
export function changedNow(id: string, at: number): RawBuilder<boolean> {
  return sql`exists (select 1 from surveys s where s.id = ${id} and s.updated_at = ${at})`
}

/** True while the survey takes answers, in the moment of the write. */
export function takesAnswers(id: string | RawBuilder<unknown>, now: number): RawBuilder<boolean> {
  return sql`exists (select 1 from surveys s where s.id = ${id} and s.closed_at is null
    and (s.closes_at is null or s.closes_at > ${now}))`
}

/** Whether anybody was asked (a mailing was scheduled) or has answered. */
export async function isInUse({ db }: Store, id: string): Promise<boolean> {
  const [asked, answered] = await Promise.all([
    db
      .selectFrom('mailings')
      .select('id')
      .where('survey_id', '=', id)
      .where('scheduled_at', 'is not', null)
      .limit(1)
      .execute(),
    db.selectFrom('survey_responses').select('id').where('survey_id', '=', id).limit(1).execute(),
  ])
  return asked.length + answered.length > 0
}

/** How many people were invited (a reminder makes nobody invited twice) and how many have answered, by survey. */
export async function turnoutOf(store: Store, ids: readonly string[]) {
  const { db } = store
  const none = { invited: 0, answered: 0 }
  if (ids.length === 0) return new Map<string, typeof none>()
  const among = idList(store, ids)
  const [invited, answered] = await Promise.all([
    db
      .selectFrom('mailings as m')
      .innerJoin('deliveries as d', 'd.mailing_id', 'm.id')
      .select((e) => ['m.survey_id as id', e.cast<number>(e.fn.count('d.contact_id').distinct(), 'integer').as('n')])
      .where('m.survey_id', 'in', among)
      .where('d.state', '=', 'sent')
      .groupBy('m.survey_id')
      .execute(),
    db
      .selectFrom('survey_responses')
      .select((e) => ['survey_id as id', e.cast<number>(e.fn.countAll(), 'integer').as('n')])
      .where('survey_id', 'in', among)
      .groupBy('survey_id')
      .execute(),
  ])
  const of = (rows: readonly { id: string | null; n: number }[], id: string) =>
    rows.find((row) => row.id === id)?.n ?? 0
  return new Map(ids.map((id) => [id, { invited: of(invited, id), answered: of(answered, id) }]))
}

/** The mailings that invite to a survey, oldest first, reminders among them. */
export async function invitationsOf({ db }: Store, surveyId: string): Promise<MailingRow[]> {
  return db.selectFrom('mailings').selectAll().where('survey_id', '=', surveyId).orderBy('id').execute()
}

/**
 * Mailings that started long enough ago to remind those who have not answered, and have not done so. Not those whose survey is
 * closed, which never will, and not while the mailing is paused: whoever did that wants nothing more of it to go out now.
 */
export async function remindersDue({ db }: Store, now: number): Promise<MailingRow[]> {
  const day = 86_400_000
  return db
    .selectFrom('mailings as m')
    .selectAll('m')
    .where('m.remind_days', 'is not', null)
    .where('m.reminds', 'is', null)
    .where('m.cancelled_at', 'is', null)
    .where('m.paused_at', 'is', null)
    .where(takesAnswers(sql.ref('m.survey_id'), now))
    .where(sql<boolean>`m.started_at + m.remind_days * cast(${day} as bigint) <= ${now}`)
    .where((e) => e.not(e.exists(e.selectFrom('mailings as r').select('r.id').whereRef('r.reminds', '=', 'm.id'))))
    .limit(20)
    .execute()
}

/**
 * The one reminder of a mailing, as a mailing of its own that is due now: its id is derived, so that asking twice makes one.
 * It goes to those who got the first and have not answered; the door decides.
 */
export function addReminder(store: Store, mailing: MailingRow, by: string, now: number) {
  return sql<{ id: string }>`
    insert into mailings (id, kind, class, purpose, topic, subject, format, body, content, audience, sender, content_hash, time_zone,
      created_at, updated_at, created_by, scheduled_at, due_at, survey_id, reminds)
    select ${reminderId(mailing.id)}, kind, class, purpose, topic, subject, format, body, content, audience, sender, content_hash,
      time_zone, cast(${now} as bigint), cast(${now} as bigint), ${by}, cast(${now} as bigint), cast(${now} as bigint), survey_id, id
    from mailings where id = ${mailing.id} and started_at is not null and cancelled_at is null and reminds is null
      and ${takesAnswers(mailing.survey_id ?? '', now)}
    on conflict do nothing
    returning id`.compile(store.db)
}

/** The reminder carries the files of its mailing; each once. */
export function addReminderFiles(store: Store, mailingId: string) {
  const id = reminderId(mailingId)
  return sql`
    insert into attachments (id, mailing_id, name, media_type, size, sha256, created_at)
    select a.id || '-reminder', ${id}, a.name, a.media_type, a.size, a.sha256, a.created_at
    from attachments a where a.mailing_id = ${mailingId} and exists (select 1 from mailings where id = ${id})
    on conflict do nothing`.compile(store.db)
}

/** True in the batch in which the reminder of a mailing was made. */
export function remindedNow(mailingId: string, now: number): RawBuilder<boolean> {
  return sql`exists (select 1 from mailings where id = ${reminderId(mailingId)} and created_at = ${now})`
}

export function reminderId(mailingId: string): string {
  return `${mailingId}-reminder`
}
