import { sql } from 'kysely'
import { bansHit, type FoundBan } from './bans.ts'
import { keysOfColumn } from './keys.ts'
import { recordEventIf, type LedgerEvent } from './ledger.ts'
import type { Store } from './store.ts'
import type { ContactRow, Language, PermissionRow } from './tables.ts'

export type PreferenceFacts = { contact: ContactRow; permissions: PermissionRow[]; bans: FoundBan[] }

/** A contact with everything that says what they get; null after erasure. */
export async function preferenceFacts(store: Store, contactId: string): Promise<PreferenceFacts | null> {
  const contact = await store.db.selectFrom('contacts').selectAll().where('id', '=', contactId).executeTakeFirst()
  if (!contact) return null
  const [permissions, bans] = await Promise.all([
    store.db.selectFrom('permissions').selectAll().where('contact_id', '=', contactId).execute(),
    bansHit(store, keysOfColumn(contact.keys)),
  ])
  return { contact, permissions, bans }
}

/** The language that somebody wants to be written to in, and the ledger's word of it, once. */
export function setLanguage(store: Store, seen: ContactRow, language: Language, event: LedgerEvent, now: number) {
  return [
    recordEventIf(store, event, sql`exists (select 1 from contacts where id = ${seen.id} and language <> ${language})`),
    store.db
      .updateTable('contacts')
      // Never the same again, so that it tells one version from the next.
      .set({ language, updated_at: Math.max(now, seen.updated_at + 1) })
      .where('id', '=', seen.id)
      .where('language', '<>', language),
  ]
}

/** A topic that the person joined on their own page, which a link mailed to their address opened; the same press once. */
export function addJoined(
  store: Store,
  joined: {
    id: string
    contactId: string
    topic: string
    wording: string | null
    at: number
    expiresAt: number
  },
) {
  const { id, contactId, topic, wording, at, expiresAt } = joined
  return sql`
    insert into permissions (id, contact_id, topic, channel, rule, basis, source, evidence, wording_id,
      requested_at, requested_from, confirmed_at, confirmed_from, expires_at)
    select ${id}, c.id, ${topic}, 'email', 'consent', 'consent', 'preferences', ${id}, ${wording},
      cast(${at} as bigint), 'preferences', cast(${at} as bigint), 'link', cast(${expiresAt} as bigint)
    from contacts c where c.id = ${contactId}
    on conflict do nothing`.compile(store.db)
}
