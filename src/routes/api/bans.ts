import { z } from '@hono/zod-openapi'
import { ban } from '../../actions/ban.ts'
import { checkBan } from '../../actions/checkBan.ts'
import { liftBan, type LiftTarget } from '../../actions/liftBan.ts'
import type { Deps } from '../../deps.ts'
import { cleanText } from '../../rules/text.ts'
import { problem } from '../errors.tsx'
import { actorOf, answer, body, depsOf, invalid, missing, newApi, operations, type ApiContext } from './operation.ts'
import { time } from './paging.ts'
import { byId } from './shapes.ts'

const tags = ['bans']
const kind = z.enum(['email', 'domain', 'company', 'phone', 'postal'])
const scope = z
  .string()
  .max(100)
  .openapi({ description: '`all`, `no_contact`, `purpose:<key>` or `topic:<id>`; `all` when left out' })
const value = z.union([
  z.string(),
  z.strictObject({ name: z.string().optional(), street: z.string(), postcode: z.string() }),
])

/** Bans outlive the erasure of the person: what is kept beside the hashes must not name them (GDPR Art. 17(3), standards D-20). */
const remark = z
  .string()
  .max(500)
  .refine((text) => !text.includes('@'), { error: 'is kept for ever: write it without an address' })
  .refine((text) => cleanText(text, { field: 'remark', max: 500 }).ok, { error: 'is empty: write something in it' })

const input = z
  .strictObject({ kind, value, scope: scope.optional(), reason: remark.optional(), source: remark.optional() })
  .openapi('NewBan')
const added = z.object({ id: z.string(), kind, scope: z.string() }).openapi('AddedBan')
const request = { requestedBy: remark, reason: remark }
const lifted = z.object({ lifted: z.array(z.string()) }).openapi('LiftedBans')
const hits = z
  .object({
    banned: z.boolean(),
    by: z.array(z.object({ kind, scope: z.string(), source: z.string(), at: z.iso.datetime() })),
  })
  .openapi('BanCheck')

/** Direct-marketing bans: adding is free, lifting is the person's wish and is recorded. */
export function banRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('bans:write', {
      method: 'post',
      path: '/bans',
      tags,
      summary: 'Ban an address, a domain, a company, a phone number or a postal address',
      request: { body: body(input) },
      responses: { 200: answer('It was banned before.', added), 201: answer('Banned from now on.', added) },
    }),
    async (c) => {
      const { kind: banKind, value: banned, ...rest } = c.req.valid('json')
      const given = Object.fromEntries(Object.entries(rest).filter(([, text]) => text !== undefined))
      const result = await ban(depsOf(c, deps), { kind: banKind, value: banned, ...given }, actorOf(c))
      if (!result.ok) return invalid(c, [{ path: result.field, message: result.error }])
      return c.json({ id: result.id, kind: banKind, scope: result.scope }, result.added ? 201 : 200)
    },
  )

  api.openapi(
    operation('bans:read', {
      method: 'get',
      path: '/bans/check',
      tags,
      summary: 'Is this banned, in any scope, and by what?',
      request: { query: z.strictObject({ kind, value: z.string().max(1024) }) },
      responses: { 200: answer('What hits the value.', hits) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const result = await checkBan(deps, query.kind, query.value)
      if (!result.ok) return invalid(c, [{ path: 'value', message: result.error }])
      const by = result.bans.map((row) => ({ kind: row.kind, scope: row.scope, source: row.source, at: time(row.at) }))
      return c.json({ banned: by.length > 0, by })
    },
  )

  api.openapi(
    operation('bans:write', {
      method: 'delete',
      path: '/bans',
      tags,
      summary: 'Lift the ban of exactly this value and scope, because the person asked for it',
      request: { body: body(z.strictObject({ kind, value, scope: scope.optional(), ...request })) },
      responses: { 200: answer('Lifted; who asked is recorded.', lifted) },
    }),
    async (c) => {
      const { requestedBy, reason, ...target } = c.req.valid('json')
      return lift(c, { ...target, scope: target.scope ?? 'all' }, { requestedBy, reason })
    },
  )

  api.openapi(
    operation('bans:write', {
      method: 'delete',
      path: '/bans/{id}',
      tags,
      summary: 'Lift a ban, because the person asked for it',
      request: { params: byId, body: body(z.strictObject(request)) },
      responses: { 200: answer('Lifted; who asked is recorded.', lifted) },
    }),
    async (c) => lift(c, { id: c.req.valid('param').id }, c.req.valid('json')),
  )

  async function lift(c: ApiContext, target: LiftTarget, by: { requestedBy: string; reason: string }) {
    const result = await liftBan(deps, target, by, actorOf(c))
    if (result.ok) return c.json({ lifted: result.lifted })
    if (result.kind === 'missing') return missing(c, 'ban')
    const errors = [{ path: result.path, message: result.message }]
    return result.kind === 'invalid' ? invalid(c, errors) : problem(c, 409, 'This ban is not ours to lift', { errors })
  }

  return api
}
