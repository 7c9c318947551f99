import { z } from '@hono/zod-openapi'
import { columnFields, type Mapping } from '../../rules/priceColumns.ts'
import type { PriceRow, TableFacts } from '../../rules/priceTable.ts'
import type { PriceFileRow, PriceListRow, PriceVersionRow } from '../../store/rows/priceLists.ts'
import { time } from './paging.ts'

const file = z
  .object({ id: z.string(), name: z.string(), mediaType: z.string(), size: z.int(), sha256: z.string() })
  .openapi('PriceListFile')

export const priceVersion = z
  .object({
    id: z.string(),
    validFrom: z.iso.date(),
    priceGroup: z.string().nullable().openapi({ description: 'null = for whoever has no version of their own' }),
    state: z.enum(['ready', 'unmapped']),
    rows: z.int().openapi({ description: 'products' }),
    currency: z.string().nullable(),
    columns: z.array(z.string()).openapi({ description: 'headings of the extra columns' }),
    contentHash: z.string(),
    createdAt: z.iso.datetime(),
  })
  .openapi('PriceListVersion')

export const priceVersionWhole = priceVersion
  .extend({
    files: z.array(file),
    changes: z
      .object({ changed: z.int(), added: z.int(), removed: z.int() })
      .nullable()
      .openapi({ description: 'against the version before it; null for the first' }),
  })
  .openapi('PriceListVersionWhole')

export const priceList = z
  .object({
    id: z.string(),
    name: z.string(),
    mapping: z.record(z.string(), z.enum(columnFields)).nullable(),
    versions: z.array(priceVersion),
    createdAt: z.iso.datetime(),
  })
  .openapi('PriceList')

/** With the version that the request made. */
export const priceListAdded = priceList
  .extend({ version: priceVersionWhole, ignoredColumns: z.array(z.string()) })
  .openapi('PriceListAdded')

export const priceRow = z
  .object({
    heading: z.string().optional().openapi({ description: 'a heading between products, which has nothing else' }),
    code: z.string().optional(),
    name: z.string().optional(),
    unit: z.string().optional(),
    price: z.string().optional().openapi({ description: 'digits with a point, such as 1234.5' }),
    was: z.string().nullable().optional().openapi({ description: 'the price before, where it changed' }),
    isNew: z.boolean().optional(),
    extra: z.record(z.string(), z.string()).optional(),
  })
  .openapi('PriceListRow')

export function showPriceList(row: PriceListRow, versions: readonly PriceVersionRow[]): z.infer<typeof priceList> {
  const mapping = row.mapping === null ? null : (JSON.parse(row.mapping) as Mapping)
  return {
    id: row.id,
    name: row.name,
    mapping: mapping && Object.fromEntries(mapping.map(({ heading, field }) => [heading, field])),
    versions: versions.filter((one) => one.price_list_id === row.id).map(showVersion),
    createdAt: time(row.created_at),
  }
}

export function showVersion(row: PriceVersionRow): z.infer<typeof priceVersion> {
  const facts = JSON.parse(row.facts) as TableFacts | null
  return {
    id: row.id,
    validFrom: row.valid_from,
    priceGroup: row.price_group === '' ? null : row.price_group,
    state: row.mapped_at === null ? 'unmapped' : 'ready',
    rows: facts?.products ?? 0,
    currency: facts?.currency ?? null,
    columns: facts?.extra ?? [],
    contentHash: row.content_hash,
    createdAt: time(row.created_at),
  }
}

export function showPriceFile({ id, name, media_type, size, sha256 }: PriceFileRow): z.infer<typeof file> {
  return { id, name, mediaType: media_type, size, sha256 }
}

export function showPriceRow(
  { row, was, isNew }: { row: PriceRow; was: string | null; isNew: boolean },
  columns: readonly string[],
): z.infer<typeof priceRow> {
  if ('heading' in row) return { heading: row.heading }
  const { code, name, unit, price } = row
  return {
    code,
    name,
    unit,
    price,
    was,
    isNew,
    extra: Object.fromEntries(row.extra.map((value, n) => [columns[n] ?? '', value])),
  }
}
