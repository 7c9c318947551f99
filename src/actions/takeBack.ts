import type { Deps } from '../deps.ts'
import { links } from '../mail/tokens.ts'
import { keysOfColumn } from '../store/keys.ts'
import { recordEvent } from '../store/ledger.ts'
import { removePending, signupOf } from '../store/signups.ts'

/**
 * "That was not me": what waits for the address is taken back and its data deleted; nobody is banned by it.
 * @returns false when the link is not ours
 */
export async function takeBack(deps: Deps, token: string): Promise<boolean> {
  const link = links(deps).read('c', token)
  if (link.id === null) return false
  const { store } = deps
  const signup = await signupOf(store, link.id)
  if (!signup || signup.confirmed_at !== null) return true
  const now = deps.now()
  const subject = keysOfColumn(signup.keys)[0] ?? null
  const event = { id: `not_me.${signup.id}`, at: now, event: 'permission_withdrawn', subject, actor: 'person' }
  await store.batch([
    recordEvent(store, { ...event, data: { signup: signup.id, how: 'not_me' } }),
    ...removePending(store, signup.strict, now),
  ])
  return true
}
