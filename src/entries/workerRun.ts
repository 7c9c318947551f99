import { setTimeout as sleep } from 'node:timers/promises'
import { runImports } from '../actions/runImports.ts'
import { runSeries } from '../actions/runSeries.ts'
import type { Deps } from '../deps.ts'
import { makeDoor } from '../mail/deliver.ts'
import { tick } from '../mail/tick.ts'
import { makeTransport } from '../mail/transport.ts'

/** D1 answers 1,000 queries of one invocation; the rest is for what ends a run. */
const QUERIES = 900
/** A queue's consumer may run for 15 minutes; a short run lets the next version take over soon. */
const RUN_MS = 90_000
const FAILED_RUNS = 5

/**
 * What the ticker and the door do on Node: starts what is due, then delivers and imports side by side until nothing is left or
 * this invocation has had its share. The next message goes on then.
 * @param queries how many this invocation has asked D1 so far
 */
export async function run(deps: Deps, queries: () => number): Promise<void> {
  await runSeries({ ...deps, wake: () => {} })
  await tick({ ...deps, wake: () => {} })
  const until = deps.now() + RUN_MS
  const enough = () => deps.now() >= until || queries() >= QUERIES
  const [moreRows] = await Promise.all([importRows(deps, enough), deliver(deps, enough)])
  if (enough() || moreRows) deps.wake()
}

/** @returns whether rows are left */
async function importRows(deps: Deps, enough: () => boolean): Promise<boolean> {
  try {
    // Without time of its own it does one chunk, so that the queries can be counted in between.
    while (await runImports(deps, 0)) if (enough()) return true
  } catch (error) {
    deps.log.error('import_stopped', { error: String(error) })
  }
  return false
}

async function deliver(deps: Deps, enough: () => boolean): Promise<void> {
  const { mailUrl, publicUrl } = deps.config
  const door = makeDoor(deps, makeTransport(mailUrl, { now: deps.now, clientName: new URL(publicUrl).hostname }))
  try {
    for (let failed = 0; ;) {
      try {
        return await door.run(enough)
      } catch (error) {
        // What was handed over wants recording, and D1 now and then loses a connection: the door keeps it for the next try.
        deps.log.error('delivery_stopped', { error: String(error) })
        if (++failed === FAILED_RUNS) throw error
        await sleep(failed * 1000)
      }
    }
  } finally {
    await door.stop()
  }
}
