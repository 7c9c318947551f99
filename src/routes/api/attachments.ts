import { z } from '@hono/zod-openapi'
import { attachFile, detachFile, type AttachResult } from '../../actions/attachFile.ts'
import type { Deps } from '../../deps.ts'
import { attachmentLimits } from '../../rules/attachment.ts'
import { problem } from '../errors.tsx'
import { file, showFile } from './mailingShapes.ts'
import { answer, depsOf, invalid, missing, newApi, operations, type ApiContext } from './operation.ts'
import { readUpload } from './upload.ts'
import { byId } from './shapes.ts'

const tags = ['mailings']
/** A file of the largest size, and what multipart puts around it. */
const UPLOAD_MAX = attachmentLimits.file + 64 * 1024

/** Files of a draft. */
export function attachmentRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('mailings:write', {
      method: 'post',
      path: '/mailings/{id}/attachments',
      tags,
      summary: 'Attach a file to a draft',
      description: 'PDF, PNG, JPEG, XLSX, DOCX, CSV or plain text; 10 MiB a file, 20 MiB in all.',
      upload: UPLOAD_MAX,
      request: {
        params: byId,
        body: {
          required: true,
          content: {
            'multipart/form-data': {
              schema: {
                type: 'object',
                required: ['file'],
                properties: { file: { type: 'string', format: 'binary' } },
              },
            },
          },
        },
      },
      responses: { 201: answer('Attached, under the name that recipients will see.', file) },
    }),
    async (c) => {
      const upload = await readUpload(c, 'file')
      if (!upload.ok) return refused(c, upload)
      const result = await attachFile(depsOf(c, deps), c.req.valid('param').id, upload)
      return result.ok ? c.json(showFile(result.file), 201) : refused(c, result)
    },
  )

  api.openapi(
    operation('mailings:write', {
      method: 'delete',
      path: '/mailings/{id}/attachments/{file}',
      tags,
      summary: 'Take a file off a draft',
      request: { params: z.object({ id: z.string(), file: z.string() }) },
      responses: { 204: { description: 'Taken off.' } },
    }),
    async (c) => {
      const { id, file: fileId } = c.req.valid('param')
      const result = await detachFile(deps, id, fileId)
      return result.ok ? c.body(null, 204) : refused(c, result)
    },
  )

  return api
}

function refused(
  c: ApiContext,
  { status, message }: { status: 400 | Extract<AttachResult, { ok: false }>['status']; message: string },
) {
  if (status === 404) return missing(c, 'mailing or file')
  const errors = [{ path: 'file', message }]
  if (status === 422) return invalid(c, errors)
  const titles = { 400: 'The body cannot be read', 409: 'The state of the mailing stands in the way', 413: 'Too large' }
  return problem(c, status, titles[status], { errors })
}
