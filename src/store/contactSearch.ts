import { sql } from 'kysely'
import type { Store } from './store.ts'
import type { ContactRow } from './tables.ts'

export type FoundContact = Pick<ContactRow, 'id' | 'address' | 'name' | 'class' | 'restricted_at'> & {
  company: string | null
}

const columns = sql`c.id, c.address, c.name, c.class, c.restricted_at, coalesce(co.name, c.company_name) as company`
const from = sql`contacts c left join companies co on co.id = c.company_id`

/**
 * Contacts whose name, company or domain begins so (a domain: is so), each by its index, so that a million contacts are no slower
 * than a hundred; by name, then id. Only when nothing begins so (a surname behind the first name) are all names read, for words
 * that begin so.
 * @param beginnings spellings of what was typed, lower-cased as the engines do it (SQLite: a–z only)
 */
export async function searchContacts(
  store: Store,
  beginnings: readonly string[],
  domain: string,
  limit: number,
): Promise<FoundContact[]> {
  const { bytewise, db } = store
  const beginsSo = (column: string, text: string) => {
    const value = sql`lower(${sql.ref(column)})${bytewise}`
    return sql`${value} >= ${text} and ${value} < ${`${text}\u{10FFFF}`}`
  }
  const searches = [
    ...beginnings.flatMap((text) => [
      sql<FoundContact>`select ${columns} from ${from} where ${beginsSo('c.name', text)}
        order by lower(c.name)${bytewise}, c.id limit ${limit}`,
      sql<FoundContact>`select ${columns} from ${from} where ${beginsSo('c.company_name', text)}
        order by lower(c.company_name)${bytewise}, c.id limit ${limit}`,
      sql<FoundContact>`select ${columns} from ${from} where c.company_id in (
        select o.id from companies o where ${beginsSo('o.name', text)} order by lower(o.name)${bytewise}, o.id limit 20)
        limit ${limit}`,
    ]),
    sql<FoundContact>`select ${columns} from ${from} where c.domain = ${domain} limit ${limit}`,
  ]
  const byIndex = (await Promise.all(searches.map((search) => search.execute(db)))).flatMap(({ rows }) => rows)
  const found = byIndex.length > 0 ? byIndex : await laterWords(store, beginnings, limit)
  const once = [...new Map(found.map((row) => [row.id, row])).values()]
  const keyOf = ({ name, id }: FoundContact) => `${(name ?? '').toLowerCase()}\u0000${id}`
  return once.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)).slice(0, limit)
}

/** No LIKE: its patterns may have 50 bytes in D1, and what was typed would have to be escaped. */
async function laterWords({ bytewise, db }: Store, beginnings: readonly string[], limit: number) {
  const columnsOfNames = ['c.name', 'c.company_name', 'co.name'].map((column) => sql`lower(${sql.ref(column)})`)
  const conditions = beginnings.flatMap((text) =>
    columnsOfNames.map((value) => sql`replace(${value}, ${` ${text}`}, '') <> ${value}`),
  )
  const { rows } = await sql<FoundContact>`select ${columns} from ${from} where ${sql.join(conditions, sql` or `)}
    order by lower(c.name)${bytewise}, c.id limit ${limit}`.execute(db)
  return rows
}

/** The newest contacts, behind the given one. */
export async function newestContacts({ db }: Store, limit: number, before?: string): Promise<FoundContact[]> {
  const behind = before === undefined ? sql`` : sql`where c.id < ${before}`
  const { rows } = await sql<FoundContact>`
    select ${columns} from ${from} ${behind} order by c.id desc limit ${limit}`.execute(db)
  return rows
}

/** Requests of an address that wait for their confirmation. */
export async function pendingOf({ db }: Store, strict: string, now: number) {
  return db
    .selectFrom('signups as s')
    .innerJoin('permissions as p', 'p.signup_id', 's.id')
    .select(['p.topic', 'p.requested_at', 's.expires_at'])
    .where('s.strict', '=', strict)
    .where('s.expires_at', '>', now)
    .where('p.confirmed_at', 'is', null)
    .where('p.withdrawn_at', 'is', null)
    .orderBy('p.requested_at')
    .execute()
}

/** The last messages to a contact, and why each was sent or stopped. */
export async function messagesTo({ db }: Store, contactId: string, limit: number) {
  return db
    .selectFrom('deliveries as d')
    .leftJoin('mailings as m', 'm.id', 'd.mailing_id')
    .select(['d.id', 'd.kind', 'd.mailing_id', 'd.state', 'd.reason', 'd.allowed_by', 'd.created_at', 'd.decided_at'])
    .select(['d.sent_at', 'd.bounced_at', 'm.subject'])
    .where('d.contact_id', '=', contactId)
    .orderBy('d.created_at', 'desc')
    .orderBy('d.id', 'desc')
    .limit(limit)
    .execute()
}

/** The last events of the ledger about a contact. */
export async function eventsAbout({ db }: Store, contactId: string, limit: number) {
  return db
    .selectFrom('ledger')
    .select(['id', 'at', 'event', 'actor', 'data'])
    .where('subject', '=', contactId)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** Permissions with the wording that was shown, newest first. */
export async function permissionsShown({ db }: Store, contactId: string) {
  return db
    .selectFrom('permissions as p')
    .leftJoin('wordings as w', 'w.id', 'p.wording_id')
    .selectAll('p')
    .select('w.text as wording')
    .where('p.contact_id', '=', contactId)
    .orderBy('p.requested_at', 'desc')
    .orderBy('p.id', 'desc')
    .execute()
}
