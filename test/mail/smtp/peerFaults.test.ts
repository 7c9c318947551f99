import { existsSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import type { Message, Receipt } from '../../../src/mail/message.ts'
import { makeTransport } from '../../../src/mail/transport.ts'
import { judge } from '../../../src/rules/failures.ts'
import { selfSigned } from '../../selfSigned.ts'
import { aMessage, startScriptedPeer } from '../../smtpPeers.ts'
import type { Script, Verb } from '../../smtpPeers.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const it of opened.splice(0).reverse()) await it.close()
})

const certificate = selfSigned()
const utf16 = Buffer.from('250 ok\r\n', 'utf16le')
const manyMegabytes = [Buffer.from('A: b\r\n\r\n'), Buffer.from(`${'x'.repeat(74)}\r\n`.repeat(400_000))]

/** Milliseconds of patience with a peer that is known to stay silent; every other peer gets plenty. */
const BRIEF = 1000

type Case = {
  script?: Script
  settings?: string
  credentials?: string
  message?: Partial<Message>
  nobodyListens?: true
  patience?: number
}

/** One class-L line → the peer that does it. Lines of the form "RCPT 450" explain themselves. */
const cases: Record<string, Case> = {
  'no listener (ECONNREFUSED)': { nobodyListens: true },
  'TCP accept, no greeting': { script: { acts: { CONNECT: 'silence' } }, patience: BRIEF },
  'disconnect at EHLO': { script: { acts: { EHLO: 'cut' } } },
  'zero window mid-body (smtp-sink -H -T)': {
    script: { stallBodyAt: 1000 },
    message: { segments: manyMegabytes },
    patience: BRIEF,
  },
  'rate limit: 421 after N messages per connection': { script: { acts: { MAIL: '421 4.7.0 enough' } } },
  'SMTPUTF8 needed but not offered': { message: { to: 'käyttäjä@yritys.example' } },
  'EHLO 500 and HELO 500': { script: { acts: { EHLO: '500 5.5.2 what?', HELO: '500 5.5.2 what?' } } },
  'STARTTLS not offered though required': { settings: '?tls=required' },
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
    settings: '?tls=required',
  },
}

/** Lines that another layer has to answer for. */
const elsewhere: Record<string, string> = {
  "kill -9 of our process between '.' and reply": 'needs a process to kill: the kill loop of P04',
  'kill -9 after 250 before commit': 'needs a process to kill: the kill loop of P04',
  '250 received, DB commit fails (disk full)': 'after the transport has answered: the door and its store (P16)',
  "reply '250' without text": 'RFC 5321 §4.2 makes the text optional, so this is no garbage: a test of its own below',
  'relay name resolves to IPv6 that is unreachable + IPv4 good': 'needs a resolver of its own: test:faults (F66)',
}

const verdicts: [RegExp, string[]][] = [
  [/^retry later/, ['retry']],
  [/^permanent for this recipient/, ['failed']],
  [/^campaign-level pause/, ['pause']],
  [/^ambiguous/, ['uncertain']],
  [/^protocol garbage/, ['retry']],
]

const file = '../shared/corpora/inputs/L-smtp-peer.jsonl'
const lines = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; in: string; expect: string })
  : []

describe.runIf(lines.length > 0)('every peer of class L is survived and means what it should', () => {
  test.each(lines.filter((line) => !(line.in in elsewhere)))('$id $in: $expect', async (line) => {
    const expected = verdicts.find(([pattern]) => pattern.test(line.expect))?.[1]
    const { receipt } = await meet(cases[line.in] ?? explained(line.in))
    expect(expected).toContain(verdictOn(receipt))
  })
})

describe('faults of a relay', () => {
  test.each([
    ['421 4.3.2 shutting down', 'retry'],
    ['450 4.3.0 later', 'retry'],
    ['554 5.3.2 no service', 'pause'],
    ['SSH-2.0-OpenSSH_9.2', 'retry'],
    ['cut', 'retry'],
  ])('F44 greeting %s: %s', async (greeting, verdict) => {
    const { receipt } = await meet({ script: { acts: { CONNECT: greeting } } })
    expect(receipt).toMatchObject({ outcome: 'refused', stage: 'greeting' })
    expect(verdictOn(receipt)).toBe(verdict)
  })

  test.each<[Verb, string, boolean]>([
    ['EHLO', 'ehlo', true],
    ['MAIL', 'mail', true],
    ['RCPT', 'rcpt', true],
    ['DATA', 'data', true],
    ['MAIL', 'mail', false],
    ['RCPT', 'rcpt', false],
    ['DATA', 'data', false],
  ])('F52 a cut at %s is tried again from stage %s (pipelining %s)', async (verb, stage, pipelining) => {
    const { receipt, peer } = await meet({
      script: { extensions: pipelining ? ['PIPELINING'] : [], acts: { [verb]: 'cut' } },
    })
    expect(receipt).toMatchObject({ outcome: 'refused', code: null, status: null })
    if (!pipelining || verb === 'EHLO' || verb === 'MAIL') expect(receipt).toMatchObject({ stage })
    expect(verdictOn(receipt)).toBe('retry')
    expect(peer.bodies).toEqual([])
  })

  test('F53 after a cut behind the dot only that message is uncertain; the one behind it was never begun', async () => {
    const { transport, peer } = await facing({
      script: { acts: { '.': 'cut', CONNECT: only(1) } },
      settings: '?connections=1',
    })
    const receipts = await Promise.all(['a', 'b', 'c'].map((id) => transport.send(aMessage(id), () => true)))
    expect(receipts[0]).toMatchObject({ outcome: 'uncertain', stage: 'dot' })
    expect(receipts[1]).toMatchObject({ outcome: 'refused', stage: 'mail', code: null })
    expect(receipts[2]).toMatchObject({ outcome: 'refused', stage: 'greeting', code: 421 })
    expect(peer.bodies).toHaveLength(1)
  })

  test('F54 a peer whose answer to the next sender overtakes its verdict leaves the message uncertain', async () => {
    const acts: Script['acts'] = { '.': Buffer.alloc(0), MAIL: '250 2.1.0 sender ok' }
    const { transport } = await facing({ script: { acts }, settings: '?connections=1' })
    const receipts = await Promise.all(['a', 'b'].map((id) => transport.send(aMessage(id), () => true)))
    expect(receipts[0]).toMatchObject({ outcome: 'uncertain', reply: 'the peer answered out of order' })
    expect(receipts[1]).toMatchObject({ outcome: 'refused', stage: 'mail', code: null })
  })

  test('F55 a refusal that comes before the body was written is nobody’s verdict on it', async () => {
    const { receipt } = await meet({ script: { acts: { DATA: Buffer.from('354 go\r\n550 5.0.0 no\r\n') } } })
    expect(receipt).toMatchObject({ outcome: 'refused', stage: 'data', code: null })
    expect(verdictOn(receipt)).toBe('retry')
  })

  test('F56 a peer that stops reading holds up its own connection only', async () => {
    const acts: Script['acts'] = { DATA: ({ connection }) => (connection === 1 ? 'silence' : undefined) }
    const { transport, peer } = await facing({ script: { acts }, settings: '?connections=2', patience: 2 * BRIEF })
    const receipts = await Promise.all(
      Array.from({ length: 50 }, (_, n) => transport.send(aMessage(`d${n}`), () => true)),
    )
    expect(receipts.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(49)
    expect(receipts[0]).toMatchObject({ outcome: 'refused', stage: 'data', code: null, reply: 'no answer in time' })
    expect(peer.bodies).toHaveLength(49)
  })

  test.each([1, 300_000, 15_000_000])(
    'F61 a cut at byte %i of a large body is a refusal: nothing complete has arrived',
    async (byte) => {
      const { receipt, peer } = await meet({ script: { cutBodyAt: byte }, message: { segments: manyMegabytes } })
      expect(receipt).toMatchObject({ outcome: 'refused', stage: 'data', code: null })
      expect(peer.bodies).toEqual([])
    },
  )

  const small = Buffer.concat(aMessage('a').segments).length
  test.each([1, Math.ceil(small / 100), Math.ceil(small / 2), small + 2])(
    'F61 a cut at byte %i of a body that left whole is uncertain: the dot was on its way',
    async (byte) => {
      const { receipt, peer } = await meet({ script: { cutBodyAt: byte } })
      expect(receipt).toMatchObject({ outcome: 'uncertain', stage: 'dot' })
      expect(peer.bodies).toEqual([])
    },
  )

  test.each<[string, Verb, Buffer]>([
    ['a line of 10 MiB', 'MAIL', Buffer.alloc(10_485_760, 'a')],
    ['an endless reply', 'MAIL', Buffer.from('250-more\r\n'.repeat(100_000))],
    ['a flood of replies', 'MAIL', Buffer.from('250 ok\r\n'.repeat(100_000))],
    ['an endless greeting', 'CONNECT', Buffer.from('220-more\r\n'.repeat(100_000))],
    ['a 2xx to DATA', 'DATA', Buffer.from('250 ok\r\n')],
    ['a 3xx to MAIL', 'MAIL', Buffer.from('354 ok\r\n')],
  ])('F62 %s ends the connection and the message is tried again', async (_name, verb, bytes) => {
    const { receipt } = await meet({ script: { acts: { [verb]: bytes } } })
    expect(verdictOn(receipt)).toBe('retry')
  })

  test('F62 garbage in answer to the dot leaves the message uncertain', async () => {
    const { receipt } = await meet({ script: { acts: { '.': utf16 } } })
    expect(receipt).toMatchObject({ outcome: 'uncertain', stage: 'dot' })
  })

  test('F62 a peer that drips one byte at a time does not hold the connection for ever', async () => {
    const { transport, peer } = await facing({ script: { acts: { MAIL: 'silence' } }, patience: BRIEF })
    const sending = transport.send(aMessage('a'), () => true)
    await expect.poll(() => peer.commands[0]?.length).toBe(2)
    const drip = setInterval(() => peer.say('2'), 20)
    const receipt = await sending
    clearInterval(drip)
    expect(receipt).toMatchObject({ outcome: 'refused', stage: 'mail', reply: 'no answer in time' })
  })

  test('L058 a code without text is a valid reply', async () => {
    const bare = { EHLO: '250', MAIL: '250', RCPT: '250', DATA: '354', '.': '250' }
    const { receipt } = await meet({ script: { acts: bare } })
    expect(receipt).toEqual({ outcome: 'accepted', reply: '' })
  })

  test('F43 a relay that is down costs one attempt for all that waits, and is asked again for what comes later', async () => {
    const { transport, peer } = await facing({ script: { acts: { CONNECT: 'cut' } } })
    const ids = Array.from({ length: 64 }, (_, n) => `d${n}`)
    const receipts = await Promise.all(ids.map((id) => transport.send(aMessage(id), () => true)))
    expect(receipts.every((receipt) => verdictOn(receipt) === 'retry')).toBe(true)
    expect(peer.commands).toHaveLength(1)
    await transport.send(aMessage('later'), () => true)
    expect(peer.commands).toHaveLength(2)
  })

  test('P23 the address that a relay repeats is not kept', async () => {
    const { receipt } = await meet({ script: { acts: { RCPT: '550 5.1.1 <a@yritys.example> unknown' } } })
    expect(receipt).toMatchObject({ reply: '5.1.1 <address> unknown' })
  })
})

/** "RCPT 450", "'.' 421", "greeting 421": the answer at that point. */
function explained(text: string): Case {
  const [, where = '', code = ''] = /^(greeting|STARTTLS|AUTH|MAIL|RCPT|DATA|'\.') (\d{3})$/.exec(text) ?? []
  if (code === '') throw new Error(`no peer does: ${text}`)
  const verb = (where === 'greeting' ? 'CONNECT' : where.replaceAll("'", '')) as Verb
  return {
    script: { extensions: ['PIPELINING', 'STARTTLS', 'AUTH PLAIN'], acts: { [verb]: `${code} as scripted` } },
    settings: verb === 'STARTTLS' ? '?tls=required' : '',
    credentials: verb === 'AUTH' ? 'user:secret@' : '',
  }
}

function only(connections: number) {
  return ({ connection }: { connection: number }) => (connection > connections ? '421 no more' : undefined)
}

async function meet(it: Case): Promise<{ receipt: Receipt; peer: Awaited<ReturnType<typeof startScriptedPeer>> }> {
  const { transport, peer } = await facing(it)
  return { receipt: await transport.send(aMessage('a', it.message), () => true), peer }
}

async function facing({ script = {}, settings = '', credentials = '', nobodyListens, patience = 20_000 }: Case) {
  const peer = await startScriptedPeer(script)
  if (nobodyListens) await peer.close()
  else opened.push(peer)
  const transport = makeTransport(`smtp://${credentials}127.0.0.1:${peer.port}${settings}`, {
    now: () => 0,
    clientName: 'postilupa.example',
    timeouts: { greeting: patience, reply: patience },
    tls: { ca: certificate.cert, servername: 'localhost' },
  })
  opened.push(transport)
  return { transport, peer }
}

function verdictOn(receipt: Receipt): string {
  if (receipt.outcome !== 'refused' && receipt.outcome !== 'uncertain') return receipt.outcome
  return judge(receipt, 1, 0, 'mailing').verdict
}
