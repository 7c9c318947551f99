import { z } from '@hono/zod-openapi'
import { cancelImport } from '../../actions/cancelImport.ts'
import { importBans } from '../../actions/importBans.ts'
import { importContacts } from '../../actions/importContacts.ts'
import type { QueueResult } from '../../actions/queueImport.ts'
import { discardFile, type ReceivedFile } from '../../actions/receiveFile.ts'
import type { Deps } from '../../deps.ts'
import { sha256 } from '../../keyring.ts'
import { progressOf } from '../../rules/importProgress.ts'
import type { TypedOptions } from '../../rules/importOptions.ts'
import { importById } from '../../store/imports.ts'
import type { ImportRow } from '../../store/tables.ts'
import { problem } from '../errors.tsx'
import { refusedCsv } from '../refusedCsv.ts'
import { answerOnce } from './answerOnce.ts'
import { readImportUpload } from './importUpload.ts'
import { actorOf, answer, invalid, missing, newApi, operations, type ApiContext } from './operation.ts'
import { time } from './paging.ts'

const params = z.object({ id: z.string() })
const text = { type: 'string' } as const
const file = { type: 'string', format: 'binary' } as const
const queued = z.object({ id: z.string() }).openapi('QueuedImport')
const shown = z
  .object({
    id: z.string(),
    state: z.enum(['queued', 'running', 'finished', 'failed']),
    dryRun: z.boolean(),
    rows: z.int().openapi({ description: 'rows of the file, without its header; 0 until it was looked over' }),
    added: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    refused: z.int(),
    progress: z.number().openapi({ description: '0 to 1' }),
    error: z.string().nullable(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .openapi('Import')

const kinds = [
  {
    kind: 'contacts',
    path: '/imports',
    write: 'contacts:write',
    read: 'contacts:read',
    summary: 'Import contacts from a CSV file or an Excel workbook (XLSX)',
    description:
      'Columns by header: email, name (or firstName and lastName), company, businessId, title, phone, language, priceGroup, externalId, address, street, postcode, ' +
      'city; rule, evidence and consentDate speak for their row. `mapping` says what other headers mean, as JSON: ' +
      '{"Sähköposti": "email", "Muistiinpano": null}, where null leaves a column out. ' +
      'The same file with the same options is imported once (200).',
    content: form(['file', 'source'], {
      file,
      source: text,
      topics: text,
      rule: text,
      evidence: text,
      language: text,
      dryRun: text,
      mapping: text,
    }),
    queue: importContacts,
  },
  {
    kind: 'bans',
    path: '/bans/imports',
    write: 'bans:write',
    read: 'bans:read',
    summary: 'Add bans from a CSV file or an Excel workbook (XLSX); none is ever taken away',
    description: 'Columns kind, value and perhaps scope and reason; or one column email. `mapping` as for contacts.',
    content: { ...form(['file'], { file, source: text, dryRun: text, mapping: text }), 'text/csv': { schema: text } },
    queue: importBans,
  },
] as const

function form(required: string[], properties: Record<string, { type: 'string'; format?: string }>) {
  return { 'multipart/form-data': { schema: { type: 'object' as const, required, properties } } }
}

/** Files of contacts and of bans: taken in at once, imported in the background, with a verdict for each row. */
export function importRoutes(deps: Deps) {
  const api = newApi()
  const operation = operations(deps)

  for (const { kind, path, write, read, summary, description, content, queue } of kinds) {
    const tags = [kind]

    api.openapi(
      operation(write, {
        method: 'post',
        path,
        tags,
        summary,
        description,
        streams: true,
        request: { body: { required: true, content } },
        responses: {
          200: answer('The same file was imported before, or is being imported.', queued),
          202: answer('Queued.', queued),
        },
      }),
      async (c) => {
        const upload = await readImportUpload(c, deps, 'text/csv' in content ? 'csv may come alone' : 'form only')
        if (!upload.ok)
          return upload.status === 422
            ? invalid(c, upload.errors)
            : problem(c, upload.status, titles[upload.status], upload)
        return once(c, upload, () => queue(deps, upload.file, upload.typed, actorOf(c)))
      },
    )

    api.openapi(
      operation(read, {
        method: 'get',
        path: `${path}/{id}`,
        tags,
        summary: 'How far an import is, and what became of its rows',
        request: { params },
        responses: { 200: answer('The import.', shown) },
      }),
      async (c) => {
        const row = await importById(deps.store, c.req.valid('param').id)
        return row?.kind === kind ? c.json(show(row)) : missing(c, 'import')
      },
    )

    api.openapi(
      operation(read, {
        method: 'get',
        path: `${path}/{id}/refused.csv`,
        tags,
        summary: 'The rows that were refused, with the number that a spreadsheet shows',
        request: { params },
        responses: { 200: { description: 'row, field, message', content: { 'text/csv': { schema: z.string() } } } },
      }),
      async (c) => {
        const row = await importById(deps.store, c.req.valid('param').id)
        if (row?.kind !== kind) return missing(c, 'import')
        return refusedCsv(deps, row.id)
      },
    )

    api.openapi(
      operation(write, {
        method: 'post',
        path: `${path}/{id}/cancel`,
        tags,
        summary: 'End an import; what it counts stays',
        request: { params },
        responses: { 200: answer('The import as it is now.', shown) },
      }),
      async (c) => {
        const { id } = c.req.valid('param')
        if ((await importById(deps.store, id))?.kind !== kind) return missing(c, 'import')
        await cancelImport(deps, id)
        const row = await importById(deps.store, id)
        return row ? c.json(show(row)) : missing(c, 'import')
      },
    )
  }

  /** The Idempotency-Key stands for the file by its hash: a large body is not held for it. */
  async function once(
    c: ApiContext,
    { file, typed }: { file: ReceivedFile; typed: TypedOptions },
    queue: () => Promise<QueueResult>,
  ) {
    const digest = sha256(JSON.stringify([c.req.path, file.sha256, typed]))
    const replayed = await answerOnce(deps, async () => digest)(c, async () => {
      const result = await queue()
      if (!result.ok) await discardFile(deps, file.importId)
      c.res = result.ok ? c.json({ id: result.id }, result.again ? 200 : 202) : invalid(c, result.errors)
    })
    if (replayed) await discardFile(deps, file.importId)
    return replayed ?? c.res
  }

  return api
}

const titles = { 400: 'The body cannot be read', 413: 'Too large', 415: 'This media type is not understood' }

function show(row: ImportRow): z.infer<typeof shown> {
  const { id, added, updated, unchanged, refused, error } = row
  const { dryRun } = JSON.parse(row.options) as { dryRun: boolean }
  const times = { createdAt: time(row.created_at), startedAt: time(row.started_at), finishedAt: time(row.finished_at) }
  return { id, ...progressOf(row), dryRun, added, updated, unchanged, refused, error, ...times }
}
