import { z } from '@hono/zod-openapi'
import {
  changeMailing,
  copyMailing,
  createMailing,
  deleteMailing,
  type SaveResult,
} from '../../actions/mailingContent.ts'
import type { Deps } from '../../deps.ts'
import { attachmentsOf } from '../../store/attachments.ts'
import { countsOf } from '../../store/mailingCounts.ts'
import { listMailings, mailingById } from '../../store/mailings.ts'
import type { MailingRow } from '../../store/tables.ts'
import { problem } from '../errors.tsx'
import { mailing, mailingPatch, newMailing, showMailing } from './mailingShapes.ts'
import { actorOf, answer, body, depsOf, invalid, missing, newApi, operations, type ApiContext } from './operation.ts'
import { page, pageOf, paging, readPage } from './paging.ts'
import { byId } from './shapes.ts'

const LIST = 'mailings'
const tags = ['mailings']

/** Newsletters, price lists, survey and event invitations: writing them and reading how they fare. */
export function mailingRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('mailings:write', {
      method: 'post',
      path: '/mailings',
      tags,
      summary: 'Write a draft; its content is checked at once',
      request: { body: body(newMailing) },
      responses: { 201: answer('The draft, with warnings where the content has weak places.', mailing) },
    }),
    async (c) => {
      return (await replayed(c)) ?? saved(c, await createMailing(depsOf(c, deps), c.req.valid('json'), actorOf(c)), 201)
    },
  )

  api.openapi(
    operation('mailings:read', {
      method: 'get',
      path: '/mailings',
      tags,
      summary: 'List mailings, newest first',
      request: { query: z.strictObject(paging) },
      responses: { 200: answer('One page.', page(mailing)) },
    }),
    async (c) => {
      const read = readPage(c.req.valid('query'), LIST, ['string'])
      if (!read.ok) return invalid(c, read.errors)
      const before = read.after?.[0]
      const rows = await listMailings(deps.store, read.limit + 1, before === undefined ? undefined : String(before))
      const known = await knownOf(rows)
      return c.json(
        pageOf(
          rows,
          read.limit,
          LIST,
          (row) => [row.id],
          (row) => showMailing(row, known(row)),
        ),
      )
    },
  )

  api.openapi(
    operation('mailings:read', {
      method: 'get',
      path: '/mailings/{id}',
      tags,
      summary: 'A mailing with its state and counts',
      request: { params: byId },
      responses: { 200: answer('The mailing.', mailing) },
    }),
    async (c) => {
      const row = await mailingById(deps.store, c.req.valid('param').id)
      return row ? c.json(showMailing(row, (await knownOf([row]))(row))) : missing(c, 'mailing')
    },
  )

  api.openapi(
    operation('mailings:write', {
      method: 'patch',
      path: '/mailings/{id}',
      tags,
      summary: 'Change a draft; what is left out stays',
      request: { params: byId, body: body(mailingPatch) },
      responses: { 200: answer('The changed draft.', mailing) },
    }),
    async (c) => {
      const given = Object.entries(c.req.valid('json')).filter(([, value]) => value !== undefined)
      return saved(c, await changeMailing(deps, c.req.valid('param').id, Object.fromEntries(given)), 200)
    },
  )

  api.openapi(
    operation('mailings:write', {
      method: 'delete',
      path: '/mailings/{id}',
      tags,
      summary: 'Delete a draft',
      request: { params: byId },
      responses: { 204: { description: 'Deleted.' } },
    }),
    async (c) => {
      const result = await deleteMailing(deps, c.req.valid('param').id)
      return result.ok ? c.body(null, 204) : refused(c, result)
    },
  )

  api.openapi(
    operation('mailings:write', {
      method: 'post',
      path: '/mailings/{id}/copy',
      tags,
      summary: 'A new draft with the same content, files and audience',
      request: { params: byId },
      responses: { 201: answer('The new draft.', mailing) },
    }),
    async (c) => {
      return (
        (await replayed(c)) ?? saved(c, await copyMailing(depsOf(c, deps), c.req.valid('param').id, actorOf(c)), 201)
      )
    },
  )

  /** The draft that an earlier try of this very request made before it died. */
  async function replayed(c: ApiContext) {
    const turn = c.get('turn')
    const row = turn?.again ? await mailingById(deps.store, turn.first) : null
    return row ? shown(c, row, 201) : null
  }

  async function saved(c: ApiContext, result: SaveResult, status: 200 | 201) {
    return result.ok ? shown(c, result.mailing, status) : refused(c, result)
  }

  async function shown(c: ApiContext, row: MailingRow, status: 200 | 201) {
    if (status === 201) c.header('Location', `/api/v1/mailings/${row.id}`)
    return c.json(showMailing(row, (await knownOf([row]))(row)), status)
  }

  async function knownOf(rows: readonly MailingRow[]) {
    const ids = rows.map(({ id }) => id)
    const [counts, attachments] = await Promise.all([
      ids.length === 0 ? new Map<string, never>() : countsOf(deps.store, ids),
      attachmentsOf(deps.store, ids),
    ])
    return (row: MailingRow) => ({ ...counts.get(row.id), attachments })
  }

  return api
}

export function refused(
  c: ApiContext,
  { status, errors }: { status: 404 | 409 | 422; errors: { path: string; message: string }[] },
) {
  if (status === 404) return missing(c, 'mailing')
  return status === 422 ? invalid(c, errors) : problem(c, 409, 'The state of the mailing stands in the way', { errors })
}
