import { sql } from 'kysely'
import { narrowed, type Narrowing } from './mailings.ts'
import type { Store } from './store.ts'
import type { ContactRow, PermissionRow } from './tables.ts'

/** A contact of an audience beside one of its permissions for the topic; `invited`: to a survey, at any time. */
export type Prospect = Pick<
  ContactRow,
  'id' | 'address' | 'domain' | 'class' | 'restricted_at' | 'keys' | 'company_id'
> &
  Pick<
    PermissionRow,
    'channel' | 'rule' | 'requested_at' | 'confirmed_at' | 'confirmed_from' | 'withdrawn_at' | 'expires_at'
  > & { permission: string; proven: number; invited: number }

/**
 * The next contacts, by id, to whom a mailing may be proposed if it started now: a row for each permission of theirs. Read along
 * the permissions of the topic, so that the whole audience is walked through once, and never more than `atOnce` of them at a time,
 * however few the audience leaves over.
 * @returns `next` = behind whom the next piece begins; null after the last one
 */
export async function audiencePiece(
  store: Store,
  { topic, audience, class: kind }: { topic: string; audience: Narrowing; class: 'marketing' | 'research' },
  after: string,
  atOnce: number,
): Promise<{ rows: Prospect[]; next: string | null }> {
  const end = await store.db
    .selectFrom('permissions')
    .select('contact_id')
    .where('topic', '=', topic)
    .where('contact_id', '>', after)
    .orderBy('contact_id')
    .offset(atOnce - 1)
    .limit(1)
    .executeTakeFirst()
  const next = end?.contact_id ?? null
  const invited =
    kind === 'research'
      ? sql`case when exists (select 1 from deliveries o where o.contact_id = c.id and o.class = 'research') then 1 else 0 end`
      : sql`0`
  const { rows } = await sql<Prospect>`
    select c.id, c.address, c.domain, c.class, c.restricted_at, c.keys, c.company_id, p.id as permission, p.channel, p.rule,
      p.requested_at, p.confirmed_at, p.confirmed_from, p.withdrawn_at, p.expires_at,
      case when p.evidence is null and p.wording_id is null then 0 else 1 end as proven,
      ${invited} as invited
    from permissions p cross join contacts c
    left join companies co on co.id = c.company_id
    where p.topic = ${topic} and p.contact_id > ${after} ${next === null ? sql`` : sql`and p.contact_id <= ${next}`}
      and c.id = p.contact_id ${narrowed(store, audience)}
    order by p.contact_id`.execute(store.db)
  return { rows, next }
}

/** The next match hashes, in order, of bans or of dead addresses: of whatever may stop somebody. */
export async function stoppingHashes(
  { db }: Store,
  table: 'ban_keys' | 'dead_addresses',
  after: string,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom(table)
    .select('hash')
    .where('hash', '>', after)
    .orderBy('hash')
    .limit(limit)
    .execute()
  return rows.map(({ hash }) => hash)
}

/** The next companies with their match keys. */
export async function companyKeysAfter({ db }: Store, after: string, limit: number) {
  return db.selectFrom('companies').select(['id', 'keys']).where('id', '>', after).orderBy('id').limit(limit).execute()
}
