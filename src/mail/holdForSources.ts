import type { Deps } from '../deps.ts'
import { readFault } from '../rules/banSource.ts'
import { banSourceRows } from '../store/banSources.ts'
import { anyHeldForSources, holdForSources, releaseForSources } from '../store/mailings.ts'
import { banFaultWords } from '../templates/words/banFaults.ts'
import { alertStaff } from './alerts.ts'
import { freshness } from './facts.ts'

/** One failure may be a hiccup, after which the next attempt comes in seconds; two in a row are told. */
const WORTH_TELLING = 2

/** Mailings wait while a required ban source is not fresh, and go on by themselves on good data (P08). */
export async function holdOrRelease(deps: Deps): Promise<void> {
  const { config, store } = deps
  const now = deps.now()
  const required = config.banSources.filter((source) => source.required)
  const rows = required.length > 0 ? await banSourceRows(store) : []
  const stale = freshness(required, rows, now).filter(({ fresh }) => !fresh)
  const [changed] = await store.batch([stale.length > 0 ? holdForSources(store, now) : releaseForSources(store, now)])
  if (changed.length > 0) deps.wake()
  const waits = stale.length > 0 && (await anyHeldForSources(store))
  // Asked at every tick and told once an hour: the door may have been the first to notice, or the last alert was lost.
  const hour = new Date(now).toISOString().slice(0, 13)
  for (const { name } of required) {
    const row = rows.find((one) => one.name === name)
    const isStale = stale.some((one) => one.name === name)
    // Before the first attempt there is nothing to tell yet, unless somebody waits already.
    const isWorthTelling = isStale ? waits || row?.tried_at != null : (row?.failures ?? 0) >= WORTH_TELLING
    if (!isWorthTelling) continue
    const fault = readFault(row?.error ?? '')
    const why = fault ? ` ${banFaultWords('en', fault)}` : ''
    const lines = isStale
      ? [`The ban source ${name} is not fresh.${why}`, 'Nothing is sent until it is. Sending goes on by itself.']
      : [
          `The ban source ${name} cannot be fetched.${why}`,
          'When its last version is too old, nothing is sent any more.',
        ]
    const cause = `${isStale ? 'source_stale' : 'source_failing'}.${name}.${hour}`
    await store.batch(alertStaff(deps, cause, isStale ? 'Mailings are held' : 'A ban source fails', lines, now))
  }
}
