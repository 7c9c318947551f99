import type { Deps } from '../deps.ts'
import { runImports } from '../actions/runImports.ts'
import { tick } from '../mail/tick.ts'
import { hasJumped } from '../rules/schedule.ts'

const TICK_MS = 1000
/** After the wall clock jumped, nothing is started for so long: time for it to be set right (faults of time, P15). */
const SETTLE_MS = 60_000
/** An import gives way to everything else after so long, and goes on with the next tick. */
const IMPORT_MS = 500

/** Ticks every second on Node, one at a time; a failing tick is logged and the next one comes. */
export function startTicker(deps: Deps) {
  let timer: NodeJS.Timeout
  let stopped = false
  let last: Promise<void> = Promise.resolve()
  let tickedAt = deps.now()
  let seen = { wall: deps.now(), monotonic: performance.now() }
  let settledAt = 0
  deps.tickedAt = () => tickedAt

  async function once() {
    const look = { wall: deps.now(), monotonic: performance.now() }
    if (hasJumped(look.wall - seen.wall, look.monotonic - seen.monotonic)) {
      deps.log.error('clock_jumped', { ms: Math.round(look.wall - seen.wall - (look.monotonic - seen.monotonic)) })
      settledAt = look.monotonic + SETTLE_MS
    }
    seen = look
    if (look.monotonic >= settledAt) {
      await tick(deps)
      await runImports(deps, IMPORT_MS)
    }
    tickedAt = deps.now()
    deps.wake()
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
      await last
    },
  }
}
