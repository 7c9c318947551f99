import { Argument, type Command } from 'commander'
import { ban } from '../actions/ban.ts'
import { checkBan } from '../actions/checkBan.ts'
import { importBans } from '../actions/importBans.ts'
import type { BanKind } from '../rules/matchKeys.ts'
import { sourceStates } from '../actions/sourceStates.ts'
import { syncBanSource } from '../actions/syncBanSource.ts'
import { banFaultWords } from '../templates/words/banFaults.ts'
import { CommandFailure, exits, leaf, oneOf, say, type Opened } from './command.ts'
import { runFile } from './import.ts'

const kinds: readonly BanKind[] = ['email', 'domain', 'company', 'phone', 'postal']

export function banCommands(program: Command, opened: Opened): void {
  const bans = program.command('bans').description('direct-marketing bans')

  leaf(bans, 'add', 'ban an address, domain, company, phone number or postal address')
    .addArgument(new Argument('<kind>').choices(kinds))
    .argument('<value>')
    .option('--scope <scope>', 'all, no_contact, purpose:<key> or topic:<id>', 'all')
    .option('--reason <text>', 'kept for ever, so without an address')
    .action(
      (kind: BanKind, value: string, { scope, reason, json }: { scope: string; reason?: string; json?: boolean }) =>
        opened(async ({ deps }) => {
          if (reason?.includes('@'))
            throw new CommandFailure('reason: This is kept for ever: write it without an address.')
          const result = await ban(
            deps,
            { kind, value, scope, ...(reason === undefined ? {} : { reason }) },
            'user:cli',
          )
          if (!result.ok) throw new CommandFailure(`${result.field}: ${result.error}`)
          await say(
            json,
            { id: result.id, kind, scope: result.scope, added: result.added },
            result.added ? 'Banned.' : 'It was banned before.',
          )
        }),
    )

  leaf(bans, 'check', 'is this banned, in any scope, and by what')
    .addArgument(new Argument('<kind>').choices(kinds))
    .argument('<value>')
    .action((kind: BanKind, value: string, { json }: { json?: boolean }) =>
      opened(async ({ deps }) => {
        const result = await checkBan(deps, kind, value)
        if (!result.ok) throw new CommandFailure(`value: ${result.error}`)
        const by = result.bans.map(({ kind: of, scope, source, at }) => ({
          kind: of,
          scope,
          source,
          at: new Date(at).toISOString(),
        }))
        const words = by.map((one) => `Banned: ${one.kind}, ${one.scope}, from ${one.source}, since ${one.at}`)
        await say(json, { banned: by.length > 0, by }, words.join('\n') || 'Not banned.')
      }),
    )

  leaf(
    bans,
    'import',
    'add the bans of a CSV file (kind,value[,scope,reason], or one column email); none is taken away',
  )
    .argument('<file>')
    .option('--source <name>', 'where they come from')
    .option('--dry-run', 'say what would become of the rows, and change nothing')
    .action((file: string, { source, dryRun, json }: { source?: string; dryRun?: boolean; json?: boolean }) =>
      opened(async (postilupa) => {
        const typed = { ...(source === undefined ? {} : { source: [source] }), ...(dryRun ? { dryRun: ['true'] } : {}) }
        await runFile(postilupa, file, json, (received) => importBans(postilupa.deps, received, typed, 'user:cli'))
      }),
    )

  leaf(bans, 'sync', 'fetch the ban sources of BAN_SOURCES now, or one of them')
    .argument('[name]')
    .action((name: string | undefined, { json }: { json?: boolean }) =>
      opened(async ({ deps }) => {
        const names = deps.config.banSources.map((source) => source.name)
        if (names.length === 0) throw new CommandFailure('BAN_SOURCES names no source.')
        for (const one of name === undefined ? names : [oneOf(names, name, 'name')]) {
          const result = await syncBanSource(deps, one)
          const state = (await sourceStates(deps)).find((source) => source.name === one)
          if (!result || !state) continue
          const error = result.ok ? null : banFaultWords('en', result.fault)
          const { fresh, entries } = state
          const good = result.ok && `${entries} bans, ${result.added} of them new.`
          await say(
            json,
            { name: one, ok: result.ok, fresh, entries, added: result.ok ? result.added : 0, error },
            `${one}: ${good || `${error} ${fresh ? 'Its last version is fresh enough.' : 'It is not fresh.'}`}`,
          )
          if (!result.ok) process.exitCode = exits.failed
        }
      }),
    )
}
