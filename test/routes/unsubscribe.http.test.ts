import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../app.ts'
import { leavingPath, mailed, raw } from '../leaving.ts'

/** RFC 8058 section 8, on a real socket. */

let t: TestApp
let origin: string
beforeAll(async () => {
  t = await startApp()
  origin = await t.listen()
})
afterAll(() => t.close())

/** Somebody who gets a mailing, and the path of their link. */
async function recipient(email: string): Promise<string> {
  return leavingPath((await mailed(t, [{ email }])).mails[0])
}

async function withdrawn(email: string): Promise<string | null> {
  const row = await t.deps.store.db
    .selectFrom('permissions')
    .innerJoin('contacts', 'contacts.id', 'contact_id')
    .select('withdrawn_from')
    .where('strict', '=', email)
    .executeTakeFirstOrThrow()
  return row.withdrawn_from
}

const multipart = [
  '---FormBoundaryjWmhtjORrn',
  'Content-Disposition: form-data; name="List-Unsubscribe"',
  '',
  'One-Click',
  '---FormBoundaryjWmhtjORrn--',
].join('\r\n')

const example = (target: string, type: string, content: string) =>
  [
    `POST ${target} HTTP/1.1`,
    'Host: example.com',
    `Content-Type: ${type}`,
    `Content-Length: ${content.length}`,
    '',
    content,
  ].join('\r\n')

/**
 * The examples of the RFC with our path. That of section 8.3 is printed with a boundary that its body does not have, and
 * corrected by errata 5117 and 8927: both are taken.
 */
const examples: Record<string, { post: (path: string) => string; length: string; how: string }> = {
  '8.1': {
    post: (path) => example(path, 'application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'),
    length: 'Content-Length: 26',
    how: 'one_click',
  },
  '8.2': {
    post: (path) =>
      example(`${path}?opaque=123456789`, 'application/x-www-form-urlencoded', 'List-Unsubscribe=One-Click'),
    length: 'Content-Length: 26',
    how: 'one_click',
  },
  '8.3 as printed': {
    post: (path) => example(path, 'multipart/form-data; boundary=---FormBoundaryjWmhtjORrn', multipart),
    length: 'Content-Length: 124',
    how: 'post_without_one_click_body',
  },
  '8.3 as corrected': {
    post: (path) => example(path, 'multipart/form-data; boundary=-FormBoundaryjWmhtjORrn', multipart),
    length: 'Content-Length: 124',
    how: 'one_click',
  },
}

const head = (path: string, lines: string[], version = 'HTTP/1.1') =>
  [`POST ${path} ${version}`, ...lines, '', ''].join('\r\n')
const form = 'Content-Type: application/x-www-form-urlencoded'
const body = 'List-Unsubscribe=One-Click'

describe('the one-click POST on a real port', () => {
  it.each(Object.entries(examples))(
    'A1-5 P10 accepts the example %s of RFC 8058 byte for byte',
    async (number, one) => {
      const email = `esimerkki${number.replaceAll(' ', '-')}@yritys.example`
      const bytes = one.post(await recipient(email))
      expect(bytes).toContain(`\r\n${one.length}\r\n`)
      const answer = await raw(origin, bytes)
      expect(answer).toMatch(/^HTTP\/1\.1 200 /)
      expect(answer).not.toMatch(/^(location|set-cookie):/im)
      expect(await withdrawn(email)).toBe(one.how)
    },
  )

  it.each([
    [
      'C083 HTTP/1.0 without a host',
      (path: string) => [head(path, [form, 'Content-Length: 26'], 'HTTP/1.0'), body],
      'one_click',
    ],
    ['no body and no length', (path: string) => [head(path, ['Host: x'])], 'post_without_one_click_body'],
    [
      'a body in chunks',
      (path: string) => [head(path, ['Host: x', form, 'Transfer-Encoding: chunked']), `1a\r\n${body}\r\n0\r\n\r\n`],
      'one_click',
    ],
    [
      'twelve kilobytes of cookies',
      (path: string) => [
        head(path, ['Host: x', form, `Cookie: sid=${'c'.repeat(12_000)}`, 'Content-Length: 26']),
        body,
      ],
      'one_click',
    ],
    [
      'the body a little later',
      (path: string) => [head(path, ['Host: x', form, 'Content-Length: 26']), 'List-Unsub', 'scribe=One-Click'],
      'one_click',
    ],
    [
      'Expect: 100-continue',
      (path: string) => [head(path, ['Host: x', form, 'Expect: 100-continue', 'Content-Length: 26']), body],
      'one_click',
    ],
    [
      'five megabytes',
      (path: string) => [
        head(path, ['Host: x', form, 'Content-Length: 5242880']),
        ...Array.from({ length: 80 }, () => 'a'.repeat(65_536)),
      ],
      'post_without_one_click_body',
    ],
    [
      'five megabytes in chunks',
      (path: string) => [
        head(path, ['Host: x', form, 'Transfer-Encoding: chunked']),
        ...Array.from({ length: 80 }, () => `10000\r\n${'a'.repeat(65_536)}\r\n`),
        '0\r\n\r\n',
      ],
      'post_without_one_click_body',
    ],
  ] as const)('P10 A1-10 takes %s', async (name, pieces, how) => {
    const email = `${name.replaceAll(/\W+/g, '-').toLowerCase()}@yritys.example`
    const answer = await raw(origin, ...pieces(await recipient(email)))
    expect(answer.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '')).toMatch(/^HTTP\/1\.[01] 200 /)
    expect(await withdrawn(email)).toBe(how)
  })

  it('leaves even where the body breaks off: the link alone is the wish', async () => {
    const email = 'katko@yritys.example'
    const path = await recipient(email)
    await raw(origin, head(path, ['Host: x', form, 'Content-Length: 26']), 'List-Unsub')
    for (let n = 0; n < 100 && (await withdrawn(email)) === null; n++) await new Promise((done) => setTimeout(done, 20))
    expect(await withdrawn(email)).toBe('post_without_one_click_body')
  })

  it('C084 takes the same post twenty times at once, on twenty connections, and records it once', async () => {
    const path = await recipient('kerralla@yritys.example')
    const before = (await t.deps.store.db.selectFrom('ledger').selectAll().where('event', '=', 'objection').execute())
      .length
    const answers = await Promise.all(Array.from({ length: 20 }, () => raw(origin, examples['8.1']?.post(path) ?? '')))
    expect(answers.map((answer) => answer.slice(0, 12))).toEqual(answers.map(() => 'HTTP/1.1 200'))
    const after = await t.deps.store.db.selectFrom('ledger').selectAll().where('event', '=', 'objection').execute()
    expect(after).toHaveLength(before + 1)
  })
})
