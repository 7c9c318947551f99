import type { Deps } from '../../deps.ts'
import { purposeKeys } from '../../rules/register.ts'
import type { BanRow } from '../../store/tables.ts'
import { allTopics } from '../../store/topics.ts'
import type { ShownBan } from '../../templates/pages/admin/bans.tsx'
import { banWords } from '../../templates/words/admin/bans.ts'
import type { Language } from '../../templates/words/index.ts'

/** Every scope that a ban can have, in words. */
export async function scopesIn(deps: Pick<Deps, 'store' | 'register'>, lang: Language): Promise<Map<string, string>> {
  const w = banWords[lang]
  const topics = await allTopics(deps)
  return new Map([
    ['all', w.scopes.all],
    ['no_contact', w.scopes.no_contact],
    ...topics.map(({ id, names }) => [`topic:${id}`, w.scopeOfTopic(names[lang])] as const),
    ...purposeKeys.map((key) => [`purpose:${key}`, w.scopeOfPurpose(deps.register.purposes[key].name[lang])] as const),
  ])
}

export function choicesOf(scopes: ReadonlyMap<string, string>): { value: string; label: string }[] {
  return [...scopes].map(([value, label]) => ({ value, label }))
}

type Found = Pick<BanRow, 'id' | 'kind' | 'scope' | 'source' | 'external' | 'reason' | 'at'>
type Lifted = Pick<BanRow, 'lifted_at' | 'lifted_by' | 'lift_reason'>

/** A ban as pages show it; one that a look-up found is in force. */
export function shownBan(row: Found & Partial<Lifted>, scopes: ReadonlyMap<string, string>): ShownBan {
  return {
    id: row.id,
    kind: row.kind,
    scope: scopes.get(row.scope) ?? row.scope,
    source: row.source,
    isExternal: row.external === 1,
    reason: row.reason,
    at: row.at,
    liftedAt: row.lifted_at ?? null,
    liftedBy: row.lifted_by ?? null,
    liftReason: row.lift_reason ?? null,
  }
}
