import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ban } from '../../src/actions/ban.ts'
import { openPostgres } from '../../src/store/postgres.ts'
import { migrate } from '../../src/store/migrate.ts'
import { readMigrations } from '../migrations.ts'
import { makeHome, runToEnd, startServer, type Env } from '../server.ts'
import { createPostgresDatabase } from '../stores.ts'
import { faults, onData, withDatabase } from './campaign.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postilupa-refused-'))
})
afterEach(() => {
  chmodSync(folder, 0o755)
  rmSync(folder, { recursive: true, force: true })
})

/** A whole configuration, with a database in this test's folder; `undefined` takes a key away. */
function environment(change: Record<string, string | undefined> = {}): Env {
  const home = makeHome({
    DATABASE_URL: `file:${join(folder, 'postilupa.db')}`,
    MAIL_URL: `outbox:${join(folder, 'outbox')}`,
  })
  home.remove()
  const given = Object.entries({ ...home.env, ...change })
  return Object.fromEntries(given.filter((pair): pair is [string, string] => pair[1] !== undefined))
}

/** Starts the server and tries its port all the while. */
async function refused(env: Env, node?: string) {
  const port = await freePort()
  let opened = false
  const knocking = setInterval(() => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      opened = true
      socket.destroy()
    })
    socket.on('error', () => {})
  }, 10)
  const ended = await runToEnd(['bin/postilupa.js', 'serve'], { ...env, PORT: String(port) }, node)
  clearInterval(knocking)
  expect(opened).toBe(false)
  return ended
}

async function expectRefusal(env: Env, sentence: RegExp) {
  const { code, out, err } = await refused(env)
  expect(err).toMatch(sentence)
  // Words for a person: no stack, no name of an error class, nothing on standard output that looks like a start.
  expect(err).not.toMatch(/^\s+at |node:internal|\bError:|\[object/m)
  expect(err.trim().split('\n').length).toBeLessThanOrEqual(4)
  expect(out).not.toContain('is open at')
  expect(code).toBe(78)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe('P03 the service refuses to start, in words that say the mend', () => {
  const mistakes: [string, Record<string, string | undefined>, RegExp][] = [
    ['a short secret', { SECRETS: 'too short' }, /SECRETS.*at least 32 characters/],
    ['a short API key', { ADMIN_API_KEY: 'short' }, /ADMIN_API_KEY.*at least 32 characters/],
    ['mail by an unknown way', { MAIL_URL: 'pigeon://loft' }, /MAIL_URL.*outbox:.*smtp:\/\//],
    ['a database of an unknown kind', { DATABASE_URL: 'mysql://127.0.0.1/x' }, /DATABASE_URL.*postgres:\/\//],
    ['links that lead nowhere', { PUBLIC_URL: 'yritys.example' }, /PUBLIC_URL.*whole http or https URL/],
    ['ban sources that are no JSON', { BAN_SOURCES: '{' }, /BAN_SOURCES.*JSON/],
  ]

  test('several mistakes in the configuration are told together, one line each', async () => {
    const { code, err } = await refused(environment(Object.assign({}, ...mistakes.map(([, change]) => change))))
    expect(code).toBe(78)
    for (const [, , sentence] of mistakes) expect(err).toMatch(sentence)
    expect(err.trim().split('\n')).toHaveLength(mistakes.length + 1)
  })

  const alone: typeof mistakes = [
    [
      'no secrets with PostgreSQL',
      { DATABASE_URL: 'postgres://postgres@127.0.0.1:1/none', SECRETS: undefined },
      /SECRETS: is missing: set it to a random text of at least 32 characters/,
    ],
    [
      'mail with an unknown setting',
      { MAIL_URL: 'smtp://relay.example:587?retries=5' },
      /MAIL_URL.*\?connections= and \?tls=/,
    ],
    [
      'a PostgreSQL that is not there',
      { DATABASE_URL: 'postgres://postgres@127.0.0.1:1/none' },
      /127\.0\.0\.1:1|PostgreSQL/,
    ],
    ['a folder that cannot be', { DATABASE_URL: 'file:/dev/null/data/postilupa.db' }, /DATABASE_URL.*may be written/],
    ['an outbox that cannot be', { MAIL_URL: 'outbox:/dev/null/outbox' }, /MAIL_URL.*may be written/],
  ]
  const rarer: typeof mistakes = [
    ...mistakes,
    ['one short secret among good ones', { SECRETS: `${'a'.repeat(40)},short` }, /SECRETS.*at least 32 characters/],
    ['mail with half a login', { MAIL_URL: 'smtp://user@relay.example' }, /MAIL_URL.*both user and password/],
    ['an address that is not ours', { HOST: '192.0.2.1' }, /HOST.*192\.0\.2\.1/],
  ]

  test.each(faults ? [...alone, ...rarer] : alone)('%s', async (_, change, sentence) => {
    await expectRefusal(environment(change), sentence)
  })

  test('a database of a newer program', async () => {
    const env = environment()
    await onData(env, async () => undefined)
    withDatabase(join(folder, 'postilupa.db'), (database) => database.exec('insert into schema_versions values (99)'))
    await expectRefusal(env, /schema is at version 99 .*start the newer program/)
  })

  test('a PostgreSQL database that was not brought to this version; afterwards it starts', async () => {
    const url = await createPostgresDatabase()
    await expectRefusal(environment({ DATABASE_URL: url }), /schema is at version 0 .*npx postilupa migrate/)
    const store = await openPostgres(url)
    await migrate(store, readMigrations())
    await store.close()
    const server = await startServer({ env: { DATABASE_URL: url } })
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    await server.close()
  })

  test('a file that is no database', async () => {
    writeFileSync(join(folder, 'postilupa.db'), 'Dear diary, '.repeat(1000))
    await expectRefusal(environment(), /postilupa\.db/)
  })

  test('bans that were made with a secret that is gone: they could not be found; with the secret back it starts', async () => {
    const [old, fresh] = ['the first secret of more than 32 characters', 'the second secret of more than 32 characters']
    const env = environment({ SECRETS: old })
    await onData(env, (deps) => ban(deps, { kind: 'email', value: 'kielto@yritys.example' }, 'system'))
    await expectRefusal(environment({ SECRETS: fresh }), /SECRETS: .*bans were made with a secret that is missing/)
    await onData({ ...env, SECRETS: `${fresh},${old}` }, async () => undefined)
  })

  test('a data folder that may not be written', async () => {
    const locked = join(folder, 'locked')
    mkdirSync(locked)
    chmodSync(locked, 0o555)
    // Root may write everywhere but where the system itself says no.
    const place = process.getuid?.() === 0 ? '/sys/postilupa' : join(locked, 'data')
    await expectRefusal(environment({ DATABASE_URL: `file:${place}/postilupa.db` }), /DATABASE_URL.*may be written/)
  })

  test('a port that another program has', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const { code, err } = await runToEnd(['bin/postilupa.js', 'serve'], environment({ PORT: String(port) }))
    other.close()
    expect([code, err.trim()]).toEqual([78, `Port ${port} is in use. Set PORT to another.`])
  })

  const oldNode = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((place) => join(place, 'node'))
    .filter((node) => existsSync(node))
    .find(
      (node) => Number(execFileSync(node, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' })) < 22,
    )
  if (!oldNode) console.info('No Node older than 22 is on this machine: its refusal is not tried.')

  test.runIf(oldNode)('an old Node', async () => {
    const { code, out, err } = await refused(environment(), oldNode)
    expect(err).toMatch(/^Postilupa needs Node 22\.12 or newer; this is v\d+\.\d+\.\d+\. Start it with [^\n]+\n$/)
    expect([code, out]).toEqual([78, ''])
  })
})
