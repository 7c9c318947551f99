import type { Deps } from '../deps.ts'
import type { LeavingLink } from '../mail/tokens.ts'
import { leave } from '../store/leaving.ts'
import { topicOf } from '../store/topics.ts'

/** What the person leaves: the topic of the message (one-click), everything of its purpose, or all direct marketing. */
export type LeavingScope = 'topic' | 'purpose' | 'all'

export type LeavingWish = {
  scope: LeavingScope
  /** For the ledger: `one_click`, `post_without_one_click_body`, `page`. */
  how: string
  /** The network that asked, as it is kept as evidence ("192.0.2.0/24"). */
  network: string
}

/**
 * Leaves, from a verified link: ends the open permissions, keeps the objection as a ban key, skips what is queued, and records
 * it. One batch; safe any number of times, also after the contact was erased (P10, RFC 8058 §3.2).
 * @returns what was left: `all` where nobody knows any more what the topic's purpose was
 */
export async function unsubscribe(
  deps: Deps,
  link: LeavingLink & { keyId: string },
  { scope, how, network }: LeavingWish,
): Promise<LeavingScope> {
  const { topic, mailingId: mailing, contactId, keyId } = link
  const purpose = scope === 'purpose' ? (await topicOf(deps, topic))?.purpose : undefined
  const left = scope === 'purpose' && purpose === undefined ? 'all' : scope
  const hashes = link.hashes.map((hash, i) => ({
    hash,
    keyId,
    form: i === 0 ? ('strict' as const) : ('loose' as const),
  }))
  const banScope = { topic: `topic:${topic}`, purpose: `purpose:${purpose}`, all: 'all' }[left]
  await deps.store.batch(
    leave(deps.store, { contactId, scope: banScope, how, hashes, data: { topic, mailing, network } }, deps.now()),
  )
  // The door compares hashes under every key of the ring; the link's may be of an older one, and that is in the ring too.
  deps.signals.stop(link.hashes)
  return left
}
