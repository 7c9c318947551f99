import { sql } from 'kysely'
import type { BanHash } from './bans.ts'
import type { Store } from './store.ts'
import type { BanRow } from './tables.ts'

export type ImportedBan = Pick<BanRow, 'id' | 'kind' | 'scope' | 'reason'> & { hashes: readonly BanHash[] }

/** Which of these values are banned already by the same source: hash, kind and scope of each. */
export async function bansStanding(store: Store, hashes: readonly string[], source: string) {
  const { rows } = await sql<{ hash: string; kind: string; scope: string }>`
    select k.hash, b.kind, b.scope from ${store.each(sql`${JSON.stringify(hashes.map((v) => ({ v })))}`)} as s
    join ban_keys k on k.hash = (s.value ->> 'v') join bans b on b.id = k.ban_id
    where k.form = 'strict' and b.source = ${source} and b.lifted_at is null`.execute(store.db)
  return rows
}

/** Adds bans with their hashes, in two statements for any number of them. */
export function addBans(store: Store, bans: readonly ImportedBan[], source: string, now: number) {
  const rows = JSON.stringify(bans.map(({ id, kind, scope, reason }) => ({ i: id, k: kind, s: scope, r: reason })))
  const hashes = JSON.stringify(
    bans.flatMap((ban) => ban.hashes.map(({ hash, keyId, form }) => ({ h: hash, b: ban.id, k: keyId, f: form }))),
  )
  return [
    sql`
      insert into bans (id, kind, scope, source, external, reason, at)
      select n.value ->> 'i', n.value ->> 'k', n.value ->> 's', ${source}, 0, n.value ->> 'r', cast(${now} as bigint)
      from ${store.each(sql`${rows}`)} as n`.compile(store.db),
    sql`
      insert into ban_keys (hash, ban_id, key_id, form)
      select n.value ->> 'h', n.value ->> 'b', n.value ->> 'k', n.value ->> 'f' from ${store.each(sql`${hashes}`)} as n where true
      on conflict do nothing`.compile(store.db),
  ] as const
}
