import type { Deps } from '../deps.ts'
import { sha256 } from '../keyring.ts'
import { readDate } from '../rules/priceCells.ts'
import {
  columnLimits,
  findHeading,
  fitMapping,
  guessMapping,
  mappingFault,
  type ColumnField,
  type Fitted,
  type Heading,
  type Mapping,
} from '../rules/priceColumns.ts'
import { readTable, type PriceRow, type TableFacts } from '../rules/priceTable.ts'
import { cleanText } from '../rules/text.ts'
import {
  addPriceList,
  addPriceVersion,
  priceListByName,
  putPriceRows,
  rememberMapping,
  versionById,
} from '../store/priceLists.ts'
import type { PriceVersionRow } from '../store/rows/priceLists.ts'
import { judgePriceFiles, keepPriceFiles, type FileFault, type PriceFile, type SentFile } from './priceFiles.ts'
import { readPriceSheet, type PriceSheet } from './priceSheet.ts'

export type PriceUpload = {
  name: string
  /** YYYY-MM-DD, or as it is written in Finland */
  validFrom: string
  priceGroup?: string | undefined
  /** Heading → field, where the sender says; else what was remembered, else what the headings say. */
  mapping?: Readonly<Record<string, ColumnField>> | undefined
  files: readonly SentFile[]
}

export type FieldFault = { code: 'name' | 'valid_from' | 'price_group' }
export type AddResult =
  | { ok: true; version: PriceVersionRow; ignored: string[] }
  | { ok: false; status: 413 | 422; faults: (FileFault | FieldFault)[] }

/**
 * Takes a version of a price list in: the list of that name, made where there is none. Its table is read with the columns that
 * were mapped before.
 * @param unsure what becomes of a table whose columns nobody has said or that cannot be read so: refused with what is wrong, or
 * kept until somebody maps it (and sent to nobody)
 */
export async function addVersion(
  deps: Deps,
  upload: PriceUpload,
  actor: string,
  unsure: 'refuse' | 'wait',
): Promise<AddResult> {
  const { store } = deps
  const fields = readFields(upload)
  if (!fields.ok) return { ok: false, status: 422, faults: fields.faults }
  const { name, validFrom, priceGroup } = fields
  const judged = judgePriceFiles(upload.files)
  if (!judged.ok) return { ok: false, status: judged.status, faults: [judged.fault] }
  const sheet = judged.table === null ? null : await readPriceSheet(judged.table.mediaType, judged.table.bytes)
  const file = judged.table?.name ?? ''
  if (sheet?.ok === false) {
    const { code, cell } = sheet
    return { ok: false, status: 422, faults: [{ code, file, ...(cell === undefined ? {} : { cell }) }] }
  }
  const known = (await priceListByName(store, name))?.mapping ?? null
  const read = sheet === null ? null : readRows(sheet, known, upload.mapping)
  const isNew = known === null && upload.mapping === undefined
  const mayMap = read !== null && (read.ok ? read.ignored.length > 0 || isNew : !read.faults.some(isHopeless))
  const waits = unsure === 'wait' && mayMap
  if (read?.ok === false && !waits)
    return { ok: false, status: 422, faults: read.faults.map((fault) => ({ ...fault, file })) }
  const table = read?.ok === true && !waits ? read : null
  const now = deps.now()
  const versionId = deps.id()
  const version = {
    id: versionId,
    price_group: priceGroup,
    valid_from: validFrom,
    ...filled(judged.files, table),
    created_at: now,
    created_by: actor,
    mapped_at: waits ? null : now,
  }
  const list = { id: deps.id(), name, mapping: null, created_at: now, updated_at: now, created_by: actor }
  await store.batch([
    addPriceList(store, list),
    addPriceVersion(store, name, version),
    ...keepPriceFiles(store, judged.files, { versionId, id: deps.id, now }),
    ...(table === null
      ? []
      : [
          ...putPriceRows(store, version, table.rows),
          rememberMapping(store, name, version, JSON.stringify(table.mapping), now),
        ]),
  ])
  const added = await versionById(store, versionId)
  if (!added) throw new Error('the new version was not kept')
  return { ok: true, version: added, ignored: table?.ignored ?? [] }
}

const GROUP_MAX = 64

/** What no mapping of columns mends: the file is refused at once, and nobody is asked about its columns. */
const isHopeless = ({ code }: FileFault): boolean =>
  code === 'no_heading' || code === 'no_rows' || code === 'too_many_rows' || code === 'too_many_columns'

function readFields({ name, validFrom, priceGroup = '' }: PriceUpload) {
  const named = cleanText(name, { field: 'name', max: 120 })
  const group = cleanText(priceGroup, { field: 'priceGroup', max: GROUP_MAX, optional: true })
  const day = readDate(validFrom)
  const faults: FieldFault[] = [
    ...(named.ok ? [] : [{ code: 'name' } as const]),
    ...(day === null ? [{ code: 'valid_from' } as const] : []),
    ...(group.ok ? [] : [{ code: 'price_group' } as const]),
  ]
  return named.ok && group.ok && day !== null
    ? { ok: true as const, name: named.value, validFrom: day, priceGroup: group.value }
    : { ok: false as const, faults }
}

type ReadRows =
  | { ok: true; rows: PriceRow[]; facts: TableFacts; mapping: Mapping; ignored: string[] }
  | { ok: false; faults: FileFault[] }

/** The rows of a table by the columns that were said, remembered, or are plain from the headings. */
function readRows(
  sheet: Extract<PriceSheet, { ok: true }>,
  remembered: string | null,
  said?: Readonly<Record<string, ColumnField>>,
): ReadRows {
  const known = remembered === null ? null : (JSON.parse(remembered) as Mapping)
  const heading = findHeading(sheet.rows, said ? asMapping(said) : known)
  if (heading === null) return { ok: false, faults: [{ code: 'no_heading' }] }
  if (heading.headings.length > columnLimits.columns) return { ok: false, faults: [{ code: 'too_many_columns' }] }
  const { mapping, missing, added } = mappingOf(heading, said, known)
  if (missing.length > 0) return { ok: false, faults: [{ code: 'columns_changed', missing, added }] }
  const fault = mappingFault(mapping)
  if (fault !== null) return { ok: false, faults: [{ code: fault, row: heading.row + 1 }] }
  const read = readTable(sheet.rows, heading, mapping, sheet.decimals)
  return read.ok ? { ...read, mapping, ignored: added } : read
}

function mappingOf(
  { headings }: Heading,
  said: Readonly<Record<string, ColumnField>> | undefined,
  known: Mapping | null,
): Fitted {
  if (said) return fitMapping(asMapping(said), headings)
  return known === null ? { mapping: guessMapping(headings), missing: [], added: [] } : fitMapping(known, headings)
}

const asMapping = (said: Readonly<Record<string, ColumnField>>): Mapping =>
  Object.entries(said).map(([heading, field]) => ({ heading, field }))

/** What a version says of itself once its rows are known; without a table it is its files alone. */
export function filled(
  files: readonly Pick<PriceFile, 'name' | 'sha256'>[],
  table: { rows: PriceRow[]; facts: TableFacts } | null,
): Pick<PriceVersionRow, 'facts' | 'content_hash'> {
  const facts = JSON.stringify(table?.facts ?? null)
  const contents = files.map(({ name, sha256: hash }) => [name, hash])
  return { facts, content_hash: sha256(JSON.stringify([facts, table?.rows ?? [], contents])) }
}
