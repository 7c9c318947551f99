import type { Deps } from '../deps.ts'
import { isConfiguredStaff } from '../mail/facts.ts'
import { matchHashes } from '../mail/matchHashes.ts'
import { parseEmail } from '../rules/address.ts'
import { contactForms } from '../rules/matchKeys.ts'
import { queueDelivery } from '../store/deliveries.ts'
import { mailingById } from '../store/mailings.ts'
import type { Language } from '../store/tables.ts'

export type TestResult = { ok: true; id: string } | { ok: false; status: 404 | 422; path: string; message: string }

/** Queues a test send of a mailing to a colleague: only users and the configuration's own addresses get one. */
export async function testMailing(
  deps: Deps,
  mailingId: string,
  { to, language }: { to: string; language?: Language | undefined },
): Promise<TestResult> {
  const { store, config, keyring } = deps
  const read = parseEmail(to, { allowReserved: config.allowReservedDomains })
  if (!read.ok) return { ok: false, status: 422, path: 'to', message: read.error }
  const mailing = await mailingById(store, mailingId)
  if (!mailing) return { ok: false, status: 404, path: 'id', message: 'There is no such mailing.' }
  const { strict, address } = read.email
  const user = await store.db
    .selectFrom('users')
    .select(['address', 'language'])
    .where('strict', '=', strict)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  if (!user && !isConfiguredStaff(config, address)) {
    const message = 'Tests go to users only: add this one first with "npx postilupa user add".'
    return { ok: false, status: 422, path: 'to', message }
  }
  const id = `test.${deps.id()}`
  await store.batch([
    queueDelivery(
      store,
      {
        id,
        kind: 'test',
        class: 'staff',
        topic: mailing.topic,
        address: user?.address ?? address,
        keys: matchHashes(keyring, contactForms({ email: read.email })),
        language: language ?? user?.language ?? 'fi',
        data: { mailing: mailingId, language: language ?? user?.language ?? 'fi' },
      },
      deps.now(),
    ),
  ])
  deps.wake()
  return { ok: true, id }
}
