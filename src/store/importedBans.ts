import { sql } from 'kysely'
import type { BanHash } from './bans.ts'
import type { Store } from './store.ts'
import type { BanRow } from './tables.ts'

export type ImportedBan = Pick<BanRow, 'id' | 'kind' | 'scope' | 'reason'> & { hashes: readonly BanHash[] }

/** Which of these values are banned already by the same source: hash, kind and scope of each. */
export async function bansStanding(store: Store, hashes: readonly string[], source: string) {
  const { rows } = await sql<{ hash: string; kind: string; scope: string }>`
    select k.hash, b.kind, b.scope from ${store.each(sql`${JSON.stringify(hashes.map((hash) => [hash]))}`)} as s
    join ban_keys k on k.hash = (s.value ->> 0) join bans b on b.id = k.ban_id
    where k.form = 'strict' and b.source = ${source} and b.lifted_at is null`.execute(store.db)
  return rows
}

/** Adds bans with their hashes, in two statements for any number of them. */
export function addBans(store: Store, bans: readonly ImportedBan[], source: string, now: number) {
  const rows = bans.map(({ id, kind, scope, reason }) => [id, kind, scope, reason])
  const hashes = bans.flatMap((ban) => ban.hashes.map(({ hash, keyId, form }) => [hash, ban.id, keyId, form]))
  const given = (cells: unknown) =>
    sql`with n as materialized (select value as c from ${store.each(sql`${JSON.stringify(cells)}`)} as each)`
  return [
    sql`
      ${given(rows)} insert into bans (id, kind, scope, source, external, reason, at)
      select c ->> 0, c ->> 1, c ->> 2, ${source}, 0, c ->> 3, cast(${now} as bigint) from n`.compile(store.db),
    sql`
      ${given(hashes)} insert into ban_keys (hash, ban_id, key_id, form)
      select c ->> 0, c ->> 1, c ->> 2, c ->> 3 from n where true on conflict do nothing`.compile(store.db),
  ] as const
}
