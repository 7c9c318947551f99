import { Option, type Command } from 'commander'
import { addApiKey } from '../actions/apiKeys.ts'
import { addUser } from '../actions/addUser.ts'
import { holdSending, releaseSending } from '../actions/holdSending.ts'
import { apiScopes } from '../rules/apiScopes.ts'
import { cleanText, textLimits } from '../rules/text.ts'
import { CommandFailure, leaf, Misuse, oneOf, say, type Opened } from './command.ts'

/** Who may do what, and whether anything may be sent at all. */
export function accessCommands(program: Command, opened: Opened): void {
  const key = program.command('key').description('API keys')
  leaf(key, 'add', 'make an API key, shown only now')
    .requiredOption('--name <text>', 'whose it is')
    .requiredOption('--scopes <list>', `comma list of ${apiScopes.join(', ')}; or all`)
    .action(({ name, scopes, json }: { name: string; scopes: string; json?: boolean }) => {
      const read = cleanText(name, { field: 'name', max: textLimits.name })
      if (!read.ok) throw new Misuse(read.error)
      const chosen =
        scopes === 'all' ? apiScopes : scopes.split(',').map((scope) => oneOf(apiScopes, scope.trim(), 'A scope'))
      return opened(async ({ deps }) => {
        const made = await addApiKey(deps, read.value, chosen)
        await say(json, { ...made, scopes: chosen }, made.key)
      })
    })

  const user = program.command('user').description('staff: may sign in and receive test sends')
  leaf(user, 'add', 'let somebody sign in; prints a link that works once, for a day')
    .argument('<email>')
    .option('--name <text>', 'as colleagues know them', '')
    .addOption(new Option('--language <language>').choices(['fi', 'sv', 'en']).default('fi'))
    .action((email: string, { name, language, json }: { name: string; language: 'fi' | 'sv' | 'en'; json?: boolean }) =>
      opened(async ({ deps }) => {
        const result = await addUser(deps, { email, name, language }, 'user:cli')
        if (!result.ok) throw new CommandFailure(`${result.field}: ${result.error}`)
        await say(json, { id: result.id, added: result.added, link: result.link }, result.link)
      }),
    )

  const hold = program.command('hold').description('the kill switch')
  leaf(hold, 'on', 'hand over nothing any more, alerts excepted')
    .requiredOption('--reason <text>', 'what everybody will see')
    .action(({ reason, json }: { reason: string; json?: boolean }) => {
      const read = cleanText(reason, { field: 'reason', max: textLimits.name })
      if (!read.ok) throw new Misuse(read.error)
      return opened(async ({ deps }) => {
        await holdSending(deps, read.value, 'user:cli')
        await say(json, { held: true, reason: read.value }, 'Nothing is sent until "postilupa hold off".')
      })
    })
  leaf(hold, 'off', 'let sending go on').action(({ json }: { json?: boolean }) =>
    opened(async ({ deps }) => {
      await releaseSending(deps, 'user:cli')
      await say(json, { held: false }, 'Sending goes on.')
    }),
  )
}
