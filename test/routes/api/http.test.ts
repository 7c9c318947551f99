import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { inputs } from '../../inputs.ts'
import { clientOf, type Client } from './client.ts'

let app: TestApp
let client: Client
let url: URL

beforeAll(async () => {
  app = await startApp()
  client = await clientOf(app)
  url = new URL(await app.listen())
})
afterAll(() => app.close())

const contacts = async () => (await app.deps.store.db.selectFrom('contacts').select('id').execute()).length
const key = () => `Authorization: Bearer ${app.apiKey}`

/** Says something on a socket and waits for the answer's end; `status` is 0 when the peer only hangs up. */
function raw(parts: readonly (string | Uint8Array)[]): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname)
    let text = ''
    const done = () => {
      socket.destroy()
      resolve({ status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text })
    }
    socket.on('data', (data) => {
      text += data.toString('latin1')
      const [head = '', body] = text.split('\r\n\r\n')
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.POSITIVE_INFINITY)
      if (body !== undefined && (body.length >= length || body.endsWith('0\r\n') || /connection: close/i.test(head)))
        done()
    })
    socket.on('close', done)
    socket.on('error', (error: NodeJS.ErrnoException) =>
      ['ECONNRESET', 'EPIPE'].includes(error.code ?? '') ? done() : reject(error),
    )
    for (const part of parts) socket.write(part)
  })
}

const head = (...lines: string[]) => `${[...lines, `Host: ${url.host}`].join('\r\n')}\r\n\r\n`
const MIB = 'x'.repeat(1024 * 1024)
const chunk = `${MIB.length.toString(16)}\r\n${MIB}\r\n`

/** Lines of class E that say in words what is done; the others are bodies, or paths. */
const said: Record<string, () => Promise<{ status: number; may: number[] }>> = {
  E052: async () => {
    const start = head(
      'POST /api/v1/contacts HTTP/1.1',
      key(),
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
    )
    return { ...(await raw([start, ...Array.from({ length: 10 }, () => chunk)])), may: [413] }
  },
  E053: async () => {
    const parts = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nx\r\n'.repeat(10_001)
    const answer = await app.request('/api/v1/mailings/x/attachments', {
      method: 'POST',
      headers: { Authorization: `Bearer ${app.apiKey}`, 'Content-Type': 'multipart/form-data; boundary=b' },
      body: `${parts}--b--\r\n`,
    })
    return { status: answer.status, may: [400, 413, 422] }
  },
  E054: async () => {
    const answer = await app.request('/api/v1/mailings/x/attachments', {
      method: 'POST',
      headers: { Authorization: `Bearer ${app.apiKey}`, 'Content-Type': 'multipart/form-data; boundary=b' },
      body: `--b\r\nX: ${MIB}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nx\r\n--b--\r\n`,
    })
    return { status: answer.status, may: [400, 413] }
  },
  E055: async () => {
    const body = 'k=v&'.repeat(1_000_000)
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' }
    return { ...(await client.call('POST', '/contacts', body, headers)), may: [413] }
  },
  E056: async () => ({ ...(await client.call('POST', '/contacts', '{}', { 'Content-Encoding': 'gzip' })), may: [415] }),
  E061: async () => {
    const headers = { 'Content-Type': 'multipart/form-data' }
    return { ...(await client.call('POST', '/mailings/x/attachments', 'x', headers)), may: [415] }
  },
  E064: async () => ({ ...(await raw([head('TRACE / HTTP/1.1')])), may: [405] }),
  E065: async () => ({ ...(await raw([head('CONNECT / HTTP/1.1')])), may: [0, 400, 405] }),
  E068: async () => ({
    ...(await client.call('GET', '/topics', undefined, { Accept: 'application/xml' })),
    may: [406],
  }),
  E070: async () => {
    const many = Array.from({ length: 200 }, (_, i) => `X-Header-${i}: ${'y'.repeat(100)}`)
    return { ...(await raw([head('GET /api/v1/topics HTTP/1.1', key(), ...many)])), may: [431] }
  },
  E071: async () => {
    const start = head('POST /api/v1/contacts HTTP/1.1', key(), 'Transfer-Encoding: chunked', 'Content-Length: 5')
    return { ...(await raw([start, '0\r\n\r\n'])), may: [400] }
  },
  E073: async () => ({ ...(await raw([`GET /livez HTTP/1.1\nHost: ${url.host}\n\n`])), may: [400] }),
  // Node answers such a line as a request without headers; there is nothing at / and no key in it.
  E075: async () => ({ ...(await raw(['GET /\r\n\r\n'])), may: [400, 404] }),
  E094: async () => {
    const answer = await app.request('/metrics', { peer: '203.0.113.9', headers: { 'X-Forwarded-For': '127.0.0.1' } })
    return { status: answer.status, may: [401] }
  },
  E095: async () => ({
    ...(await client.call('GET', '/topics', undefined, { 'X-Forwarded-Proto': 'http' })),
    may: [200],
  }),
  E098: async () => {
    const headers = { Authorization: `bearer ${app.apiKey}` }
    return { ...(await client.call('GET', '/topics', undefined, headers)), may: [200] }
  },
  E101: async () => {
    const answer = await app.request('/api/v1/topics', { headers: { Cookie: '__Host-sid=a; __Host-sid=b' } })
    return { status: answer.status, may: [401] }
  },
  E104: async () => {
    const once = { 'Idempotency-Key': 'E104' }
    await client.call('POST', '/companies', { name: 'Yritys Oy' }, once)
    return { ...(await client.call('POST', '/companies', { name: 'Toinen Oy' }, once)), may: [422] }
  },
  E105: async () => {
    const once = { 'Idempotency-Key': 'E105' }
    const two = await Promise.all([1, 2].map(() => client.call('POST', '/companies', { name: 'Yritys Oy' }, once)))
    expect(two.map(({ status }) => status)).toContain(201)
    return { status: Math.max(...two.map(({ status }) => status)), may: [201, 409] }
  },
}

describe('hostile HTTP', () => {
  it.each(inputs('E'))('answers $id as it should: $expect', async ({ id, in: value, expect: expected }) => {
    const before = await contacts()
    const act = said[id]
    if (act) {
      const { status, may } = await act()
      expect([id, may.includes(status) ? 'as it should' : status]).toEqual([id, 'as it should'])
    } else if (typeof value === 'string' && value.startsWith('/')) {
      const path = value
        .replace(/^\/(\/?)(api)/i, (_, slash: string, api: string) => `/${slash}${api}/v1`)
        .replace('subscribers', 'contacts')
      expect([401, 404]).toContain((await raw([head(`GET ${path} HTTP/1.1`)])).status)
      expect([200, 404]).toContain((await raw([head(`GET ${path} HTTP/1.1`, key())])).status)
    } else {
      const body = typeof value === 'string' ? value : Buffer.from(value as Uint8Array)
      const answer = await app.request('/api/v1/contacts', {
        method: 'POST',
        headers: { Authorization: `Bearer ${app.apiKey}`, 'Content-Type': 'application/json' },
        body,
      })
      expect(answer.status).toBe(Number(/^\d{3}/.exec(expected)?.[0]))
      expect(answer.headers.get('Content-Type')).toMatch('application/problem+json')
    }
    expect(await contacts()).toBe(before)
    expect((await client.call('GET', '/topics')).status).toBe(200)
  })

  it('keeps a connection usable after a refused body', async () => {
    const post = (body: string) =>
      `POST /api/v1/contacts HTTP/1.1\r\nHost: ${url.host}\r\n${key()}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    const { text } = await raw([post('{'), head('GET /nowhere HTTP/1.1', 'Connection: close')])
    expect(text.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 400', 'HTTP/1.1 404'])
  })

  it('refuses a declared body that is too large before it comes', async () => {
    const start = head(
      'POST /api/v1/contacts HTTP/1.1',
      key(),
      'Content-Type: application/json',
      `Content-Length: ${20 * MIB.length}`,
    )
    const { status, text } = await raw([start, '{'])
    expect(status).toBe(413)
    expect(text).toContain('application/problem+json')
  })

  it.each([
    ['no type at all', {}, 415],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
    ['text', { 'Content-Type': 'text/plain' }, 415],
    ['JSON with a charset', { 'Content-Type': 'application/json; charset=utf-8' }, 422],
  ])('reads a body by its media type: %s', async (_, headers, status) => {
    const init = { method: 'POST', headers: { Authorization: `Bearer ${app.apiKey}`, ...headers } }
    // Bytes, since a text would bring a type of its own.
    expect((await app.request('/api/v1/contacts', { ...init, body: new TextEncoder().encode('{}') })).status).toBe(
      status,
    )
  })

  it('needs a body where an operation has one, and none where it has none', async () => {
    expect((await client.call('POST', '/contacts')).status).toBe(400)
    expect((await client.call('POST', '/mailings/nobody/pause')).status).toBe(404)
    expect((await client.call('POST', '/mailings/nobody/pause', '[', {})).status).toBe(400)
  })

  it.each([
    ['*/*', 200],
    ['application/*', 200],
    ['application/json', 200],
    ['text/html, application/json;q=0.1', 200],
    ['application/problem+json', 200],
    ['', 200],
    ['text/html', 406],
    ['application/json;q=0', 406],
    ['text/*;q=0.5, image/png', 406],
  ])('answers what Accept asks for: %j', async (accept, status) => {
    expect((await client.call('GET', '/topics', undefined, { Accept: accept })).status).toBe(status)
  })

  it.each([
    '{"email":"a@yritys.example","source":"x","__proto__":{"admin":true}}',
    '{"email":"a@yritys.example","source":"x","constructor":{"prototype":{}}}',
    '{"email":"a@yritys.example","source":"x","permissions":[{"topic":"newsletter","rule":"consent","evidence":"a signed paper","confirmedFrom":"link"}]}',
    '{"email":["a@yritys.example"],"source":"x"}',
    '{"email":"a@yritys.example","source":"x","language":"FI"}',
    '{"email":"a@yritys.example","source":"x","permissions":{}}',
  ])('V15.3.3 takes no field that the schema does not know, and turns nothing into another type: %s', async (body) => {
    const answer = await client.call('POST', '/contacts', body)
    expect(answer.status).toBe(422)
    expect(await contacts()).toBe(0)
  })

  it('names each wrong field by its path', async () => {
    const body = { email: 1, sourc: 'x', permissions: [{ topic: 'newsletter', rule: 'implied', proof: 'x' }] }
    const { json } = await client.call('POST', '/contacts', body)
    expect(json.errors.map(({ path }: { path: string }) => path).toSorted()).toEqual([
      'email',
      'permissions.0.proof',
      'permissions.0.rule',
      'sourc',
      'source',
    ])
  })
})
