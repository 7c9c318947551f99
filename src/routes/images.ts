import { Hono } from 'hono'
import type { Deps } from '../deps.ts'
import { imageByHash, imageBytes } from '../store/images.ts'
import { fail, onlyThese } from './errors.tsx'

/**
 * Uploaded pictures for mail programs and pages. The address is the hash of the bytes, so whoever has it keeps it; the type is what
 * the upload was found to be, and nothing in it runs.
 */
export function imageRoutes(deps: Deps): Hono {
  const app = new Hono()

  app.get('/i/:hash', async (c) => {
    const hash = c.req.param('hash')
    const image = /^[0-9a-f]{64}$/.test(hash) ? await imageByHash(deps.store, hash) : null
    if (!image) return fail(c, deps, 404)
    c.header('Cache-Control', 'public, max-age=31536000, immutable')
    c.header('X-Content-Type-Options', 'nosniff')
    c.header('Content-Security-Policy', "default-src 'none'; sandbox")
    c.header('Cross-Origin-Resource-Policy', 'cross-origin')
    c.header('Content-Disposition', 'inline')
    const etag = `"${hash}"`
    c.header('ETag', etag)
    if (c.req.header('If-None-Match')?.includes(etag)) return c.body(null, 304)
    c.header('Content-Type', image.media_type)
    return c.body(new Uint8Array(await imageBytes(deps.store, hash)))
  })
  app.all('/i/:hash', onlyThese(deps, 'GET, HEAD, OPTIONS'))

  return app
}
