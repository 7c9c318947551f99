import { setImmediate as breathe } from 'node:timers/promises'
import type { Deps } from '../deps.ts'
import { companyKeysAfter, stoppingHashes } from '../store/audience.ts'
import { domainsOf } from '../store/companies.ts'

/** 2^27 marks in 16 MB: with a million bans it says "maybe" of fewer than one hash in a hundred that none of them has. */
const BITS = 27
const AT_ONCE = 2000

/** `false` is certain: no ban, no bounce, neither of this person nor of their company. Anything else must be looked up. */
export type BanSieve = (who: { keys: string; company_id: string | null; domain: string }) => boolean

/**
 * Marks every ban and every dead address, and the companies that any of them may hit: a look at each recipient's keys then tells
 * those apart of whom nothing needs to be looked up, which is nearly everybody. Read piece by piece; others have their turn in between.
 */
export async function makeBanSieve({ store }: Pick<Deps, 'store'>): Promise<BanSieve> {
  const marks = new Uint8Array(2 ** BITS / 8)
  for (const table of ['ban_keys', 'dead_addresses'] as const)
    for (let after: string | undefined = ''; after !== undefined;) {
      const hashes = await stoppingHashes(store, table, after, AT_ONCE)
      for (const hash of hashes) {
        const n = placeOf(hash, 0)
        marks[n >>> 3] = (marks[n >>> 3] ?? 0) | (1 << (n & 7))
      }
      after = hashes.length < AT_ONCE ? undefined : hashes.at(-1)
      await breathe()
    }
  const isMarked = (keys: string, at: number) => {
    const n = placeOf(keys, at)
    return ((marks[n >>> 3] ?? 0) & (1 << (n & 7))) !== 0
  }
  const anyMarked = (keys: string) => {
    for (let at = keys.indexOf(KEY); at >= 0; at = keys.indexOf(KEY, at + KEY.length + 1))
      if (isMarked(keys, at + KEY.length)) return true
    return false
  }
  const companies = new Set<string>()
  const domains = new Set<string>()
  for (let after: string | undefined = ''; after !== undefined;) {
    const rows = await companyKeysAfter(store, after, AT_ONCE)
    const hit = rows.filter(({ keys }) => anyMarked(keys)).map(({ id }) => id)
    for (const id of hit) companies.add(id)
    for (const [, owned] of await domainsOf(store, hit)) for (const domain of owned) domains.add(domain)
    after = rows.length < AT_ONCE ? undefined : rows.at(-1)?.id
    await breathe()
  }
  return ({ keys, company_id, domain }) =>
    (company_id !== null && companies.has(company_id)) || domains.has(domain) || anyMarked(keys)
}

/** Where a hash begins in a `keys` column, which is written as JSON.stringify has it: parsing a million of them costs a second. */
const KEY = '{"k":"'

/** The hashes are random already; a few of their characters are enough (FNV-1a). */
function placeOf(text: string, at: number): number {
  let n = 0x811c9dc5
  for (let i = at; i < at + 10; i++) n = Math.imul(n ^ text.charCodeAt(i), 0x01000193)
  return (n ^ (n >>> 15)) >>> (32 - BITS)
}
