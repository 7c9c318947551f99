import { sql } from 'kysely'
import { addHashes, type BanHash } from './bans.ts'
import type { Query, Store } from './store.ts'
import type { ContactRow } from './tables.ts'

/**
 * Ban keys for the topics that the contact left, where none is kept yet, so that they stay left when the rows are gone
 * (domain.md 3 "Leaving"). Only the person's own later consent has brought a topic back, whatever else was recorded since.
 */
export function keepObjections(store: Store, contactId: string, hashes: readonly BanHash[], now: number): Query[] {
  const { db } = store
  const strict = hashes.filter(({ form }) => form === 'strict').map(({ hash }) => hash)
  const left = sql`
    select distinct p.topic from permissions p where p.contact_id = ${contactId} and p.withdrawn_at is not null
      and not exists (select 1 from permissions q where q.contact_id = p.contact_id and q.topic = p.topic
        and q.withdrawn_at is null and q.confirmed_from = 'link' and q.confirmed_at > p.withdrawn_at)`
  const id = sql`${`erased.${strict[0]}.`} || w.topic || ${`.${now}`}`
  return [
    sql`insert into bans (id, kind, scope, source, external, reason, at)
      select ${id}, 'email', 'topic:' || w.topic, 'own', 0, 'withdrawn', cast(${now} as bigint)
      from (${left}) as w
      where not exists (select 1 from bans b join ban_keys k on k.ban_id = b.id
        where k.hash in (${sql.join(strict)}) and k.form = 'strict' and b.kind = 'email' and b.external = 0
          and b.scope = 'topic:' || w.topic and b.lifted_at is null)
      on conflict do nothing`.compile(db),
    addHashes(store, sql`b.id in (select ${id} from (${left}) as w)`, hashes),
  ]
}

/**
 * Takes a contact out of every table: their sign-ups too, and what waits for them. Deliveries stay as proof, without address.
 */
export function removeContact(store: Store, { id, strict, address }: ContactRow, now: number): Query[] {
  const { db } = store
  const signups = db.selectFrom('signups').where('strict', '=', strict)
  const bare = { address: null, keys: null, data: null }
  return [
    db
      .updateTable('deliveries')
      .set({ state: 'skipped', reason: 'erased', decided_at: now })
      .where('state', '=', 'queued')
      .where((e) =>
        e.or([
          e('contact_id', '=', id),
          e('address', 'in', [strict, address]),
          e('address', 'in', signups.select('address')),
        ]),
      ),
    db.updateTable('deliveries').set(bare).where('contact_id', '=', id),
    db.updateTable('deliveries').set(bare).where('address', 'in', [strict, address]),
    db.updateTable('deliveries').set(bare).where('address', 'in', signups.select('address')),
    db.deleteFrom('permissions').where('contact_id', '=', id),
    db.deleteFrom('permissions').where('signup_id', 'in', signups.select('id')),
    db.deleteFrom('signups').where('strict', '=', strict),
    // What was answered anonymously is joined to nobody and stays (domain.md 1, `surveys`).
    db
      .deleteFrom('survey_answers')
      .where('response_id', 'in', db.selectFrom('survey_responses').select('id').where('contact_id', '=', id)),
    db.deleteFrom('survey_responses').where('contact_id', '=', id),
    db.deleteFrom('contacts').where('id', '=', id),
  ]
}
