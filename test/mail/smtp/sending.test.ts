import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { Message, Receipt, Transport } from '../../../src/mail/message.ts'
import { makeTransport } from '../../../src/mail/transport.ts'
import { aMessage, startScriptedPeer, startSmtpSink } from '../../smtpPeers.ts'
import type { Script, SinkOptions } from '../../smtpPeers.ts'

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const it of opened.splice(0).reverse()) await it.close()
})

const always = () => true

describe('handing messages to a relay', () => {
  test.each([
    ['with PIPELINING', true],
    ['without PIPELINING', false],
  ])('5,000 messages arrive exactly once and byte by byte, %s', async (_name, pipelining) => {
    const sink = await aSink({ pipelining })
    const transport = toward(sink.url)
    const shared = Buffer.from('Hinnasto =C3=A4\r\n'.repeat(40))
    const messages = Array.from({ length: 5000 }, (_, n) => {
      const own = aMessage(`d${n}`).segments
      return aMessage(`d${n}`, { segments: [...own, shared, Buffer.from(`${n}\r\n`), Buffer.alloc(0), shared] })
    })
    const receipts = await Promise.all(messages.map((message) => transport.send(message, always)))
    expect(new Set(receipts.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']))
    const arrived = new Map(sink.messages.map((message) => [message.to, message]))
    expect(sink.messages).toHaveLength(5000)
    for (const message of messages) {
      const taken = arrived.get(message.to)
      expect(taken?.from).toBe(message.from)
      expect(taken?.raw.equals(Buffer.concat(message.segments))).toBe(true)
    }
    expect(sink.connections()).toBeLessThanOrEqual(10)
  })

  test('a message of many megabytes arrives whole, and a small one behind it', async () => {
    const sink = await aSink()
    const transport = toward(`${sink.url}?connections=1`)
    const segments = [Buffer.from('A: b\r\n\r\n'), Buffer.from(`${'x'.repeat(74)}\r\n`.repeat(120_000))]
    const receipts = await sendAll(transport, [aMessage('big', { segments }), aMessage('small')])
    expect(receipts.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted'])
    expect(sink.messages[0]?.raw.equals(Buffer.concat(segments))).toBe(true)
    expect(sink.messages).toHaveLength(2)
  })

  test('the next envelope travels behind the end of the previous message, its body waits for the 354', async () => {
    const behind: string[] = []
    const note = (at: { behind: string }) => void behind.push(at.behind)
    const script: Script = { extensions: ['PIPELINING', 'SIZE 1000000'], acts: { DATA: note, '.': note } }
    const { peer, transport } = await facing(script, '?connections=1')
    await sendAll(transport, [aMessage('a'), aMessage('b')])
    const size = Buffer.concat(aMessage('a').segments).length
    const envelope = (id: string) => [
      `MAIL FROM:<b+${id}@bounces.seller.example> SIZE=${size}`,
      `RCPT TO:<${id}@yritys.example>`,
      'DATA',
    ]
    expect(peer.commands).toEqual([['EHLO postilupa.example', ...envelope('a'), ...envelope('b')]])
    expect(behind).toEqual(['', `${envelope('b').join('\r\n')}\r\n`, '', ''])
    expect(peer.bodies).toEqual([aMessage('a'), aMessage('b')].map(({ segments }) => Buffer.concat(segments)))
  })

  test('F64 a relay that offers nothing at all still gets its mail, one command a turn', async () => {
    const turns: string[] = []
    const { peer, transport } = await facing({ extensions: [], acts: { MAIL: ({ line }) => void turns.push(line) } })
    const receipts = await sendAll(transport, [aMessage('a', { from: '' }), aMessage('b')])
    expect(receipts.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted'])
    expect(turns).toEqual(['MAIL FROM:<>', 'MAIL FROM:<b+b@bounces.seller.example>'])
    expect(peer.bodies).toHaveLength(2)
  })

  test.each([
    ['with PIPELINING', ['PIPELINING']],
    ['without PIPELINING', []],
  ])('P21 every message has its own outcome in a random mix of verdicts, %s', async (_name, extensions) => {
    const aVerdict = fc.constantFrom('take', 'MAIL', 'RCPT', 'RCPT-but-354', 'DATA', 'dot', 'withhold')
    await fc.assert(
      fc.asyncProperty(fc.array(aVerdict, { minLength: 200, maxLength: 200 }), async (verdicts) => {
        const of = (line: string) => verdicts[Number(/[<+]d(\d+)@/.exec(line)?.[1])]
        let latest = ''
        const peer = await startScriptedPeer({
          extensions,
          acts: {
            MAIL: ({ line }) => (of((latest = line)) === 'MAIL' ? '451 4.3.0 MAIL' : undefined),
            RCPT: ({ line }) =>
              of(line)?.startsWith('RCPT') ? '550 5.1.1 RCPT' : of(line) === 'MAIL' ? '503 no' : undefined,
            DATA: () => ({ MAIL: '503 no', RCPT: '554 none', DATA: '452 4.3.1 DATA' })[String(of(latest))],
            '.': () => (of(latest) === 'dot' ? '554 5.0.0 dot' : of(latest) === 'take' ? undefined : '554 empty'),
          },
        })
        const transport = toward(`${peer.url}?connections=1`, false)
        const receipts = await Promise.all(
          verdicts.map((verdict, n) => transport.send(aMessage(`d${n}`), () => verdict !== 'withhold')),
        )
        expect(receipts.map(inShort)).toEqual(
          verdicts.map(
            (verdict) =>
              ({
                take: 'accepted',
                MAIL: 'refused mail 451 4.3.0',
                RCPT: 'refused rcpt 550 5.1.1',
                'RCPT-but-354': 'refused rcpt 550 5.1.1',
                DATA: 'refused data 452 4.3.1',
                dot: 'refused dot 554 5.0.0',
                withhold: 'withheld',
              })[verdict],
          ),
        )
        const whole = peer.bodies.filter((body) => body.length > 0)
        const taken = verdicts.flatMap((verdict, n) => (verdict === 'take' || verdict === 'dot' ? [n] : []))
        expect(whole).toEqual(taken.map((n) => Buffer.concat(aMessage(`d${n}`).segments)))
        await transport.close()
        await peer.close()
      }),
      { numRuns: 5 },
    )
  })

  test('F60 a thousand recipients with their own verdicts over ten connections', async () => {
    const sink = await aSink({
      onRcpt: (to) => (/7@/.test(to) ? '550 5.1.1 unknown' : /3@/.test(to) ? '450 4.2.1 later' : undefined),
      onData: ({ to }) => (/5@/.test(to) ? '554 5.7.1 spam' : undefined),
    })
    const transport = toward(sink.url)
    const receipts = await sendAll(
      transport,
      Array.from({ length: 1000 }, (_, n) => aMessage(`d${n}`)),
    )
    const expected: Record<string, string> = {
      7: 'refused rcpt 550 5.1.1',
      3: 'refused rcpt 450 4.2.1',
      5: 'refused dot 554 5.7.1',
    }
    expect(receipts.map(inShort)).toEqual(receipts.map((_, n) => expected[n % 10] ?? 'accepted'))
    expect(sink.messages).toHaveLength(700)
  })
})

describe('asking in the last moment', () => {
  test('P07 ready is asked when MAIL is about to be written, not when the message is handed over', async () => {
    const banned = new Set<string>()
    const sink = await aSink({ onData: ({ to }) => void (to.startsWith('d4@') && banned.add('d9').add('d6')) })
    const transport = toward(`${sink.url}?connections=1`)
    const receipts = await Promise.all(
      Array.from({ length: 12 }, (_, n) => transport.send(aMessage(`d${n}`), () => !banned.has(`d${n}`))),
    )
    expect(inShort(receipts[9])).toBe('withheld')
    expect(sink.messages.map(({ to }) => to)).not.toContain('d9@yritys.example')
  })

  test('P07 a withheld message opens no transaction, and the next one takes its turn', async () => {
    const { peer, transport } = await facing({}, '?connections=1')
    const receipts = await Promise.all(['a', 'b', 'c'].map((id) => transport.send(aMessage(id), () => id !== 'b')))
    expect(receipts.map(inShort)).toEqual(['accepted', 'withheld', 'accepted'])
    expect(peer.commands.flat().join('\n')).not.toContain('b@yritys.example')
  })

  test('F63 a message that is larger than the relay takes is never begun', async () => {
    const { peer, transport } = await facing({ extensions: ['PIPELINING', 'SIZE 1000'] })
    let asked = 0
    const segments = [Buffer.from('x'.repeat(998) + '\r\n'), Buffer.from('y\r\n')]
    const receipts = await Promise.all([
      transport.send(aMessage('big', { segments }), () => ++asked > 0),
      transport.send(aMessage('small'), always),
    ])
    expect(receipts.map(inShort)).toEqual(['refused mail null 5.3.4', 'accepted'])
    expect(asked).toBe(0)
    expect(peer.commands.flat().join('\n')).not.toContain('big@')
  })

  test('T15 a message that could smuggle another one is refused before a connection is opened', async () => {
    const { peer, transport } = await facing({})
    const segments = [Buffer.from('a\r\n.\r\nMAIL FROM:<x@example.com>\r\n')]
    expect(inShort(await transport.send(aMessage('a', { segments }), always))).toBe('refused data null 5.6.0')
    const to = 'a@yritys.example>\r\nRCPT TO:<x@example.com'
    expect(inShort(await transport.send(aMessage('a', { to }), always))).toBe('refused rcpt null 5.1.3')
    expect(peer.commands).toEqual([])
  })
})

describe('connections', () => {
  test.each([
    ['postilupa.example', 'EHLO postilupa.example'],
    ['127.0.0.1', 'EHLO [127.0.0.1]'],
    ['[::1]', 'EHLO [IPv6:::1]'],
  ])('a service at %s introduces itself with %s (RFC 5321 §4.1.3)', async (clientName, said) => {
    const { peer } = await facing({})
    const transport = makeTransport(peer.url, { now: () => 0, clientName })
    await transport.send(aMessage('a'), always)
    await transport.close()
    expect(peer.commands[0]?.[0]).toBe(said)
  })

  test('one is tried first, the others follow when it stands, never more than allowed', async () => {
    const sink = await aSink({ onData: () => new Promise((resolve) => setTimeout(resolve, 5)) })
    const transport = toward(`${sink.url}?connections=3`)
    await transport.send(aMessage('a'), always)
    expect(sink.connections()).toBe(1)
    await sendAll(
      transport,
      Array.from({ length: 100 }, (_, n) => aMessage(`d${n}`)),
    )
    expect(sink.connections()).toBe(3)
  })

  test('an unused connection says QUIT and is opened again when needed', async () => {
    const { peer, transport } = await facing({}, '', { idle: 40 })
    await transport.send(aMessage('a'), always)
    await expect.poll(() => peer.commands[0]?.at(-1)).toBe('QUIT')
    expect(inShort(await transport.send(aMessage('b'), always))).toBe('accepted')
    expect(peer.commands).toHaveLength(2)
  })

  test('a connection that the peer closes while unused harms nobody', async () => {
    const { peer, transport } = await facing({
      acts: { '.': ({ connection }) => (connection === 1 ? Buffer.from('250 ok\r\n421 idle\r\n') : undefined) },
    })
    expect(inShort(await transport.send(aMessage('a'), always))).toBe('accepted')
    expect(inShort(await transport.send(aMessage('b'), always))).toBe('accepted')
    expect(peer.commands).toHaveLength(2)
  })

  test('F59 a relay that takes only two connections gets everything over two, without a storm', async () => {
    const { peer, transport } = await facing({
      acts: { CONNECT: ({ connection }) => (connection > 2 ? '421 4.7.0 too many connections' : undefined) },
    })
    const receipts = await sendAll(
      transport,
      Array.from({ length: 300 }, (_, n) => aMessage(`d${n}`)),
    )
    expect(receipts.every(({ outcome }) => outcome === 'accepted')).toBe(true)
    expect(peer.commands.length).toBeLessThanOrEqual(10)
  })

  test('F58 L031 after a 421 every so many messages the rest goes over new connections; only the 421 itself is deferred', async () => {
    const { peer, transport } = await facing(
      { acts: { MAIL: ({ nth }) => (nth > 20 ? '421 4.7.0 enough' : undefined) } },
      '?connections=1',
    )
    const receipts = await sendAll(
      transport,
      Array.from({ length: 105 }, (_, n) => aMessage(`d${n}`)),
    )
    expect(receipts.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(100)
    expect(new Set(receipts.filter(({ outcome }) => outcome !== 'accepted').map(inShort))).toEqual(
      new Set(['refused mail 421 4.7.0']),
    )
    expect(peer.bodies).toHaveLength(100)
  })

  test('P05 closing lets what was handed over finish, says QUIT, and takes nothing more', async () => {
    const sink = await aSink({ onData: () => new Promise((resolve) => setTimeout(resolve, 5)) })
    const transport = toward(`${sink.url}?connections=2`, false)
    const sending = sendAll(
      transport,
      Array.from({ length: 20 }, (_, n) => aMessage(`d${n}`)),
    )
    await transport.close()
    expect((await sending).every(({ outcome }) => outcome === 'accepted')).toBe(true)
    expect(sink.messages).toHaveLength(20)
    expect(inShort(await transport.send(aMessage('late'), always))).toBe('refused connect null null')
  })

  test('F14 closing does not wait longer than its grace: what was ended is uncertain, what was not is refused', async () => {
    const { peer, transport } = await facing({ acts: { '.': 'silence' } }, '?connections=1')
    const sending = sendAll(transport, [aMessage('a'), aMessage('b'), aMessage('c')])
    await expect.poll(() => peer.bodies.length).toBe(1)
    await transport.close(10)
    expect((await sending).map(inShort)).toEqual([
      'uncertain dot',
      'refused mail null null',
      'refused connect null null',
    ])
  })

  test('closing in the middle of opening gives up at once', async () => {
    const { peer, transport } = await facing({ acts: { CONNECT: 'silence' } })
    const sending = transport.send(aMessage('a'), always)
    await expect.poll(() => peer.commands.length).toBe(1)
    await transport.close(10)
    expect(inShort(await sending)).toBe('refused connect null null')
  })

  test('closing a transport that was never used opens nothing', async () => {
    const { peer, transport } = await facing({})
    await transport.close()
    expect(peer.commands).toEqual([])
  })
})

async function aSink(options: SinkOptions = {}) {
  const sink = await startSmtpSink(options)
  opened.push(sink)
  return sink
}

async function facing(script: Script, settings = '', timeouts = {}) {
  const peer = await startScriptedPeer(script)
  opened.push(peer)
  return { peer, transport: toward(`${peer.url}${settings}`, true, timeouts) }
}

function toward(url: string, closes = true, timeouts = {}) {
  const transport = makeTransport(url, { now: () => 0, clientName: 'postilupa.example', timeouts })
  if (closes) opened.push(transport)
  return transport
}

function sendAll(transport: Transport, messages: Message[]): Promise<Receipt[]> {
  return Promise.all(messages.map((message) => transport.send(message, always)))
}

function inShort(receipt: Receipt | undefined): string {
  if (receipt?.outcome === 'uncertain') return `uncertain ${receipt.stage}`
  return receipt?.outcome === 'refused'
    ? `refused ${receipt.stage} ${receipt.code} ${receipt.status}`
    : String(receipt?.outcome)
}
