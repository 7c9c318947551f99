import { Command, CommanderError } from 'commander'
import { accessCommands } from './cli/access.ts'
import { addressCommands } from './cli/address.ts'
import { banCommands } from './cli/bans.ts'
import { CommandFailure, exits, leaf, Misuse, say, type Opened } from './cli/command.ts'
import { doctorCommand } from './cli/doctor.ts'
import { exportCommands } from './cli/export.ts'
import { importCommands } from './cli/import.ts'
import { ledgerCommands } from './cli/ledger.ts'
import { mailingCommands } from './cli/mailing.ts'
import { outboxCommand } from './cli/outboxCommand.ts'
import { serveCommands } from './cli/serve.ts'

const { env } = process

/** The store of one command; what the service would log stays quiet. */
const opened: Opened = async (work) => {
  const { openPostilupa } = await import('./node.ts')
  const postilupa = await openPostilupa(env, { quiet: true })
  if (postilupa.firstKey !== null) process.stderr.write(`The first API key, shown only now: ${postilupa.firstKey}\n`)
  try {
    await work(postilupa)
  } finally {
    await postilupa.close()
  }
}

const program = new Command('postilupa')
  .description('Marketing consent and newsletters; the ban list is asked before anything is sent.')
  .showHelpAfterError('Run it with --help to see how it is used.')
  .exitOverride()

serveCommands(program, env)
leaf(program, 'migrate', 'bring the database to this version').action(async ({ json }: { json?: boolean }) => {
  const { openPostilupa } = await import('./node.ts')
  await (await openPostilupa(env, { migrating: true, quiet: true })).close()
  await say(json, { migrated: true }, 'The database is at this version.')
})
doctorCommand(program, opened)
importCommands(program, opened)
exportCommands(program, opened)
banCommands(program, opened)
mailingCommands(program, opened)
ledgerCommands(program, opened)
accessCommands(program, opened)
outboxCommand(program, opened)
const reserved = env['ALLOW_RESERVED_DOMAINS'] || ((env['MAIL_URL'] || 'outbox:').startsWith('outbox:') ? '1' : '0')
addressCommands(program, { allowReserved: reserved === '1' })

// Whoever reads our output may have seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : exits.failed))

await program.parseAsync().catch(async (error: unknown) => {
  const { code, words } = await explained(error)
  process.exitCode = code
  if (words !== null)
    process.stderr.write(`${process.argv.includes('--json') ? JSON.stringify({ error: words }) : words}\n`)
})

/** What went wrong in one sentence, never with a stack; null where commander has said it already. */
async function explained(error: unknown): Promise<{ code: number; words: string | null }> {
  if (error instanceof CommanderError) return { code: error.exitCode === 0 ? 0 : exits.usage, words: null }
  if (error instanceof CommandFailure)
    return { code: error instanceof Misuse ? exits.usage : exits.failed, words: error.message }
  const { Refusal } = await import('./node.ts')
  const message = error instanceof Error ? error.message : String(error)
  return error instanceof Refusal
    ? { code: exits.config, words: message }
    : { code: exits.failed, words: `It failed: ${message}` }
}
