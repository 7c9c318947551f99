import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { dieAtStart, makeHome, startServer, type Server } from '../server.ts'
import { deskOf, faults, lapseLeases, makeChance, numbered, addRecipients, until, withDatabase } from './campaign.ts'
import { startSink } from './sinks.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

/** A folder that nothing was ever started in: the service makes its own secret. */
function freshHome() {
  const home = makeHome({ LOG_LEVEL: 'error' })
  delete home.env['SECRETS']
  return home
}

const isBanned = async (server: Server) =>
  (await deskOf(server).call<{ banned: boolean }>('GET', '/bans/check?kind=email&value=kielto@yritys.example')).banned

describe('the very first start', () => {
  test('P25 F12 killed again and again at any moment leaves nothing half made: the next one serves, and keeps its one secret', async () => {
    const chance = makeChance()
    console.info(`SEED=${chance.seed}`)
    const home = freshHome()
    for (let n = 0; n < (faults ? 30 : 4); n++) await dieAtStart(home.env, chance.between(300, 1100))
    const server = await startServer({ home })
    open.push(server)
    expect((await server.api('POST', '/bans', { kind: 'email', value: 'kielto@yritys.example' })).status).toBe(201)
    const secret = readFileSync(join(home.folder, 'secrets'), 'utf8')
    expect(secret).toMatch(/^[\w-]{43}\n$/)
    expect(statSync(join(home.folder, 'secrets')).mode & 0o777).toBe(0o600)
    await server.kill()
    await server.restart()
    expect(await isBanned(server)).toBe(true)
    expect(readFileSync(join(home.folder, 'secrets'), 'utf8')).toBe(secret)
    expect(withDatabase(home.file, (database) => database.pragma('integrity_check'))).toEqual([
      { integrity_check: 'ok' },
    ])
  }, 120_000)

  test('F19 two at once agree on one secret: what one bans the other finds', async () => {
    const home = freshHome()
    const both = await Promise.all([startServer({ home }), startServer({ home })])
    open.push(...both)
    expect((await both[0].api('POST', '/bans', { kind: 'email', value: 'kielto@yritys.example' })).status).toBe(201)
    expect(await isBanned(both[1])).toBe(true)
  }, 60_000)
})

test('F12 killed again and again while it finds out what a crash left behind, it still tells apart who has the message and who may have it', async () => {
  const chance = makeChance()
  console.info(`SEED=${chance.seed}`)
  const sink = await startSink({ paceMs: 10 })
  open.push(sink)
  const home = makeHome({ MAIL_URL: `${sink.url}?connections=4`, LOG_LEVEL: 'error' })
  const addressOf = await addRecipients(home.env, numbered(200))
  const server = await startServer({ home })
  open.push(server)
  const id = await deskOf(server).send()
  await until('it is under way', () => sink.taken().length > 50, 20_000, 2)
  await server.kill()
  for (let n = 0; n < (faults ? 20 : 4); n++) {
    lapseLeases(home.file)
    await dieAtStart(home.env, chance.between(500, 1400))
  }
  lapseLeases(home.file)
  await server.restart()
  const unsure = await until(
    'it waits for a person',
    async () => {
      const { reason, counts } = await deskOf(server).report(id)
      return reason === 'uncertain' && counts.sending === 0 && deskOf(server).deliveries(id, 'uncertain')
    },
    30_000,
  )
  const known = new Set(unsure.map(({ contactId }) => addressOf.get(contactId)))
  const taken = sink.taken().map(({ to }) => to)
  expect(new Set(taken).size).toBe(taken.length)
  const { counts } = await deskOf(server).report(id)
  const certain = taken.filter((to) => !known.has(to)).length
  expect([counts.sent, counts.queued]).toEqual([certain, 200 - certain - known.size])
}, 120_000)
