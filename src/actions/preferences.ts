import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { permissionFact } from '../mail/facts.ts'
import { banHashes } from '../mail/matchHashes.ts'
import { parseEmail } from '../rules/address.ts'
import { consentEndsAt } from '../rules/retention.ts'
import { changeTopics, getsTopic } from '../rules/preferences.ts'
import { addObjection, liftBans } from '../store/bans.ts'
import { recordEvent } from '../store/ledger.ts'
import { preferenceFacts, type PreferenceFacts } from '../store/preferences.ts'
import { allTopics, type Topic } from '../store/topics.ts'
import { ban } from './ban.ts'

export type Preferences = PreferenceFacts & { topics: (Topic & { on: boolean })[]; banned: { at: number } | null }

/** What a person's settings page shows; null after erasure. */
export async function readPreferences(deps: Deps, contactId: string): Promise<Preferences | null> {
  const facts = await preferenceFacts(deps.store, contactId)
  if (!facts) return null
  const permissions = facts.permissions.map(permissionFact)
  const bans = facts.bans.map((row) => ({ ...row, external: row.external === 1 }))
  const topics = (await allTopics(deps)).map((topic) => ({
    ...topic,
    on: getsTopic(topic, permissions, bans, deps.now()),
  }))
  const banned = bans.find((row) => row.kind === 'email' && row.scope === 'all' && !row.external) ?? null
  return { ...facts, topics, banned }
}

/**
 * Saves the topics and the language. Leaving a topic is an objection as an unsubscribe is; joining one here is a consent that
 * the person gave through a link mailed to their address, with the wording that the page showed.
 */
export async function savePreferences(
  deps: Deps,
  contactId: string,
  wish: { topics: string[]; language: 'fi' | 'sv' | 'en'; wordingId: string | null },
): Promise<Preferences | null> {
  const before = await readPreferences(deps, contactId)
  if (!before) return null
  const { store } = deps
  const now = deps.now()
  const { leave, join } = changeTopics(before.topics, wish.topics)
  const hashes = hashesOf(deps, before.contact.address)
  await store.batch([
    store.db.updateTable('contacts').set({ language: wish.language, updated_at: now }).where('id', '=', contactId),
    ...leave.flatMap((topic) => [
      store.db
        .updateTable('permissions')
        .set({ withdrawn_at: now, withdrawn_from: 'preferences' })
        .where('contact_id', '=', contactId)
        .where('topic', '=', topic)
        .where('withdrawn_at', 'is', null),
      ...addObjection(
        store,
        {
          scope: `topic:${topic}`,
          contactId,
          topics: sql`select ${topic}`,
          reason: 'preferences',
          hashes,
          data: { topic },
        },
        now,
      ),
      store.db
        .updateTable('deliveries')
        .set({ state: 'skipped', reason: 'unsubscribed', decided_at: now })
        .where('contact_id', '=', contactId)
        .where('topic', '=', topic)
        .where('state', '=', 'queued'),
    ]),
    ...join.map((topic) =>
      store.db.insertInto('permissions').values({
        id: deps.id(),
        contact_id: contactId,
        signup_id: null,
        topic,
        channel: 'email',
        rule: 'consent',
        basis: 'consent',
        source: 'preferences',
        evidence: null,
        wording_id: wish.wordingId,
        requested_at: now,
        requested_from: 'preferences',
        confirmed_at: now,
        confirmed_from: 'link',
        withdrawn_at: null,
        withdrawn_from: null,
        expires_at: consentEndsAt(now),
      }),
    ),
    ...join.map((topic) =>
      recordEvent(store, {
        id: deps.id(),
        at: now,
        event: 'permission_confirmed',
        subject: contactId,
        actor: 'person',
        data: { topic, wording: wish.wordingId, how: 'preferences' },
      }),
    ),
  ])
  if (leave.length > 0) deps.signals.stop(hashes.map(({ hash }) => hash))
  return readPreferences(deps, contactId)
}

/** "Never market to me", from the person's own page. */
export async function banFromPreferences(deps: Deps, contactId: string): Promise<boolean> {
  const facts = await preferenceFacts(deps.store, contactId)
  if (!facts) return false
  return (await ban(deps, { kind: 'email', value: facts.contact.address, reason: 'preferences' }, 'person')).ok
}

/** The person lifts their own ban on all direct marketing; topics that they left stay left (standards D-29). */
export async function liftFromPreferences(deps: Deps, contactId: string): Promise<boolean> {
  const facts = await preferenceFacts(deps.store, contactId)
  if (!facts) return false
  const own = facts.bans.filter(
    (row) => row.kind === 'email' && row.scope === 'all' && row.external === 0 && row.reason !== 'complaint',
  )
  if (own.length === 0) return true
  const now = deps.now()
  await deps.store.batch([
    liftBans(
      deps.store,
      own.map((row) => row.id),
      'person',
      'preferences',
      now,
    ),
    recordEvent(deps.store, {
      id: deps.id(),
      at: now,
      event: 'ban_lifted',
      subject: contactId,
      actor: 'person',
      data: { bans: own.map((row) => row.id) },
    }),
  ])
  return true
}

function hashesOf({ keyring }: Deps, address: string) {
  const email = parseEmail(address, { allowReserved: true })
  return email.ok ? banHashes(keyring, 'email', email.email) : []
}
