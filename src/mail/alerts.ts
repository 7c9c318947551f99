import type { Deps } from '../deps.ts'
import { queueDelivery } from '../store/deliveries.ts'
import { pauseForUncertain } from '../store/mailings.ts'

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

/** A mailing with undecided deliveries and nothing else under way waits for a person, who is told. */
export async function pauseUncertain(deps: Pick<Deps, 'config' | 'store' | 'now'>): Promise<void> {
  const now = deps.now()
  const [paused] = await deps.store.batch([pauseForUncertain(deps.store, now)])
  for (const { id } of paused) {
    const lines = [`Mailing ${id} has uncertain deliveries: nobody knows whether they left. Resend or accept them.`]
    await deps.store.batch(alertStaff(deps, `${id}.uncertain.${now}`, 'Deliveries are uncertain', lines, now))
  }
}
