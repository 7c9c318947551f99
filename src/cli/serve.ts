import type { Command } from 'commander'
import { addApiKey } from '../actions/apiKeys.ts'
import { apiScopes } from '../rules/apiScopes.ts'
import { CommandFailure, exits, leaf, say } from './command.ts'

type Env = Record<string, string | undefined>

/** The commands that go on until they are told to stop. */
export function serveCommands(program: Command, env: Env): void {
  leaf(program, 'serve', 'serve HTTP, deliver mail, keep the clock').action(async ({ json }: { json?: boolean }) => {
    await start(env, json)
  })

  leaf(program, 'demo', 'serve with a small Finnish company in a store of its own, and do the main job once').action(
    async ({ json }: { json?: boolean }) => {
      const own = {
        DATABASE_URL: 'file:./data/demo/postilupa.db',
        MAIL_URL: 'outbox:./data/demo/outbox',
        ...filled(env),
      }
      if (!own.MAIL_URL.startsWith('outbox:'))
        throw new CommandFailure(
          'The demo mails made-up people: leave MAIL_URL out, or set it to outbox:./data/demo/outbox.',
        )
      const { postilupa, url } = await start(own, json)
      const { key } = await addApiKey(postilupa.deps, 'demo', apiScopes)
      const { showDemo } = await import('./demo.ts')
      const lines: Promise<void>[] = []
      await showDemo(postilupa, url, key, (text) => void lines.push(say(json, { demo: text }, text)))
      await Promise.all(lines)
    },
  )
}

async function start(env: Env, json: boolean | undefined) {
  const { serve, greeting } = await import('../node.ts')
  const running = await serve(env)
  const stop = () => {
    running.stop().then(
      () => process.exit(0),
      () => process.exit(exits.failed),
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  const words = await greeting(running.postilupa, running.url)
  await say(json, { url: running.url, greeting: words.split('\n') }, words)
  return running
}

const filled = (env: Env): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  )
