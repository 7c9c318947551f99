import { sql } from 'kysely'
import { deleteUnusedFile } from './attachments.ts'
import { idList } from './idList.ts'
import { narrowed, type Narrowing } from './mailings.ts'
import type { PriceFileRow, PriceListRow, PriceVersionRow } from './rows/priceLists.ts'
import type { Query, Store } from './store.ts'

/** The price lists that a mailing can send, by name. */
export async function listPriceLists({ db }: Store): Promise<{ id: string; name: string }[]> {
  return db.selectFrom('price_lists').select(['id', 'name']).orderBy('name').execute()
}

/** One page of price lists, newest first. @param before the last id of the page before */
export async function pagePriceLists({ db }: Store, limit: number, before?: string): Promise<PriceListRow[]> {
  const query = db.selectFrom('price_lists').selectAll().orderBy('id', 'desc').limit(limit)
  return (before === undefined ? query : query.where('id', '<', before)).execute()
}

export async function priceListById({ db }: Store, id: string): Promise<PriceListRow | null> {
  return (await db.selectFrom('price_lists').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function priceListByName({ db }: Store, name: string): Promise<PriceListRow | null> {
  return (await db.selectFrom('price_lists').selectAll().where('name', '=', name).executeTakeFirst()) ?? null
}

/** The versions of some lists, newest first; unmapped ones too. */
export async function versionsOf(store: Store, listIds: readonly string[]): Promise<PriceVersionRow[]> {
  if (listIds.length === 0) return []
  const query = store.db
    .selectFrom('price_list_versions')
    .selectAll()
    .where('price_list_id', 'in', idList(store, listIds))
  return query.orderBy('valid_from', 'desc').orderBy('created_at', 'desc').orderBy('id', 'desc').execute()
}

export async function versionById({ db }: Store, id: string): Promise<PriceVersionRow | null> {
  return (await db.selectFrom('price_list_versions').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function filesOfVersion({ db }: Store, versionId: string): Promise<PriceFileRow[]> {
  return db.selectFrom('price_list_files').selectAll().where('version_id', '=', versionId).orderBy('id').execute()
}

export async function priceFileById({ db }: Store, id: string): Promise<PriceFileRow | null> {
  return (await db.selectFrom('price_list_files').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** All rows of a version, as `ROWS_A_PIECE` packed them. The caller knows their shape (rules/priceTable.ts). */
export async function priceRowsOf<Row>({ db }: Store, versionId: string): Promise<Row[]> {
  const query = db.selectFrom('price_list_rows').select('rows_json').where('version_id', '=', versionId)
  return (await query.orderBy('n').execute()).flatMap(({ rows_json }) => JSON.parse(rows_json) as Row[])
}

const ROWS_A_PIECE = 100

/** A version with the content that a batch gave it: whoever filled it first has settled its rows. */
export type Filled = Pick<PriceVersionRow, 'id' | 'content_hash'>

function isFilled({ id, content_hash }: Filled) {
  return sql<boolean>`exists (select 1 from price_list_versions v
    where v.id = ${id} and v.content_hash = ${content_hash} and v.mapped_at is not null)`
}

/** Writes the rows of a version that this content filled; the same rows again change nothing. */
export function putPriceRows({ db }: Store, version: Filled, rows: readonly unknown[]): Query[] {
  return Array.from({ length: Math.ceil(rows.length / ROWS_A_PIECE) }, (_, n) => {
    const piece = JSON.stringify(rows.slice(n * ROWS_A_PIECE, (n + 1) * ROWS_A_PIECE))
    return sql`
      insert into price_list_rows (version_id, n, rows_json) select ${version.id}, cast(${n} as integer), ${piece}
      where ${isFilled(version)} on conflict do nothing`.compile(db)
  })
}

/** A list of this name, unless there is one. */
export function addPriceList({ db }: Store, list: PriceListRow) {
  return db
    .insertInto('price_lists')
    .values(list)
    .onConflict((conflict) => conflict.doNothing())
}

/** A version of the list of that name, whoever made the list first; the same id again changes nothing. */
export function addPriceVersion({ db }: Store, name: string, version: Omit<PriceVersionRow, 'price_list_id'>) {
  const { id, price_group, valid_from, facts, content_hash, created_at, created_by, mapped_at } = version
  return sql<PriceVersionRow>`
    insert into price_list_versions
      (id, price_list_id, price_group, valid_from, facts, content_hash, created_at, created_by, mapped_at)
    select ${id}, l.id, ${price_group}, ${valid_from}, ${facts}, ${content_hash}, cast(${created_at} as bigint), ${created_by},
      cast(${mapped_at} as bigint)
    from price_lists l where l.name = ${name}
    on conflict do nothing
    returning *`.compile(db)
}

export function addPriceFile({ db }: Store, file: PriceFileRow) {
  return db
    .insertInto('price_list_files')
    .values(file)
    .onConflict((conflict) => conflict.doNothing())
}

/** How columns are read from now on: as those of the version that was filled so. */
export function rememberMapping({ db }: Store, name: string, version: Filled, mapping: string, now: number) {
  return db
    .updateTable('price_lists')
    .set({ mapping, updated_at: now })
    .where('name', '=', name)
    .where(isFilled(version))
}

/** The columns of a waiting version were mapped: from now on it never changes. */
export function fillVersion(
  { db }: Store,
  id: string,
  { facts, content_hash, mapped_at }: Pick<PriceVersionRow, 'facts' | 'content_hash' | 'mapped_at'>,
) {
  return db
    .updateTable('price_list_versions')
    .set({ facts, content_hash, mapped_at })
    .where('id', '=', id)
    .where('mapped_at', 'is', null)
}

/**
 * Takes a version away that no scheduled mailing has frozen, with its rows and files; a list without versions that no mailing
 * names goes too. Returns the id when it went.
 */
export function deletePriceVersion(store: Store, version: PriceVersionRow, files: readonly PriceFileRow[]) {
  const { db } = store
  const gone = sql`not exists (select 1 from price_list_versions where id = ${version.id})`
  return [
    sql<{ id: string }>`
      delete from price_list_versions where id = ${version.id} and not exists (
        select 1 from mailings m where m.price_list_id = ${version.price_list_id} and m.price_versions like ${`%"${version.id}"%`})
      returning id`.compile(db),
    sql`delete from price_list_rows where version_id = ${version.id} and ${gone}`.compile(db),
    sql`delete from price_list_files where version_id = ${version.id} and ${gone}`.compile(db),
    sql`
      delete from price_lists where id = ${version.price_list_id}
        and not exists (select 1 from price_list_versions v where v.price_list_id = price_lists.id)
        and not exists (select 1 from mailings m where m.price_list_id = price_lists.id)`.compile(db),
    ...files.map(({ sha256 }) => deleteUnusedFile(store, sha256)),
  ] as const
}

/** How many contacts of an audience belong to none of these price groups. */
export async function countOutsideGroups(
  store: Store,
  topic: string,
  audience: Narrowing,
  groups: readonly string[],
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from contacts c
    left join companies co on co.id = c.company_id
    where exists (select 1 from permissions p where p.contact_id = c.id and p.topic = ${topic} and p.channel = 'email')
      and (co.price_group is null or co.price_group not in (
        select g.value ->> 'g' from ${store.each(sql`${JSON.stringify(groups.map((g) => ({ g })))}`)} as g))
      ${narrowed(store, audience)}`.execute(store.db)
  return Number(rows[0]?.n ?? 0)
}
