import type { Deps } from '../deps.ts'
import { asVersion, isMapped } from '../mail/prices.ts'
import { compareRows, versionBefore, type Changes, type ComparedRow } from '../rules/priceList.ts'
import type { PriceRow } from '../rules/priceTable.ts'
import { priceRowsOf, versionsOf } from '../store/priceLists.ts'
import type { PriceVersionRow } from '../store/rows/priceLists.ts'

/** The rows of a version beside the prices of the version before it in its price group. */
export async function comparedRows(
  { store }: Pick<Deps, 'store'>,
  version: PriceVersionRow,
): Promise<{ rows: ComparedRow[]; changes: Changes | null; before: PriceVersionRow | null }> {
  const versions = (await versionsOf(store, [version.price_list_id])).filter(isMapped)
  const beforeId = versionBefore(versions.map(asVersion), asVersion(version))?.id
  const before = versions.find(({ id }) => id === beforeId) ?? null
  const [rows, oldRows] = await Promise.all([
    priceRowsOf<PriceRow>(store, version.id),
    before === null ? null : priceRowsOf<PriceRow>(store, before.id),
  ])
  // A version of files alone has no prices to compare with.
  const compared = compareRows(rows, oldRows?.length === 0 ? null : oldRows)
  return { rows: compared.rows, changes: oldRows === null ? null : compared.changes, before }
}
