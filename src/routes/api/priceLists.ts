import { z } from '@hono/zod-openapi'
import { addVersion } from '../../actions/addPriceVersion.ts'
import type { FileFault } from '../../actions/priceFiles.ts'
import type { Deps } from '../../deps.ts'
import { columnFields } from '../../rules/priceColumns.ts'
import { pagePriceLists, priceListById, versionsOf } from '../../store/priceLists.ts'
import { priceFaultIn } from '../../templates/words/priceFaults.ts'
import { problem } from '../errors.tsx'
import { PRICE_UPLOAD_MAX, readPriceUpload } from '../priceUpload.ts'
import { actorOf, answer, depsOf, invalid, missing, newApi, operations, type ApiContext } from './operation.ts'
import { page, pageOf, paging, readPage } from './paging.ts'
import { priceList, priceListAdded, showPriceList } from './priceListShapes.ts'
import { wholeVersion } from './priceVersions.ts'
import { byId } from './shapes.ts'

const LIST = 'price-lists'
const tags = ['price lists']
const said = z.record(z.string(), z.enum(columnFields))

const text = { type: 'string' } as const
const files = { type: 'array', items: { type: 'string', format: 'binary' } } as const
const form = (required: string[], named: Record<string, typeof text>) => ({
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object' as const,
        required,
        properties: { ...named, validFrom: text, priceGroup: text, mapping: text, file: files },
      },
    },
  },
})
const description =
  'One table (XLSX, or CSV) and files to send beside it (PDF), 10 MiB each. Columns are known by their headings, as mapped for the ' +
  'version before, or as `mapping` says: JSON {"heading": "code" | "name" | "unit" | "price" | "extra" | "skip"}.'

/** Price lists and their versions. */
export function priceListRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('mailings:write', {
      method: 'post',
      path: '/price-lists',
      tags,
      summary: 'A version of the price list of that name, which is made where there is none',
      description,
      upload: PRICE_UPLOAD_MAX,
      request: { body: form(['name', 'validFrom', 'file'], { name: text }) },
      responses: { 201: answer('The list with its new version.', priceListAdded) },
    }),
    async (c) => add(c, null),
  )

  api.openapi(
    operation('mailings:write', {
      method: 'post',
      path: '/price-lists/{id}/versions',
      tags,
      summary: 'A new version of a price list',
      description,
      upload: PRICE_UPLOAD_MAX,
      request: { params: byId, body: form(['validFrom', 'file'], {}) },
      responses: { 201: answer('The list with its new version.', priceListAdded) },
    }),
    async (c) => {
      const list = await priceListById(deps.store, c.req.valid('param').id)
      return list ? add(c, list.name) : missing(c, 'price list')
    },
  )

  async function add(c: ApiContext, name: string | null) {
    const read = await readPriceUpload(c)
    if (!read.ok) {
      const errors = [{ path: read.path, message: read.message }]
      return read.status === 422 ? invalid(c, errors) : problem(c, 400, 'The body cannot be read', { errors })
    }
    const mapping = read.mapping === null ? { success: true, data: undefined } : said.safeParse(parsed(read.mapping))
    if (!mapping.success)
      return invalid(c, [
        { path: 'mapping', message: `Send JSON {"heading": field}, each field one of ${columnFields.join(', ')}.` },
      ])
    const upload = { ...read.upload, ...(name === null ? {} : { name }), mapping: mapping.data }
    const result = await addVersion(depsOf(c, deps), upload, actorOf(c), 'refuse')
    if (!result.ok) {
      const errors = result.faults.map((fault) => ({ path: pathOf(fault.code), message: priceFaultIn('en', fault) }))
      return result.status === 413 ? problem(c, 413, 'Too large', { errors }) : invalid(c, errors)
    }
    const list = await priceListById(deps.store, result.version.price_list_id)
    if (!list) return missing(c, 'price list')
    const versions = await versionsOf(deps.store, [list.id])
    c.header('Location', `/api/v1/price-lists/${list.id}`)
    return c.json(
      {
        ...showPriceList(list, versions),
        version: await wholeVersion(deps, result.version),
        ignoredColumns: result.ignored,
      },
      201,
    )
  }

  api.openapi(
    operation('mailings:read', {
      method: 'get',
      path: '/price-lists',
      tags,
      summary: 'List price lists with their versions, newest first',
      request: { query: z.strictObject(paging) },
      responses: { 200: answer('One page.', page(priceList)) },
    }),
    async (c) => {
      const read = readPage(c.req.valid('query'), LIST, ['string'])
      if (!read.ok) return invalid(c, read.errors)
      const before = read.after?.[0]
      const rows = await pagePriceLists(deps.store, read.limit + 1, before === undefined ? undefined : String(before))
      const shown = rows.slice(0, read.limit).map(({ id }) => id)
      const versions = await versionsOf(deps.store, shown)
      return c.json(
        pageOf(
          rows,
          read.limit,
          LIST,
          (row) => [row.id],
          (row) => showPriceList(row, versions),
        ),
      )
    },
  )

  api.openapi(
    operation('mailings:read', {
      method: 'get',
      path: '/price-lists/{id}',
      tags,
      summary: 'A price list with its versions',
      request: { params: byId },
      responses: { 200: answer('The price list.', priceList) },
    }),
    async (c) => {
      const list = await priceListById(deps.store, c.req.valid('param').id)
      return list ? c.json(showPriceList(list, await versionsOf(deps.store, [list.id]))) : missing(c, 'price list')
    },
  )

  return api
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

function pathOf(code: FileFault['code'] | 'name' | 'valid_from' | 'price_group'): string {
  if (code === 'name') return 'name'
  if (code === 'valid_from') return 'validFrom'
  if (code === 'price_group') return 'priceGroup'
  return code === 'columns_changed' || code === 'no_price_column' ? 'mapping' : 'file'
}
