import { sql, type RawBuilder } from 'kysely'
import { countIf, underCaps } from '../store/counters.ts'
import { queueDeliveryIf, queuedNow, type NewDelivery } from '../store/deliveries.ts'
import type { Store } from '../store/store.ts'
import type { Limits } from './subscribe.ts'

/**
 * Queues mail that anybody can cause at anybody's address: once under its id, and only while its network, its page and all of
 * them together stay under their caps for the hour (P12). The same work whether it is queued or not.
 */
export function queueCapped(
  store: Store,
  delivery: NewDelivery,
  { keyOf, caps, hour }: Limits,
  now: number,
  wanted: RawBuilder<unknown>,
) {
  const scopes = ['network', 'form', 'all'] as const
  const under = underCaps(
    scopes.map((scope) => ({ key: keyOf[scope], cap: caps[scope] })),
    hour,
  )
  const uses = scopes.map((scope) => ({ key: keyOf[scope], bucket: hour }))
  return [
    queueDeliveryIf(store, delivery, now, sql`${wanted} and ${under}`),
    countIf(store, uses, queuedNow(delivery, now)),
  ] as const
}
