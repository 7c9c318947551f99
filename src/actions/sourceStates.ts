import type { Deps } from '../deps.ts'
import { freshness } from '../mail/facts.ts'
import { readFault, type SourceFault } from '../rules/banSource.ts'
import { banSourceRows } from '../store/banSources.ts'

/** How a configured ban source stands. Times are milliseconds UTC. */
export type SourceState = {
  name: string
  kind: 'file' | 'http'
  required: boolean
  maxAge: number
  fresh: boolean
  fetchedAt: number | null
  triedAt: number | null
  validUntil: number | null
  nextAt: number | null
  sequence: number | null
  entries: number | null
  fault: SourceFault | null
}

/** Every configured ban source, in the order of the configuration. */
export async function sourceStates({
  config,
  store,
  now,
}: Pick<Deps, 'config' | 'store' | 'now'>): Promise<SourceState[]> {
  if (config.banSources.length === 0) return []
  const rows = await banSourceRows(store)
  const fresh = freshness(config.banSources, rows, now())
  return config.banSources.map(({ name, kind, required, maxAge }, n) => {
    const row = rows.find((one) => one.name === name)
    return {
      name,
      kind,
      required,
      maxAge,
      fresh: fresh[n]?.fresh ?? false,
      fetchedAt: row?.fetched_at ?? null,
      triedAt: row?.tried_at ?? null,
      validUntil: row?.fetched_at == null ? null : row.fetched_at + maxAge,
      nextAt: row?.next_at ?? null,
      sequence: row?.sequence ?? null,
      entries: row?.entries ?? null,
      fault: readFault(row?.error ?? ''),
    }
  })
}
