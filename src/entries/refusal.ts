import { mkdir } from 'node:fs/promises'
import path from 'node:path'

/** A start that is refused: one plain sentence with the mend (P03). */
export class Refusal extends Error {}

/** Anything that keeps the service from starting is told in one sentence, without a stack. */
export function refuse(error: unknown): never {
  if (!(error instanceof Error)) throw new Refusal(String(error))
  throw new Refusal(error.cause instanceof Error ? `${error.message} ${error.cause.message}` : error.message)
}

/** @param key of the configuration that names it */
export async function makeFolder(folder: string, key: string) {
  await makeAll(path.resolve(folder)).catch((error: NodeJS.ErrnoException) => {
    throw new Refusal(`The folder ${folder} cannot be made (${error.code}). Name one in ${key} that may be written.`)
  })
}

/** Node's own recursive mkdir never ends where a parent exists and still says ENOENT (/proc). */
async function makeAll(folder: string): Promise<void> {
  try {
    await mkdir(folder)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || path.dirname(folder) === folder) throw error
    await makeAll(path.dirname(folder))
    await mkdir(folder)
  }
}
