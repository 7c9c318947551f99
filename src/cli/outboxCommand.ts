import type { Command } from 'commander'
import { CommandFailure, leaf, Misuse, say, type Opened } from './command.ts'
import { readOutbox, type OutboxLine } from './outbox.ts'

export function outboxCommand(program: Command, opened: Opened): void {
  leaf(program, 'outbox', 'the newest messages of the embedded outbox, with their links')
    .option('--links', 'the links alone, each on a line of its own')
    .option('--limit <n>', 'how many messages', '20')
    .action(({ limit, links, json }: { limit: string; links?: boolean; json?: boolean }) => {
      if (!/^[1-9]\d{0,3}$/.test(limit)) throw new Misuse('The limit is a number from 1 to 9999.')
      return opened(async (postilupa) => {
        if (!postilupa.deps.outbox) throw new CommandFailure('MAIL_URL is no outbox; mail went to the relay.')
        for (const line of await readOutbox(postilupa, Number(limit)))
          await say(json, line, inWords(line, links === true))
      })
    })
}

function inWords({ file, to, subject, links }: OutboxLine, alone: boolean): string {
  return alone ? links.join('\n') : [`${file}  ${to}  ${subject}`, ...links.map((link) => `  ${link}`)].join('\n')
}
