import { z } from '@hono/zod-openapi'
import { companyBans, objectForCompany } from '../../actions/objectForCompany.ts'
import type { Deps } from '../../deps.ts'
import { actorOf, answer, body, depsOf, invalid, missing, newApi, operations } from './operation.ts'
import { time } from './paging.ts'
import { byId } from './shapes.ts'

const tags = ['companies']
const kind = z.enum(['email', 'domain', 'company', 'phone', 'postal'])
const input = z
  .strictObject({ requestedBy: z.string(), how: z.string(), scope: z.string().max(100).optional() })
  .openapi('CompanyObjection')
const made = z
  .object({
    id: z.string(),
    scope: z.string(),
    at: z.iso.datetime(),
    bans: z.array(z.object({ id: z.string(), kind })),
  })
  .openapi('RecordedObjection')
const standing = z
  .object({
    objections: z.array(
      z.object({ id: z.string(), scope: z.string(), requestedBy: z.string(), how: z.string(), at: z.iso.datetime() }),
    ),
    bans: z.array(z.object({ id: z.string(), kind, scope: z.string(), source: z.string(), at: z.iso.datetime() })),
  })
  .openapi('CompanyObjections')

/** A company objects for all its people. */
export function companyObjectionRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('bans:write', {
      method: 'post',
      path: '/companies/{id}/objection',
      tags,
      summary: 'Record that a company wants no marketing for any of its people',
      description: 'Bans its business id and its domains; never a domain where strangers have their mail.',
      request: { params: byId, body: body(input) },
      responses: { 201: answer('In force from now on.', made) },
    }),
    async (c) => {
      const result = await objectForCompany(depsOf(c, deps), c.req.valid('param').id, c.req.valid('json'), actorOf(c))
      if (!result.ok) return result.kind === 'missing' ? missing(c, 'company') : invalid(c, result.errors)
      const { id, scope, at } = result.objection
      return c.json({ id, scope, at: time(at), bans: result.bans }, 201)
    },
  )

  api.openapi(
    operation('bans:read', {
      method: 'get',
      path: '/companies/{id}/objection',
      tags,
      summary: 'What a company has objected to, by whom and how, and the bans that hit all its people',
      request: { params: byId },
      responses: { 200: answer('Newest first.', standing) },
    }),
    async (c) => {
      const found = await companyBans(deps, c.req.valid('param').id)
      if (!found) return missing(c, 'company')
      return c.json({
        objections: found.objections.map((one) => ({
          id: one.id,
          scope: one.scope,
          requestedBy: one.requested_by,
          how: one.how,
          at: time(one.at),
        })),
        bans: found.bans.map(({ id, kind: of, scope, source, at }) => ({ id, kind: of, scope, source, at: time(at) })),
      })
    },
  )

  return api
}
