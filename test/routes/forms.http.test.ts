import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../app.ts'

/** What only a real socket can say (corpus class E). */

let t: TestApp
let url: URL
beforeAll(async () => {
  t = await startApp()
  url = new URL(await t.listen())
})
afterAll(() => t.close())

/** Sends bytes and reads until the server ends the connection or a second has passed in silence. */
async function raw(...pieces: string[]): Promise<string> {
  const socket = connect(Number(url.port), url.hostname)
  let answer = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text
  })
  // Refused in mid-body, the server resets the connection: what it said before counts.
  socket.on('error', () => undefined)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await once(socket, 'connect')
  for (const piece of pieces.flatMap(inSteps)) {
    if (socket.destroyed || answer !== '') break
    if (!socket.write(piece)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
  }
  socket.setTimeout(1000, () => socket.destroy())
  await closed
  return answer
}

/** Small enough that an early answer is heard before the rest is written. */
function inSteps(text: string): string[] {
  return text.match(/[^]{1,32768}/g) ?? []
}

const head = (lines: string[], request = 'POST /f/newsletter HTTP/1.1') =>
  [request, `Host: ${url.host}`, 'Connection: close', ...lines, '', ''].join('\r\n')
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
const urlencoded = 'Content-Type: application/x-www-form-urlencoded'
const signups = async () =>
  (await t.deps.store.db.selectFrom('signups').select('address').execute()).map((row) => row.address)

describe('a real socket', () => {
  it.each([
    [
      'E052 chunks of 10 MiB',
      () =>
        raw(
          head([urlencoded, 'Transfer-Encoding: chunked']),
          ...Array.from({ length: 160 }, () => `10000\r\n${'a'.repeat(65_536)}\r\n`),
          '0\r\n\r\n',
        ),
      413,
    ],
    ['E052 a declared 10 MiB', () => raw(head([urlencoded, 'Content-Length: 10485760']), 'a'.repeat(65_536)), 413],
    [
      'E053 10,001 parts',
      () => multipart('--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'.repeat(10_001)),
      413,
    ],
    [
      'E054 a part header of 1 MiB',
      () => multipart(`--b\r\nContent-Disposition: form-data; name="${'a'.repeat(1_048_576)}"\r\n\r\nx\r\n`),
      413,
    ],
    [
      'E055 a million keys',
      () => withBody(urlencoded, Array.from({ length: 1_000_000 }, (_, i) => `k${i}=`).join('&')),
      413,
    ],
    [
      'E056 a packed body',
      () => raw(head(['Content-Type: application/json', 'Content-Encoding: gzip', 'Content-Length: 3']), 'abc'),
      415,
    ],
    ['E061 multipart without a boundary', () => withBody('Content-Type: multipart/form-data', 'x'), 400],
    ['E064 TRACE', () => raw(head([], 'TRACE / HTTP/1.1')), 405],
    ['E064 TRACE of a form', () => raw(head([], 'TRACE /f/newsletter HTTP/1.1')), 405],
    ['E068 a wish for XML', () => raw(head(['Accept: application/xml'], 'GET /f/newsletter HTTP/1.1')), 200],
    [
      'E070 200 header lines',
      () =>
        raw(
          head(
            Array.from({ length: 200 }, (_, i) => `X-${i}: y`),
            'GET /f/newsletter HTTP/1.1',
          ),
        ),
      200,
    ],
    ['E070 a header of 100 KiB', () => raw(head([`X: ${'y'.repeat(102_400)}`], 'GET /f/newsletter HTTP/1.1')), 431],
    [
      'E071 two lengths at once',
      () => raw(head([urlencoded, 'Transfer-Encoding: chunked', 'Content-Length: 5']), '0\r\n\r\n'),
      400,
    ],
    [
      'E071 two lengths that differ',
      () => raw(head([urlencoded, 'Content-Length: 5', 'Content-Length: 6']), 'abcdef'),
      400,
    ],
    ['E073 bare line feeds', () => raw(`POST /f/newsletter HTTP/1.1\nHost: ${url.host}\nContent-Length: 0\n\n`), 400],
    // Node's parser takes it for a GET without headers; it reaches what every GET reaches, and nothing more.
    ['E075 HTTP/0.9', () => raw('GET /f/nothing\r\n\r\n'), 404],
    [
      'a body that is shorter than it says',
      () => raw(head([urlencoded, 'Content-Length: 40']), 'email=maija%40yritys.example'),
      0,
    ],
  ])('%s', async (_what, send, status) => {
    expect(statusOf(await send())).toBe(status)
  })

  it('E065 opens no tunnel', async () => {
    expect(statusOf(await raw(`CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n`))).not.toBe(200)
  })

  it('goes on answering afterwards, and kept nothing of all that', async () => {
    expect(await signups()).toEqual([])
    const answer = await fetch(new URL('/f/newsletter', url), {
      method: 'POST',
      body: new URLSearchParams({ email: 'maija@yritys.example' }),
    })
    expect(answer.status).toBe(200)
    expect(await signups()).toEqual(['maija@yritys.example'])
  })

  it('takes a form in chunks, and one over HTTP/1.0', async () => {
    const body = 'email=a%40yritys.example'
    const chunked = await raw(
      head([urlencoded, 'Transfer-Encoding: chunked']),
      `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    )
    expect(statusOf(chunked)).toBe(200)
    const old = await raw(
      `POST /f/newsletter HTTP/1.0\r\n${urlencoded}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    expect(statusOf(old)).toBe(200)
    const twice = `POST /f/newsletter HTTP/1.1\r\nHost: ${url.host}\r\n${urlencoded}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    expect((await raw(twice + twice)).match(/HTTP\/1\.1 200/g)).toHaveLength(2)
  })
})

const withBody = (type: string, body: string) => raw(head([type, `Content-Length: ${body.length}`]), body)
const multipart = (parts: string) => withBody('Content-Type: multipart/form-data; boundary=b', `${parts}--b--\r\n`)
