import type { Deps } from '../deps.ts'
import { withDigests } from '../mail/matchHashes.ts'
import { domainChain } from '../rules/address.ts'
import { parseBanValue } from '../rules/banValue.ts'
import type { BanKind } from '../rules/matchKeys.ts'
import { bansHit, type FoundBan } from '../store/bans.ts'
import { companyByDomain } from '../store/contacts.ts'
import { keysOfColumn } from '../store/keys.ts'

export type CheckBanResult = { ok: true; bans: FoundBan[] } | { ok: false; error: string }

/**
 * Every ban in force that hits a value, of any scope: its own forms, its domain and the domain's parents, and the company that
 * the domain belongs to.
 */
export async function checkBan(
  { store, keyring, config }: Pick<Deps, 'store' | 'keyring' | 'config'>,
  kind: BanKind,
  value: unknown,
): Promise<CheckBanResult> {
  const read = parseBanValue(kind, value, { allowReserved: config.allowReservedDomains })
  if (!read.ok) return read
  const company = read.domain === null ? null : await companyByDomain(store, domainChain(read.domain))
  const own = withDigests(read.hitBy).flatMap((text) => keyring.hashes(text).map(({ hash }) => hash))
  const bans = await bansHit(store, [...own, ...keysOfColumn(company?.keys ?? '[]')])
  return { ok: true, bans: [...new Map(bans.map((ban) => [ban.id, ban])).values()] }
}
