import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import type { BanSourceConfig } from '../config.ts'
import type { Deps } from '../deps.ts'
import { holdOrRelease } from '../mail/holdForSources.ts'
import {
  faultText,
  isBroken,
  isDue,
  judgeVersion,
  nextFetchIn,
  type ReadVersion,
  type SourceFault,
} from '../rules/banSource.ts'
import { applyEntries, banSourceRows, claimSource, renewSource, settleFailed, settleGood } from '../store/banSources.ts'
import { recordEventIf } from '../store/ledger.ts'
import type { BanSourceRow } from '../store/tables.ts'
import { fetchBanList, fetchLimits, ListFault, type FetchLimits } from './fetchBanList.ts'
import { LostSource, readBanList } from './readBanList.ts'

/** A run that is not heard of for so long is dead, and another may begin. */
const LEASE_MS = 30_000
/** How long somebody who asked waits for a run that is under way. */
const WAIT_MS = 100
const WAITS = 600

export type SyncResult = { ok: true; added: number; unchanged: boolean } | { ok: false; fault: SourceFault }
export type SyncOptions = { signal?: AbortSignal; limits?: FetchLimits }
type Attempt = { startedAt: number; renew: () => ReturnType<typeof renewSource> }

/** Fetches every source that is due, side by side; one that fails keeps none of the others waiting. */
export async function syncDueSources(deps: Deps, options: SyncOptions = {}): Promise<void> {
  const { banSources } = deps.config
  if (banSources.length === 0) return
  const rows = await banSourceRows(deps.store)
  const due = banSources.filter(({ name, maxAge }) =>
    isDue(rows.find((row) => row.name === name)?.next_at ?? null, maxAge, deps.now()),
  )
  await Promise.all(
    due.map(async (source) => {
      try {
        const run = await begin(deps, source, false)
        if (run) await work(deps, source, run, options)
      } catch (error) {
        deps.log.error('ban_source_stopped', { source: source.name, error: String(error) })
      }
    }),
  )
}

/**
 * Fetches one source now, whether it is due or not, after a run that is under way.
 * @returns null when no source of that name is configured
 */
export async function syncBanSource(deps: Deps, name: string, options: SyncOptions = {}): Promise<SyncResult | null> {
  const source = deps.config.banSources.find((one) => one.name === name)
  if (!source) return null
  for (let left = WAITS; left > 0; left--) {
    const run = await begin(deps, source, true)
    if (run) return work(deps, source, run, options)
    await sleep(WAIT_MS)
  }
  return { ok: false, fault: { code: 'interrupted' } }
}

async function begin({ store, id, now }: Deps, source: BanSourceConfig, asked: boolean): Promise<BanSourceRow | null> {
  const at = now()
  const [, [row]] = await store.batch(claimSource(store, source, id(), asked, at, at + LEASE_MS))
  return row ?? null
}

/** One attempt. The bans of a version take effect only when the whole of it was read and found good (standards D-22). */
async function work(deps: Deps, source: BanSourceConfig, row: BanSourceRow, options: SyncOptions): Promise<SyncResult> {
  const { store, log, metrics } = deps
  const startedAt = deps.now()
  const run = { name: source.name, lease: row.lease ?? '' }
  const renew = () => renewSource(store, run, deps.now() + LEASE_MS)
  // A slow register may take longer than a lease; what is lost here is found by the next write of the run.
  const beat = setInterval(() => void store.batch([renew()]).catch(() => undefined), LEASE_MS / 3)
  const result = await attempt(deps, source, row, { startedAt, renew, ...options })
    .catch((error: unknown): SyncResult => {
      if (store.isDown(error)) throw error
      if (error instanceof ListFault) return { ok: false, fault: error.fault }
      if (!(error instanceof LostSource)) log.error('ban_source_broken', { source: source.name, error: String(error) })
      return { ok: false, fault: { code: 'interrupted' } }
    })
    .finally(() => clearInterval(beat))
  metrics.count('postilupa_ban_source_fetches_total', {
    source: source.name,
    outcome: result.ok ? 'good' : result.fault.code,
  })
  if (!result.ok) {
    log.error('ban_source_failed', { source: source.name, fault: faultText(result.fault) })
    const now = deps.now()
    const nextAt = now + nextFetchIn(source.maxAge, (row.failures ?? 0) + 1, deps.random())
    const failed = { error: faultText(result.fault), broken: isBroken(result.fault), now, nextAt }
    await store.batch(settleFailed(store, run, failed))
  }
  // Whoever waits for this source goes on at once, and whoever may not go on is held at once (P08).
  await holdOrRelease(deps)
  deps.wake()
  return result
}

async function attempt(
  deps: Deps,
  source: BanSourceConfig,
  row: BanSourceRow,
  { startedAt, renew, signal = new AbortController().signal, limits = fetchLimits }: SyncOptions & Attempt,
): Promise<SyncResult> {
  const { store } = deps
  const run = { name: source.name, lease: row.lease ?? '' }
  const fetched = await fetchBanList(deps, source, row.etag, signal, limits)
  if (fetched.kind === 'fault') return { ok: false, fault: fetched.fault }
  // The age of what a file says is the file's, not that of our looking at it.
  const fetchedAt = fetched.kind === 'list' ? Math.min(fetched.writtenAt ?? startedAt, startedAt) : startedAt
  const good = {
    tried_at: startedAt,
    fetched_at: fetchedAt,
    valid_until: fetchedAt + source.maxAge,
    next_at: startedAt + nextFetchIn(source.maxAge, 0, deps.random()),
  }
  if (fetched.kind === 'unchanged') {
    await store.batch([settleGood(store, run, good)])
    return { ok: true, added: 0, unchanged: true }
  }
  const hash = createHash('sha256')
  const read = await readBanList(deps, run, hashed(fetched.bytes, hash), renew)
  const version: ReadVersion = { ...read, sha256: hash.digest('hex') }
  const wrong = judgeVersion(row.fetched_at === null ? null : row, version, source.shrinkLimit)
  if (wrong) return { ok: false, fault: wrong }
  const added = await apply(deps, run, renew)
  const { sequence, sha256, entries } = version
  const data = { source: source.name, sequence, sha256, entries, added, validUntil: good.valid_until }
  const event = { id: deps.id(), at: startedAt, event: 'ban_source_read', subject: null, actor: 'system', data }
  const isNews = sha256 !== row.sha256
  const isSettled = sql`exists (select 1 from ban_sources where name = ${run.name} and tried_at = ${startedAt} and sha256 = ${sha256})`
  const [settled] = await store.batch([
    settleGood(store, run, { ...good, sequence, sha256, entries, etag: fetched.etag }),
    ...(isNews ? [recordEventIf(store, event, isSettled)] : []),
  ])
  if (!settled[0]) throw new LostSource()
  if (isNews) deps.log.info('ban_source_read', { source: source.name, entries, added })
  return { ok: true, added, unchanged: !isNews }
}

/** Piece by piece, so that sign-ups keep their place in between; who is hit is taken out of the open windows at once. */
async function apply(deps: Deps, run: { name: string; lease: string }, renew: Attempt['renew']) {
  for (let added = 0; ;) {
    const [, , made, mine] = await deps.store.batch([...applyEntries(deps.store, run, deps.now()), renew()])
    if (!mine[0]) throw new LostSource()
    if (made.length === 0) return added
    added += made.length
    deps.signals.stop(made.flatMap(({ hashes }) => (JSON.parse(hashes) as { h: string }[]).map(({ h }) => h)))
  }
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const piece of bytes) {
    hash.update(piece)
    yield piece
  }
}
