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
    select distinct c.id from permissions p
    join contacts c on c.id = p.contact_id
    left join companies co on co.id = c.company_id
    where p.topic = ${mailing.topic} and p.channel = 'email' and c.id > ${after}
      ${narrowed(store, mailing.audience)}
    order by c.id limit ${limit}`.execute(store.db)
  return rows.map(({ id }) => id)
}
