import type { Command } from 'commander'
import { CommandFailure, leaf, Misuse, say, type Opened } from './command.ts'
import { readOutbox } from './outbox.ts'

export function outboxCommand(program: Command, opened: Opened): void {
  leaf(program, 'outbox', 'the newest messages of the embedded outbox, with their links')
    .option('--limit <n>', 'how many', '20')
    .action(({ limit, json }: { limit: string; json?: boolean }) =>
      opened(async (postilupa) => {
        if (!/^[1-9]\d{0,3}$/.test(limit)) throw new Misuse('The limit is a number from 1 to 9999.')
        if (!postilupa.deps.outbox) throw new CommandFailure('MAIL_URL is no outbox; mail went to the relay.')
        for (const line of await readOutbox(postilupa, Number(limit)))
          await say(json, line, `${line.file}  ${line.to}  ${line.subject}${line.links.map((link) => `\n  ${link}`).join('')}`)
      }),
    )
}
