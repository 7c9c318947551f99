import { expect, it } from 'vitest'
import { readPriceSheet } from '../../src/actions/priceSheet.ts'

it('reads no more lines of a text file than a price list may have', async () => {
  const read = await readPriceSheet('text/csv', Buffer.from(`Koodi;Hinta\n${'\n'.repeat(1_000_000)}`))
  expect(read.ok && read.rows.length).toBeLessThan(30_000)
  // One line too many is still seen.
  expect(read.ok && read.rows.length).toBeGreaterThan(20_001)
})

it('finds a quote that is never closed in a text file that is not too long', async () => {
  expect(await readPriceSheet('text/csv', Buffer.from('Koodi;Hinta\n1;"2,00\n'))).toEqual({
    ok: false,
    code: 'csv_open_quote',
  })
})
