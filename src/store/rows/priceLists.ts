/** Rows of 0002_price_lists.sql. */

export type PriceListRow = {
  id: string
  name: string
  /** JSON of rules/priceColumns.ts `Mapping`; null until a table was mapped */
  mapping: string | null
  created_at: number
  updated_at: number
  created_by: string
}

export type PriceVersionRow = {
  id: string
  price_list_id: string
  /** '' for whoever has no version of their own */
  price_group: string
  /** YYYY-MM-DD */
  valid_from: string
  /** JSON of rules/priceTable.ts `TableFacts` */
  facts: string
  content_hash: string
  created_at: number
  created_by: string
  mapped_at: number | null
}

export type PriceRowsRow = { version_id: string; n: number; rows_json: string }

export type PriceFileRow = {
  id: string
  version_id: string
  name: string
  media_type: string
  size: number
  sha256: string
  created_at: number
}
