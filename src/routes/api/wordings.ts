import { z } from '@hono/zod-openapi'
import { addWording } from '../../actions/addWording.ts'
import type { Deps } from '../../deps.ts'
import { listWordings } from '../../store/forms.ts'
import { actorOf, answer, body, depsOf, invalid, newApi, operations } from './operation.ts'
import { page, pageOf, paging, readPage, time } from './paging.ts'
import { language } from './shapes.ts'

const tags = ['forms']
const newWording = z.strictObject({ formId: z.string().max(64), language, text: z.string() }).openapi('NewWording')
const wording = z
  .object({
    id: z.string(),
    formId: z.string(),
    language,
    text: z.string(),
    sha256: z.string(),
    createdAt: z.iso.datetime(),
  })
  .openapi('Wording')

/** The words with which forms ask. */
export function wordingRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('settings:read', {
      method: 'get',
      path: '/wordings',
      tags,
      summary: 'List every wording that forms ever showed',
      request: { query: z.strictObject(paging) },
      responses: { 200: answer('One page, by id.', page(wording)) },
    }),
    async (c) => {
      const read = readPage(c.req.valid('query'), 'wordings', ['string'])
      if (!read.ok) return invalid(c, read.errors)
      const rows = await listWordings(deps.store, String(read.after?.[0] ?? ''), read.limit + 1)
      const show = (row: (typeof rows)[number]) => ({
        id: row.id,
        formId: row.form_id,
        language: row.language,
        text: row.text,
        sha256: row.sha256,
        createdAt: time(row.created_at),
      })
      return c.json(pageOf(rows, read.limit, 'wordings', ({ id }) => [id], show))
    },
  )

  api.openapi(
    operation('settings:write', {
      method: 'post',
      path: '/wordings',
      tags,
      summary: 'Add a wording, which its form shows from now on',
      request: { body: body(newWording) },
      responses: { 201: answer('Added.', z.object({ id: z.string(), text: z.string() }).openapi('AddedWording')) },
    }),
    async (c) => {
      const result = await addWording(depsOf(c, deps), c.req.valid('json'), actorOf(c))
      return result.ok ? c.json({ id: result.id, text: result.text }, 201) : invalid(c, result.errors)
    },
  )

  return api
}
