import { sql } from 'kysely'
import type { BanHash } from './bans.ts'
import type { BanSourceRow } from './rows/banSources.ts'
import type { Store } from './store.ts'

export type StagedEntry = { id: string; kind: string; hashes: readonly BanHash[] }
type Configured = { name: string; kind: string; required: boolean; maxAge: number }
type Run = { name: string; lease: string }

export async function banSourceRows({ db }: Pick<Store, 'db'>): Promise<BanSourceRow[]> {
  return db.selectFrom('ban_sources').selectAll().orderBy('name').execute()
}

/**
 * Gives a source to one run, of whatever node: when it is due (or asked for now), and nobody is at it. What an earlier run left
 * half read goes. The third query returns the row when it was given.
 */
export function claimSource(
  store: Store,
  source: Configured,
  lease: string,
  asked: boolean,
  now: number,
  until: number,
) {
  const { name, kind, maxAge } = source
  const row = { name, kind, required: source.required ? 1 : 0, max_age: maxAge }
  const known = store.db
    .insertInto('ban_sources')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
  // A clock that was set back must not make the wait, or the lease, as long as it was.
  const due = asked ? sql`1 = 1` : sql`(next_at is null or next_at <= ${now} or next_at > ${now + maxAge})`
  const claim = sql<BanSourceRow>`
    update ban_sources set lease = ${lease}, lease_until = ${until}
    where name = ${name} and ${due} and (lease is null or lease_until <= ${now} or lease_until > ${until})
    returning *`.compile(store.db)
  const tidy = sql`delete from ban_source_entries where source = ${name} and ${isMine({ name, lease })}`
  return [known, claim, tidy.compile(store.db)] as const
}

/** The run goes on: its lease is renewed. Returns nothing when another run has taken the source. */
export function renewSource({ db }: Store, { name, lease }: Run, until: number) {
  return db
    .updateTable('ban_sources')
    .set({ lease_until: until })
    .where('name', '=', name)
    .where('lease', '=', lease)
    .returning('name')
}

/** Keeps new entries until the whole version was read; the same value twice in it is one. */
export function stageEntries(store: Store, run: Run, entries: readonly StagedEntry[]) {
  const rows = entries.map(({ id, kind, hashes }) => ({
    i: id,
    k: kind,
    h: hashes[0]?.hash ?? '',
    a: JSON.stringify(hashes.map(({ hash, keyId, form }) => ({ h: hash, k: keyId, f: form }))),
  }))
  return sql`
    insert into ban_source_entries (source, hash, ban_id, kind, hashes)
    select ${run.name}, e.value ->> 'h', e.value ->> 'i', e.value ->> 'k', e.value ->> 'a'
    from ${store.each(sql`${JSON.stringify(rows)}`)} as e
    where ${isMine(run)}
    on conflict do nothing`.compile(store.db)
}

const AT_ONCE = 300

/**
 * Makes bans of the next entries that were kept, for everything ("all"), external and never taken away (standards D-24). The
 * last query returns what was made, `[]` when nothing is left; twice is once.
 */
export function applyEntries(store: Store, run: Run, now: number) {
  const piece = sql`(select hash from ban_source_entries where source = ${run.name} order by hash limit ${AT_ONCE})`
  const mine = sql`e.source = ${run.name} and e.hash in ${piece} and ${isMine(run)}`
  return [
    sql`
      insert into bans (id, kind, scope, source, external, reason, at)
      select e.ban_id, e.kind, 'all', e.source, 1, null, cast(${now} as bigint) from ban_source_entries e where ${mine}
      on conflict do nothing`.compile(store.db),
    sql`
      insert into ban_keys (hash, ban_id, key_id, form)
      select h.value ->> 'h', e.ban_id, h.value ->> 'k', h.value ->> 'f'
      from ban_source_entries e cross join ${store.each(sql.ref('e.hashes'))} as h where ${mine}
      on conflict do nothing`.compile(store.db),
    sql<{ hashes: string }>`
      delete from ban_source_entries where source = ${run.name} and hash in ${piece} and ${isMine(run)}
      returning hashes`.compile(store.db),
  ] as const
}

/** A good version, or the old one found good again: the source is fresh, and nobody is at it. */
export function settleGood(
  { db }: Store,
  { name, lease }: Run,
  good: Partial<Pick<BanSourceRow, 'sequence' | 'etag' | 'entries' | 'sha256'>> &
    Pick<BanSourceRow, 'tried_at' | 'fetched_at' | 'valid_until' | 'next_at'>,
) {
  return db
    .updateTable('ban_sources')
    .set({ ...good, error: null, broken_at: null, failures: null, lease: null, lease_until: null })
    .where('name', '=', name)
    .where('lease', '=', lease)
    .returning('name')
}

/** A failed attempt: the last good version stays as it is. @param broken the answer itself could not be trusted */
export function settleFailed(
  store: Store,
  run: Run,
  failed: { error: string; broken: boolean; now: number; nextAt: number },
) {
  const { error, broken, now, nextAt } = failed
  return [
    sql`delete from ban_source_entries where source = ${run.name} and ${isMine(run)}`.compile(store.db),
    store.db
      .updateTable('ban_sources')
      .set((e) => ({
        tried_at: now,
        error,
        broken_at: broken ? e.fn.coalesce('broken_at', sql<number>`cast(${now} as bigint)`) : e.ref('broken_at'),
        failures: sql<number>`coalesce(failures, 0) + 1`,
        next_at: nextAt,
        lease: null,
        lease_until: null,
      }))
      .where('name', '=', run.name)
      .where('lease', '=', run.lease),
  ] as const
}

/** Only the run that holds the source writes. */
function isMine({ name, lease }: Run) {
  return sql`exists (select 1 from ban_sources s where s.name = ${name} and s.lease = ${lease})`
}
