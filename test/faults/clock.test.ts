import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ban } from '../../src/actions/ban.ts'
import { makeSignals } from '../../src/deps.ts'
import { startApp } from '../app.ts'
import { addPeople, reportOf, scheduled } from '../people.ts'
import { makeHome, startServer } from '../server.ts'
import { startScriptedPeer, startSmtpSink } from '../smtpPeers.ts'
import { addRecipients, deskOf, faults, numbered, until, wait } from './campaign.ts'
import { startSink } from './sinks.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

const MINUTE = 60_000

/** A server whose wall clock can be set while it runs. */
async function withClock(size: number, paceMs: number) {
  const sink = await startSink({ paceMs })
  open.push(sink)
  const home = makeHome({ MAIL_URL: `${sink.url}?connections=4`, LOG_LEVEL: 'error' })
  const clock = join(home.folder, 'clock')
  await addRecipients(home.env, numbered(size))
  const server = await startServer({
    home,
    env: { CLOCK_FILE: clock },
    args: ['--import', './test/faults/wallClock.ts'],
  })
  open.push(server)
  const set = (ms: number) => {
    writeFileSync(clock, String(ms))
    process.kill(server.pid, 'SIGUSR2')
  }
  return { sink, server, desk: deskOf(server), set }
}

const jumped = (said: string) => said.split('clock_jumped').length - 1

describe('the wall clock is set while the service runs', () => {
  test('F67 P15 two hours ahead and back again: what only seemed due was not sent', async () => {
    const { sink, server, desk, set } = await withClock(5, 0)
    const draft = {
      kind: 'price_list',
      topic: 'price-list',
      subject: 'Hinnasto',
      content: { format: 'markdown', body: 'Hei!' },
    }
    const { id } = await desk.call<{ id: string }>('POST', '/mailings', draft)
    await desk.call('POST', `/mailings/${id}/schedule`, { at: new Date(Date.now() + 90 * MINUTE).toISOString() })
    set(120 * MINUTE)
    await until('the jump is noticed', () => jumped(server.said()) === 1, 10_000)
    await wait(faults ? 30_000 : 2000)
    expect([(await desk.report(id)).state, sink.taken().length]).toEqual(['scheduled', 0])
    set(0)
    await until('the way back is noticed', () => jumped(server.said()) === 2, 10_000)
    await wait(faults ? 65_000 : 1500)
    expect([(await desk.report(id)).state, sink.taken().length]).toEqual(['scheduled', 0])
    if (!faults) return
    // A clock that stays where it was set is believed after a minute: then the mailing is due, once.
    set(120 * MINUTE)
    await until('it is sent', async () => (await desk.report(id)).state === 'finished', 90_000)
    expect(sink.taken().length).toBe(5)
  }, 240_000)

  test.each([
    ['F68 an hour back', -60 * MINUTE, false],
    ['F67 two hours ahead', 120 * MINUTE, false],
    ['F70 asleep for half an hour', 30 * MINUTE, true],
  ])(
    '%s in the middle of a mailing: everybody gets it once',
    async (_, by, asleep) => {
      const size = 240
      const { sink, server, desk, set } = await withClock(size, 20)
      const id = await desk.send()
      await until('it is under way', () => sink.taken().length > 40, 20_000, 2)
      if (asleep) {
        process.kill(server.pid, 'SIGSTOP')
        await wait(300)
      }
      set(by)
      if (asleep) process.kill(server.pid, 'SIGCONT')
      await until('the jump is noticed', () => jumped(server.said()) === 1, 10_000)
      const { counts } = await until(
        'it is finished',
        async () => {
          const report = await desk.report(id)
          return report.state === 'finished' && report
        },
        90_000,
      )
      expect(counts).toMatchObject({ sent: size, uncertain: 0, failed: 0 })
      const taken = sink.taken().map(({ to }) => to)
      expect([taken.length, new Set(taken).size]).toEqual([size, size])
    },
    120_000,
  )

  test('F68 an hour back does not make old facts young: a ban that another node answered meanwhile is seen', async () => {
    let held = false
    const sink = await startSmtpSink({
      onData: async () => {
        if (held) return
        held = true
        t.clock.advance(-60 * MINUTE)
        await ban(
          { ...t.deps, signals: makeSignals() },
          { kind: 'email', value: 'viimeinen@asiakas.example' },
          'system',
        )
        t.clock.advance(5000)
      },
    })
    open.push(sink)
    const t = await startApp({ env: { MAIL_URL: `${sink.url}?connections=1`, ALLOW_RESERVED_DOMAINS: '1' } })
    open.push(t)
    await addPeople(
      t,
      ['eka', 'toka', 'viimeinen'].map((name) => ({
        email: `${name}@asiakas.example`,
        rule: 'duty_evidence' as const,
      })),
    )
    const id = await scheduled(t)
    await t.tick()
    await t.deliver()
    t.clock.advance(61 * MINUTE)
    await t.deliver()
    expect(sink.messages.map((message) => message.to)).not.toContain('viimeinen@asiakas.example')
    expect((await reportOf(t, id)).counts).toMatchObject({ sent: 2, skipped: 1 })
  })

  test('F68 an hour back does not turn the short rest after a relay was away into a long one', async () => {
    const peer = await startScriptedPeer({
      acts: { CONNECT: ({ connection }) => (connection === 1 ? 'cut' : undefined) },
    })
    open.push(peer)
    const t = await startApp({ env: { MAIL_URL: `${peer.url}?connections=1`, ALLOW_RESERVED_DOMAINS: '1' } })
    open.push(t)
    await addPeople(t, numbered(100))
    t.clock.advance(24 * 60 * MINUTE)
    const id = await scheduled(t)
    await t.tick()
    await t.deliver()
    const { queued } = (await reportOf(t, id)).counts
    t.clock.advance(-60 * MINUTE)
    await t.deliver()
    // Those whom the relay's absence put off keep their time; the others had not had their turn.
    const { counts } = await reportOf(t, id)
    expect([queued, counts.sent > 0, counts.sent + counts.queued]).toEqual([100, true, 100])
  })
})
