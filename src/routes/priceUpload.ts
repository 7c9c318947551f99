import type { Context } from 'hono'
import type { PriceUpload } from '../actions/addPriceVersion.ts'
import { attachmentLimits } from '../rules/attachment.ts'

/** The largest files together, and what multipart puts around them. */
export const PRICE_UPLOAD_MAX = attachmentLimits.mailing + 256 * 1024

const FIELDS = ['name', 'validFrom', 'priceGroup', 'mapping']
/** The files' parts: `file`, as often as there are files. */
const FILES = ['file', 'files']

export type ReadUpload =
  | { ok: true; upload: Omit<PriceUpload, 'mapping'>; mapping: string | null }
  | { ok: false; status: 400 | 422; path: string; message: string }

/** Reads the fields and files of a version from a multipart body, whose size the route has limited. */
export async function readPriceUpload(c: Context): Promise<ReadUpload> {
  const form = await c.req.formData().catch(() => null)
  if (!form) return { ok: false, status: 400, path: 'file', message: 'The multipart body cannot be read.' }
  const foreign = [...form.keys()].find((name) => !FIELDS.includes(name) && !FILES.includes(name))
  if (foreign !== undefined) {
    const path = /^[\w-]{1,64}$/.test(foreign) ? foreign : '…'
    return { ok: false, status: 422, path, message: 'There is no such field here: take it out.' }
  }
  const text = (name: string): string => {
    const value = form.get(name)
    return typeof value === 'string' ? value : ''
  }
  const sent = FILES.flatMap((name) => form.getAll(name))
  if (sent.some((file) => typeof file === 'string' && file !== ''))
    return { ok: false, status: 422, path: 'file', message: 'Send the file with its filename.' }
  const files = await Promise.all(
    sent.flatMap((file) => (typeof file === 'string' || (file.name === '' && file.size === 0) ? [] : [read(file)])),
  )
  const upload = { name: text('name'), validFrom: text('validFrom').trim(), priceGroup: text('priceGroup'), files }
  return { ok: true, upload, mapping: form.has('mapping') ? text('mapping') : null }
}

async function read(file: File): Promise<{ name: string; bytes: Uint8Array }> {
  return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
}
