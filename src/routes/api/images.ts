import { z } from '@hono/zod-openapi'
import { addPicture, describeImage, dropImage } from '../../actions/images.ts'
import type { Deps } from '../../deps.ts'
import { ALT_MAX, imageTypes } from '../../rules/image.ts'
import { imageById, listImages } from '../../store/images.ts'
import type { ImageRow } from '../../store/rows/forms.ts'
import { problem } from '../errors.tsx'
import { IMAGE_UPLOAD_MAX, readImageUpload } from '../imageUpload.ts'
import { actorOf, answer, body, depsOf, invalid, missing, newApi, operations } from './operation.ts'
import { page, pageOf, paging, readPage, time } from './paging.ts'
import { byId } from './shapes.ts'

const tags = ['images']
const altText = z
  .string()
  .openapi({ description: `What the picture shows, for who does not see it; 1 to ${ALT_MAX} characters.` })
const image = z
  .object({
    id: z.string(),
    url: z.url(),
    alt: altText,
    name: z.string(),
    mediaType: z.enum(imageTypes),
    width: z.int(),
    height: z.int(),
    size: z.int(),
    sha256: z.string(),
    createdAt: z.iso.datetime(),
  })
  .openapi('Image')

/** Pictures for messages and pages. */
export function imageRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)
  const show = (row: ImageRow) => ({
    id: row.id,
    url: `${deps.config.publicUrl}/i/${row.sha256}`,
    alt: row.alt,
    name: row.name,
    mediaType: row.media_type,
    width: row.width,
    height: row.height,
    size: row.size,
    sha256: row.sha256,
    createdAt: time(row.created_at),
  })

  api.openapi(
    operation('mailings:write', {
      method: 'post',
      path: '/images',
      tags,
      summary: 'Upload a picture',
      description:
        'PNG, JPEG, GIF or WebP of 2 MiB at most, judged by its bytes; no SVG. EXIF, XMP, comments and the like are taken out. The same picture again is the same id, with the text that was given last.',
      upload: IMAGE_UPLOAD_MAX,
      request: {
        body: {
          required: true,
          content: {
            'multipart/form-data': {
              schema: {
                type: 'object',
                required: ['file', 'alt'],
                properties: { file: { type: 'string', format: 'binary' }, alt: { type: 'string', maxLength: ALT_MAX } },
              },
            },
          },
        },
      },
      responses: { 200: answer('It was there.', image), 201: answer('Kept; `url` is public.', image) },
    }),
    async (c) => {
      const upload = await readImageUpload(c)
      if (!upload.ok) {
        const errors = [{ path: upload.path, message: upload.message }]
        return upload.status === 422 ? invalid(c, errors) : problem(c, 400, 'The body cannot be read', { errors })
      }
      const result = await addPicture(depsOf(c, deps), upload, actorOf(c))
      if (result.ok) return c.json(show(result.image), result.added ? 201 : 200)
      return invalid(c, [{ path: result.path, message: result.message }])
    },
  )

  api.openapi(
    operation('mailings:read', {
      method: 'get',
      path: '/images',
      tags,
      summary: 'List pictures, newest first',
      request: { query: z.strictObject(paging) },
      responses: { 200: answer('One page.', page(image)) },
    }),
    async (c) => {
      const read = readPage(c.req.valid('query'), 'images', ['string'])
      if (!read.ok) return invalid(c, read.errors)
      const before = read.after === null ? undefined : String(read.after[0])
      const rows = await listImages(deps.store, before, read.limit + 1)
      return c.json(pageOf(rows, read.limit, 'images', ({ id }) => [id], show))
    },
  )

  api.openapi(
    operation('mailings:read', {
      method: 'get',
      path: '/images/{id}',
      tags,
      summary: 'A picture',
      request: { params: byId },
      responses: { 200: answer('The picture.', image) },
    }),
    async (c) => {
      const row = await imageById(deps.store, c.req.valid('param').id)
      return row ? c.json(show(row)) : missing(c, 'picture')
    },
  )

  api.openapi(
    operation('mailings:write', {
      method: 'patch',
      path: '/images/{id}',
      tags,
      summary: 'Describe a picture in other words',
      request: { params: byId, body: body(z.strictObject({ alt: altText }).openapi('ImagePatch')) },
      responses: { 200: answer('The picture.', image) },
    }),
    async (c) => {
      const result = await describeImage(deps, c.req.valid('param').id, c.req.valid('json').alt)
      if (result === 'missing') return missing(c, 'picture')
      if (result === 'alt')
        return invalid(c, [{ path: 'alt', message: `Say in 1 to ${ALT_MAX} characters what the picture shows.` }])
      return c.json(show(result))
    },
  )

  api.openapi(
    operation('mailings:write', {
      method: 'delete',
      path: '/images/{id}',
      tags,
      summary: 'Delete a picture that nothing shows',
      request: { params: byId },
      responses: { 204: { description: 'Deleted.' } },
    }),
    async (c) => {
      const result = await dropImage(deps, c.req.valid('param').id, actorOf(c))
      if (result.ok) return c.body(null, 204)
      if (result.kind === 'missing') return missing(c, 'picture')
      const errors = [
        ...result.mailings.map(({ id, subject }) => ({
          path: 'id',
          message: `The mailing ${id} shows it: ${subject}`,
        })),
        ...(result.logo ? [{ path: 'id', message: 'It is the logo: choose another one first.' }] : []),
      ]
      return problem(c, 409, 'The picture is shown somewhere', { errors })
    },
  )

  return api
}
