import { z } from '@hono/zod-openapi'
import { addCompany } from '../../actions/addCompany.ts'
import { changeCompany } from '../../actions/changeCompany.ts'
import type { CompanyResult } from '../../actions/companyColumns.ts'
import type { Deps } from '../../deps.ts'
import { companyById, domainsOf, listCompanies } from '../../store/companies.ts'
import type { CompanyRow } from '../../store/tables.ts'
import { problem } from '../errors.tsx'
import { answer, body, depsOf, invalid, missing, newApi, operations, type ApiContext } from './operation.ts'
import { page, pageOf, paging, readPage, time } from './paging.ts'
import { ifMatch, setETag, staleAnswer } from './versions.ts'
import { byId } from './shapes.ts'

const LIST = 'companies'
const tags = ['companies']
const form = z.enum(['legal_person', 'sole_trader', 'unknown'])

const input = z
  .strictObject({
    name: z.string(),
    businessId: z.string().nullable().optional(),
    form: form.optional(),
    address: z.string().nullable().optional(),
    domains: z.array(z.string()).max(100).optional(),
    priceGroup: z.string().nullable().optional(),
  })
  .openapi('NewCompany')
const patch = input.partial().openapi('CompanyPatch')

const company = z
  .object({
    id: z.string(),
    name: z.string(),
    businessId: z.string().nullable(),
    form,
    address: z.string().nullable(),
    domains: z.array(z.string()),
    priceGroup: z.string().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Company')

/** Companies that the contacts work at; a contact belongs to the company whose domain its address has. */
export function companyRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('contacts:write', {
      method: 'post',
      path: '/companies',
      tags,
      summary: 'Add a company, or change what is given of the one with that business id',
      request: { body: body(input) },
      responses: { 200: answer('The business id was known.', company), 201: answer('Added.', company) },
    }),
    async (c) => {
      const result = await addCompany(depsOf(c, deps), c.req.valid('json'))
      if (!result.ok) return refused(c, result)
      c.header('Location', `/api/v1/companies/${result.company.id}`)
      return show(c, result.company, result.domains, result.added ? 201 : 200)
    },
  )

  api.openapi(
    operation('contacts:read', {
      method: 'get',
      path: '/companies',
      tags,
      summary: 'List companies',
      request: { query: z.strictObject(paging) },
      responses: { 200: answer('One page, oldest first.', page(company)) },
    }),
    async (c) => {
      const read = readPage(c.req.valid('query'), LIST, ['string'])
      if (!read.ok) return invalid(c, read.errors)
      const rows = await listCompanies(deps.store, String(read.after?.[0] ?? ''), read.limit + 1)
      const domains = await domainsOf(
        deps.store,
        rows.map(({ id }) => id),
      )
      return c.json(
        pageOf(
          rows,
          read.limit,
          LIST,
          (row) => [row.id],
          (row) => showCompany(row, domains.get(row.id) ?? []),
        ),
      )
    },
  )

  api.openapi(
    operation('contacts:read', {
      method: 'get',
      path: '/companies/{id}',
      tags,
      summary: 'A company',
      request: { params: byId },
      responses: { 200: answer('The company.', company) },
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const row = await companyById(deps.store, id)
      return row ? show(c, row, (await domainsOf(deps.store, [id])).get(id) ?? []) : missing(c, 'company')
    },
  )

  api.openapi(
    operation('contacts:write', {
      method: 'patch',
      path: '/companies/{id}',
      tags,
      summary: 'Change what is given; `null` takes a value away, `domains` replaces the list',
      request: { params: byId, headers: ifMatch, body: body(patch) },
      responses: { 200: answer('The changed company.', company) },
    }),
    async (c) => {
      const result = await changeCompany(
        deps,
        c.req.valid('param').id,
        c.req.valid('json'),
        c.req.valid('header')['if-match'],
      )
      return result.ok ? show(c, result.company, result.domains) : refused(c, result)
    },
  )

  return api
}

function show(c: ApiContext, row: CompanyRow, domains: string[], status: 200 | 201 = 200) {
  setETag(c, row.updated_at)
  return c.json(showCompany(row, domains), status)
}

function showCompany(row: CompanyRow, domains: string[]) {
  return {
    id: row.id,
    name: row.name,
    businessId: row.business_id,
    form: row.form,
    address: row.address,
    domains,
    priceGroup: row.price_group,
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
  }
}

function refused(c: ApiContext, result: Extract<CompanyResult, { ok: false }>) {
  if (result.kind === 'missing') return missing(c, 'company')
  if (result.kind === 'stale') return staleAnswer(c)
  return result.kind === 'invalid'
    ? invalid(c, result.errors)
    : problem(c, 409, 'Another company has this', { errors: result.errors })
}
