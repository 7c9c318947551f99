import type { Store } from './store.ts'

/** Pending sign-ups end by themselves: address and all are deleted, with the permissions that were only asked for (A9-7). */
export function purgeExpired(store: Store, now: number) {
  const { db } = store
  const expired = db.selectFrom('signups').select('id').where('expires_at', '<', now)
  return [
    db.deleteFrom('permissions').where('confirmed_at', 'is', null).where('signup_id', 'in', expired),
    db.deleteFrom('signups').where('expires_at', '<', now),
    db.deleteFrom('counters').where('bucket', '<', now - 40 * 86_400_000),
    db.deleteFrom("idempotency_keys").where("created_at", "<", now - 86_400_000),
  ] as const
}
