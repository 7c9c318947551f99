import { sql, type CompiledQuery, type RawBuilder } from 'kysely'
import type { Facts } from '../rules/facts.ts'
import type { BanRow, BanSourceRow, DeliveryRow, Language, PermissionRow } from './tables.ts'
import type { Store } from './store.ts'

/** What the door reads about one claimed delivery, besides the lists that go with it. */
export type Claimed = Pick<
  DeliveryRow,
  | 'id'
  | 'mailing_id'
  | 'kind'
  | 'class'
  | 'topic'
  | 'contact_id'
  | 'language'
  | 'data'
  | 'attempts'
  | 'reason'
  | 'created_at'
> & {
  lease: string
  address: string | null
  strict: string | null
  keys: string | null
  name: string | null
  title: string | null
  phone: string | null
  contact_class: Facts['recipient']['class'] | null
  contact_language: Language | null
  contact_source: string | null
  restricted_at: number | null
  company: string | null
  company_address: string | null
  business_id: string | null
  price_group: string | null
  purpose: string | null
  staff: string | null
  /** of the contact's company, and of the company that owns the address's domain */
  company_keys: string | null
  owner_keys: string | null
}

export type Gathered = {
  claimed: Claimed[]
  permissions: (PermissionRow & { delivery: string })[]
  bans: (BanRow & { delivery: string; form: 'strict' | 'loose' })[]
  dead: { delivery: string; confirmed_at: number | null }[]
  sources: BanSourceRow[]
  hold: { value: string }[]
  /** when the recipient of a survey invitation was last invited to another survey, if ever */
  invited: { delivery: string; at: number }[]
}

/**
 * The reads that travel in the same batch as the claim: everything `mayReceive` is told about the deliveries of one lease.
 * The match keys of a recipient are the delivery's own (no contact yet) or the contact's, its company's, and those of the
 * company that owns the address's domain (a company objects for all its people: SVPL 202 §).
 */
export function gateFactQueries(store: Store, lease: string): FactQueries {
  let queries = compiled.get(store)
  if (!queries) {
    queries = factQueries(store, { from: sql`deliveries d`, where: sql`d.lease = ${LEASE} and d.state = 'sending'` })
    compiled.set(store, queries)
  }
  const ofLease = (query: CompiledQuery) => ({
    ...query,
    parameters: query.parameters.map((value) => (value === LEASE ? lease : value)),
  })
  return queries.map(ofLease) as unknown as FactQueries
}

type FactQueries = ReturnType<typeof factQueries>

/** They are asked many times a second and differ in one value: compiled once for a store, with this in its place. */
const LEASE = 'the lease'
const compiled = new WeakMap<Store, FactQueries>()

/** The same reads for what is not claimed: what the gate would be told about a mailing on this topic to these contacts. */
export function proposedFactQueries(
  store: Store,
  message: Pick<DeliveryRow, 'class' | 'topic'> & { id?: string },
  contactIds: readonly string[],
) {
  const ids = sql`${JSON.stringify(contactIds.map((id) => ({ id })))}`
  const nothing = sql`cast(null as text)`
  const from = sql`(
    select c0.id, cast(${message.id ?? ''} as text) as mailing_id, 'mailing' as kind, cast(${message.class} as text) as class, cast(${message.topic} as text) as topic,
      c0.id as contact_id, c0.language, ${nothing} as data, 0 as attempts, ${nothing} as reason, 0 as created_at, '' as lease,
      ${nothing} as address, ${nothing} as keys
    from ${store.each(ids)} as i join contacts c0 on c0.id = (i.value ->> 'id')) as d`
  return factQueries(store, { from, where: sql`1 = 1`, contactsOnly: true })
}

/** @param of the rows `d`, shaped as deliveries, and which of them are meant */
function factQueries(store: Store, of: { from: RawBuilder<unknown>; where: RawBuilder<unknown>; contactsOnly?: boolean }) {
  const { db } = store
  const keysOf = (column: string) => sql`${store.each(sql.ref(column))} as k`
  const claimed = sql<Claimed>`
    select d.id, d.mailing_id, d.kind, d.class, d.topic, d.contact_id, d.language, d.data, d.attempts, d.reason, d.created_at, d.lease,
      coalesce(d.address, c.address) as address, c.strict, coalesce(d.keys, c.keys) as keys, c.name, c.title, c.phone,
      c.class as contact_class, c.language as contact_language, c.source as contact_source, c.restricted_at,
      coalesce(co.name, c.company_name) as company, co.address as company_address, co.business_id, co.price_group, t.purpose, u.id as staff,
      co.keys as company_keys, owner.keys as owner_keys
    from ${of.from}
    left join contacts c on c.id = d.contact_id
    left join companies co on co.id = c.company_id
    left join company_domains cd on cd.domain = c.domain
    left join companies owner on owner.id = cd.company_id
    left join topics t on t.id = d.topic
    left join users u on u.address = d.address and u.disabled_at is null
    where ${of.where}`
  const permissions = sql<Gathered['permissions'][number]>`
    select d.id as delivery, p.* from ${of.from} cross join permissions p
    where ${of.where} and p.contact_id = d.contact_id and p.topic = d.topic`
  const ofAddress = of.contactsOnly
    ? sql``
    : sql`union
    select d.id as delivery, bk.form, b.* from ${of.from} cross join ${keysOf('d.keys')}
    join ban_keys bk on bk.hash = (k.value ->> 'k') join bans b on b.id = bk.ban_id
    where ${of.where} and d.keys is not null and b.lifted_at is null`
  const bans = sql<Gathered['bans'][number]>`
    select d.id as delivery, bk.form, b.* from ${of.from}
    join contacts c on c.id = d.contact_id cross join ${keysOf('c.keys')}
    join ban_keys bk on bk.hash = (k.value ->> 'k') join bans b on b.id = bk.ban_id
    where ${of.where} and d.keys is null and b.lifted_at is null
    ${ofAddress}
    union
    select d.id as delivery, bk.form, b.* from ${of.from}
    join contacts c on c.id = d.contact_id
    join companies co on co.id = c.company_id
      or co.id = (select cd.company_id from company_domains cd where cd.domain = c.domain)
    cross join ${keysOf('co.keys')}
    join ban_keys bk on bk.hash = (k.value ->> 'k') join bans b on b.id = bk.ban_id
    where ${of.where} and b.lifted_at is null`
  const dead = sql<Gathered['dead'][number]>`
    select d.id as delivery, x.confirmed_at from ${of.from}
    left join contacts c on c.id = d.contact_id
    cross join ${store.each(sql`coalesce(d.keys, c.keys, '[]')`)} as k
    join dead_addresses x on x.hash = (k.value ->> 'k')
    where ${of.where} and x.confirmed_at is not null`
  // A reminder is part of its own invitation; what may be on its way counts as sent.
  const invited = sql<Gathered['invited'][number]>`
    select d.id as delivery, max(coalesce(o.sent_at, o.decided_at, o.created_at)) as at from ${of.from}
    join deliveries o on o.contact_id = d.contact_id and o.class = 'research' and o.state in ('sent', 'sending', 'uncertain')
    left join mailings m on m.id = d.mailing_id
    where ${of.where} and d.class = 'research' and o.mailing_id <> d.mailing_id and o.mailing_id <> coalesce(m.reminds, '')
    group by d.id`
  return [
    claimed.compile(db),
    permissions.compile(db),
    bans.compile(db),
    dead.compile(db),
    db.selectFrom('ban_sources').selectAll().compile() as CompiledQuery<BanSourceRow>,
    db.selectFrom('settings').select('value').where('key', '=', 'hold').compile() as CompiledQuery<{ value: string }>,
    invited.compile(db),
  ] as const
}
