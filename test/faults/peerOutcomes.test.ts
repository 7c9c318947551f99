import { renameSync } from 'node:fs'
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { resendUncertain, resume } from '../../src/actions/mailingVerbs.ts'
import { makeDoor } from '../../src/mail/deliver.ts'
import { makeTransport } from '../../src/mail/transport.ts'
import type { TestApp } from '../app.ts'
import { inputs } from '../inputs.ts'
import { scheduled } from '../people.ts'
import { selfSigned } from '../selfSigned.ts'
import { startScriptedPeer, startSmtpSink, type Script, type Verb } from '../smtpPeers.ts'
import { faults, numbered } from './campaign.ts'
import { smtpSink, startDumpingSink } from './sinks.ts'
import { BRIEF, goodRelay, mailingUnderWay, messageIdOf } from './relay.ts'

const VICTIM = 'uhri@asiakas.example'
const people = [{ email: VICTIM }, ...numbered(4)]

type Case = { script?: Script; settings?: string; login?: string; patience?: number; victim?: string; big?: true }

const utf16 = Buffer.from('250 ok\r\n', 'utf16le')
const certificate = selfSigned()

/** One line of class L → the peer that does it. */
const cases: Record<string, Case> = {
  'no listener (ECONNREFUSED)': {},
  'TCP accept, no greeting': { script: { acts: { CONNECT: 'silence' } }, patience: BRIEF },
  'greeting 421': { script: { acts: { CONNECT: '421 4.3.2 not now' } } },
  'STARTTLS 454': {
    script: { extensions: ['STARTTLS'], acts: { STARTTLS: '454 4.7.0 not now' } },
    settings: '&tls=required',
  },
  'disconnect at EHLO': { script: { acts: { EHLO: 'cut' } } },
  'zero window mid-body (smtp-sink -H -T)': { script: { stallBodyAt: 1000 }, big: true, patience: BRIEF },
  'RCPT 553': {
    script: { acts: { RCPT: ({ line }) => (line.includes(VICTIM) ? '553 5.1.3 what name is this' : undefined) } },
  },
  'SMTPUTF8 needed but not offered': { script: {}, victim: 'käyttäjä@asiakas.example' },
  'EHLO 500 and HELO 500': { script: { acts: { EHLO: '500 5.5.2 what?', HELO: '500 5.5.2 what?' } } },
  'AUTH 535': {
    script: { extensions: ['AUTH PLAIN LOGIN'], acts: { AUTH: '535 5.7.8 no' } },
    login: 'myyja:salainen@',
  },
  'STARTTLS not offered though required': { script: {}, settings: '&tls=required' },
  'DATA 552': { script: { acts: { DATA: '552 5.3.4 too big for us' } } },
  "'.' 554 5.7.1 spam for >5 % of last 100": { script: { acts: { '.': '554 5.7.1 spam' } } },
  "disconnect after '.' before reply (smtp-sink -q .)": { script: { acts: { '.': 'cut' } } },
  "no reply to '.' until socketTimeout (smtp-sink -W .:N)": { script: { acts: { '.': 'silence' } }, patience: BRIEF },
  'reply with NUL': { script: { acts: { MAIL: Buffer.from('250 o\0k\r\n') } } },
  'reply in UTF-16': { script: { acts: { MAIL: utf16 } } },
  'reply before command': { script: { acts: { CONNECT: Buffer.from('220 hello\r\n250 early\r\n') } } },
  'pipelined surplus replies': { script: { acts: { MAIL: '250 ok\r\n250 ok\r\n354 go\r\n250 queued' } } },
  'EHLO with 10 000 extensions': {
    script: { extensions: Array.from({ length: 10_000 }, (_, n) => `X-EXTENSION-${n}`) },
  },
  '220 then FIN half-close': { script: { acts: { EHLO: 'fin' } } },
  'plaintext injected after STARTTLS 220': {
    script: { extensions: ['STARTTLS'], certificate, acts: { STARTTLS: Buffer.from('220 go\r\n250 PIPELINING\r\n') } },
    settings: '&tls=required',
  },
  'rate limit: 421 after N messages per connection': {
    script: { acts: { MAIL: ({ nth }) => (nth > 2 ? '421 4.7.0 enough' : undefined) } },
  },
}

/** `MAIL 450`, `'.' 451`: they explain themselves. */
function explained(text: string): Case {
  const [, verb = '', code = ''] = /^(MAIL|RCPT|DATA|'\.') (\d{3})$/.exec(text) ?? []
  if (verb === '') throw new Error(`no peer is known for "${text}"`)
  const key: Verb = verb === "'.'" ? '.' : (verb as Verb)
  return { script: { acts: { [key]: `${code} ${code[0]}.3.0 no` } } }
}

/** Lines that a process of its own has to answer for, or that are no fault. */
const elsewhere: Record<string, string> = {
  "kill -9 of our process between '.' and reply": 'crash.test.ts',
  'kill -9 after 250 before commit': 'crash.test.ts',
  '250 received, DB commit fails (disk full)': 'below, with a store that goes away',
  "reply '250' without text": 'RFC 5321 §4.2 makes the text optional: below',
  'relay name resolves to IPv6 that is unreachable + IPv4 good': 'no fault of a peer: below',
}

/** A mailing with a file of some megabytes: more than lies between us and a relay that has stopped reading. */
async function withFile({ request, apiKey }: TestApp): Promise<string> {
  const call = async (path: string, body: string | FormData, type?: string) => {
    const headers = { Authorization: `Bearer ${apiKey}`, ...(type === undefined ? {} : { 'Content-Type': type }) }
    const answer = await request(`/api/v1/mailings${path}`, { method: 'POST', headers, body })
    expect(answer.status).toBeLessThan(300)
    return (await answer.json()) as { id: string }
  }
  const draft = {
    kind: 'price_list',
    topic: 'price-list',
    subject: 'Hinnasto',
    content: { format: 'markdown', body: 'Liitteenä.' },
  }
  const { id } = await call('', JSON.stringify(draft), 'application/json')
  const file = new FormData()
  file.set('file', new Blob([`%PDF-1.7 ${'x'.repeat(8_000_000)}`]), 'hinnasto.pdf')
  await call(`/${id}/attachments`, file)
  await call(`/${id}/schedule`, '{"at":"now"}', 'application/json')
  return id
}

/** The mailing meets the peer once. */
async function meet({ script, settings = '', login = '', patience, victim = VICTIM, big }: Case) {
  const world = await mailingUnderWay(people, async (t) => {
    const { store } = t.deps
    await store.batch([store.db.updateTable('contacts').set({ address: victim }).where('address', '=', VICTIM)])
    return big ? withFile(t) : scheduled(t)
  })
  const peer = await startScriptedPeer(script)
  if (script === undefined) await peer.close()
  else onTestFinished(() => peer.close())
  await world.through(`${peer.url.replace('//', `//${login}`)}?connections=1${settings}`, {
    patience,
    ca: certificate.cert,
  })
  // A peer that asks for the body of a message without recipient gets an empty one.
  return { ...world, peer, accepted: peer.bodies.filter((body) => body.length > 2) }
}

type World = Awaited<ReturnType<typeof meet>>

/** Everybody has it exactly once in the end, under the Message-ID of the delivery, whoever had refused it before. */
async function endsWell({ t, id, through, later, deliveries, report }: World, had: readonly Buffer[] = []) {
  const good = await goodRelay()
  for (let turn = 0; turn < 4; turn++) {
    await later()
    await through(good.url)
  }
  expect((await report()).row.finished_at).not.toBeNull()
  const sent = (await deliveries()).filter((row) => row.state === 'sent')
  const arrived = [...had, ...good.mailings().map(({ raw }) => raw)].map(messageIdOf)
  expect(arrived.toSorted()).toEqual(sent.map((row) => `<${row.message_id}>`).toSorted())
  expect(sent.map((row) => row.message_id)).toEqual(sent.map((row) => `${id}.${row.contact_id}@myyja.example`))
  expect((await t.deps.store.db.selectFrom('dead_addresses').selectAll().execute()).length).toBe(0)
  return good
}

const means: [RegExp, (world: World) => Promise<void>][] = [
  [
    /^retry later|^protocol garbage/,
    async (world) => {
      const { row, counts } = await world.report()
      expect([row.paused_at, counts.failed, counts.uncertain]).toEqual([null, 0, 0])
      const rows = await world.deliveries()
      const tried = rows.filter((one) => one.reason === 'deferred')
      const taken = rows.filter((one) => one.state === 'sent')
      expect(tried.length).toBeGreaterThan(0)
      // The first time two minutes, cut by chance (here by half of a quarter); who was not tried keeps its turn.
      for (const one of tried)
        expect([one.state, one.attempts, one.due_at - world.t.clock.now()]).toEqual(['queued', 1, 105_000])
      const refused = new Set(taken.length > 0 ? [] : world.accepted.map(messageIdOf))
      expect(
        [...refused].filter((messageId) => !tried.some((one) => messageId === `<${one.id}@myyja.example>`)),
      ).toEqual([])
      await endsWell(world, taken.length > 0 ? world.accepted : [])
      expect((await world.report()).counts.sent).toBe(people.length)
    },
  ],
  [
    /^permanent for this recipient/,
    async (world) => {
      const { counts, row } = await world.report()
      expect(counts).toMatchObject({ sent: people.length - 1, queued: 0, uncertain: 0 })
      expect(counts.failed + counts.skipped).toBe(1)
      expect(row.finished_at).not.toBeNull()
      expect(world.accepted).toHaveLength(people.length - 1)
    },
  ],
  [
    /^campaign-level pause/,
    async (world) => {
      const { counts, row } = await world.report()
      expect(row.pause_reason).toMatch(/^(relay_refused|tls|auth|sender_refused|too_big|policy|content)$/)
      expect(counts).toMatchObject({ queued: people.length, failed: 0, skipped: 0, sent: 0, uncertain: 0 })
      // The wait after a refusal is staff's too, and short.
      await world.later()
      const good = await goodRelay()
      await world.through(good.url)
      expect(good.messages.map(({ to }) => to)).toEqual(['paivystys@myyja.example'])
      expect((await resume(world.t.deps, world.id, 'system')).ok).toBe(true)
      await endsWell(world)
      expect((await world.report()).counts.sent).toBe(people.length)
    },
  ],
  [
    /^ambiguous/,
    async (world) => {
      const { counts, row } = await world.report()
      expect(counts.uncertain).toBe(world.accepted.length)
      expect([counts.uncertain > 0, counts.failed, counts.sent]).toEqual([true, 0, 0])
      expect(row).toMatchObject({ pause_reason: 'uncertain', finished_at: null })
      const unsure = (await world.deliveries()).filter((one) => one.state === 'uncertain')
      expect(unsure.map((one) => `<${one.message_id}>`).toSorted()).toEqual(world.accepted.map(messageIdOf).toSorted())
      // Time alone decides nothing.
      const good = await goodRelay()
      world.t.clock.advance(86_400_000)
      await world.through(good.url)
      expect(good.mailings()).toEqual([])
      expect((await resendUncertain(world.t.deps, world.id, 'system')).ok).toBe(true)
      const later = await endsWell(world)
      expect(later.mailings()).toHaveLength(people.length)
    },
  ],
]

const lines = inputs('L').map((line) => ({ ...line, text: String(line.in) }))

describe.runIf(lines.length > 0)('every peer of class L, through the door', () => {
  test.each(lines.filter(({ text }) => !(text in elsewhere)))(
    '$id $text: $expect',
    async ({ text, expect: wanted }) => {
      const check = means.find(([pattern]) => pattern.test(wanted))?.[1]
      if (!check) throw new Error(`nothing is known about "${wanted}"`)
      await check(await meet(cases[text] ?? explained(text)))
    },
  )
})

describe('and besides', () => {
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
