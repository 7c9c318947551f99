import { sql, type RawBuilder } from 'kysely'
import type { Store } from './store.ts'
import type { UserRow } from './tables.ts'

export async function userByStrict({ db }: Store, strict: string): Promise<UserRow | null> {
  return (await db.selectFrom('users').selectAll().where('strict', '=', strict).executeTakeFirst()) ?? null
}

/** Addresses of those who may be sent staff mail. */
export async function staffAddresses({ db }: Store): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select('address')
    .where('disabled_at', 'is', null)
    .orderBy('address')
    .execute()
  return rows.map(({ address }) => address).filter((address) => address.includes('@'))
}

/** Adds a user; one who is there keeps everything but being disabled. */
export function addUser({ db }: Store, user: Omit<UserRow, 'disabled_at'>) {
  return db
    .insertInto('users')
    .values({ ...user, disabled_at: null })
    .onConflict((conflict) => conflict.column('strict').doUpdateSet({ disabled_at: null }))
}

/** A link that signs the user with this address in, once. */
export function addSignInLink(store: Store, link: { hash: string; userStrict: string; expiresAt: number }) {
  return sql`
    insert into sign_in_links (hash, user_id, expires_at)
    select ${link.hash}, u.id, cast(${link.expiresAt} as bigint) from users u where u.strict = ${link.userStrict}`.compile(
    store.db,
  )
}

/** There is a user with this id (a condition of an event). */
export function userWith(id: string): RawBuilder<unknown> {
  return sql`exists (select 1 from users where id = ${id})`
}
