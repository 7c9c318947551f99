import { once } from 'node:events'
import type { Command } from 'commander'
import type { Postilupa } from '../node.ts'

/** 0 done; 1 the command failed; 2 wrong usage; 78 the configuration or the store is not fit (EX_CONFIG of sysexits.h). */
export const exits = { failed: 1, usage: 2, config: 78 } as const

/** The command could not do what it was asked to: one sentence with the mend. */
export class CommandFailure extends Error {}

/** The command was written wrongly. */
export class Misuse extends CommandFailure {}

/** Opens the store for one command, and closes it again whatever happens. */
export type Opened = (work: (postilupa: Postilupa) => Promise<void>) => Promise<void>

/** A command that answers in words, or in JSON for programs. */
export function leaf(parent: Command, name: string, description: string): Command {
  return parent.command(name).description(description).option('--json', 'answer in JSON, one value a line')
}

/** One answer: JSON in one line, or the same in words. */
export async function say(json: boolean | undefined, value: object, words: string): Promise<void> {
  await write(`${json === true ? JSON.stringify(value) : words}\n`)
}

/** Writes to standard output, as fast as the reader takes it. */
export async function write(text: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** A value that is one of a few, or wrong usage. */
export function oneOf<Value extends string>(values: readonly Value[], text: string, what: string): Value {
  const found = values.find((value) => value === text)
  if (found === undefined) throw new Misuse(`${what} is one of ${values.join(', ')}.`)
  return found
}
