import { randomBytes } from 'node:crypto'
import type { Config } from '../config.ts'
import { makeSignals, timeSortedId, type Deps } from '../deps.ts'
import { makeKeyring } from '../keyring.ts'
import { parseRegister } from '../rules/register.ts'
import { defaultRegister } from '../rules/registerData.ts'

/** What each runtime brings of its own. */
export type Runtime = Pick<Deps, 'store' | 'wake' | 'peerOf' | 'log' | 'metrics' | 'outbox' | 'htmx' | 'readFile'>

const register = parseRegister(defaultRegister)

/** Deps as they are on every runtime: the register, the keyring, the clock, ids, secrets and chance. */
export function wire(config: Config, runtime: Runtime): Deps {
  const chance = randomPool()
  if (!register.ok) throw new Error(`The register of purposes is not valid: ${JSON.stringify(register.errors)}`)
  return {
    config,
    register: register.register,
    keyring: makeKeyring(config.secrets),
    now: Date.now,
    id: () => timeSortedId(Date.now(), chance(16)),
    secret: () => randomBytes(32).toString('base64url'),
    random: Math.random,
    signals: makeSignals(),
    ...runtime,
  }
}

/** Random bytes for ids, drawn from the system 4 kB at a time: one call costs as much as the whole pool. No byte is given twice. */
function randomPool(): (bytes: number) => Uint8Array {
  let pool = new Uint8Array(0)
  let used = 0
  return (bytes) => {
    if (used + bytes > pool.length) {
      pool = randomBytes(4096)
      used = 0
    }
    used += bytes
    return pool.subarray(used - bytes, used)
  }
}
