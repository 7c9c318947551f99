import { mkdir } from 'node:fs/promises'

/** A start that is refused: one plain sentence with the mend (P03). */
export class Refusal extends Error {}

/** Anything that keeps the service from starting is told in one sentence, without a stack. */
export function refuse(error: unknown): never {
  if (!(error instanceof Error)) throw new Refusal(String(error))
  throw new Refusal(error.cause instanceof Error ? `${error.message} ${error.cause.message}` : error.message)
}

/** @param key of the configuration that names it */
export async function makeFolder(folder: string, key: string) {
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal(`The folder ${folder} cannot be made (${error.code}). Name one in ${key} that may be written.`)
  })
}
