import type { Deps } from '../deps.ts'
import { recordEvent } from '../store/ledger.ts'
import { forgetSetting, rememberSetting } from '../store/settings.ts'

/** The kill switch: from now on nothing is handed over but alerts, until it is released. */
export async function holdSending({ store, now, id }: Deps, reason: string, actor: string): Promise<void> {
  const at = now()
  await store.batch([
    rememberSetting(store, 'hold', reason, at),
    recordEvent(store, { id: id(), at, event: 'sending_held', subject: null, actor, data: { reason } }),
  ])
}

/** Lets sending go on where it stood. */
export async function releaseSending({ store, now, id, wake }: Deps, actor: string): Promise<void> {
  const at = now()
  await store.batch([
    forgetSetting(store, 'hold'),
    recordEvent(store, { id: id(), at, event: 'sending_released', subject: null, actor, data: {} }),
  ])
  wake()
}
