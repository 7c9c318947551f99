import type { Store } from './store.ts'
import type { IdempotencyRow } from './tables.ts'

export type KeyOf = { apiKey: string; key: string }

/** Takes a key that nobody used. Returned when it was free. */
export function takeKey(store: Store, { apiKey, key }: KeyOf, requestHash: string, leaseUntil: number, now: number) {
  return store.db
    .insertInto('idempotency_keys')
    .values({
      api_key: apiKey,
      key,
      request_hash: requestHash,
      status: null,
      response: null,
      lease_until: leaseUntil,
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('created_at')
}

/** Takes a key over from a request that never answered (its process died). Returned when it was so. */
export function takeKeyOver(store: Store, of: KeyOf, seen: number, leaseUntil: number) {
  return store.db
    .updateTable('idempotency_keys')
    .set({ lease_until: leaseUntil })
    .where('api_key', '=', of.apiKey)
    .where('key', '=', of.key)
    .where('status', 'is', null)
    .where('lease_until', '=', seen)
    .returning('created_at')
}

export async function usedKey({ db }: Store, of: KeyOf): Promise<IdempotencyRow | null> {
  const query = db.selectFrom('idempotency_keys').selectAll().where('api_key', '=', of.apiKey).where('key', '=', of.key)
  return (await query.executeTakeFirst()) ?? null
}

/** Keeps the answer for whoever asks again; the first one stays. */
export function keepAnswer(store: Store, of: KeyOf, status: number, response: string) {
  return store.db
    .updateTable('idempotency_keys')
    .set({ status, response })
    .where('api_key', '=', of.apiKey)
    .where('key', '=', of.key)
    .where('status', 'is', null)
}

/** Frees a key whose request changed nothing, so that it may be mended and sent again. */
export function freeKey(store: Store, of: KeyOf) {
  return store.db
    .deleteFrom('idempotency_keys')
    .where('api_key', '=', of.apiKey)
    .where('key', '=', of.key)
    .where('status', 'is', null)
}
