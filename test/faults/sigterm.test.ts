import { afterEach, describe, expect, test } from 'vitest'
import { makeHome, startServer } from '../server.ts'
import { addRecipients, deskOf, faults, makeChance, numbered, sendingIn, until } from './campaign.ts'
import { startSink, type Sink } from './sinks.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

async function sendingTo(sink: Sink, size: number) {
  open.push(sink)
  const home = makeHome({ MAIL_URL: `${sink.url}?connections=4`, LOG_LEVEL: 'error' })
  await addRecipients(home.env, numbered(size))
  const server = await startServer({ home })
  open.push(server)
  const desk = deskOf(server)
  return { server, desk, id: await desk.send() }
}

describe('SIGTERM in the middle of a mailing', () => {
  test('P05 F13 what is in flight finishes, nothing is uncertain, the process ends by itself, and the next one goes on', async () => {
    const [size, stops] = faults ? [2000, 20] : [300, 2]
    const chance = makeChance()
    console.info(`SEED=${chance.seed}`)
    const sink = await startSink({ paceMs: 20 })
    const { server, desk, id } = await sendingTo(sink, size)
    let midway = 0
    for (let stop = 0; stop < stops; stop++) {
      const enough = sink.taken().length + chance.between(1, (size / stops) * 0.9)
      await until('the mailing goes on', () => sink.taken().length > enough, 30_000, 2)
      const ended = await server.kill('SIGTERM')
      expect(ended).toMatchObject({ code: 0, signal: null })
      expect(ended.ms).toBeLessThan(35_000)
      expect(sendingIn(server.file)).toEqual([])
      await server.restart()
      const { counts, state } = await desk.report(id)
      expect(counts).toMatchObject({ uncertain: 0, failed: 0 })
      if (state === 'sending') midway++
    }
    expect(midway).toBeGreaterThan(0)
    await until('the mailing is finished', async () => (await desk.report(id)).state === 'finished', 60_000)
    expect(await desk.report(id)).toMatchObject({ counts: { proposed: size, sent: size, uncertain: 0 } })
    const taken = sink.taken().map(({ to }) => to)
    expect([taken.length, new Set(taken).size]).toEqual([size, size])
  }, 300_000)

  test.runIf(faults)(
    'F14 with a relay that never answers it leaves within 35 s, and what the relay may hold is uncertain',
    async () => {
      const sink = await startSink({ mute: true })
      const { server, desk, id } = await sendingTo(sink, 100)
      await until('messages wait for their answer', () => sink.taken().length >= 4, 30_000)
      const { code, ms } = await server.kill('SIGTERM')
      expect(code).toBe(0)
      expect(ms).toBeLessThan(35_000)
      const held = new Set(sink.taken().map(({ to }) => to)).size
      await server.restart()
      const report = await until(
        'the mailing waits for a person',
        async () => {
          const now = await desk.report(id)
          return now.state === 'paused' && now
        },
        10_000,
      )
      expect(report).toMatchObject({ reason: 'uncertain', counts: { uncertain: held, sent: 0, failed: 0 } })
    },
    120_000,
  )
})
