import { createReadStream } from 'node:fs'
import type { Command } from 'commander'
import { importContacts } from '../actions/importContacts.ts'
import type { QueueResult } from '../actions/queueImport.ts'
import { discardFile, receiveFile, type ReceivedFile } from '../actions/receiveFile.ts'
import { runImports } from '../actions/runImports.ts'
import type { Deps } from '../deps.ts'
import type { Postilupa } from '../node.ts'
import { progressOf } from '../rules/importProgress.ts'
import { importById, refusalsOf } from '../store/imports.ts'
import type { ImportRow } from '../store/tables.ts'
import { CommandFailure, leaf, say, type Opened } from './command.ts'

type Options = {
  source: string
  topics?: string
  rule?: string
  evidence?: string
  language?: string
  mapping?: string
  dryRun?: boolean
  json?: boolean
}

export function importCommands(program: Command, opened: Opened): void {
  leaf(program, 'import', 'import contacts from a CSV file or an Excel workbook (XLSX)')
    .argument('<file>')
    .requiredOption('--source <text>', 'where these contacts come from')
    .option('--topics <ids>', 'comma list; without it the contacts are stored and may not be mailed')
    .option('--rule <rule>', 'consent, existing_customer, duty_evidence or legal_person')
    .option('--evidence <text>', 'how you know that this is permitted')
    .option('--language <language>', 'fi, sv or en, where a row says nothing', 'fi')
    .option(
      '--mapping <json>',
      'what other headers mean: {"Sähköposti": "email", "Huom": null}; null leaves a column out',
    )
    .option('--dry-run', 'say what would become of the rows, and change nothing')
    .action((file: string, { json, dryRun, ...texts }: Options) =>
      opened(async (postilupa) => {
        const typed = Object.fromEntries(
          Object.entries({ ...texts, ...(dryRun ? { dryRun: 'true' } : {}) }).map(([key, text]) => [key, [text]]),
        )
        await runFile(postilupa, file, json, (received) => importContacts(postilupa.deps, received, typed, 'user:cli'))
      }),
    )
}

/** Takes a file in, runs its import to the end (wherever it runs), and says what became of every row. */
export async function runFile(
  { deps }: Postilupa,
  file: string,
  json: boolean | undefined,
  queue: (file: ReceivedFile) => Promise<QueueResult>,
): Promise<void> {
  const received = await receiveFile(deps, createReadStream(file)).catch((error: NodeJS.ErrnoException) => {
    throw error.syscall === 'open' || error.syscall === 'read'
      ? new CommandFailure(`${file} cannot be read (${error.code}).`)
      : error
  })
  if (!received.ok) throw new CommandFailure(received.message)
  const queued = await queue(received.file)
  if (!queued.ok) {
    await discardFile(deps, received.file.importId)
    throw new CommandFailure(queued.errors.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  }
  const job = await runToEnd(deps, queued.id)
  const { id, added, updated, unchanged, refused } = job
  const { state, rows } = progressOf(job)
  const refusals = json === true ? [] : await refusalsOf(deps.store, id, 0, 20)
  const words = [
    `${queued.again ? 'This file was imported before. ' : ''}${rows} rows: ${added} added, ${updated} updated, ${unchanged} unchanged, ${refused} refused.`,
    ...refusals.map(({ row_number: row, field, message }) => `  row ${row}, ${field}: ${message}`),
    ...(refused > refusals.length
      ? [
          `  … and ${refused - refusals.length} more: GET /api/v1/${job.kind === 'bans' ? 'bans/' : ''}imports/${id}/refused.csv`,
        ]
      : []),
  ]
  if (state === 'failed') throw new CommandFailure(`${job.error ?? 'The import failed.'} ${words[0]}`)
  await say(json, { id, state, again: queued.again, rows, added, updated, unchanged, refused }, words.join('\n'))
}

/** A service that runs on the same store may be at the import already: then its progress is watched. */
async function runToEnd(deps: Deps, id: string): Promise<ImportRow> {
  const shows = process.stderr.isTTY
  for (;;) {
    const more = await runImports(deps, 250)
    const job = await importById(deps.store, id)
    if (!job) throw new CommandFailure('The import is not there any more.')
    const { state, progress } = progressOf(job)
    if (shows) process.stderr.write(`\r${Math.floor(progress * 100)} % `)
    if (state === 'finished' || state === 'failed') {
      if (shows) process.stderr.write('\r')
      return job
    }
    if (!more) await new Promise((done) => setTimeout(done, 200))
  }
}
