import type { Deps } from '../deps.ts'
import { readBanRow } from '../rules/importBanRow.ts'
import { purposeKeys } from '../rules/register.ts'
import { addBans, bansStanding, type ImportedBan } from '../store/importedBans.ts'
import type { Topic } from '../store/topics.ts'
import { readBanValue } from './ban.ts'
import type { BanImportOptions } from './importBans.ts'
import { emptyOutcome, type RowsOf } from './importRows.ts'

/** How an import of bans works. What is banned already stays as it is; nothing is ever taken away (standards D-24). */
export function banRows(
  deps: Deps,
  job: { id: string },
  options: BanImportOptions,
  topics: readonly Topic[],
): RowsOf<ImportedBan> {
  const { store } = deps
  const scopes = new Set([
    'all',
    'no_contact',
    ...purposeKeys.map((key) => `purpose:${key}`),
    ...topics.map(({ id }) => `topic:${id}`),
  ])

  return {
    read({ number, cells }) {
      const refuse = (field: string, message: string) => ({
        ok: false as const,
        refusal: { row: number, field, message },
      })
      const read = readBanRow(options.columns, cells, scopes)
      if (!read.ok) return refuse(read.field, read.message)
      const { kind, value, scope, reason } = read.row
      const banned = readBanValue(deps, kind, value)
      if (!banned.ok) return refuse(options.columns.includes('email') ? 'email' : 'value', banned.error)
      return { ok: true, item: { id: `${job.id}.${number}`, kind, scope, reason, hashes: banned.hashes }, once: [] }
    },

    async decide(bans) {
      const outcome = emptyOutcome()
      const standing = await bansStanding(store, bans.map(strictHash), options.source)
      const inForce = new Set(standing.map(({ hash, kind, scope }) => `${kind} ${scope} ${hash}`))
      const added: ImportedBan[] = []
      for (const ban of bans) {
        const key = `${ban.kind} ${ban.scope} ${strictHash(ban)}`
        if (inForce.has(key)) {
          outcome.counts.unchanged++
          continue
        }
        inForce.add(key)
        added.push(ban)
      }
      outcome.counts.added = added.length
      outcome.stopped = added.flatMap(({ hashes }) => hashes.map(({ hash }) => hash))
      if (added.length > 0) outcome.writes = [...addBans(store, added, options.source, deps.now())]
      return outcome
    },
  }
}

const strictHash = (ban: ImportedBan): string => ban.hashes[0]?.hash ?? ''
