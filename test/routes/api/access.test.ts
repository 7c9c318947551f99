import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiScopes } from '../../../src/rules/apiScopes.ts'
import { apiRoutes } from '../../../src/routes/api/index.ts'
import { describe as documentOf } from '../../../src/routes/api/reference.tsx'
import { startApp, type TestApp } from '../../app.ts'
import { clientOf, keyWith, type Client, type Document } from './client.ts'

let app: TestApp
let client: Client

beforeAll(async () => {
  app = await startApp()
  client = await clientOf(app)
})
afterAll(() => app.close())

type Operation = { method: string; path: string; scope: (typeof apiScopes)[number] }

const operationsOf = ({ paths }: Document): Operation[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{\w+\}/g, 'nobody'),
      scope: operation['x-scope'],
    })),
  )

const ask = (method: string, path: string, key?: string) =>
  app.request(path, {
    method,
    headers: { ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }), 'Content-Type': 'application/json' },
    ...(method === 'GET' ? {} : { body: '{}' }),
  })

describe('who may do what', () => {
  it('P26 answers nobody without a key, on any operation, with a challenge', async () => {
    for (const { method, path } of operationsOf(client.document)) {
      for (const key of [undefined, 'wrong', `${app.apiKey}x`, '']) {
        const answer = await ask(method, path, key)
        expect([method, path, key, answer.status]).toEqual([method, path, key, 401])
        expect(answer.headers.get('WWW-Authenticate')).toMatch(/^Bearer /)
        expect(answer.headers.get('Content-Type')).toMatch('application/problem+json')
      }
    }
  })

  it('P26 refuses every operation to a key that has every scope but its own, and opens it to one that has only that', async () => {
    const keys = new Map(
      await Promise.all(
        apiScopes.map(async (scope) => {
          const others = apiScopes.filter((other) => other !== scope)
          return [scope, { alone: await keyWith(app, scope), without: await keyWith(app, ...others) }] as const
        }),
      ),
    )
    for (const { method, path, scope } of operationsOf(client.document)) {
      const { alone, without } = keys.get(scope)!
      expect([method, path, (await ask(method, path, without)).status]).toEqual([method, path, 403])
      const opened = (await ask(method, path, alone)).status
      expect([method, path, opened]).not.toEqual([method, path, 401])
      expect([method, path, opened]).not.toEqual([method, path, 403])
      expect(opened).toBeLessThan(500)
    }
  })

  it('P26 sends with the right to send only: writing, reading and looking are others', () => {
    const sending = operationsOf(client.document).filter(({ scope }) => scope === 'mailings:send')
    expect(sending.map(({ path }) => path.split('/').at(-1) ?? '').toSorted()).toEqual([
      'accept-uncertain',
      'remind',
      'repeat',
      'resend-uncertain',
      'resume',
      'resume',
      'schedule',
      'test',
    ])
  })

  it('T11 keeps a revoked key out from the next request on', async () => {
    const key = await keyWith(app, 'settings:read')
    expect((await ask('GET', '/api/v1/topics', key)).status).toBe(200)
    await app.deps.store.batch([
      app.deps.store.db.updateTable('api_keys').set({ revoked_at: 1 }).where('name', '=', 'test'),
    ])
    expect((await ask('GET', '/api/v1/topics', key)).status).toBe(401)
  })

  it('takes the scheme of the Authorization header in any case, and nothing but a bearer', async () => {
    const status = async (authorization: string) =>
      (await app.request('/api/v1/topics', { headers: { Authorization: authorization } })).status
    expect(await status(`bearer ${app.apiKey}`)).toBe(200)
    expect(await status(`BEARER  ${app.apiKey}`)).toBe(200)
    expect(await status(app.apiKey)).toBe(401)
    expect(await status(`Basic ${app.apiKey}`)).toBe(401)
    expect(await status(`Bearer ${app.apiKey}, Bearer ${app.apiKey}`)).toBe(401)
  })

  it('T11 lets no spelling of a path past the key, and gives no data under a wrong one', async () => {
    const spellings = [
      '//api/v1/contacts',
      '/api//v1/contacts',
      '/api/v1//contacts',
      '/api/./v1/contacts',
      '/api/x/../v1/contacts',
      '/API/v1/contacts',
      '/api/V1/contacts',
      '/api/v1/Contacts',
      '/api/v1/contacts/',
      '/api/v1/contacts%00',
      '/api/v1/contacts%2f',
      '/api/v1/contacts%20',
      '/api/v1/%63ontacts',
      '/api/v1/contacts;x=1',
      '/api/v1/contacts/..%2ftopics',
      '/api%2fv1/contacts',
    ]
    for (const path of spellings) {
      const { status } = await app.request(`http://127.0.0.1${path}`)
      expect([path, [401, 404].includes(status)]).toEqual([path, true])
    }
  })
})

describe('the document', () => {
  it('names exactly the operations that the router has', () => {
    const api = apiRoutes(app.deps)
    const routed = new Set(
      api.routes
        .filter(({ method }) => method !== 'ALL')
        .map(({ method, path }) => `${method} /api/v1${path.replace(/:(\w+)/g, '{$1}')}`),
    )
    const documented = Object.entries(documentOf(api).paths ?? {}).flatMap(([path, item]) =>
      Object.keys(item as object).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect([...routed].toSorted()).toEqual(documented.toSorted())
  })

  it('is public, says which scope each operation needs, and every reference in it leads somewhere', async () => {
    const answer = await app.request('/openapi.json')
    const text = await answer.text()
    expect(answer.status).toBe(200)
    const document = JSON.parse(text) as Document
    expect(operationsOf(document).filter(({ scope }) => !apiScopes.includes(scope))).toEqual([])
    const references = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? '')
    expect(references.filter((name) => !(name in document.components.schemas))).toEqual([])
  })

  it('is shown to people as a page of our own, without a script', async () => {
    const answer = await app.request('/api/reference')
    const html = await answer.text()
    expect(answer.status).toBe(200)
    expect(html).toContain('/api/v1/contacts/{id}')
    expect(html).not.toMatch(/<script|https?:\/\/(?!127)/)
  })

  it('says which methods a path has, and refuses others with 405', async () => {
    const answer = await client.call('PUT', '/contacts')
    expect(answer.status).toBe(405)
    expect(answer.headers.get('Allow')).toBe('POST, GET, HEAD, OPTIONS')
    expect((await client.call('OPTIONS', '/contacts')).status).toBe(204)
    expect((await client.call('HEAD', '/topics')).status).toBe(200)
  })
})
