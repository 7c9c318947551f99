import type { Deps } from '../deps.ts'
import { queueDelivery } from '../store/deliveries.ts'

/**
 * Tells staff (ALERT_TO) that something waits for them: a held or paused mailing. One message for one cause, however often it is
 * noticed; the words carry ids, never addresses.
 * @param cause makes the message's id, so that the same cause queues one
 */
export function alertStaff(
  { config, store }: Pick<Deps, 'config' | 'store'>,
  cause: string,
  title: string,
  lines: string[],
  now: number,
) {
  return config.alertTo.map((address, n) =>
    queueDelivery(
      store,
      {
        id: `alert.${cause}.${n}`,
        kind: 'alert',
        class: 'staff',
        topic: null,
        address,
        keys: '[]',
        language: 'en',
        data: { title, lines },
      },
      now,
    ),
  )
}
