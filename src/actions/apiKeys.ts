import type { Deps } from '../deps.ts'
import { sha256 } from '../keyring.ts'
import { apiScopes, type ApiScope } from '../rules/apiScopes.ts'
import { recordEvent } from '../store/ledger.ts'

/** Who calls the API: a stored key, or the key of the environment. */
export type ApiCaller = { keyId: string; scopes: readonly ApiScope[] }

/** Finds the caller by the hash of the key, which is timing-safe by construction; null when there is none. */
export async function findCaller({ store, config }: Deps, key: string): Promise<ApiCaller | null> {
  const hash = sha256(key)
  if (config.adminApiKey !== null && hash === sha256(config.adminApiKey))
    return { keyId: 'environment', scopes: apiScopes }
  const row = await store.db
    .selectFrom('api_keys')
    .select(['id', 'scopes'])
    .where('hash', '=', hash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  if (!row) return null
  const scopes = JSON.parse(row.scopes) as string[]
  return { keyId: row.id, scopes: apiScopes.filter((scope) => scopes.includes(scope)) }
}

/** Makes a key, stored as its hash; the text is shown once, by the caller. */
export async function addApiKey(
  deps: Deps,
  name: string,
  scopes: readonly ApiScope[],
): Promise<{ id: string; key: string }> {
  const id = deps.id()
  const key = `pl_${deps.secret()}`
  const at = deps.now()
  await deps.store.batch([
    deps.store.db
      .insertInto('api_keys')
      .values({ id, name, hash: sha256(key), scopes: JSON.stringify(scopes), created_at: at, revoked_at: null }),
    recordEvent(deps.store, {
      id: deps.id(),
      at,
      event: 'key_added',
      subject: id,
      actor: 'system',
      data: { name, scopes },
    }),
  ])
  return { id, key }
}

/** The embedded default's first key, made when there is none yet. */
export async function ensureFirstKey(deps: Deps): Promise<string | null> {
  if (deps.config.adminApiKey !== null) return null
  const any = await deps.store.db.selectFrom('api_keys').select('id').limit(1).executeTakeFirst()
  return any ? null : (await addApiKey(deps, 'first', apiScopes)).key
}
