import { afterEach, describe, expect, test } from 'vitest'
import { makeHome, startServer } from '../server.ts'
import {
  addRecipients,
  deskOf,
  expectHonest,
  faults,
  lapseLeases,
  makeChance,
  numbered,
  sendingIn,
  until,
  wait,
  withDatabase,
} from './campaign.ts'
import { smtpSink, startDumpingSink, startSink, type Sink, type Taken } from './sinks.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

const WINDOW = 64

/** How many messages each recipient holds, and that all of one recipient's carry the same Message-ID (nobody else's). */
function tally(taken: readonly Taken[]) {
  const ids = Map.groupBy(taken, ({ to }) => to)
  for (const messages of ids.values()) expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(1)
  expect(new Set([...ids.values()].map(([first]) => first?.messageId)).size).toBe(ids.size)
  return new Map([...ids].map(([to, messages]) => [to, messages.length]))
}

const sinks = [
  { name: 'a sink of our own', start: () => startSink({ paceMs: faults ? 20 : 5 }) },
  ...(smtpSink ? [{ name: 'smtp-sink', start: () => startDumpingSink() }] : []),
]
if (!smtpSink) console.info('smtp-sink is not installed: the crash tests use their own server alone')

describe.each(sinks)('kill -9 in the middle of a mailing, counted by $name', ({ start }) => {
  const size = faults ? 2000 : 400
  const kills = faults ? 20 : 3

  test(`P04 P06 ${kills} kills, ${size} recipients: nobody is lost, and nobody gets it twice but whom a person sent it again`, async () => {
    const chance = makeChance()
    console.info(`SEED=${chance.seed}`)
    const sink: Sink = await start()
    open.push(sink)
    const home = makeHome({ MAIL_URL: `${sink.url}?connections=4`, LOG_LEVEL: 'error' })
    const addressOf = await addRecipients(home.env, numbered(size))
    const server = await startServer({ home })
    open.push(server)
    const desk = deskOf(server)
    const id = await desk.send()
    const resent = new Map<string, number>()
    let inFlight = new Set<string>()
    let widest = 0

    /** A person looks at what is uncertain and sends it once more. */
    const decide = async () => {
      const listed = await desk.deliveries(id, 'uncertain')
      for (const { contactId, messageId } of listed) {
        expect(messageId).toBe(`${id}.${contactId}@myyja.example`)
        const to = addressOf.get(contactId) ?? ''
        resent.set(to, (resent.get(to) ?? 0) + 1)
      }
      expect(listed.length).toBeGreaterThan(0)
      await desk.act(id, 'resend-uncertain')
    }

    for (let kill = 0; kill < kills; kill++) {
      const before = sink.taken().length
      const share = Math.max(1, Math.floor((size - before) / (kills - kill)))
      const enough = before + Math.floor(chance.between(0, share))
      const late = chance.between(0, 20)
      await until(
        'the mailing goes on',
        async () => {
          if (sink.taken().length > enough) return true
          const report = await desk.report(id)
          expectHonest(report, size)
          if (report.reason === 'uncertain') await decide()
          return report.state === 'finished'
        },
        120_000,
        2,
      )
      await wait(late)
      await server.kill()
      const now = new Set(sendingIn(home.file))
      widest = Math.max(widest, [...now].filter((one) => !inFlight.has(one)).length)
      inFlight = now
      // In the long run the leases lapse by themselves, half a minute after each kill.
      if (!faults) lapseLeases(home.file)
      await server.restart()
    }
    expect(widest).toBeLessThanOrEqual(WINDOW)
    expect(widest).toBeGreaterThan(0)

    // Whoever is not there by now is listed, before anybody sends anything again.
    const settled = await until(
      'all leases have lapsed',
      async () => {
        const report = await desk.report(id)
        expectHonest(report, size)
        if (report.counts.queued > 0 && report.reason === 'uncertain') await decide()
        return report.counts.queued + report.counts.sending === 0 && report
      },
      120_000,
    )
    const uncertain = new Set((await desk.deliveries(id, 'uncertain')).map(({ contactId }) => addressOf.get(contactId)))
    expect(settled.state).toBe(uncertain.size > 0 ? 'paused' : 'finished')
    const first = tally(sink.taken())
    expect([...addressOf.values()].filter((to) => !first.has(to) && !uncertain.has(to))).toEqual([])
    for (const [to, count] of first) expect([to, count <= 1 + (resent.get(to) ?? 0)]).toEqual([to, true])

    if (uncertain.size > 0) await decide()
    await until('the mailing is finished', async () => (await desk.report(id)).state === 'finished', 60_000)
    const last = tally(sink.taken())
    expect([...addressOf.values()].filter((to) => !last.has(to))).toEqual([])
    for (const [to, count] of last) expect([to, count <= 1 + (resent.get(to) ?? 0)]).toEqual([to, true])
    expect(withDatabase(home.file, (database) => database.pragma('integrity_check'))).toEqual([
      { integrity_check: 'ok' },
    ])
    console.info(
      `kills=${kills} widest window=${widest} resent=${resent.size} twice=${[...last.values()].filter((n) => n > 1).length}`,
    )
  }, 600_000)
})
