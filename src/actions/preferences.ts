import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { permissionFact } from '../mail/facts.ts'
import { banHashes } from '../mail/matchHashes.ts'
import { changeTopics, getsTopic, lastChange, mayReturn } from '../rules/preferences.ts'
import { consentEndsAt } from '../rules/retention.ts'
import { liftBans } from '../store/bans.ts'
import { leave } from '../store/leaving.ts'
import { recordEventIf } from '../store/ledger.ts'
import { addJoined, preferenceFacts, setLanguage } from '../store/preferences.ts'
import type { ContactRow, Language } from '../store/tables.ts'
import { allTopics, type Topic } from '../store/topics.ts'
import { ban } from './ban.ts'
import { emailOf } from './contactColumns.ts'

export type Preferences = {
  contact: ContactRow
  topics: (Topic & { on: boolean })[]
  /** A ban on all direct marketing that the person may lift here. */
  banned: { at: number } | null
}

/** What a person's settings page shows; null after erasure. */
export async function readPreferences(deps: Deps, contactId: string): Promise<Preferences | null> {
  const read = await factsOf(deps, contactId)
  return read && { contact: read.contact, topics: read.topics, banned: read.liftable[0] ?? null }
}

/**
 * Saves the topics and the language. Leaving a topic is an objection as an unsubscribe is; joining one here is a consent that
 * the person gave through a link mailed to their address, with the wording that the page showed. What stays as it was is not
 * written.
 */
export async function savePreferences(
  deps: Deps,
  contactId: string,
  wish: { topics: readonly string[]; language: Language; wordingId: string | null },
): Promise<Preferences | null> {
  const read = await factsOf(deps, contactId)
  if (!read) return null
  const { store } = deps
  const { contact, permissions, bans } = read
  const now = deps.now()
  const { leave: left, join } = changeTopics(read.topics, wish.topics)
  const joined = mayReturn(bans) && wish.wordingId !== null ? join : []
  const hashes = banHashes(deps.keyring, 'email', emailOf(contact))
  const event = { at: now, subject: contactId, actor: 'person' }
  const spoken = {
    ...event,
    id: `speaks.${contactId}.${wish.language}.${contact.updated_at}`,
    event: 'contact_changed',
    data: { fields: ['language'] },
  }
  await store.batch([
    ...(wish.language === contact.language ? [] : setLanguage(store, contact, wish.language, spoken, now)),
    ...left.flatMap((topic) =>
      leave(store, { contactId, scope: `topic:${topic}`, how: 'preferences', hashes, data: { topic } }, now),
    ),
    ...read.topics
      .filter(({ id }) => joined.includes(id))
      .flatMap((topic) => {
        const id = `joined.${contactId}.${topic.id}.${lastChange(topic, permissions, bans)}`
        const wording = wish.wordingId
        return [
          addJoined(store, { id, contactId, topic: topic.id, wording, at: now, expiresAt: consentEndsAt(now) }),
          recordEventIf(
            store,
            {
              ...event,
              id,
              event: 'permission_confirmed',
              data: { topic: topic.id, permission: id, wording, how: 'preferences' },
            },
            sql`exists (select 1 from permissions where id = ${id})`,
          ),
        ]
      }),
  ])
  if (left.length > 0) deps.signals.stop(hashes.map(({ hash }) => hash))
  return readPreferences(deps, contactId)
}

/** "Never market to me", from the person's own page. */
export async function banFromPreferences(deps: Deps, { address }: Pick<ContactRow, 'address'>): Promise<void> {
  await ban(deps, { kind: 'email', value: address, reason: 'preferences' }, 'person')
}

/**
 * The person lifts their own ban on all direct marketing; topics that they left stay left (standards D-29).
 * @returns whether there was one that they may lift
 */
export async function liftFromPreferences(deps: Deps, contactId: string): Promise<boolean> {
  const read = await factsOf(deps, contactId)
  if (!read) return false
  const { store } = deps
  const ids = read.liftable.map(({ id }) => id)
  if (ids.length === 0) return false
  const now = deps.now()
  const event = { id: deps.id(), at: now, event: 'ban_lifted', subject: contactId, actor: 'person' }
  await store.batch([
    liftBans(store, ids, 'person', 'preferences', now),
    recordEventIf(
      store,
      { ...event, data: { bans: ids, how: 'preferences' } },
      sql`exists (select 1 from bans where id in (${sql.join(ids)}) and lifted_at = ${now})`,
    ),
  ])
  return true
}

async function factsOf(deps: Deps, contactId: string) {
  const facts = await preferenceFacts(deps.store, contactId)
  if (!facts) return null
  const { contact } = facts
  const permissions = facts.permissions.map(permissionFact)
  const { bans } = facts
  const topics = (await allTopics(deps)).map((topic) => ({
    ...topic,
    on: getsTopic(topic, permissions, bans, deps.now()),
  }))
  // Exactly this address, ours, and no complaint: what else hits it was said by or about somebody else.
  const liftable = bans.filter(
    (row) =>
      row.kind === 'email' && row.scope === 'all' && row.form === 'strict' && row.external === 0 && mayReturn([row]),
  )
  return { contact, permissions, bans, topics, liftable }
}
