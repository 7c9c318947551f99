import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../app.ts'

let t: TestApp
beforeAll(async () => {
  t = await startApp()
})
afterAll(() => t.close())

describe('an answer that is no success', () => {
  it('is a calm page for people, in their language, and a problem for programs', async () => {
    const page = await t.request('/nothing/here', { headers: { 'Accept-Language': 'sv' } })
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=UTF-8'])
    expect(await page.text()).toContain('<html lang="sv">')
    for (const [path, headers] of [
      ['/nothing/here', { Accept: 'application/json' }],
      ['/nothing/here', { Accept: 'application/problem+json, text/html;q=0.5' }],
      ['/api/nothing', {}],
    ] as const) {
      const answer = await t.request(path, { headers })
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
      expect(await answer.json()).toMatchObject({ type: 'about:blank', title: 'Not found', status: 404 })
    }
    for (const Accept of ['text/html,application/xhtml+xml,*/*;q=0.8', '*/*', '', 'application/xml'])
      expect((await t.request('/nothing', { headers: { Accept } })).headers.get('content-type')).toContain('text/html')
  })

  it('carries an id of ours, whatever id came with the request', async () => {
    const answer = await t.request('/nothing', { headers: { 'X-Request-Id': 'evil\tid', Accept: 'application/json' } })
    const { requestId } = (await answer.json()) as { requestId: string }
    expect(requestId).toMatch(/^[0-9a-z]{26}$/)
    expect(answer.headers.get('x-request-id')).toBe(requestId)
  })

  it('P23 shows and logs nothing of what broke but the id to find it by', async () => {
    const { batch } = t.deps.store
    t.deps.store.batch = () => Promise.reject(new TypeError('secret detail of the inside'))
    const body = new URLSearchParams({ email: 'maija@yritys.example' })
    const answer = await t.request('/f/newsletter', { method: 'POST', body })
    t.deps.store.batch = batch
    const text = await answer.text()
    expect(answer.status).toBe(500)
    expect(text).not.toMatch(/secret|TypeError|at .*\.ts/)
    expect(text).toContain(answer.headers.get('x-request-id'))
    expect(t.logged.at(-1)).toContain(answer.headers.get('x-request-id'))
    expect(t.logged.at(-1)).not.toContain('maija')
  })
})
