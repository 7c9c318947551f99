import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import type { LeavingLink } from '../mail/tokens.ts'
import { addObjection } from '../store/bans.ts'

/** What the person leaves: the topic of the message (one-click), everything of its purpose, or all direct marketing. */
export type LeavingScope = 'topic' | 'purpose' | 'all'

/**
 * Leaves, from a verified link: withdraws the open permissions, keeps the objection as a ban key, skips what is queued, and
 * records it. One batch, no read first; safe any number of times, also after the contact was erased (P10, RFC 8058 §3.2).
 * @param how for the ledger: `one_click`, `post_without_one_click_body`, `page`
 */
export async function unsubscribe(
  deps: Deps,
  link: LeavingLink & { keyId: string },
  scope: LeavingScope,
  how: string,
): Promise<void> {
  const { store } = deps
  const { db } = store
  const now = deps.now()
  const { contactId, topic, mailingId } = link
  const purpose = sql`(select purpose from topics where id = ${topic})`
  const topics = {
    topic: sql`select ${topic}`,
    purpose: sql`select id from topics where purpose = ${purpose}`,
    all: sql`select id from topics`,
  }[scope]
  const banScope = {
    topic: `topic:${topic}`,
    purpose: `purpose:${await purposeOf(deps, topic, scope)}`,
    all: 'all',
  }[scope]
  const hashes = link.hashes.map((hash, i) => ({
    hash,
    keyId: link.keyId,
    form: i === 0 ? ('strict' as const) : ('loose' as const),
  }))
  const objection = { scope: banScope, contactId, topics, reason: how, hashes, data: { topic, mailing: mailingId } }
  await store.batch([
    db
      .updateTable('permissions')
      .set({ withdrawn_at: now, withdrawn_from: how })
      .where('contact_id', '=', contactId)
      .where('withdrawn_at', 'is', null)
      .where('topic', 'in', sql<string>`(${topics})`),
    ...(hashes.length > 0 ? addObjection(store, objection, now) : []),
    db
      .updateTable('deliveries')
      .set({ state: 'skipped', reason: 'unsubscribed', decided_at: now })
      .where('contact_id', '=', contactId)
      .where('state', '=', 'queued')
      .where('class', 'in', ['marketing', 'research'])
      .where('topic', 'in', sql<string>`(${topics})`),
  ])
  // The door compares hashes under every key of the ring; the link's may be of an older one, and that is in the ring too.
  deps.signals.stop(link.hashes)
}

async function purposeOf({ store }: Deps, topic: string, scope: LeavingScope): Promise<string> {
  if (scope !== 'purpose') return ''
  const row = await store.db.selectFrom('topics').select('purpose').where('id', '=', topic).executeTakeFirst()
  return row?.purpose ?? 'direct_marketing'
}
