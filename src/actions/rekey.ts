import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { matchHashes } from '../mail/matchHashes.ts'
import { parseEmail } from '../rules/address.ts'
import { contactForms, matchForms } from '../rules/matchKeys.ts'
import { rememberSetting, settingOf } from '../store/settings.ts'

type Keyed = { id: string; keys: string; forms: string[] }

/**
 * Makes the match keys of everybody fit the ring of secrets, before anything may be sent (standards D-7): a new secret at the
 * front of SECRETS gives every contact a hash under it, and bans that a known address hits are written under it as well.
 * @returns a problem when bans were made with a secret that the ring no longer has: such bans could not be found, so nothing starts
 */
export async function ensureKeyring(deps: Deps): Promise<{ ok: true } | { ok: false; problem: string }> {
  const { store, keyring } = deps
  const used = await store.db.selectFrom('ban_keys').select('key_id').distinct().execute()
  const lost = used.map((row) => row.key_id).filter((id) => !keyring.ids.includes(id))
  if (lost.length > 0)
    return {
      ok: false,
      problem: `SECRETS: direct-marketing bans were made with a secret that is missing now (key ${lost.join(', ')}). Put it back at the end of the list.`,
    }
  const ring = keyring.ids.join(',')
  const kept = await settingOf(store, 'keyring')
  if (kept === ring) return { ok: true }
  if (kept !== null) {
    await rewrite(deps, 'contacts', (after) =>
      store.db
        .selectFrom('contacts')
        .select(['id', 'address', 'phone'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(500)
        .execute(),
    )
    await rewrite(deps, 'signups', (after) =>
      store.db
        .selectFrom('signups')
        .select(['id', 'address', 'phone'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(500)
        .execute(),
    )
    await rewrite(deps, 'companies', (after) =>
      store.db
        .selectFrom('companies')
        .select(['id', 'business_id'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(500)
        .execute(),
    )
    await rewrite(deps, 'deliveries', async (after) => {
      const query = store.db
        .selectFrom('deliveries')
        .select(['id', 'address'])
        .where('state', 'in', ['queued', 'sending'])
      const rows = await query.where('keys', 'is not', null).where('id', '>', after).orderBy('id').limit(500).execute()
      return rows.map((row) => ({ ...row, address: row.address ?? '' }))
    })
  }
  await store.batch([rememberSetting(store, 'keyring', ring, deps.now())])
  deps.log.info('keyring_ready', { keys: keyring.ids.length })
  return { ok: true }
}

type Source = { id: string; address?: string; phone?: string | null; business_id?: string | null }

async function rewrite(
  deps: Deps,
  table: 'contacts' | 'signups' | 'companies' | 'deliveries',
  next: (after: string) => Promise<Source[]>,
) {
  for (let after = ''; ;) {
    const rows = await next(after)
    if (rows.length === 0) return
    after = rows.at(-1)?.id ?? ''
    await deps.store.batch(
      rekeyed(
        deps,
        table,
        rows.map((row) => keyedRow(deps, row)),
      ),
    )
  }
}

function keyedRow({ keyring }: Deps, row: Source): Keyed {
  const email = parseEmail(row.address ?? '', { allowReserved: true })
  const forms = email.ok
    ? contactForms({ email: email.email, ...(row.phone ? { phone: row.phone } : {}) })
    : row.business_id
      ? matchForms('company', row.business_id).map(({ text }) => text)
      : []
  return { id: row.id, keys: matchHashes(keyring, forms), forms }
}

/** The new keys of the rows, and for every ban that an old hash of theirs hits, the same ban under the newest key. */
function rekeyed({ store, keyring }: Deps, table: 'contacts' | 'signups' | 'companies' | 'deliveries', rows: Keyed[]) {
  const newest = keyring.ids[0] ?? ''
  const pairs = rows.flatMap(({ forms }) =>
    forms.flatMap((form) => {
      const [fresh, ...old] = keyring.hashes(form)
      return old.map(({ hash }) => ({ o: hash, n: fresh?.hash ?? '' }))
    }),
  )
  return [
    sql`update ${sql.table(table)} set keys = r.value ->> 'keys'
      from ${store.each(sql`${JSON.stringify(rows.map(({ id, keys }) => ({ id, keys })))}`)} as r
      where ${sql.table(table)}.id = (r.value ->> 'id')`.compile(store.db),
    sql`insert into ban_keys (hash, ban_id, key_id, form)
      select p.value ->> 'n', b.ban_id, ${newest}, b.form
      from ${store.each(sql`${JSON.stringify(pairs)}`)} as p join ban_keys b on b.hash = (p.value ->> 'o')
      where 1 = 1
      on conflict do nothing`.compile(store.db),
  ]
}
