import { z } from '@hono/zod-openapi'
import { comparedRows } from '../../actions/comparePrices.ts'
import { takeBackVersion } from '../../actions/deletePriceVersion.ts'
import type { Deps } from '../../deps.ts'
import { filesOfVersion, priceFileById, versionById } from '../../store/priceLists.ts'
import type { PriceVersionRow } from '../../store/rows/priceLists.ts'
import { problem } from '../errors.tsx'
import { fileAnswer } from '../fileAnswer.ts'
import { answer, invalid, missing, newApi, operations } from './operation.ts'
import { page, pageOf, paging, readPage } from './paging.ts'
import { priceRow, priceVersionWhole, showPriceFile, showPriceRow, showVersion } from './priceListShapes.ts'

const ROWS = 'price-list-rows'
const tags = ['price lists']
const ofVersion = z.object({ id: z.string(), version: z.string() })

/** What a version of a price list holds. */
export function priceVersionRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  api.openapi(
    operation('mailings:read', {
      method: 'get',
      path: '/price-lists/{id}/versions/{version}',
      tags,
      summary: 'A version with its files, and what changed since the version before',
      request: { params: ofVersion },
      responses: { 200: answer('The version.', priceVersionWhole) },
    }),
    async (c) => {
      const version = await versionIn(c.req.valid('param'))
      return version ? c.json(await wholeVersion(deps, version)) : missing(c, 'version')
    },
  )

  api.openapi(
    operation('mailings:read', {
      method: 'get',
      path: '/price-lists/{id}/versions/{version}/rows',
      tags,
      summary: 'The rows of a version, each with its price before',
      request: { params: ofVersion, query: z.strictObject(paging) },
      responses: { 200: answer('One page.', page(priceRow)) },
    }),
    async (c) => {
      const read = readPage(c.req.valid('query'), ROWS, ['number'])
      if (!read.ok) return invalid(c, read.errors)
      const version = await versionIn(c.req.valid('param'))
      if (!version) return missing(c, 'version')
      const { columns } = showVersion(version)
      const from = Number(read.after?.[0] ?? 0)
      const { rows } = await comparedRows(deps, version)
      const numbered = rows.slice(from, from + read.limit + 1).map((row, n) => ({ row, next: from + n + 1 }))
      return c.json(
        pageOf(
          numbered,
          read.limit,
          ROWS,
          ({ next }) => [next],
          ({ row }) => showPriceRow(row, columns),
        ),
      )
    },
  )

  api.openapi(
    operation('mailings:write', {
      method: 'delete',
      path: '/price-lists/{id}/versions/{version}',
      tags,
      summary: 'Take a version back that no scheduled mailing sends; a list without versions goes too',
      request: { params: ofVersion },
      responses: { 204: { description: 'Deleted.' } },
    }),
    async (c) => {
      const version = await versionIn(c.req.valid('param'))
      const result = version ? await takeBackVersion(deps, version.id) : 'missing'
      if (result === 'deleted') return c.body(null, 204)
      if (result === 'missing') return missing(c, 'version')
      const message = 'A scheduled mailing sends this version: it is part of the record. Add a new version.'
      return problem(c, 409, 'The version is in use', { errors: [{ path: 'version', message }] })
    },
  )

  api.openapi(
    operation('mailings:read', {
      method: 'get',
      path: '/price-lists/{id}/files/{file}',
      tags,
      summary: 'A file of a version, as it was sent in',
      request: { params: z.object({ id: z.string(), file: z.string() }) },
      responses: {
        200: { description: 'The file.', content: { '*/*': { schema: { type: 'string', format: 'binary' } } } },
      },
    }),
    async (c) => {
      const params = c.req.valid('param')
      const file = await priceFileById(deps.store, params.file)
      const version = file && (await versionById(deps.store, file.version_id))
      const found = version?.price_list_id === params.id ? file : null
      return (found && (await fileAnswer(c, deps, found))) ?? missing(c, 'file')
    },
  )

  async function versionIn({ id, version: versionId }: z.infer<typeof ofVersion>) {
    const version = await versionById(deps.store, versionId)
    return version?.price_list_id === id ? version : null
  }

  return api
}

/** A version with its files and what changed. */
export async function wholeVersion(deps: Deps, version: PriceVersionRow): Promise<z.infer<typeof priceVersionWhole>> {
  const [files, { changes }] = await Promise.all([filesOfVersion(deps.store, version.id), comparedRows(deps, version)])
  return { ...showVersion(version), files: files.map(showPriceFile), changes }
}
