import type { Deps } from '../deps.ts'
import { runImports } from '../actions/runImports.ts'
import { runSeries } from '../actions/runSeries.ts'
import { syncDueSources } from '../actions/syncBanSource.ts'
import { tick } from '../mail/tick.ts'
import { hasJumped } from '../rules/schedule.ts'

const TICK_MS = 1000
/** After the wall clock jumped, nothing is started for so long: time for it to be set right (faults of time, P15). */
const SETTLE_MS = 60_000
/** An import looks after so long whether it is to stop. */
const IMPORT_MS = 500

/** Ticks every second on Node, one at a time; a failing tick is logged and the next one comes. */
export function startTicker(deps: Deps) {
  let timer: NodeJS.Timeout
  let stopped = false
  let last: Promise<void> = Promise.resolve()
  let tickedAt = deps.now()
  let importing: Promise<void> | null = null
  let seen = { wall: deps.now(), monotonic: performance.now() }
  let settledAt = 0
  const ending = new AbortController()
  let syncing: Promise<void> | null = null
  deps.tickedAt = () => tickedAt

  async function once() {
    const look = { wall: deps.now(), monotonic: performance.now() }
    if (hasJumped(look.wall - seen.wall, look.monotonic - seen.monotonic)) {
      deps.log.error('clock_jumped', { ms: Math.round(look.wall - seen.wall - (look.monotonic - seen.monotonic)) })
      settledAt = look.monotonic + SETTLE_MS
    }
    seen = look
    if (look.monotonic >= settledAt) {
      // A slow register keeps nothing else waiting.
      syncing ??= sync()
      await runSeries(deps)
      await tick(deps)
      importing ??= importAll()
    }
    tickedAt = deps.now()
    deps.wake()
  }

  async function sync() {
    try {
      await syncDueSources(deps, { signal: ending.signal })
    } catch (error) {
      deps.log.error('tick_failed', { error: String(error) })
    } finally {
      syncing = null
    }
  }

  /** Beside the ticks, as long as anything waits to be imported; whatever else there is gets its turn between two chunks. */
  async function importAll() {
    try {
      while (!stopped && (await runImports(deps, IMPORT_MS)));
    } catch (error) {
      deps.log.error('import_stopped', { error: String(error) })
    } finally {
      importing = null
    }
  }

  function next() {
    last = once()
      .catch((error: unknown) => deps.log.error('tick_failed', { error: String(error) }))
      .finally(() => {
        if (!stopped) timer = setTimeout(next, TICK_MS)
      })
  }

  next()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      ending.abort()
      await last
      await syncing
      await importing
    },
  }
}
