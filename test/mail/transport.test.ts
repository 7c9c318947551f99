import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseMailUrl } from '../../src/mail/mailUrl.ts'
import type { MailUrl } from '../../src/mail/mailUrl.ts'
import { makeTransport } from '../../src/mail/transport.ts'
import { aMessage } from '../smtpPeers.ts'

const relay = (over: object): MailUrl => ({
  scheme: 'smtp',
  relay: { host: 'relay.example', port: 587, tls: 'starttls', auth: null, connections: 10, ...over },
})

describe('MAIL_URL', () => {
  test.each<[string, MailUrl]>([
    ['outbox:./data/outbox', { scheme: 'outbox', folder: './data/outbox' }],
    ['outbox:/var/mail/out', { scheme: 'outbox', folder: '/var/mail/out' }],
    ['smtp://relay.example', relay({})],
    ['smtp://relay.example:25/?connections=4', relay({ port: 25, connections: 4 })],
    ['smtp://user:pass@relay.example:2525', relay({ port: 2525, auth: { user: 'user', pass: 'pass' } })],
    ['smtp://u%40x.example:p%2Fa%25ss%3F@relay.example', relay({ auth: { user: 'u@x.example', pass: 'p/a%ss?' } })],
    ['smtps://relay.example', relay({ port: 465, tls: 'wrapped' })],
    ['smtps://relay.example:8465?connections=1', relay({ port: 8465, tls: 'wrapped', connections: 1 })],
    ['smtp://relay.example?tls=none', relay({ tls: 'none' })],
    ['smtp://localhost:25', relay({ host: 'localhost', port: 25, tls: 'none' })],
    ['smtp://127.0.0.1:2525', relay({ host: '127.0.0.1', port: 2525, tls: 'none' })],
    ['smtp://[::1]:2525', relay({ host: '::1', port: 2525, tls: 'none' })],
    ['smtp://[2001:db8::1]:2525', relay({ host: '2001:db8::1', port: 2525 })],
    ['smtp://127.0.0.1:2525?tls=required', relay({ host: '127.0.0.1', port: 2525 })],
    ['smtp://127.0.0.1.relay.example', relay({ host: '127.0.0.1.relay.example' })],
  ])('%s is understood', (mailUrl, expected) => {
    expect(parseMailUrl(mailUrl)).toEqual(expected)
  })

  test.each([
    ['', /begin it with outbox:, smtp:/],
    ['http://relay.example', /begin it with/],
    ['smtp:relay.example', /begin it with/],
    ['outbox:', /name the folder/],
    ['smtp://', /host|write it as/],
    ['smtp://:25', /host|write it as/],
    ['smtp://relay.example:99999', /write it as smtp:/],
    ['smtp://user:hunter2/x@relay.example', /percent-encode/],
    ['smtp://user:12#hunter2@relay.example', /percent-encode/],
    ['smtp://user:12?hunter2@relay.example', /percent-encode/],
    ['smtp://user:hunter2%@relay.example', /percent-encode/],
    ['smtp://user@relay.example', /both user and password/],
    ['smtp://:hunter2@relay.example', /both user and password/],
    ['smtp://relay.example/path', /nothing but \?connections/],
    ['smtp://relay.example?pool=1', /only settings are/],
    ['smtp://relay.example?connections=0', /from 1 to 50/],
    ['smtp://relay.example?connections=ten', /from 1 to 50/],
    ['smtp://relay.example?tls=maybe', /"required" or "none"/],
    ['smtps://relay.example?tls=none', /smtps:\/\/ always uses TLS/],
  ])('%s is refused with the mend and without the password', (mailUrl, mend) => {
    const problem = problemOf(() => parseMailUrl(mailUrl))
    expect(problem).toMatch(mend)
    expect(problem).toMatch(/^MAIL_URL: /)
    expect(problem).not.toContain('hunter2')
  })
})

describe('the embedded outbox', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'outbox-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const outbox = () =>
    makeTransport('outbox:./data/outbox', {
      now: () => Date.UTC(2026, 0, 31, 9, 5, 7, 42),
      clientName: 'postilupa.example',
      writeFile: (name, bytes) => writeFile(path.join(folder, name), bytes, { flag: 'wx' }),
    })

  test('writes one .eml a message, named by time and delivery, with the bytes as they are', async () => {
    const transport = outbox()
    const message = aMessage('a', { id: 'mailing/1.contact:2' })
    await expect(transport.send(message, () => true)).resolves.toMatchObject({ outcome: 'accepted' })
    expect(transport.name).toBe('outbox')
    expect(await readdir(folder)).toEqual(['20260131T090507042Z-mailing_1_contact_2.eml'])
    const written = await readFile(path.join(folder, '20260131T090507042Z-mailing_1_contact_2.eml'))
    expect(written).toEqual(Buffer.concat(message.segments))
    await transport.close()
  })

  test('P07 writes nothing when the answer at hand-over is no', async () => {
    await expect(outbox().send(aMessage('a'), () => false)).resolves.toEqual({ outcome: 'withheld' })
    expect(await readdir(folder)).toEqual([])
  })

  test('a folder that cannot be written is a refusal without the path', async () => {
    await rm(folder, { recursive: true })
    const receipt = await outbox().send(aMessage('a'), () => true)
    expect(receipt).toEqual({ outcome: 'refused', stage: 'outbox', code: null, status: null, reply: 'ENOENT' })
  })

  test('closing waits for what is being written and takes nothing more', async () => {
    const transport = outbox()
    const sent = transport.send(aMessage('a'), () => true)
    await transport.close()
    expect(await readdir(folder)).toHaveLength(1)
    await expect(sent).resolves.toMatchObject({ outcome: 'accepted' })
    await expect(transport.send(aMessage('b'), () => true)).resolves.toMatchObject({ outcome: 'refused' })
  })

  test('without a file system the URL is refused with the mend', () => {
    const make = () => makeTransport('outbox:./x', { now: () => 0, clientName: 'postilupa.example' })
    expect(problemOf(make)).toMatch(/use smtp:\/\//)
  })
})

function problemOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('nothing was refused')
}
