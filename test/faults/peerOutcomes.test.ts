import { describe, expect, test } from 'vitest'
import { resendUncertain, resume } from '../../src/actions/mailingVerbs.ts'
import { inputs } from '../inputs.ts'
import type { Verb } from '../smtpPeers.ts'
import {
  BRIEF,
  certificate,
  endsWell,
  goodRelay,
  meet,
  messageIdOf,
  people,
  utf16,
  VICTIM,
  type Case,
  type World,
} from './relay.ts'

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
  '250 received, DB commit fails (disk full)': 'relayFaults.test.ts, with a store that goes away',
  "reply '250' without text": 'RFC 5321 §4.2 makes the text optional: relayFaults.test.ts',
  'relay name resolves to IPv6 that is unreachable + IPv4 good': 'no fault of a peer: relayFaults.test.ts',
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
