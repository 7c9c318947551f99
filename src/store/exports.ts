import { sql } from 'kysely'
import type { Store } from './store.ts'
import type { BanRow, ContactRow, PermissionRow } from './tables.ts'

export type ExportedContact = Pick<
  ContactRow,
  'strict' | 'address' | 'name' | 'title' | 'phone' | 'language' | 'external_id'
> & {
  company: string | null
  business_id: string | null
  price_group: string | null
  company_address: string | null
} & { [K in 'rule' | 'evidence' | 'wording_id' | 'confirmed_at']: PermissionRow[K] | null }

/**
 * Contacts in the order of their addresses, behind `after`; with a topic only those with an open permission for it, and the
 * newest such permission of each.
 */
export async function contactsToExport(
  store: Store,
  topic: string | null,
  after: string,
  now: number,
  limit: number,
): Promise<ExportedContact[]> {
  const permission =
    topic === null
      ? sql`left join permissions p on 1 = 0`
      : sql`join permissions p on p.id = (
          select q.id from permissions q where q.contact_id = c.id and q.topic = ${topic} and q.channel = 'email' and q.confirmed_at is not null
            and q.withdrawn_at is null and (q.expires_at is null or q.expires_at > ${now})
          order by q.confirmed_at desc, q.id limit 1)`
  const { rows } = await sql<ExportedContact>`
    select c.strict, c.address, c.name, c.title, c.phone, c.language, c.external_id, coalesce(co.name, c.company_name) as company,
      co.business_id, co.price_group, co.address as company_address, p.rule, p.evidence, p.wording_id, p.confirmed_at
    from contacts c left join companies co on co.id = c.company_id ${permission}
    where c.strict > ${after} order by c.strict limit ${limit}`.execute(store.db)
  return rows
}

export type ExportedBan = Pick<BanRow, 'id' | 'kind' | 'scope' | 'source' | 'external' | 'reason' | 'at'> & {
  hash: string
  form: string
  key_id: string
}

/** Bans in force with their keyed hashes, all that is kept of what they ban; behind the given hash. */
export async function bansToExport(
  { db }: Store,
  after: { hash: string; id: string },
  limit: number,
): Promise<ExportedBan[]> {
  return db
    .selectFrom('ban_keys as k')
    .innerJoin('bans as b', 'b.id', 'k.ban_id')
    .select(['b.id', 'b.kind', 'b.scope', 'b.source', 'b.external', 'b.reason', 'b.at', 'k.hash', 'k.form', 'k.key_id'])
    .where('b.lifted_at', 'is', null)
    .where((e) => e.or([e('k.hash', '>', after.hash), e.and([e('k.hash', '=', after.hash), e('b.id', '>', after.id)])]))
    .orderBy('k.hash')
    .orderBy('b.id')
    .limit(limit)
    .execute()
}
