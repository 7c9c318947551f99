import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { keysOfColumn } from '../store/keys.ts'
import { recordEvent } from '../store/ledger.ts'

/**
 * Erases a contact (GDPR Art. 17): what is left is ban keys, scope, reason and time, so that what was objected to stays blocked
 * (domain.md "Leaving", standards D-20). Withdrawals that had no ban key yet get one; a contact without any may come back.
 * @returns false when there is no such contact
 */
export async function erase(deps: Deps, contactId: string, actor: string): Promise<boolean> {
  const { store } = deps
  const { db } = store
  const contact = await db
    .selectFrom('contacts')
    .select(['id', 'strict', 'address', 'keys'])
    .where('id', '=', contactId)
    .executeTakeFirst()
  if (!contact) return false
  const now = deps.now()
  const hashes = keysOfColumn(contact.keys)
  const strictHash = hashes[0] ?? ''
  const keyId = deps.keyring.ids[0] ?? ''
  const withdrawn = sql`
    select distinct p.topic from permissions p where p.contact_id = ${contactId} and p.withdrawn_at is not null
      and not exists (select 1 from permissions q where q.contact_id = p.contact_id and q.topic = p.topic
        and q.withdrawn_at is null and q.confirmed_at > p.withdrawn_at)`
  const banId = sql`${`erased.${strictHash}.`} || w.topic || ${`.${now}`}`
  await store.batch([
    sql`insert into bans (id, kind, scope, source, external, reason, at)
      select ${banId}, 'email', 'topic:' || w.topic, 'own', 0, 'withdrawn', cast(${now} as bigint)
      from (${withdrawn}) as w
      where not exists (select 1 from bans b join ban_keys k on k.ban_id = b.id
        where k.hash = ${strictHash} and b.scope = 'topic:' || w.topic and b.lifted_at is null)
      on conflict do nothing`.compile(db),
    sql`insert into ban_keys (hash, ban_id, key_id, form)
      select ${strictHash}, b.id, ${keyId}, 'strict' from (${withdrawn}) as w join bans b on b.id = ${banId}
      where true
      on conflict do nothing`.compile(db),
    db
      .updateTable('deliveries')
      .set({ state: 'skipped', reason: 'erased', decided_at: now })
      .where('contact_id', '=', contactId)
      .where('state', '=', 'queued'),
    db.updateTable('deliveries').set({ address: null, keys: null, data: null }).where('contact_id', '=', contactId),
    db
      .updateTable('deliveries')
      .set({ address: null, keys: null, data: null })
      .where('address', 'in', [contact.strict, contact.address]),
    db.deleteFrom('permissions').where('contact_id', '=', contactId),
    db
      .deleteFrom('permissions')
      .where('signup_id', 'in', db.selectFrom('signups').select('id').where('strict', '=', contact.strict)),
    db.deleteFrom('signups').where('strict', '=', contact.strict),
    db.deleteFrom('contacts').where('id', '=', contactId),
    recordEvent(store, { id: deps.id(), at: now, event: 'contact_erased', subject: contactId, actor, data: {} }),
  ])
  deps.signals.stop(hashes)
  return true
}
