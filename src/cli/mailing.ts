import type { Command } from 'commander'
import type { Deps } from '../deps.ts'
import { mailingState } from '../rules/mailing.ts'
import { countsOf } from '../store/mailingCounts.ts'
import { listMailings, mailingById, timesOf } from '../store/mailings.ts'
import type { MailingRow } from '../store/tables.ts'
import { CommandFailure, leaf, say, type Opened } from './command.ts'

const WATCH_MS = 1000
const SHOWN = 20

export function mailingCommands(program: Command, opened: Opened): void {
  const mailing = program.command('mailing').description('mailings')
  leaf(mailing, 'status', 'state and counts of one mailing, or of the newest')
    .argument('[id]')
    .option('--watch', 'say it again whenever it changes, until the mailing is finished or cancelled')
    .action((id: string | undefined, { watch = false, json }: { watch?: boolean; json?: boolean }) =>
      opened(async ({ deps }) => {
        let said = ''
        for (;;) {
          const lines = await statuses(deps, id)
          const text = JSON.stringify(lines)
          if (text !== said) for (const line of lines) await say(json, line, inWords(line))
          said = text
          if (!watch || (id !== undefined && lines.every(({ state }) => state === 'finished' || state === 'cancelled')))
            return
          await new Promise((done) => setTimeout(done, WATCH_MS))
        }
      }),
    )
}

async function statuses({ store }: Deps, id: string | undefined) {
  const one = id === undefined ? null : await mailingById(store, id)
  if (id !== undefined && !one) throw new CommandFailure('There is no such mailing.')
  const rows: MailingRow[] = one ? [one] : await listMailings(store, SHOWN)
  if (rows.length === 0) return []
  const counts = await countsOf(
    store,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({ id: row.id, subject: row.subject, ...mailingState(timesOf(row)), ...counts.get(row.id) }))
}

function inWords({
  id,
  subject,
  state,
  reason,
  counts,
  skippedBy,
}: Awaited<ReturnType<typeof statuses>>[number]): string {
  const numbers = Object.entries(counts ?? {}).map(([name, n]) => `${name} ${n}`)
  const skipped = Object.entries(skippedBy ?? {}).map(([name, n]) => `${name} ${n}`)
  const why = skipped.length > 0 ? ` (skipped: ${skipped.join(', ')})` : ''
  return `${id}  ${state}${reason === null ? '' : ` (${reason})`}  ${subject}\n  ${numbers.join(', ')}${why}`
}
