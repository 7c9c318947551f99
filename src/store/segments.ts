import { sql, type RawBuilder } from 'kysely'
import type { SegmentQuery, SegmentTest } from '../rules/segment.ts'
import type { SegmentRow } from './rows/audience.ts'
import type { Store } from './store.ts'

/** By name. There are few: people make them. */
export async function listSegments({ db }: Store): Promise<SegmentRow[]> {
  return db.selectFrom('segments').selectAll().orderBy('name').orderBy('id').limit(1000).execute()
}

export async function segmentById({ db }: Store, id: string): Promise<SegmentRow | null> {
  return (await db.selectFrom('segments').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** Adds a segment unless another has its name. Returns the row when it was added. */
export function addSegment(store: Store, segment: SegmentRow) {
  return store.db
    .insertInto('segments')
    .values(segment)
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
}

/** Changes a segment, unless another has the new name. Returns the row when it was so. */
export function changeSegment(
  store: Store,
  id: string,
  columns: Pick<SegmentRow, 'name' | 'definition' | 'updated_at'>,
) {
  return store.db
    .updateTable('segments')
    .set(columns)
    .where('id', '=', id)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('segments as other')
            .select('other.id')
            .where('other.name', '=', columns.name)
            .where('other.id', '<>', id),
        ),
      ),
    )
    .returningAll()
}

/** Deletes a segment that no draft names: a scheduled mailing has its own copy. Returns its id when it was so. */
export function deleteSegment(store: Store, id: string) {
  return sql<{ id: string }>`
    delete from segments where id = ${id} and not exists (select 1 from mailings where ${named(id)}) returning id`.compile(
    store.db,
  )
}

/** The drafts whose audience this segment is. */
export async function draftsNaming(store: Store, id: string): Promise<{ id: string; subject: string }[]> {
  const { rows } = await sql<{ id: string; subject: string }>`
    select id, subject from mailings where ${named(id)} order by id desc limit 20`.execute(store.db)
  return rows
}

const named = (id: string) =>
  sql<boolean>`scheduled_at is null and replace(audience, ${`"segment":${JSON.stringify(id)}`}, '') <> audience`

/**
 * How many contacts of the next piece behind `after` are meant, and how far the piece reaches: counted piece by piece, so that a
 * count of a million leaves room for others in between.
 */
export async function countPiece(store: Store, query: SegmentQuery, after: string, atOnce: number) {
  const { rows } = await sql<{ n: number; seen: number; last: string | null }>`
    select count(*) as seen, max(c.id) as last, coalesce(sum(case when ${segmentCondition(store, query)} then 1 else 0 end), 0) as n
    from (select * from contacts where id > ${after} order by id limit ${atOnce}) c
    left join companies co on co.id = c.company_id`.execute(store.db)
  const { n = 0, seen = 0, last = null } = rows[0] ?? {}
  return { count: Number(n), last: Number(seen) < atOnce ? null : last }
}

/** A segment as a condition on `c` (contacts) and `co` (companies). */
export function segmentCondition(store: Store, { at, all, any, none }: SegmentQuery): RawBuilder<boolean> {
  const tests = (some: SegmentTest[]) => some.map((one) => testOf(store, one, at))
  const parts = [
    ...tests(all),
    ...(any.length > 0 ? [sql<boolean>`(${sql.join(tests(any), sql` or `)})`] : []),
    ...(none.length > 0 ? [sql<boolean>`not (${sql.join(tests(none), sql` or `)})`] : []),
  ]
  return sql<boolean>`(${sql.join(parts, sql` and `)})`
}

/** One condition; never null, so that its opposite is its opposite. */
function testOf(store: Store, test: SegmentTest, at: number): RawBuilder<boolean> {
  const among = (column: RawBuilder<unknown>, values: readonly string[]) =>
    sql<boolean>`coalesce(${column}, '') in (select a.value ->> 'v' from ${store.each(sql`${JSON.stringify(values.map((v) => ({ v })))}`)} as a)`
  switch (test.field) {
    case 'company':
      return among(sql`c.company_id`, test.in)
    case 'priceGroup':
      return among(sql`co.price_group`, test.in)
    case 'language':
      return among(sql`c.language`, test.in)
    case 'source':
      return among(sql`c.source`, test.in)
    case 'topic':
      return sql<boolean>`exists (select 1 from permissions sp where sp.contact_id = c.id and sp.channel = 'email'
        and sp.confirmed_at is not null and sp.withdrawn_at is null and (sp.expires_at is null or sp.expires_at > cast(${at} as bigint))
        and ${among(sql`sp.topic`, test.in)})`
    case 'title': {
      const folded = test.letters.reduce(
        (text, { upper, lower }) => sql`replace(${text}, cast(${upper} as text), cast(${lower} as text))`,
        sql`lower(coalesce(c.title, ''))`,
      )
      return sql<boolean>`length(replace(${folded}, cast(${test.contains} as text), '')) < length(coalesce(c.title, ''))`
    }
    case 'confirmed':
      return sql<boolean>`exists (select 1 from permissions sp where sp.contact_id = c.id and sp.confirmed_at >= cast(${test.since} as bigint))`
    case 'answered':
      return sql<boolean>`exists (select 1 from survey_responses r where r.contact_id = c.id and r.answered_at >= cast(${test.since} as bigint))`
    case 'received':
      return sql<boolean>`exists (select 1 from deliveries sd where sd.contact_id = c.id and sd.mailing_id <> '' and sd.state = 'sent'
        and sd.sent_at >= cast(${test.since} as bigint))`
  }
}
