import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { hashesOf } from '../mail/matchHashes.ts'
import { parseEmail } from '../rules/address.ts'
import { parseBanValue } from '../rules/banValue.ts'
import type { BanKind } from '../rules/matchKeys.ts'
import { purposeKeys } from '../rules/register.ts'
import { addBan, bansHit, type BanHash } from '../store/bans.ts'
import { skipQueued } from '../store/leaving.ts'
import { recordEventIf } from '../store/ledger.ts'

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
  const { id, writes, stop } = banWrites(deps, input, read.hashes, actor, deps.now())
  const [added] = await deps.store.batch(writes)
  stop()
  if (added[0]) return { ok: true, id, added: true, scope }
  const known = (await bansHit(deps.store, strictOf(read.hashes))).find(
    (one) => one.form === 'strict' && one.kind === input.kind && one.scope === scope && one.source === sourceOf(input),
  )
  // A replay of the request that added it is the same addition.
  return { ok: true, id: known?.id ?? id, added: known?.id === id, scope }
}

/**
 * The writes that make a ban, its own row first: whoever has them in their batch calls `stop` after it, before the answer.
 * What waits for the banned address is skipped at once; what a domain or a company hits is the door's to find.
 */
export function banWrites(deps: Deps, input: BanInput, hashes: readonly BanHash[], actor: string, now: number) {
  const { store } = deps
  const { kind, scope = 'all', reason = null } = input
  const id = deps.id()
  const source = sourceOf(input)
  const event = { id: deps.id(), at: now, event: 'ban_added', subject: hashes[0]?.hash ?? null, actor }
  const email = kind === 'email' ? parseEmail(input.value, { allowReserved: true }) : null
  const made = { kind, scope, source, external: input.external ? 1 : 0, reason, hashes }
  const [row, keys] = addBan(store, id, made, now, email?.ok ? email.email.strict : null)
  return {
    id,
    writes: [
      row,
      keys,
      recordEventIf(store, { ...event, data: { ban: id, kind, scope, source } }, banIsThere(id)),
      ...(email?.ok
        ? [
            skipQueued(
              store,
              sql`select id from contacts where strict = ${email.email.strict}`,
              scope,
              whyStopped(scope),
              now,
            ),
          ]
        : []),
    ] as const,
    stop: () => deps.signals.stop(hashes.map(({ hash }) => hash)),
  }
}

/** Was this ban added, and not the same one found in force? For what depends on it in the same batch. */
export function banIsThere(id: string) {
  return sql`exists (select 1 from bans where id = ${id})`
}

/** As the gate says it. */
function whyStopped(scope: string) {
  if (scope === 'no_contact') return scope
  return scope.startsWith('topic:') ? 'banned_topic' : 'banned'
}

const sourceOf = ({ source = 'own' }: BanInput) => source
const strictOf = (hashes: readonly BanHash[]) => hashes.filter(({ form }) => form === 'strict').map(({ hash }) => hash)

/** The hashes of a value as its kind reads it; refuses what would ban strangers (public suffixes, shared mail domains). */
export function readBanValue(
  { config, keyring }: Pick<Deps, 'config' | 'keyring'>,
  kind: BanKind,
  value: unknown,
): { ok: true; hashes: BanHash[] } | { ok: false; error: string } {
  const read = parseBanValue(kind, value, { allowReserved: config.allowReservedDomains })
  if (!read.ok) return read
  if (read.guarded !== null) return { ok: false, error: read.guarded }
  return { ok: true, hashes: hashesOf(keyring, read.forms) }
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
