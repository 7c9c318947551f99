import { z } from '@hono/zod-openapi'
import { holdSending, releaseSending } from '../../actions/holdSending.ts'
import type { Deps } from '../../deps.ts'
import { freshness } from '../../mail/facts.ts'
import { settingOf } from '../../store/settings.ts'
import { actorOf, answer, body, newApi, operations } from './operation.ts'
import { page, time } from './paging.ts'

const source = z
  .object({
    name: z.string(),
    kind: z.enum(['file', 'http']),
    required: z.boolean(),
    fetchedAt: z.iso.datetime().nullable(),
    triedAt: z.iso.datetime().nullable(),
    maxAge: z.int().openapi({ description: 'seconds' }),
    fresh: z.boolean(),
    entries: z.int().nullable(),
    error: z.string().nullable(),
  })
  .openapi('BanSource')

const hold = z.object({ held: z.boolean(), reason: z.string().nullable() }).openapi('Hold')

/** The installation: the register of purposes, ban sources, the kill switch. */
export function settingRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('settings:read', {
      method: 'get',
      path: '/register',
      tags: ['settings'],
      summary: 'The register of purposes that the program executes',
      responses: {
        200: answer(
          'Purposes with their fields, bases and retention.',
          z.object({ version: z.string(), purposes: z.record(z.string(), z.unknown()) }).openapi('Register'),
        ),
      },
    }),
    (c) => c.json(deps.register),
  )

  api.openapi(
    operation('bans:read', {
      method: 'get',
      path: '/ban-sources',
      tags: ['bans'],
      summary: 'Where bans come from, and whether each source is fresh',
      responses: { 200: answer('All of them.', page(source)) },
    }),
    async (c) => {
      const rows = await deps.store.db.selectFrom('ban_sources').selectAll().execute()
      const fresh = freshness(deps.config.banSources, rows, deps.now())
      const items = deps.config.banSources.map((configured, i) => {
        const row = rows.find(({ name }) => name === configured.name)
        const { name, kind, required, maxAge } = configured
        return {
          name,
          kind,
          required,
          fetchedAt: time(row?.fetched_at ?? null),
          triedAt: time(row?.tried_at ?? null),
          maxAge: maxAge / 1000,
          fresh: fresh[i]?.fresh ?? false,
          entries: row?.entries ?? null,
          error: row?.error ?? null,
        }
      })
      return c.json({ items, nextCursor: null })
    },
  )

  api.openapi(
    operation('settings:read', {
      method: 'get',
      path: '/hold',
      tags: ['settings'],
      summary: 'Is sending held by the kill switch?',
      responses: { 200: answer('The switch.', hold) },
    }),
    async (c) => {
      const reason = await settingOf(deps.store, 'hold')
      return c.json({ held: reason !== null, reason })
    },
  )

  api.openapi(
    operation('settings:write', {
      method: 'put',
      path: '/hold',
      tags: ['settings'],
      summary: 'Hold all sending at once',
      request: { body: body(z.strictObject({ reason: z.string().trim().min(1).max(200) })) },
      responses: { 200: answer('Nothing is handed over any more.', hold) },
    }),
    async (c) => {
      const { reason } = c.req.valid('json')
      await holdSending(deps, reason, actorOf(c))
      return c.json({ held: true, reason })
    },
  )

  api.openapi(
    operation('settings:write', {
      method: 'delete',
      path: '/hold',
      tags: ['settings'],
      summary: 'Let sending go on',
      responses: { 204: { description: 'Released.' } },
    }),
    async (c) => {
      await releaseSending(deps, actorOf(c))
      return c.body(null, 204)
    },
  )

  return api
}
