import { Hono, type Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { addPicture, describeImage, dropImage } from '../../actions/images.ts'
import type { Deps } from '../../deps.ts'
import { listImages } from '../../store/images.ts'
import { ImageList, type ImageProblem } from '../../templates/pages/admin/images.tsx'
import { imageWords } from '../../templates/words/admin/images.ts'
import { fail } from '../errors.tsx'
import { IMAGE_UPLOAD_MAX, readImageUpload } from '../imageUpload.ts'
import { adminPage, adminProps, currentUser, type Signed } from './page.tsx'

const PER_PAGE = 24

/** Pictures: upload, the lines to copy, their texts, deletion of what nothing shows. */
export function imageScreens(deps: Deps): Hono<Signed> {
  const app = new Hono<Signed>()
  const whole = bodyLimit({
    maxSize: IMAGE_UPLOAD_MAX,
    onError: (c) => list(c as Context<Signed>, { kind: 'upload', fault: 'tooLarge', alt: '' }, 413),
  })

  app.get('/', (c) => list(c))

  app.post('/', whole, async (c) => {
    const upload = await readImageUpload(c)
    if (!upload.ok) return list(c, { kind: 'upload', fault: 'file', alt: '' }, 422)
    // A file field that was left empty is sent as an empty file without a name.
    if (upload.bytes.length === 0 && upload.name === '')
      return list(c, { kind: 'upload', fault: 'file', alt: upload.alt }, 422)
    const result = await addPicture(deps, upload, `user:${currentUser(c)}`)
    if (!result.ok) return list(c, { kind: 'upload', fault: result.fault, alt: upload.alt }, 422)
    return c.redirect(`/admin/images?done=${result.added ? 'added' : 'known'}`, 303)
  })

  app.post('/:id', async (c) => {
    const { alt } = await c.req.parseBody()
    const id = c.req.param('id')
    const result = await describeImage(deps, id, typeof alt === 'string' ? alt : '')
    if (result === 'missing') return fail(c, deps, 404)
    if (result === 'alt') return list(c, { kind: 'alt', id }, 422)
    return c.redirect('/admin/images?done=changed', 303)
  })

  app.post('/:id/delete', async (c) => {
    const result = await dropImage(deps, c.req.param('id'), `user:${currentUser(c)}`)
    if (result.ok) return c.redirect('/admin/images?done=removed', 303)
    return result.kind === 'missing' ? fail(c, deps, 404) : list(c, result, 409)
  })

  async function list(c: Context<Signed>, problem?: ImageProblem, status: 200 | 409 | 413 | 422 = 200) {
    const props = adminProps(c, deps)
    const rows = await listImages(deps.store, c.req.query('before'), PER_PAGE + 1)
    const shown = rows.slice(0, PER_PAGE)
    const last = shown.at(-1)
    const { done } = imageWords[props.lang]
    const key = c.req.query('done') ?? ''
    return adminPage(
      c,
      deps,
      <ImageList
        {...props}
        images={shown.map(({ id, sha256, alt, width, height, size }) => ({
          id,
          path: `/i/${sha256}`,
          url: `${deps.config.publicUrl}/i/${sha256}`,
          alt,
          width,
          height,
          size,
        }))}
        done={Object.hasOwn(done, key) ? done[key as keyof typeof done] : undefined}
        problem={problem}
        moreHref={rows.length > PER_PAGE && last ? `/admin/images?before=${last.id}` : undefined}
      />,
      status,
    )
  }

  return app
}
