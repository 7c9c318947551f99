import type { Context } from 'hono'
import { boundaryOf, MultipartFault, partsOf } from './multipart.ts'

export type Upload = { ok: true; name: string; bytes: Uint8Array } | { ok: false; status: 400 | 422; message: string }

/**
 * Reads the one file of a multipart body into memory; `operation({ upload })` has limited its size.
 * @param field the name of its part
 */
export async function readUpload(c: Context, field: string): Promise<Upload> {
  const boundary = boundaryOf(c.req.header('Content-Type') ?? '')
  if (boundary === null) return { ok: false, status: 400, message: 'The boundary of the body cannot be read.' }
  const files: { name: string; bytes: Uint8Array }[] = []
  try {
    for await (const part of partsOf(whole(c), boundary)) {
      if (part.name !== field || part.fileName === null || files.length > 0) return alone(field)
      const pieces: Uint8Array[] = []
      for await (const piece of part.content) pieces.push(piece)
      files.push({ name: part.fileName, bytes: Buffer.concat(pieces) })
    }
  } catch (error) {
    if (error instanceof MultipartFault) return { ok: false, status: 400, message: error.message }
    throw error
  }
  return files[0] ? { ok: true, ...files[0] } : alone(field)
}

async function* whole(c: Context): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(await c.req.arrayBuffer())
}

function alone(field: string): Upload {
  return { ok: false, status: 422, message: `Send one file in the part "${field}", and nothing else.` }
}
