import { sql } from 'kysely'
import { narrowed, type Audience } from './mailings.ts'
import type { Store } from './store.ts'

/** The next contacts, by id, to whom a mailing would be proposed if it started now. */
export async function audienceAfter(
  store: Store,
  mailing: { topic: string; audience: Audience },
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select c.id from contacts c
    left join companies co on co.id = c.company_id
    where c.id > ${after} and exists (select 1 from permissions p
        where p.contact_id = c.id and p.topic = ${mailing.topic} and p.channel = 'email')
      ${narrowed(store, mailing.audience)}
    order by c.id limit ${limit}`.execute(store.db)
  return rows.map(({ id }) => id)
}
