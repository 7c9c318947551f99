import { z } from '@hono/zod-openapi'
import { addContact } from '../../actions/addContact.ts'
import { changeContact } from '../../actions/changeContact.ts'
import { erase } from '../../actions/erase.ts'
import type { Deps } from '../../deps.ts'
import { parseEmail } from '../../rules/address.ts'
import { contactById, contactByStrict, listContacts } from '../../store/contacts.ts'
import { permissionsOf } from '../../store/permissions.ts'
import type { ContactRow } from '../../store/tables.ts'
import { problem } from '../errors.tsx'
import {
  added,
  contact,
  contactInput,
  contactPage,
  contactPatch,
  showContact,
  showPermission,
} from './contactShapes.ts'
import { ifMatch, setETag, staleAnswer } from './versions.ts'
import { actorOf, answer, body, depsOf, invalid, missing, newApi, operations, type ApiContext } from './operation.ts'
import { pageOf, paging, readPage } from './paging.ts'
import { byId } from './shapes.ts'

const LIST = 'contacts'
const tags = ['contacts']

/** People at companies: adding, finding, changing, erasing. */
export function contactRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('contacts:write', {
      method: 'post',
      path: '/contacts',
      tags,
      summary: 'Add a contact, or change what is given of the one with that address',
      request: { body: body(contactInput) },
      responses: {
        200: answer('The address was known.', added),
        201: answer('Added. `warnings` says where the gate would still stop.', added),
      },
    }),
    async (c) => {
      const result = await addContact(depsOf(c, deps), c.req.valid('json'), actorOf(c))
      if (!result.ok) return invalid(c, result.errors)
      c.header('Location', `/api/v1/contacts/${result.id}`)
      return c.json({ id: result.id, warnings: result.warnings }, result.added ? 201 : 200)
    },
  )

  api.openapi(
    operation('contacts:read', {
      method: 'get',
      path: '/contacts',
      tags,
      summary: 'List contacts, or find the one with an address',
      request: { query: z.strictObject({ ...paging, email: z.string().max(1024).optional() }) },
      responses: { 200: answer('One page, oldest first.', contactPage) },
    }),
    async (c) => {
      const query = c.req.valid('query')
      const page = readPage(query, LIST, ['string'])
      if (!page.ok) return invalid(c, page.errors)
      if (query.email !== undefined) {
        const read = parseEmail(query.email, { allowReserved: true })
        if (!read.ok) return invalid(c, [{ path: 'email', message: read.error }])
        const found = await contactByStrict(deps.store, read.email.strict)
        return c.json({ items: found ? [showContact(found)] : [], nextCursor: null })
      }
      const rows = await listContacts(deps.store, String(page.after?.[0] ?? ''), page.limit + 1)
      return c.json(pageOf(rows, page.limit, LIST, (row) => [row.id], showContact))
    },
  )

  api.openapi(
    operation('contacts:read', {
      method: 'get',
      path: '/contacts/{id}',
      tags,
      summary: 'A contact with its permissions',
      request: { params: byId },
      responses: { 200: answer('The contact; its ETag goes into If-Match.', contact) },
    }),
    async (c) => {
      const row = await contactById(deps.store, c.req.valid('param').id)
      return row ? show(c, row) : missing(c, 'contact')
    },
  )

  api.openapi(
    operation('contacts:write', {
      method: 'patch',
      path: '/contacts/{id}',
      tags,
      summary: 'Change what is given; `null` takes a value away',
      description: 'A new address takes the bans along and ends the permissions, which were given for the old one.',
      request: { params: byId, headers: ifMatch, body: body(contactPatch) },
      responses: { 200: answer('The changed contact.', contact) },
    }),
    async (c) => {
      const seenAt = c.req.valid('header')['if-match']
      const result = await changeContact(deps, c.req.valid('param').id, c.req.valid('json'), seenAt, actorOf(c))
      if (result.ok) return show(c, result.contact)
      if (result.kind === 'missing') return missing(c, 'contact')
      if (result.kind === 'stale') return staleAnswer(c)
      return result.kind === 'invalid'
        ? invalid(c, result.errors)
        : problem(c, 409, 'Another contact has this', { errors: result.errors })
    },
  )

  api.openapi(
    operation('contacts:write', {
      method: 'delete',
      path: '/contacts/{id}',
      tags,
      summary: 'Erase a contact; what was objected to stays blocked',
      request: { params: byId },
      responses: { 204: { description: 'Erased.' } },
    }),
    async (c) => {
      const erased = await erase(deps, c.req.valid('param').id, actorOf(c))
      return erased ? c.body(null, 204) : missing(c, 'contact')
    },
  )

  async function show(c: ApiContext, row: ContactRow) {
    setETag(c, row.updated_at)
    const permissions = (await permissionsOf(deps.store, row.id)).map((permission) =>
      showPermission(permission, deps.now()),
    )
    return c.json({ ...showContact(row), permissions })
  }

  return api
}
