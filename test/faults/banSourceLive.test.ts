import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { makeHome, startServer } from '../server.ts'
import { addRecipients, deskOf, numbered, until, wait } from './campaign.ts'
import { banned, json, listOf, startRegister } from './register.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

test('P08 a running service: a register that fails in the middle of a mailing stops it, and good data start it again within a second', async () => {
  const register = await startRegister()
  closers.push(register.close)
  let sequence = 1
  const good = () => register.answers((res) => json(listOf(banned(100), ++sequence))(res))
  good()
  const home = makeHome({
    BAN_SOURCES: JSON.stringify([{ name: 'asml', kind: 'http', url: register.url, maxAge: '3s' }]),
    ALERT_TO: 'valvoja@yritys.example',
  })
  await addRecipients(home.env, numbered(3000))
  const server = await startServer({ home })
  closers.push(server.close)
  const desk = deskOf(server)
  const fresh = async () =>
    (await desk.call<{ items: { fresh: boolean }[] }>('GET', '/ban-sources')).items[0]?.fresh ?? null
  await until('the source is fresh', fresh, 10_000)
  const mailing = await desk.send()
  await until('it is under way', async () => (await desk.report(mailing)).counts.sent > 20, 20_000)
  register.answers(json('[]'))
  const held = await until(
    'it is held',
    async () => {
      const report = await desk.report(mailing)
      return report.state === 'held' && report.counts.sending === 0 && report
    },
    20_000,
  )
  expect(held).toMatchObject({ state: 'held', reason: 'source_stale' })
  expect(held.counts.sent).toBeLessThan(3000)
  const mails = () => readdirSync(join(home.folder, 'outbox')).filter((name) => name.endsWith('.eml')).length
  await until('the alert is out', () => mails() === held.counts.sent + 1, 5000)
  await wait(1500)
  expect((await desk.report(mailing)).counts.sent).toBe(held.counts.sent)
  good()
  const state = await desk.call<{ fresh: boolean; error: string | null }>('POST', '/ban-sources/asml/sync')
  expect(state).toMatchObject({ fresh: true, error: null })
  const resumed = performance.now()
  await until('it goes on', async () => (await desk.report(mailing)).counts.sent > held.counts.sent, 5000)
  expect(performance.now() - resumed).toBeLessThan(2000)
  // From here on the register is asked by itself, every second, and again it goes away and comes back.
  register.answers((res) => void res.socket?.destroy())
  await until(
    'it is too old, or the mailing was faster',
    async () => {
      const report = await desk.report(mailing)
      return report.state === 'held' || report.state === 'finished'
    },
    20_000,
  )
  good()
  await until('it is finished', async () => (await desk.report(mailing)).state === 'finished', 30_000)
  expect((await desk.report(mailing)).counts).toMatchObject({ sent: 3000, queued: 0, sending: 0 })
}, 120_000)
