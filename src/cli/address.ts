import type { Command } from 'commander'
import { parseEmail, type DomainOptions } from '../rules/address.ts'
import { classifyAddress } from '../rules/addressClass.ts'
import { contactForms } from '../rules/matchKeys.ts'
import { leaf, write } from './command.ts'

/** Longer than any address: more of a line is not kept. */
const LONGEST_LINE = 64 * 1024
const BLOCK = 64 * 1024

export function addressCommands(program: Command, options: DomainOptions): void {
  const address = program.command('address').description('e-mail addresses')
  leaf(address, 'check', 'read addresses from standard input, one a line; write one JSON a line').action(() =>
    checkAddresses(options),
  )
}

/** Needs neither configuration nor store, and runs in bounded memory whatever comes in. */
async function checkAddresses(options: DomainOptions): Promise<void> {
  let answers = ''
  for await (const line of linesOf(process.stdin.setEncoding('utf8'))) {
    answers += `${JSON.stringify(checked(line, options))}\n`
    if (answers.length < BLOCK) continue
    await write(answers)
    answers = ''
  }
  await write(answers)
}

async function* linesOf(input: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const some of input) {
    const lines = (rest + some).split('\n')
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE)
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
  if (rest !== '') yield rest.endsWith('\r') ? rest.slice(0, -1) : rest
}

/** `keys`: the texts that a ban of this address, its domain or the domain's parents is matched by. */
function checked(input: string, options: DomainOptions) {
  const read = parseEmail(input, options)
  if (!read.ok) return { input, ok: false, error: read.error }
  const { address, domain } = read.email
  return {
    input,
    ok: true,
    address,
    asciiDomain: domain,
    class: classifyAddress(read.email),
    keys: contactForms({ email: read.email }),
  }
}
