import { sql, type RawBuilder } from 'kysely'
import type { Store } from './store.ts'
import type { BanRow } from './tables.ts'

export type BanHash = { hash: string; keyId: string; form: 'strict' | 'loose' }
export type NewBan = Pick<BanRow, 'kind' | 'scope' | 'source' | 'external' | 'reason'> & { hashes: readonly BanHash[] }

/**
 * Adds a ban unless the same one (value, scope, source) is in force already. Additive: nothing ever takes the place of a ban.
 * @param id of the new row; returned when it was added
 * @param strictAddress of an e-mail ban, so that it stands behind the person's own latest consent
 * @param condition without which nothing is written
 */
export function addBan(
  store: Store,
  id: string,
  ban: NewBan,
  now: number,
  strictAddress: string | null = null,
  condition: RawBuilder<unknown> = sql`1 = 1`,
) {
  // A ban says "no more" to every consent given so far, whatever the clocks of the nodes say; and one that a later consent
  // outranks is no longer the same one.
  const consented = sql`coalesce((select max(p.confirmed_at) from permissions p join contacts c on c.id = p.contact_id
    where c.strict = ${strictAddress}), 0)`
  const strict = ban.hashes.filter(({ form }) => form === 'strict').map(({ hash }) => hash)
  return [
    sql<{ id: string }>`
      insert into bans (id, kind, scope, source, external, reason, at)
      select ${id}, ${ban.kind}, ${ban.scope}, ${ban.source}, cast(${ban.external} as integer), ${ban.reason},
        case when ${consented} >= cast(${now} as bigint) then ${consented} + 1 else cast(${now} as bigint) end
      where ${condition} and not exists (
        select 1 from ban_keys k join bans b on b.id = k.ban_id
        where k.hash in (${sql.join(strict)}) and k.form = 'strict' and b.kind = ${ban.kind} and b.scope = ${ban.scope}
          and b.source = ${ban.source} and b.lifted_at is null and b.at > ${consented})
      on conflict do nothing
      returning id`.compile(store.db),
    addHashes(store, sql`b.id = ${id}`, ban.hashes),
  ] as const
}

/**
 * Gives hashes to the bans `b` that the condition names; where a ban was not added (it was in force before), there is none of
 * that id and nothing is written.
 */
export function addHashes(store: Store, named: RawBuilder<unknown>, hashes: readonly BanHash[]) {
  const rows = JSON.stringify(hashes.map(({ hash, keyId, form }) => ({ h: hash, k: keyId, f: form })))
  return sql`
    insert into ban_keys (hash, ban_id, key_id, form)
    select h.value ->> 'h', b.id, h.value ->> 'k', h.value ->> 'f'
    from ${store.each(sql`${rows}`)} as h join bans b on ${named}
    where true
    on conflict do nothing`.compile(store.db)
}

export type FoundBan = Pick<BanRow, 'id' | 'kind' | 'scope' | 'source' | 'external' | 'reason' | 'at'> & {
  form: string
}

/** Every ban in force that one of these hashes hits, oldest first. */
export async function bansHit(store: Store, hashes: readonly string[]): Promise<FoundBan[]> {
  if (hashes.length === 0) return []
  return store.db
    .selectFrom('ban_keys')
    .innerJoin('bans', 'bans.id', 'ban_keys.ban_id')
    .select([
      'bans.id',
      'bans.kind',
      'bans.scope',
      'bans.source',
      'bans.external',
      'bans.reason',
      'bans.at',
      'ban_keys.form',
    ])
    .where('ban_keys.hash', 'in', hashes)
    .where('bans.lifted_at', 'is', null)
    .orderBy('bans.at')
    .execute()
}

/** Lifts bans, with who asked and why kept (standards D-29). Returns those that were in force. */
export function liftBans(store: Store, ids: readonly string[], by: string, reason: string, now: number) {
  return store.db
    .updateTable('bans')
    .set({ lifted_at: now, lifted_by: by, lift_reason: reason })
    .where('id', 'in', ids)
    .where('lifted_at', 'is', null)
    .returning(['id', 'scope', 'kind'])
}

/** A ban, in force or lifted. */
export async function banById({ db }: Store, id: string): Promise<BanRow | null> {
  return (await db.selectFrom('bans').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}
