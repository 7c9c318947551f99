import type { Context } from 'hono'
import type { Config } from './config.ts'
import type { Keyring } from './keyring.ts'
import type { Register } from './rules/register.ts'
import type { Store } from './store/store.ts'

/** What everything needs: a plain object that each route factory and action is closed over. */
export type Deps = {
  config: Config
  register: Register
  store: Store
  keyring: Keyring
  /** Milliseconds UTC. */
  now(): number
  /** A new id, sortable by time. */
  id(): string
  /** 256 random bits, base64url. */
  secret(): string
  /** 0 ≤ n < 1, for jitter. */
  random(): number
  /** Says that there is something to deliver; the rows are the truth, so a lost nudge is found by the next tick. */
  wake(): void
  signals: Signals
  /** The network address that a request came from, as this runtime knows it (before any trusted proxy's word). */
  peerOf(context: Context): string
  log: Log
  metrics: Metrics
  /** When the ticker of this process last did its work; absent where none runs. For /readyz. */
  tickedAt?: () => number
  /** The one script of the admin pages (htmx), as JavaScript text. */
  htmx: string
  /** Reads a file that a ban source names, where there are files; null when it cannot be read. `writtenAt`: milliseconds UTC. */
  readFile?: (path: string) => Promise<{ bytes: AsyncIterable<Uint8Array>; writtenAt: number } | null>
  /** The embedded outbox, where `MAIL_URL` is `outbox:`. */
  outbox: Outbox | null
}

/** Structured log lines; fields carry ids, never addresses (P23). */
export type Log = {
  info(event: string, fields?: Record<string, unknown>): void
  error(event: string, fields?: Record<string, unknown>): void
}

/** An error's text may quote what a peer or an engine said; nothing that looks like an address reaches the log (P23). */
export function withoutAddresses(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === 'string' ? value.replace(/[^\s<>"'()=,;:]+@[^\s<>"'(),;:]+/g, '<address>') : value,
    ]),
  )
}

export type Metrics = {
  count(name: string, labels?: Record<string, string>, by?: number): void
  /** Prometheus text. */
  text(): Promise<string>
}

/** The folder of `.eml` files; names sort by time. */
export type Outbox = {
  list(limit: number): Promise<{ name: string; size: number }[]>
  read(name: string): Promise<Uint8Array | null>
}

/**
 * Within one process, a ban or withdrawal that was just answered takes its address out of the open windows at once.
 * Several nodes read the rows again twice a second; this is the short cut, never the only way.
 */
export type Signals = {
  /** `keys`: hashes of match forms. Call it before the answer leaves. */
  stop(keys: readonly string[]): void
  onStop(listener: (keys: ReadonlySet<string>) => void): () => void
}

export function makeSignals(): Signals {
  const listeners = new Set<(keys: ReadonlySet<string>) => void>()
  return {
    stop(keys) {
      const set = new Set(keys)
      for (const listener of listeners) listener(set)
    },
    onStop(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** An id sortable by time: 48 bits of milliseconds and 80 random bits in Crockford's base 32 (as a ULID, lower case). */
export function timeSortedId(now: number, random: Uint8Array): string {
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
  let id = ''
  for (let shift = 45; shift >= 0; shift -= 5) id += alphabet[Math.floor(now / 2 ** shift) % 32]
  for (let i = 0; i < 16; i++) id += alphabet[(random[i] ?? 0) % 32]
  return id
}
