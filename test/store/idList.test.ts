import { expect, it } from 'vitest'
import { domainsOf } from '../../src/store/companies.ts'
import { countsOf } from '../../src/store/mailingCounts.ts'
import { versionsOf } from '../../src/store/priceLists.ts'
import { turnoutOf } from '../../src/store/surveys.ts'
import { eachEngine } from '../stores.ts'

eachEngine('the longest page of a list', (open) => {
  it('is asked about in one statement, whatever it lists', async () => {
    const store = await open()
    const ids = Array.from({ length: 201 }, (_, n) => `id${n}`)
    expect((await countsOf(store, ids)).size).toBe(201)
    expect((await turnoutOf(store, ids)).size).toBe(201)
    expect((await domainsOf(store, ids)).size).toBe(201)
    expect(await versionsOf(store, ids)).toEqual([])
  })
})
