import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { inputs } from '../../inputs.ts'
import { clientOf, type Client } from './client.ts'

let app: TestApp
let client: Client

beforeAll(async () => {
  app = await startApp()
  client = await clientOf(app)
})
afterAll(() => app.close())

describe('lists', () => {
  beforeAll(async () => {
    for (let i = 0; i < 5; i++) {
      app.clock.advance(1)
      await client.call('POST', '/companies', { name: `Lista ${i}` })
    }
  })

  it('go page by page, each thing once', async () => {
    const names: string[] = []
    let cursor: string | null = ''
    for (let pages = 0; cursor !== null && pages < 20; pages++) {
      const { json } = await client.call('GET', `/companies?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      expect(json.items.length).toBeLessThanOrEqual(2)
      names.push(...json.items.map(({ name }: { name: string }) => name))
      cursor = json.nextCursor
    }
    expect(names.filter((name) => name.startsWith('Lista'))).toEqual([
      'Lista 0',
      'Lista 1',
      'Lista 2',
      'Lista 3',
      'Lista 4',
    ])
  })

  it.each([
    'limit=0',
    'limit=201',
    'limit=-1',
    'limit=1.5',
    'limit=1e2',
    'limit=',
    'limit=1&limit=2',
    'limit=1e308',
    'limit=all',
  ])('refuse %s', async (query) => {
    expect((await client.call('GET', `/contacts?${query}`)).status).toBe(422)
  })

  it('refuse a cursor that is none of theirs', async () => {
    const { json } = await client.call('GET', '/companies?limit=1')
    for (const cursor of [
      json.nextCursor,
      'x',
      '',
      'W10',
      Buffer.from('["contacts",1]').toString('base64url'),
      Buffer.from('["contacts","a","b"]').toString('base64url'),
    ])
      expect((await client.call('GET', `/contacts?cursor=${cursor}`)).status).toBe(422)
  })

  it.each(
    inputs('H').filter(
      ({ in: value }) => typeof value === 'string' && /^(sort|fields|include|filter|page|per_page)\b/.test(value),
    ),
  )('T08 take no parameter that they do not know: $id', async ({ in: value }) => {
    expect((await client.call('GET', `/contacts?${String(value)}`)).status).toBe(422)
  })

  it.each(inputs('H').filter(({ expect: expected }) => expected.startsWith('treated as plain text')))(
    'T08 take hostile text for text: $id',
    async ({ in: value }) => {
      const text = encodeURIComponent(String(value))
      for (const path of [
        `/contacts?email=${text}`,
        `/contacts?cursor=${text}`,
        `/bans/check?kind=email&value=${text}`,
        `/contacts/${text}`,
      ])
        expect([404, 422]).toContain((await client.call('GET', path)).status)
    },
  )
})
