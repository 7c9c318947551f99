import { z } from '@hono/zod-openapi'
import { holdSending, releaseSending } from '../../actions/holdSending.ts'
import type { Deps } from '../../deps.ts'
import { settingOf } from '../../store/settings.ts'
import { actorOf, answer, body, newApi, operations } from './operation.ts'

const hold = z.object({ held: z.boolean(), reason: z.string().nullable() }).openapi('Hold')

/** The installation: the register of purposes, the kill switch. */
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
