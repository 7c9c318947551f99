import type { Deps } from '../deps.ts'
import { parseBanValue } from '../rules/banValue.ts'
import type { BanKind } from '../rules/matchKeys.ts'
import { banById, bansHit, liftBans } from '../store/bans.ts'
import { recordEvent } from '../store/ledger.ts'

/** One ban by its id, or every ban of our own on exactly this value in this scope. */
export type LiftTarget = { id: string } | { kind: BanKind; value: unknown; scope: string }
export type LiftResult =
  | { ok: true; lifted: string[] }
  | { ok: false; kind: 'missing' }
  | { ok: false; kind: 'external' | 'invalid'; path: string; message: string }

/**
 * Lifts a ban because the person asked for it; who asked and why are kept (standards D-29). Bans of other registers are theirs
 * to lift. Permissions that were withdrawn stay withdrawn.
 */
export async function liftBan(
  deps: Deps,
  target: LiftTarget,
  request: { requestedBy: string; reason: string },
  actor: string,
): Promise<LiftResult> {
  const { store } = deps
  const meant = 'id' in target ? await one(deps, target.id) : await ofValue(deps, target)
  if ('error' in meant) return { ok: false, kind: 'invalid', path: 'value', message: meant.error }
  const own = meant.bans.filter(({ external }) => external === 0)
  if (meant.bans.length === 0) return { ok: false, kind: 'missing' }
  if (own.length === 0)
    return {
      ok: false,
      kind: 'external',
      path: 'source',
      message: 'This ban came from an external register: only a later sign-up of the person opens a topic again.',
    }
  const now = deps.now()
  const ids = own.map(({ id }) => id)
  const [lifted] = await store.batch([
    liftBans(store, ids, request.requestedBy, request.reason, now),
    recordEvent(store, { id: deps.id(), at: now, event: 'ban_lifted', subject: null, actor, data: { bans: ids } }),
  ])
  return { ok: true, lifted: lifted.map(({ id }) => id) }
}

async function one({ store }: Deps, id: string) {
  const ban = await banById(store, id)
  return { bans: ban && ban.lifted_at === null ? [ban] : [] }
}

/** The strict form only, under every key of the ring: what merely looks alike was banned by somebody else. */
async function ofValue(
  { store, keyring, config }: Deps,
  { kind, value, scope }: Extract<LiftTarget, { value: unknown }>,
) {
  const read = parseBanValue(kind, value, { allowReserved: config.allowReservedDomains })
  if (!read.ok) return { error: read.error }
  const strict = read.forms
    .filter(({ form }) => form === 'strict')
    .flatMap(({ text }) => keyring.hashes(text).map(({ hash }) => hash))
  const hit = await bansHit(store, strict)
  return { bans: hit.filter((ban) => ban.form === 'strict' && ban.kind === kind && ban.scope === scope) }
}
