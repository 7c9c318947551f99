import type { Store } from './store.ts'
import type { DeliveryRow, DeliveryState } from './tables.ts'

export type ListedDelivery = Pick<
  DeliveryRow,
  'id' | 'contact_id' | 'state' | 'reason' | 'detail' | 'allowed_by' | 'message_id' | 'sent_at' | 'bounced_at' | 'reply'
>

/** The deliveries of a mailing by id, behind the given one; of one state, or all. */
export async function listDeliveries(
  { db }: Store,
  mailingId: string,
  state: DeliveryState | null,
  after: string,
  limit: number,
): Promise<ListedDelivery[]> {
  const query = db
    .selectFrom('deliveries')
    .select([
      'id',
      'contact_id',
      'state',
      'reason',
      'detail',
      'allowed_by',
      'message_id',
      'sent_at',
      'bounced_at',
      'reply',
    ])
    .where('mailing_id', '=', mailingId)
    .where('id', '>', after)
  return (state === null ? query : query.where('state', '=', state)).orderBy('id').limit(limit).execute()
}

export async function deliveryOf({ db }: Store, id: string): Promise<DeliveryRow | null> {
  return (await db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}
