import { z } from '@hono/zod-openapi'
import { checkMailing } from '../../actions/checkMailing.ts'
import { previewMailing } from '../../actions/previewMailing.ts'
import { testMailing } from '../../actions/testMailing.ts'
import type { Deps } from '../../deps.ts'
import { listDeliveries, type ListedDelivery } from '../../store/deliveryList.ts'
import { mailingById } from '../../store/mailings.ts'
import { answer, body, depsOf, invalid, missing, newApi, operations } from './operation.ts'
import { page, pageOf, paging, readPage, time } from './paging.ts'
import { byId, language, remark } from './shapes.ts'

const LIST = 'deliveries'
const tags = ['mailings']
const state = z.enum(['queued', 'sending', 'sent', 'skipped', 'failed', 'uncertain'])

const preview = z.object({ subject: z.string(), html: z.string(), text: z.string() }).openapi('Preview')
const check = z
  .object({
    errors: z.array(remark),
    warnings: z.array(remark),
    counts: z.object({ allowed: z.int(), stopped: z.record(z.string(), z.int()) }),
  })
  .openapi('MailingCheck')
const delivery = z
  .object({
    contactId: z.string().nullable(),
    state,
    reason: z.string().nullable(),
    detail: z.string().nullable(),
    allowedBy: z.string().nullable(),
    messageId: z.string().nullable(),
    reply: z.string().nullable(),
    sentAt: z.iso.datetime().nullable(),
    bounce: z.object({ at: z.iso.datetime() }).optional(),
  })
  .openapi('Delivery')

/** Looking before sending, and afterwards at each recipient. */
export function mailingCheckRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('mailings:read', {
      method: 'post',
      path: '/mailings/{id}/preview',
      tags,
      summary: 'How it would look to a contact, or to a made-up one',
      description: 'A contact is shown only to a key that may also read contacts.',
      once: false,
      request: {
        params: byId,
        body: body(z.strictObject({ contactId: z.string().optional(), language: language.optional() })),
      },
      responses: { 200: answer('Subject and both parts.', preview) },
    }),
    async (c) => {
      const wish = c.req.valid('json')
      if (wish.contactId !== undefined && !c.get('caller').scopes.includes('contacts:read'))
        return invalid(c, [
          { path: 'contactId', message: 'This key lacks the scope contacts:read: leave the contact out.' },
        ])
      const result = await previewMailing(deps, c.req.valid('param').id, wish)
      if (result.ok) return c.json({ subject: result.subject, html: result.html, text: result.text })
      return result.missing === 'mailing'
        ? missing(c, 'mailing')
        : invalid(c, [{ path: 'contactId', message: 'There is no such contact.' }])
    },
  )

  api.openapi(
    operation('mailings:read', {
      method: 'post',
      path: '/mailings/{id}/check',
      tags,
      summary: 'The pre-send list: errors, warnings, and what the gate says today of everybody in the audience',
      once: false,
      request: { params: byId },
      responses: { 200: answer('Advisory: the door decides in the moment of hand-over.', check) },
    }),
    async (c) => {
      const result = await checkMailing(deps, c.req.valid('param').id)
      return result ? c.json(result) : missing(c, 'mailing')
    },
  )

  api.openapi(
    operation('mailings:send', {
      method: 'post',
      path: '/mailings/{id}/test',
      tags,
      summary: 'Send a test to a colleague',
      request: { params: byId, body: body(z.strictObject({ to: z.string(), language: language.optional() })) },
      responses: { 202: answer('Queued.', z.object({ id: z.string() }).openapi('QueuedTest')) },
    }),
    async (c) => {
      const result = await testMailing(depsOf(c, deps), c.req.valid('param').id, c.req.valid('json'))
      if (result.ok) return c.json({ id: result.id }, 202)
      return result.status === 404
        ? missing(c, 'mailing')
        : invalid(c, [{ path: result.path, message: result.message }])
    },
  )

  api.openapi(
    operation('mailings:read', {
      method: 'get',
      path: '/mailings/{id}/deliveries',
      tags,
      summary: 'What became of each recipient',
      request: { params: byId, query: z.strictObject({ ...paging, state: state.optional() }) },
      responses: { 200: answer('One page.', page(delivery)) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const query = c.req.valid('query')
      const read = readPage(query, LIST, ['string'])
      if (!read.ok) return invalid(c, read.errors)
      if (!(await mailingById(deps.store, id))) return missing(c, 'mailing')
      const rows = await listDeliveries(
        deps.store,
        id,
        query.state ?? null,
        String(read.after?.[0] ?? ''),
        read.limit + 1,
      )
      return c.json(pageOf(rows, read.limit, LIST, (row) => [row.id], showDelivery))
    },
  )

  return api
}

function showDelivery(row: ListedDelivery) {
  return {
    contactId: row.contact_id,
    state: row.state,
    reason: row.reason,
    detail: row.detail,
    allowedBy: row.allowed_by,
    messageId: row.message_id,
    reply: row.reply,
    sentAt: time(row.sent_at),
    ...(row.bounced_at === null ? {} : { bounce: { at: time(row.bounced_at) } }),
  }
}
