import type { Deps } from '../deps.ts'
import { timeSortedId } from '../deps.ts'
import { keyedHash, sha256 } from '../keyring.ts'
import { freeKey, keepAnswer, takeKey, takeKeyOver, usedKey, type KeyOf } from '../store/idempotency.ts'

/** A request that died is believed to run for so long; what it left behind is found by its ids afterwards. */
const LEASE_MS = 5000

/**
 * What the idempotency key says of a request.
 * - first: go on, with these ids (`first` of them names what is made); `again` when an earlier try died and may have done its work
 * - done: the kept answer
 * - other_body: the key belongs to another request
 * - running: its first use has not answered yet
 */
export type Turn =
  | { kind: 'first'; first: string; id: () => string; again: boolean }
  | { kind: 'done'; status: number; response: string }
  | { kind: 'other_body' }
  | { kind: 'running' }

/**
 * Asks for a turn (P13). The answer is stored apart from the effect, so a death between the two must not make a second one:
 * the ids that a keyed request hands out are derived from its key, and a replay meets the rows that the first try wrote.
 * @param digest SHA-256 of the request; kept as a keyed hash, for a body may be guessed
 */
export async function takeTurn(deps: Deps, of: KeyOf, digest: string): Promise<Turn> {
  const { store, keyring } = deps
  const now = deps.now()
  const form = `request:v1:${digest}`
  const [taken] = await store.batch([takeKey(store, of, keyring.hash(form), now + LEASE_MS, now)])
  if (taken[0]) return begin(of, taken[0].created_at, false)
  const row = await usedKey(store, of)
  if (!row) return { kind: 'running' }
  if (!keyring.hashes(form).some(({ hash }) => hash === row.request_hash)) return { kind: 'other_body' }
  if (row.status !== null) return { kind: 'done', status: row.status, response: row.response ?? '' }
  if (row.lease_until > now) return { kind: 'running' }
  const [ours] = await store.batch([takeKeyOver(store, of, row.lease_until, now + LEASE_MS)])
  return ours[0] ? begin(of, row.created_at, true) : { kind: 'running' }
}

function begin(of: KeyOf, at: number, again: boolean): Turn {
  return { kind: 'first', first: idsFrom(of, at)(), id: idsFrom(of, at), again }
}

/** The ids of one keyed request, in the order in which it asks for them: the same every time, and as sortable as any other. */
function idsFrom({ apiKey, key }: KeyOf, at: number): () => string {
  let n = 0
  return () => timeSortedId(at, keyedHash(sha256(`${apiKey}\n${key}`), String(n++)).subarray(0, 16))
}

/** An answer that says that something was done is kept for a day; after any other the key is free again. */
export async function endTurn(
  { store }: Deps,
  of: KeyOf,
  answer: { status: number; response: string } | null,
): Promise<void> {
  await store.batch([answer ? keepAnswer(store, of, answer.status, answer.response) : freeKey(store, of)])
}
