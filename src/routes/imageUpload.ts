import type { Context } from 'hono'
import { imageLimits } from '../rules/image.ts'

/** A picture of the largest size, and what multipart puts around it. */
export const IMAGE_UPLOAD_MAX = imageLimits.bytes + 64 * 1024

export type ImageUpload =
  | { ok: true; name: string; bytes: Uint8Array; alt: string }
  | { ok: false; status: 400 | 422; path: string; message: string }

/** Reads a picture (`file`) and its text (`alt`) from a multipart body, whose size the route has limited. */
export async function readImageUpload(c: Context): Promise<ImageUpload> {
  const form = await c.req.formData().catch(() => null)
  if (!form) return { ok: false, status: 400, path: 'file', message: 'The multipart body cannot be read.' }
  const foreign = [...form.keys()].find((name) => name !== 'file' && name !== 'alt')
  if (foreign !== undefined)
    return {
      ok: false,
      status: 422,
      path: foreign.slice(0, 60),
      message: 'Send the parts "file" and "alt", and nothing else.',
    }
  const file = form.getAll('file')
  const [picture] = file
  if (file.length !== 1 || typeof picture !== 'object')
    return { ok: false, status: 422, path: 'file', message: 'Send one picture in the part "file".' }
  const alt = form.get('alt')
  return {
    ok: true,
    name: picture.name,
    bytes: new Uint8Array(await picture.arrayBuffer()),
    alt: typeof alt === 'string' ? alt : '',
  }
}
