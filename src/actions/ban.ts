import type { Deps } from '../deps.ts'
import { parseBanValue } from '../rules/banValue.ts'
import type { BanKind } from '../rules/matchKeys.ts'
import { purposeKeys } from '../rules/register.ts'
import { addBan, bansHit, type BanHash } from '../store/bans.ts'
import { recordEvent } from '../store/ledger.ts'

export type BanInput = {
  kind: BanKind
  value: unknown
  scope?: string
  reason?: string
  source?: string
  external?: boolean
}
export type BanResult =
  | { ok: true; id: string; added: boolean; scope: string }
  | { ok: false; field: 'kind' | 'value' | 'scope'; error: string }

/**
 * Adds a direct-marketing ban; the same ban twice is one. Whoever it hits is taken out of the window before the answer leaves.
 * @param actor for the ledger: `person`, `api:<key>`, `user:<id>`, `system`
 */
export async function ban(deps: Deps, input: BanInput, actor: string): Promise<BanResult> {
  const scope = input.scope ?? 'all'
  const wrongScope = await refuseScope(deps, scope)
  if (wrongScope !== null) return { ok: false, field: 'scope', error: wrongScope }
  const read = readBanValue(deps, input.kind, input.value)
  if (!read.ok) return { ok: false, field: 'value', error: read.error }

  const now = deps.now()
  const id = deps.id()
  const reason = input.reason ?? null
  const row = { kind: input.kind, scope, source: input.source ?? 'own', external: input.external ? 1 : 0, reason }
  const [added] = await deps.store.batch([
    ...addBan(deps.store, id, { ...row, hashes: read.hashes }, now),
    recordEvent(deps.store, {
      id: deps.id(),
      at: now,
      event: 'ban_added',
      subject: read.hashes[0]?.hash ?? null,
      actor,
      data: { kind: input.kind, scope, source: row.source },
    }),
  ])
  deps.signals.stop(read.hashes.map(({ hash }) => hash))
  if (added[0]) return { ok: true, id, added: true, scope }
  const strict = read.hashes.slice(0, 1).map(({ hash }) => hash)
  const known = (await bansHit(deps.store, strict)).find(
    (one) => one.form === 'strict' && one.kind === row.kind && one.scope === scope && one.source === row.source,
  )
  // A replay of the request that added it is the same addition.
  return { ok: true, id: known?.id ?? id, added: known?.id === id, scope }
}

/** The hashes of a value as its kind reads it; refuses what would ban strangers (public suffixes, shared mail domains). */
export function readBanValue(
  { config, keyring }: Pick<Deps, 'config' | 'keyring'>,
  kind: BanKind,
  value: unknown,
): { ok: true; hashes: BanHash[] } | { ok: false; error: string } {
  const read = parseBanValue(kind, value, { allowReserved: config.allowReservedDomains })
  if (!read.ok) return read
  if (read.guarded !== null) return { ok: false, error: read.guarded }
  const keyId = keyring.ids[0] ?? ''
  return { ok: true, hashes: read.forms.map(({ form, text }) => ({ hash: keyring.hash(text), keyId, form })) }
}

/** `all`, `no_contact`, `purpose:<key of the register>` or `topic:<id of a topic>`; null when it is one of these. */
export async function refuseScope({ store }: Pick<Deps, 'store'>, scope: string): Promise<string | null> {
  if (scope === 'all' || scope === 'no_contact') return null
  if (purposeKeys.some((key) => scope === `purpose:${key}`)) return null
  if (scope.startsWith('topic:')) {
    const topic = await store.db
      .selectFrom('topics')
      .select('id')
      .where('id', '=', scope.slice('topic:'.length))
      .executeTakeFirst()
    return topic ? null : 'There is no such topic; GET /api/v1/topics lists them.'
  }
  return 'Use all, no_contact, purpose:<key> or topic:<id>.'
}
