import { z } from '@hono/zod-openapi'
import { exportContact } from '../../actions/exportContact.ts'
import type { Deps } from '../../deps.ts'
import { contactById } from '../../store/contacts.ts'
import { listEvents } from '../../store/ledger.ts'
import type { LedgerRow } from '../../store/tables.ts'
import { answer, invalid, missing, newApi, operations, type ApiContext } from './operation.ts'
import { page, pageOf, paging, readPage, time } from './paging.ts'
import { byId } from './shapes.ts'

const LIST = 'ledger'
const query = z.strictObject(paging)

const event = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    event: z.string(),
    subject: z.string().nullable(),
    actor: z.string(),
    data: z.record(z.string(), z.unknown()),
    seq: z.int().nullable(),
    seal: z.string().nullable(),
  })
  .openapi('LedgerEvent')
const events = page(event).openapi('LedgerPage')

/** What happened, to everybody and to one person; and all that is known of a person. */
export function ledgerRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('settings:read', {
      method: 'get',
      path: '/ledger',
      tags: ['ledger'],
      summary: 'What happened, oldest first',
      description:
        '`seq` and `seal` are the place and the link of the event in the hash chain; null until it is sealed.',
      request: { query },
      responses: { 200: answer('One page.', events) },
    }),
    async (c) => list(c, null, c.req.valid('query')),
  )

  api.openapi(
    operation('contacts:read', {
      method: 'get',
      path: '/contacts/{id}/ledger',
      tags: ['contacts'],
      summary: 'What happened to a contact, also after its erasure',
      request: { params: byId, query },
      responses: { 200: answer('One page.', events) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const known = (await contactById(deps.store, id)) ?? (await listEvents(deps.store, id, null, 1))[0]
      return known ? list(c, id, c.req.valid('query')) : missing(c, 'contact')
    },
  )

  api.openapi(
    operation('contacts:read', {
      method: 'get',
      path: '/contacts/{id}/export',
      tags: ['contacts'],
      summary: 'All data about a person (GDPR Art. 15), or what they gave by consent (Art. 20)',
      request: {
        params: byId,
        query: z.strictObject({
          only: z.enum(['portable']).optional().openapi({ description: 'the part for Art. 20' }),
        }),
      },
      responses: { 200: answer('A document of its own.', z.record(z.string(), z.unknown()).openapi('ContactExport')) },
    }),
    async (c) => {
      const data = await exportContact(deps, c.req.valid('param').id)
      if (!data) return missing(c, 'contact')
      return c.json(c.req.valid('query').only === 'portable' ? (data.portable ?? {}) : data)
    },
  )

  async function list(c: ApiContext, subject: string | null, wanted: z.infer<typeof query>) {
    const read = readPage(wanted, LIST, ['number', 'string'])
    if (!read.ok) return invalid(c, read.errors)
    const after = read.after ? { at: Number(read.after[0]), id: String(read.after[1]) } : null
    const rows = await listEvents(deps.store, subject, after, read.limit + 1)
    return c.json(pageOf(rows, read.limit, LIST, (row) => [row.at, row.id], show))
  }

  return api
}

function show({ id, at, event: name, subject, actor, data, seq, hash }: LedgerRow) {
  return { id, at: time(at), event: name, subject, actor, data: JSON.parse(data) as object, seq, seal: hash }
}
