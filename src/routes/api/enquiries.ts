import { z } from '@hono/zod-openapi'
import { handleEnquiry } from '../../actions/handleEnquiry.ts'
import type { Deps } from '../../deps.ts'
import { enquiryState } from '../../rules/enquiry.ts'
import { textLimits } from '../../rules/text.ts'
import { enquiryById, listEnquiries, type Enquiry } from '../../store/enquiries.ts'
import { problem } from '../errors.tsx'
import { actorOf, answer, body, invalid, missing, newApi, operations } from './operation.ts'
import { page, pageOf, paging, readPage, time } from './paging.ts'
import { byId, language } from './shapes.ts'

const tags = ['enquiries']
const state = z.enum(['open', 'handled', 'closed'])
const when = z.iso.datetime().nullable()
const enquiry = z
  .object({
    id: z.string(),
    form: z.string(),
    kind: z.enum(['contact', 'feedback']),
    purpose: z.string(),
    state,
    email: z.string(),
    name: z.string().nullable(),
    company: z.string().nullable(),
    title: z.string().nullable(),
    phone: z.string().nullable(),
    language,
    fields: z.record(z.string(), z.unknown()),
    source: z.string(),
    receivedAt: z.iso.datetime(),
    handledAt: when,
    handledBy: z.string().nullable(),
    closedAt: when,
    note: z.string().nullable(),
    forwarded: z.string().nullable().openapi({
      description: 'State of the message to the mailbox; null: none, because the hourly limits were reached.',
    }),
  })
  .openapi('Enquiry')

/** What people wrote on contact and feedback forms. */
export function enquiryRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('contacts:read', {
      method: 'get',
      path: '/enquiries',
      tags,
      summary: 'List enquiries, newest first',
      request: { query: z.strictObject({ ...paging, state: state.optional(), form: z.string().max(80).optional() }) },
      responses: { 200: answer('One page.', page(enquiry)) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const read = readPage(query, 'enquiries', ['string'])
      if (!read.ok) return invalid(c, read.errors)
      const before = read.after === null ? undefined : String(read.after[0])
      const rows = await listEnquiries(deps.store, query, before, read.limit + 1)
      return c.json(pageOf(rows, read.limit, 'enquiries', ({ id }) => [id], show))
    },
  )

  api.openapi(
    operation('contacts:read', {
      method: 'get',
      path: '/enquiries/{id}',
      tags,
      summary: 'An enquiry',
      request: { params: byId },
      responses: { 200: answer('The enquiry.', enquiry) },
    }),
    async (c) => {
      const row = await enquiryById(deps.store, c.req.valid('param').id)
      return row ? c.json(show(row)) : missing(c, 'enquiry')
    },
  )

  api.openapi(
    operation('contacts:write', {
      method: 'patch',
      path: '/enquiries/{id}',
      tags,
      summary: 'Say how far an enquiry has come',
      description: 'Retention runs from `closedAt` (contact) and `handledAt` (feedback). What is left out stays.',
      request: {
        params: byId,
        body: body(
          z
            .strictObject({ state: state.optional(), note: z.string().max(textLimits.freeText).optional() })
            .openapi('EnquiryPatch'),
        ),
      },
      responses: { 200: answer('The enquiry.', enquiry) },
    }),
    async (c) => {
      const result = await handleEnquiry(deps, c.req.valid('param').id, c.req.valid('json'), actorOf(c))
      if (result.ok) return c.json(show(result.enquiry))
      if (result.kind === 'missing') return missing(c, 'enquiry')
      if (result.kind === 'note')
        return invalid(c, [{ path: 'note', message: `Shorten it to ${textLimits.freeText} characters.` }])
      return problem(c, 409, 'Somebody changed it meanwhile', { detail: 'Read it again, then send the change again.' })
    },
  )

  return api
}

function show(row: Enquiry) {
  return {
    id: row.id,
    form: row.form_id,
    kind: row.kind,
    purpose: row.purpose,
    state: enquiryState({ handledAt: row.handled_at, closedAt: row.closed_at }),
    email: row.address,
    name: row.name,
    company: row.company_name,
    title: row.title,
    phone: row.phone,
    language: row.language,
    fields: JSON.parse(row.fields) as Record<string, unknown>,
    source: row.source,
    receivedAt: time(row.received_at),
    handledAt: time(row.handled_at),
    handledBy: row.handled_by,
    closedAt: time(row.closed_at),
    note: row.note,
    forwarded: row.forwarded,
  }
}
