import { describe, expect, it } from 'vitest'
import { addVersion } from '../../src/actions/addPriceVersion.ts'
import { mapVersion } from '../../src/actions/mapPriceVersion.ts'
import { priceListById, priceRowsOf, versionById } from '../../src/store/priceLists.ts'
import { startApp } from '../app.ts'
import { engines } from '../stores.ts'

describe.each(engines.map(({ name }) => name))('columns mapped by two people at once (%s)', (engine) => {
  it('are one person’s: the rows, the facts and what is remembered belong together and stay', async () => {
    const { deps, close } = await startApp({ engine })
    try {
      const bytes = Buffer.from('A;B;C\n1;Ruuvi;2,00\n2;Mutteri;3,00\n')
      const files = [{ name: 'hinnat.csv', bytes }]
      const added = await addVersion(deps, { name: 'Hinnasto', validFrom: '2026-01-01', files }, 'system', 'wait')
      if (!added.ok) throw new Error(JSON.stringify(added.faults))
      const { id } = added.version
      const results = await Promise.all([
        mapVersion(deps, id, ['code', 'name', 'price']),
        mapVersion(deps, id, ['price', 'name', 'extra']),
      ])
      expect(results.filter(({ ok }) => ok)).toHaveLength(1)
      const version = await versionById(deps.store, id)
      const rows = await priceRowsOf(deps.store, id)
      const list = await priceListById(deps.store, version?.price_list_id ?? '')
      const isFirst = results[0]?.ok === true
      expect(JSON.parse(version?.facts ?? '{}')).toMatchObject({ extra: isFirst ? [] : ['C'] })
      expect(rows[0]).toEqual(
        isFirst
          ? { code: '1', name: 'Ruuvi', unit: '', price: '2', extra: [] }
          : { code: '', name: 'Ruuvi', unit: '', price: '1', extra: ['2,00'] },
      )
      expect(list?.mapping).toContain(isFirst ? '"code"' : '"extra"')
      expect(await mapVersion(deps, id, ['skip', 'name', 'price'])).toMatchObject({ ok: false, status: 404 })
    } finally {
      await close()
    }
  })
})
