import { open } from 'node:fs/promises'
import { ListFault } from '../actions/fetchBanList.ts'

/**
 * A list that another program drops into a folder of this machine.
 * @returns null when it is not there or may not be read
 */
export async function readBanFile(path: string) {
  const file = await open(path).catch(() => null)
  const before = await file?.stat()
  if (!file || !before?.isFile()) {
    await file?.close()
    return null
  }
  const content = async function* () {
    try {
      for await (const piece of file.createReadStream({ autoClose: false })) yield piece as Uint8Array
      const after = await file.stat()
      // Somebody writes into it just now: what was read may be neither the old list nor the new one.
      if (after.mtimeMs !== before.mtimeMs || after.size !== before.size) throw new ListFault({ code: 'changing' })
    } finally {
      await file.close()
    }
  }
  return { bytes: content(), writtenAt: Math.floor(before.mtimeMs) }
}
