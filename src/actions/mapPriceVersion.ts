import type { Deps } from '../deps.ts'
import {
  findHeading,
  fitMapping,
  guessMapping,
  mappingFault,
  type ColumnField,
  type Heading,
  type Mapping,
} from '../rules/priceColumns.ts'
import { readTable } from '../rules/priceTable.ts'
import {
  filesOfVersion,
  fillVersion,
  priceListById,
  putPriceRows,
  rememberMapping,
  versionById,
} from '../store/priceLists.ts'
import type { PriceFileRow, PriceListRow, PriceVersionRow } from '../store/rows/priceLists.ts'
import { filled } from './addPriceVersion.ts'
import { readPriceFile, XLSX, type FileFault } from './priceFiles.ts'
import { readPriceSheet } from './priceSheet.ts'

/** A version that waits for its columns, with what its table looks like. */
export type Waiting = {
  list: PriceListRow
  version: PriceVersionRow
  file: PriceFileRow
  files: PriceFileRow[]
  heading: Heading
  rows: string[][]
  decimals: 'point' | 'written'
  /** what was remembered, else what the headings say */
  mapping: Mapping
  missing: string[]
  added: string[]
}

/** What a person needs to see to map the columns; null when nothing waits here. */
export async function waitingVersion({ store }: Pick<Deps, 'store'>, id: string): Promise<Waiting | FileFault | null> {
  const version = await versionById(store, id)
  if (!version || version.mapped_at !== null) return null
  const [list, files] = await Promise.all([priceListById(store, version.price_list_id), filesOfVersion(store, id)])
  const file =
    files.find(({ media_type }) => media_type === XLSX) ?? files.find(({ media_type }) => media_type === 'text/csv')
  if (!list || !file) return null
  const sheet = await readPriceSheet(file.media_type, await readPriceFile(store, file))
  if (!sheet.ok) return { code: sheet.code, file: file.name }
  const known = list.mapping === null ? null : (JSON.parse(list.mapping) as Mapping)
  const heading = findHeading(sheet.rows, known) ?? findHeading(sheet.rows, null)
  if (heading === null) return { code: 'no_heading', file: file.name }
  const guessed = guessMapping(heading.headings)
  const fitted = known === null ? { mapping: guessed, missing: [], added: [] } : fitMapping(known, heading.headings)
  const { rows, decimals } = sheet
  return { list, version, file, files, heading, rows, decimals, ...fitted }
}

export type MapResult = { ok: true; version: PriceVersionRow } | { ok: false; status: 404 | 422; faults: FileFault[] }

/**
 * Reads the rows of a waiting version by the columns that a person chose, and remembers them for later versions.
 * @param fields one for each heading, in the order of the table
 */
export async function mapVersion(deps: Deps, id: string, fields: readonly ColumnField[]): Promise<MapResult> {
  const { store } = deps
  const waiting = await waitingVersion(deps, id)
  if (waiting === null) return { ok: false, status: 404, faults: [] }
  if ('code' in waiting) return { ok: false, status: 422, faults: [waiting] }
  const { heading, rows, decimals, list, files } = waiting
  const mapping = heading.headings.map((text, n) => ({ heading: text, field: fields[n] ?? ('skip' as const) }))
  const fault = mappingFault(mapping)
  if (fault !== null) return { ok: false, status: 422, faults: [{ code: fault, row: heading.row + 1 }] }
  const table = readTable(rows, heading, mapping, decimals)
  if (!table.ok) return { ok: false, status: 422, faults: table.faults }
  const now = deps.now()
  const content = { id, ...filled(files, table) }
  await store.batch([
    fillVersion(store, id, { ...content, mapped_at: now }),
    ...putPriceRows(store, content, table.rows),
    rememberMapping(store, list.name, content, JSON.stringify(mapping), now),
  ])
  const version = await versionById(store, id)
  // Somebody else may have mapped it otherwise meanwhile: then nothing waits here any more.
  return version?.content_hash === content.content_hash ? { ok: true, version } : { ok: false, status: 404, faults: [] }
}
