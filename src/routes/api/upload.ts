import type { Context } from 'hono'

export type Upload = { ok: true; name: string; bytes: Uint8Array } | { ok: false; status: 400 | 413 | 422; message: string }

/** One file is wanted: a body with this many parts is an attack on whoever splits it. */
const PARTS_MAX = 20
const PART_HEADER_MAX = 8 * 1024

/**
 * Reads the one file of a multipart body, which `operation({ upload })` has limited in size.
 * @param field the name of its part
 */
export async function readUpload(c: Context, field: string): Promise<Upload> {
  const bytes = Buffer.from(await c.req.arrayBuffer())
  const boundary = /boundary="?([^";]+)"?/i.exec(c.req.header('Content-Type') ?? '')?.[1] ?? ''
  if (tooManyOrLarge(bytes, `--${boundary}`)) return { ok: false, status: 413, message: 'The body has too many parts, or a part with too large a header.' }
  const form = await c.req.formData().catch(() => null)
  if (form === null) return { ok: false, status: 400, message: 'The multipart body cannot be read.' }
  const unknown = [...form.keys()].find((name) => name !== field)
  const files = form.getAll(field)
  const [file] = files
  if (unknown !== undefined || files.length !== 1 || !(file instanceof File)) {
    return { ok: false, status: 422, message: `Send one file in the part "${field}", and nothing else.` }
  }
  return { ok: true, name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
}

function tooManyOrLarge(bytes: Buffer, delimiter: string): boolean {
  let parts = 0
  for (let at = bytes.indexOf(delimiter); at !== -1; at = bytes.indexOf(delimiter, at + delimiter.length)) {
    const end = bytes.indexOf('\r\n\r\n', at)
    const isLast = bytes.subarray(at + delimiter.length, at + delimiter.length + 2).toString('latin1') === '--'
    if (++parts > PARTS_MAX || (!isLast && (end === -1 || end - at > PART_HEADER_MAX))) return true
  }
  return false
}
