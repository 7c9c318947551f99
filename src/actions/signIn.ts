import type { Deps } from '../deps.ts'
import { sha256 } from '../keyring.ts'

const LINK_MS = 24 * 3_600_000
const SESSION_MS = 12 * 3_600_000
const IDLE_MS = 30 * 60_000
/** The person at the terminal: a user without an address, so nothing is ever mailed to it. */
const OPERATOR = 'operator'

/** A one-time link that signs the operator in; printed at the start of the embedded default. */
export async function issueSignInLink({ store, now, secret }: Deps, baseUrl: string): Promise<string> {
  const text = secret()
  const at = now()
  await store.batch([
    store.db
      .insertInto('users')
      .values({
        id: OPERATOR,
        strict: OPERATOR,
        address: '',
        name: null,
        language: 'fi',
        created_at: at,
        disabled_at: null,
      })
      .onConflict((conflict) => conflict.doNothing()),
    store.db
      .insertInto('sign_in_links')
      .values({ hash: sha256(text), user_id: OPERATOR, expires_at: at + LINK_MS, used_at: null }),
  ])
  return `${baseUrl}/admin/sign-in/${text}`
}

/**
 * Uses a link up and opens a session, always a new one; null when the link is unknown, used or too old. Secrets are stored as
 * their hashes. What has run out, of anybody, is cleared away on the occasion.
 * @param before the session that the browser had until now; it ends
 */
export async function signIn(
  { store, now, secret }: Deps,
  link: string,
  before?: string,
): Promise<{ session: string } | null> {
  const at = now()
  const session = secret()
  const hash = sha256(link)
  const [used] = await store.batch([
    store.db
      .updateTable('sign_in_links')
      .set({ used_at: at })
      .where('hash', '=', hash)
      .where('used_at', 'is', null)
      .where('expires_at', '>', at)
      .returning('user_id'),
    store.db
      .insertInto('sessions')
      .columns(['hash', 'user_id', 'created_at', 'seen_at', 'expires_at'])
      .expression((e) =>
        e
          .selectFrom('sign_in_links')
          .select([
            e.val(sha256(session)).as('hash'),
            'user_id',
            e.cast<number>(e.val(at), 'bigint').as('created_at'),
            e.cast<number>(e.val(at), 'bigint').as('seen_at'),
            e.cast<number>(e.val(at + SESSION_MS), 'bigint').as('expires_at'),
          ])
          .where('hash', '=', hash)
          .where('used_at', '=', at)
          .where('expires_at', '>', at),
      ),
    store.db
      .deleteFrom('sessions')
      .where('hash', '=', sha256(before ?? ''))
      .where((e) =>
        e.exists(e.selectFrom('sign_in_links').select('hash').where('hash', '=', hash).where('used_at', '=', at)),
      ),
    store.db.deleteFrom('sessions').where('expires_at', '<=', at),
    store.db.deleteFrom('sign_in_links').where('expires_at', '<=', at),
  ])
  return used[0] ? { session } : null
}

/** The user of a session that is neither too old nor idle for too long; seeing it keeps it awake. */
export async function findSession({ store, now }: Deps, session: string): Promise<{ userId: string } | null> {
  const at = now()
  const [rows] = await store.batch([
    store.db
      .updateTable('sessions')
      .set({ seen_at: at })
      .where('hash', '=', sha256(session))
      .where('expires_at', '>', at)
      .where('seen_at', '>', at - IDLE_MS)
      .where((e) =>
        e.exists(
          e
            .selectFrom('users')
            .select('id')
            .whereRef('users.id', '=', 'sessions.user_id')
            .where('disabled_at', 'is', null),
        ),
      )
      .returning('user_id'),
  ])
  return rows[0] ? { userId: rows[0].user_id } : null
}

export async function signOut({ store }: Deps, session: string): Promise<void> {
  await store.batch([store.db.deleteFrom('sessions').where('hash', '=', sha256(session))])
}
