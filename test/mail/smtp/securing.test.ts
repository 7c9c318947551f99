import { afterEach, describe, expect, test } from 'vitest'
import type { Receipt } from '../../../src/mail/message.ts'
import { makeTransport } from '../../../src/mail/transport.ts'
import { judge } from '../../../src/rules/failures.ts'
import { selfSigned } from '../../selfSigned.ts'
import { aMessage, startScriptedPeer, startSmtpSink } from '../../smtpPeers.ts'
import type { Script, SinkOptions } from '../../smtpPeers.ts'

const certificate = selfSigned()
const trusting = { ca: certificate.cert, servername: 'localhost' }
const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const it of opened.splice(0).reverse()) await it.close()
})

describe('TLS', () => {
  test.each([
    ['smtps', 'wrapped' as const, ''],
    ['STARTTLS', 'starttls' as const, '?tls=required'],
  ])('%s with a trusted certificate delivers, many at once', async (_name, tls, settings) => {
    const sink = await aSink({ tls, certificate })
    const transport = toward(sink.url + settings, trusting)
    const messages = Array.from({ length: 200 }, (_, n) => aMessage(`d${n}`))
    const receipts = await Promise.all(messages.map((message) => transport.send(message, () => true)))
    expect(receipts.every(({ outcome }) => outcome === 'accepted')).toBe(true)
    expect(sink.messages).toHaveLength(200)
  })

  test.each([
    ['smtps', 'wrapped' as const, '', {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['STARTTLS', 'starttls' as const, '?tls=required', {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['smtps', 'wrapped' as const, '', { ...trusting, servername: 'other.example' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    [
      'STARTTLS',
      'starttls' as const,
      '?tls=required',
      { ...trusting, servername: 'other.example' },
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
  ])(
    'F46 %s with a certificate that is not trusted pauses and sends nothing',
    async (_name, tls, settings, trust, why) => {
      const sink = await aSink({ tls, certificate })
      const receipt = await sendOne(sink.url + settings, trust)
      expect(receipt).toMatchObject({ stage: 'starttls', code: null, status: '5.7.5', reply: `TLS failed: ${why}` })
      expect(decided(receipt)).toBe('pause tls')
      expect(sink.messages).toEqual([])
    },
  )

  test('F46 L042 a relay without STARTTLS gets neither mail nor password where TLS is required', async () => {
    const peer = await aPeer({ extensions: ['PIPELINING', 'AUTH PLAIN'] })
    const receipt = await sendOne(`smtp://user:secret@127.0.0.1:${peer.port}?tls=required`)
    expect(receipt).toMatchObject({ stage: 'starttls', code: 502 })
    expect(decided(receipt)).toBe('pause tls')
    expect(peer.commands.flat()).toEqual(['EHLO postilupa.example', 'STARTTLS'])
  })

  test('F46 a relay that answers smtps in plaintext pauses', async () => {
    const peer = await aPeer({})
    const receipt = await sendOne(`smtps://127.0.0.1:${peer.port}`)
    expect(receipt).toMatchObject({ stage: 'starttls', status: '5.7.5' })
  })

  test('L073 what a stranger slips in behind the answer to STARTTLS ends the connection and is not believed', async () => {
    const injected = Buffer.from('220 go ahead\r\n250-evil.example\r\n250 AUTH PLAIN\r\n')
    const peer = await aPeer({ extensions: ['STARTTLS'], certificate, acts: { STARTTLS: injected } })
    const receipt = await sendOne(`smtp://user:secret@127.0.0.1:${peer.port}?tls=required`, trusting)
    expect(receipt).toMatchObject({ outcome: 'refused', code: null, reply: 'plaintext came in after STARTTLS' })
    expect(peer.commands.flat().join()).not.toMatch(/AUTH|MAIL/)
  })

  test('a cut in the handshake is tried again', async () => {
    const peer = await aPeer({ extensions: ['STARTTLS'], acts: { STARTTLS: 'cut' } })
    expect(decided(await sendOne(`smtp://127.0.0.1:${peer.port}?tls=required`))).toBe('retry')
  })

  test('plaintext stays plaintext on loopback, even where STARTTLS with an unknown certificate is offered', async () => {
    const sink = await aSink({ tls: 'starttls', certificate })
    expect(await sendOne(sink.url)).toMatchObject({ outcome: 'accepted' })
  })
})

describe('logging in', () => {
  const auth = { user: 'mailer@seller.example', pass: 'p/ä s:s?' }

  test('the right credentials deliver', async () => {
    const sink = await aSink({ auth })
    expect(await sendOne(sink.url)).toMatchObject({ outcome: 'accepted' })
  })

  test('F47 L040 P23 wrong credentials pause, and neither user nor password shows', async () => {
    const sink = await aSink({ auth })
    const receipt = await sendOne(`smtp://mailer%40seller.example:wrong@127.0.0.1:${sink.port}`)
    expect(receipt).toMatchObject({ stage: 'auth', code: 535, status: '5.7.8' })
    expect(decided(receipt)).toBe('pause auth')
    expect(JSON.stringify(receipt)).not.toMatch(/mailer|wrong/)
    expect(sink.messages).toEqual([])
  })

  test('a relay that wants no log-in although one is configured pauses instead of sending without', async () => {
    const peer = await aPeer({ acts: { AUTH: '503 5.5.1 not offered' } })
    const receipt = await sendOne(`smtp://user:secret@127.0.0.1:${peer.port}`)
    expect(receipt).toMatchObject({ stage: 'auth', code: 503 })
    expect(decided(receipt)).toBe('pause auth')
  })

  test('a relay that demands a log-in nobody configured pauses', async () => {
    const sink = await aSink({ auth })
    expect(decided(await sendOne(`smtp://127.0.0.1:${sink.port}`))).toBe('pause auth')
  })
})

async function aSink(options: SinkOptions) {
  const sink = await startSmtpSink(options)
  opened.push(sink)
  return sink
}

async function aPeer(script: Script) {
  const peer = await startScriptedPeer(script)
  opened.push(peer)
  return peer
}

function toward(url: string, tls: { ca?: string; servername?: string } = {}) {
  const transport = makeTransport(url, { now: () => 0, clientName: 'postilupa.example', tls })
  opened.push(transport)
  return transport
}

function sendOne(url: string, tls: { ca?: string; servername?: string } = {}): Promise<Receipt> {
  return toward(url, tls).send(aMessage('a'), () => true)
}

function decided(receipt: Receipt) {
  if (receipt.outcome !== 'refused') return receipt.outcome
  const decision = judge(receipt, 1, 0, 'mailing')
  return decision.verdict === 'pause' ? `pause ${decision.reason}` : decision.verdict
}
