import { z } from '@hono/zod-openapi'
import { countSegment, removeSegment, saveSegment, type SegmentResult } from '../../actions/segments.ts'
import type { Deps } from '../../deps.ts'
import { segmentDefinition } from '../../rules/segment.ts'
import { listSegments, segmentById } from '../../store/segments.ts'
import type { SegmentRow } from '../../store/rows/audience.ts'
import { problem } from '../errors.tsx'
import { answer, body, depsOf, invalid, missing, newApi, operations, type ApiContext } from './operation.ts'
import { time } from './paging.ts'
import { byId } from './shapes.ts'

const tags = ['segments']
const input = z.strictObject({ name: z.string(), definition: segmentDefinition }).openapi('NewSegment')
const segment = z
  .object({
    id: z.string(),
    name: z.string(),
    definition: z.record(z.string(), z.unknown()),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Segment')

/** Audiences with a name; a mailing names one in `audience.segment`. */
export function segmentRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('mailings:write', {
      method: 'post',
      path: '/segments',
      tags,
      summary: 'Define an audience by what is known of contacts and their companies',
      request: { body: body(input) },
      responses: { 201: answer('The segment.', segment) },
    }),
    async (c) => {
      const result = await saveSegment(depsOf(c, deps), null, c.req.valid('json'))
      if (result.ok) c.header('Location', `/api/v1/segments/${result.segment.id}`)
      return saved(c, result, 201)
    },
  )

  api.openapi(
    operation('mailings:read', {
      method: 'get',
      path: '/segments',
      tags,
      summary: 'List segments by name',
      responses: { 200: answer('All of them.', z.object({ items: z.array(segment), nextCursor: z.null() })) },
    }),
    async (c) => c.json({ items: (await listSegments(deps.store)).map(show), nextCursor: null }),
  )

  api.openapi(
    operation('mailings:read', {
      method: 'get',
      path: '/segments/{id}',
      tags,
      summary: 'A segment',
      request: { params: byId },
      responses: { 200: answer('The segment.', segment) },
    }),
    async (c) => {
      const row = await segmentById(deps.store, c.req.valid('param').id)
      return row ? c.json(show(row)) : missing(c, 'segment')
    },
  )

  api.openapi(
    operation('mailings:read', {
      method: 'get',
      path: '/segments/{id}/count',
      tags,
      summary: 'How many contacts it means today, whatever they permit',
      request: { params: byId },
      responses: { 200: answer('The gate still decides about each of them.', z.object({ contacts: z.int() })) },
    }),
    async (c) => {
      const contacts = await countSegment(deps, c.req.valid('param').id)
      return contacts === null ? missing(c, 'segment') : c.json({ contacts })
    },
  )

  api.openapi(
    operation('mailings:write', {
      method: 'put',
      path: '/segments/{id}',
      tags,
      summary: 'Define it anew; what is scheduled keeps what it said then',
      request: { params: byId, body: body(input) },
      responses: { 200: answer('The segment.', segment) },
    }),
    async (c) => saved(c, await saveSegment(deps, c.req.valid('param').id, c.req.valid('json')), 200),
  )

  api.openapi(
    operation('mailings:write', {
      method: 'delete',
      path: '/segments/{id}',
      tags,
      summary: 'Delete a segment that no draft names',
      request: { params: byId },
      responses: { 204: { description: 'Deleted.' } },
    }),
    async (c) => {
      const result = await removeSegment(deps, c.req.valid('param').id)
      return result.ok ? c.body(null, 204) : refused(c, result)
    },
  )

  return api
}

function saved(c: ApiContext, result: SegmentResult, status: 200 | 201) {
  return result.ok ? c.json(show(result.segment), status) : refused(c, result)
}

function refused(c: ApiContext, { status, errors }: Extract<SegmentResult, { ok: false }>) {
  if (status === 404) return missing(c, 'segment')
  return status === 422 ? invalid(c, errors) : problem(c, 409, 'Something stands in the way', { errors })
}

function show(row: SegmentRow) {
  return {
    id: row.id,
    name: row.name,
    definition: JSON.parse(row.definition) as Record<string, unknown>,
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
  }
}
