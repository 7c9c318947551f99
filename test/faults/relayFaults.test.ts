import { renameSync } from 'node:fs'
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeDoor } from '../../src/mail/deliver.ts'
import { makeTransport } from '../../src/mail/transport.ts'
import { startScriptedPeer, startSmtpSink, type Verb } from '../smtpPeers.ts'
import { faults, numbered } from './campaign.ts'
import { smtpSink, startDumpingSink } from './sinks.ts'
import { endsWell, goodRelay, mailingUnderWay, meet, messageIdOf, people, utf16, VICTIM } from './relay.ts'

describe('a relay that misbehaves', () => {
  test("L058 a '250' without text is an answer like any other", async () => {
    const world = await meet({ script: { acts: { MAIL: '250', RCPT: '250', '.': '250' } } })
    expect((await world.report()).counts.sent).toBe(people.length)
  })

  test('L075 F66 a relay whose name has an address where nobody listens is reached at its other one', async () => {
    const good = await goodRelay()
    const world = await mailingUnderWay(people)
    await world.through(good.url.replace('127.0.0.1', 'localhost'))
    expect((await world.report()).counts.sent).toBe(people.length)
  })

  test('F66 a relay whose name does not exist puts everybody off and pauses nothing', async () => {
    const world = await mailingUnderWay(people)
    await world.through('smtp://relay.invalid:2525?tls=none', { patience: 5000 })
    const { counts, row } = await world.report()
    expect([counts.queued, counts.failed, row.paused_at]).toEqual([people.length, 0, null])
  }, 30_000)

  test.each<Verb>(['CONNECT', 'EHLO', 'MAIL', 'RCPT', 'DATA'])(
    'F52 a relay that disconnects at %s puts off, holds nothing, and everybody has it once in the end',
    async (verb) => {
      const world = await meet({ script: { acts: { [verb]: 'cut' } } })
      expect((await world.report()).counts).toMatchObject({ queued: people.length, uncertain: 0, failed: 0 })
      expect(world.accepted).toEqual([])
      await endsWell(world)
    },
  )

  test('F55 a relay that turns the message down in the middle of its body is no proof against the recipient', async () => {
    const world = await meet({ script: { cutBodyAt: 500 } })
    expect((await world.report()).counts).toMatchObject({ failed: 0, sent: 0 })
    expect(world.accepted).toEqual([])
  })

  test.each(['250 o\0k', utf16.toString('latin1')])(
    'garbage in answer to the message leaves it uncertain',
    async (said) => {
      const world = await meet({ script: { acts: { '.': Buffer.from(`${said}\r\n`, 'latin1') } } })
      expect((await world.report()).counts.uncertain).toBe(world.accepted.length)
    },
  )

  test('F58 F59 a relay that turns connections away and takes three messages on each gets everybody through, none twice', async () => {
    const size = faults ? 300 : 60
    const world = await mailingUnderWay(numbered(size))
    const peer = await startScriptedPeer({
      acts: {
        CONNECT: ({ connection }) => (connection % 3 === 0 ? '421 4.7.0 too many connections' : undefined),
        MAIL: ({ nth }) => (nth > 3 ? '421 4.7.0 enough on this connection' : undefined),
      },
    })
    onTestFinished(() => peer.close())
    let tries = 0
    while ((await world.report()).row.finished_at === null && ++tries < size) {
      await world.through(`${peer.url}?connections=8`)
      await world.later()
    }
    expect((await world.report()).counts).toMatchObject({ sent: size, failed: 0, uncertain: 0 })
    const got = peer.bodies.map(messageIdOf)
    expect([got.length, new Set(got).size]).toEqual([size, size])
    // No storm: it takes about as many connections as the relay's rules ask for.
    expect(peer.commands.length).toBeLessThan(size)
  }, 120_000)

  test.runIf(faults && smtpSink).each([
    ['F57 random delays', ['-p', '-W', 'RCPT:1:80']],
    ['F56 a slow answer to DATA', ['-p', '-w', '1']],
    ['F56 a small window and a late first read', ['-p', '-H', '1', '-T', '1024']],
    ['F59 no more than two connections', ['-m', '2']],
    ['F64 nothing but HELO', ['-e']],
    ['F64 no extension at all', ['-p', '-8', '-N', '-E']],
  ])(
    '%s (smtp-sink): everybody has it once in the end',
    async (_, flags) => {
      const sink = await startDumpingSink(flags)
      onTestFinished(() => sink.close())
      const size = 60
      const world = await mailingUnderWay(numbered(size))
      for (let turn = 0; turn < 10 && (await world.report()).row.finished_at === null; turn++) {
        await world.through(`${sink.url}?connections=8`)
        await world.later()
      }
      expect((await world.report()).counts).toMatchObject({ sent: size, failed: 0, uncertain: 0 })
      const got = sink.taken().map(({ to }) => to)
      expect([got.length, new Set(got).size]).toEqual([size, size])
    },
    120_000,
  )

  test('F60 among many, each recipient gets the verdict that the relay gave for them and nobody else', async () => {
    const size = faults ? 1000 : 150
    const rcpt: Record<number, string> = {
      1: '550 5.1.1 unknown',
      2: '450 4.2.1 busy',
      3: '552 5.2.2 full',
      4: '550 5.1.6 moved',
    }
    const dot: Record<number, string> = { 5: '451 4.3.0 later', 6: '550 5.2.1 disabled' }
    const kind = (to: string) => Number(/\d+/.exec(to)?.[0]) % 9
    const wanted = ['sent', 'failed', 'queued', 'failed', 'failed', 'queued', 'failed', 'sent', 'sent']
    const sink = await startSmtpSink({ onRcpt: (to) => rcpt[kind(to)], onData: ({ to }) => dot[kind(to)] })
    onTestFinished(() => sink.close())
    const world = await mailingUnderWay(numbered(size))
    await world.through(sink.url)
    const rows = await world.deliveries()
    expect(rows.map((row) => [row.to, row.state])).toEqual(rows.map((row) => [row.to, wanted[kind(row.to ?? '')]]))
    const dead = new Set(rows.filter((row) => row.reason === 'no_such_address').map((row) => kind(row.to ?? '')))
    expect(dead).toEqual(new Set([1, 4, 6]))
    expect(sink.messages.map(({ to }) => kind(to)).every((one) => wanted[one] === 'sent')).toBe(true)
  }, 60_000)

  test('a recipient whom the relay puts off again and again is tried less and less often and given up at last', async () => {
    const peer = await startScriptedPeer({ acts: { RCPT: '450 4.2.1 busy' } })
    onTestFinished(() => peer.close())
    const world = await mailingUnderWay([{ email: VICTIM }])
    const waits: number[] = []
    for (let turn = 0; turn < 20 && (await world.report()).counts.queued > 0; turn++) {
      await world.through(peer.url)
      const [row] = await world.deliveries()
      if (row?.state === 'queued') waits.push((row.due_at - world.t.clock.now()) / 60_000 / 0.875)
      await world.later()
    }
    expect(waits).toEqual([2, 15, 60, 240, 240, 240, 240, 240, 240, 240, 240])
    expect(await world.deliveries()).toMatchObject([{ state: 'failed', reason: 'gave_up', attempts: 12 }])
    expect((await world.report()).row.finished_at).not.toBeNull()
  })
})

describe('L055 F22 the relay says 250 and the store is gone', () => {
  /** The relay takes one message; before its answer leaves, the database is where nothing can be written. */
  async function storeGoes() {
    const world = await mailingUnderWay([{ email: VICTIM }])
    const { rows } = await sql<{ file: string }>`pragma database_list`.execute(world.t.deps.store.db)
    const file = rows[0]?.file ?? ''
    const sink = await startSmtpSink({ onData: () => renameSync(file, `${file}.away`) })
    onTestFinished(() => sink.close())
    const door = makeDoor(world.t.deps, makeTransport(sink.url, { now: world.t.deps.now, clientName: 'tests.example' }))
    await expect(door.run()).rejects.toThrow(/moved or replaced/)
    renameSync(`${file}.away`, file)
    expect(sink.messages).toHaveLength(1)
    expect(await world.deliveries()).toMatchObject([{ state: 'sending' }])
    return { ...world, sink, door }
  }

  test('while the process lives it still knows, and writes it down as soon as the store is back', async () => {
    const { door, report, sink, t } = await storeGoes()
    await door.run()
    await t.tick()
    const { counts, row } = await report()
    expect([counts.sent, sink.messages.length, row.finished_at !== null]).toEqual([1, 1, true])
    await door.stop()
  })

  test('when the process dies before that, it is uncertain and waits for a person', async () => {
    const { report, t, through, sink } = await storeGoes()
    t.clock.advance(31_000)
    await t.tick()
    // Staff are told, by a relay that takes it; the one that has the mailing's message gets nothing more.
    await through((await goodRelay()).url)
    const { counts, row } = await report()
    expect([counts.uncertain, row.pause_reason, sink.messages.length]).toEqual([1, 'uncertain', 1])
  })
})
