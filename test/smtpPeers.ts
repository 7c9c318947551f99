import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { TLSSocket } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import type { SMTPServerSession } from 'smtp-server'
import type { Message } from '../src/mail/message.ts'

/** A small valid message to <id>@yritys.example; `over` replaces what a test is about. */
export function aMessage(id: string, over: Partial<Message> = {}): Message {
  const header = `From: info@seller.example\r\nTo: ${id}@yritys.example\r\nSubject: ${id}\r\n\r\n`
  const segments = [Buffer.from(header), Buffer.from(`Hei ${id},\r\n\r\nuusi hinnasto =2E\r\n`)]
  return { id, from: `b+${id}@bounces.seller.example`, to: `${id}@yritys.example`, segments, ...over }
}

/** A message as the sink took it. */
export type SinkMessage = { from: string; to: string; raw: Buffer; at: number }

export type SinkOptions = {
  /** `starttls` offers it, `wrapped` is smtps. Both need `certificate`. */
  tls?: 'none' | 'starttls' | 'wrapped'
  certificate?: { key: string; cert: string }
  /** The only credentials that are taken, and they are demanded. */
  auth?: { user: string; pass: string }
  pipelining?: boolean
  /** Largest message in bytes, announced with SIZE. */
  size?: number
  /** A returned reply such as `550 5.1.1 unknown` refuses. */
  onRcpt?: (to: string, from: string) => string | void | Promise<string | void>
  /** The same for the message, after it was taken in whole; a refused one is not listed. */
  onData?: (message: SinkMessage) => string | void | Promise<string | void>
}

/** A real SMTP server on loopback that keeps what it takes. `url` is a MAIL_URL without settings. */
export async function startSmtpSink(options: SinkOptions = {}) {
  const messages: SinkMessage[] = []
  let connections = 0
  const { tls = 'none', auth } = options
  const server = new SMTPServer({
    ...options.certificate,
    secure: tls === 'wrapped',
    hideSTARTTLS: tls !== 'starttls',
    hidePIPELINING: options.pipelining === false,
    ...(options.size === undefined ? {} : { size: options.size }),
    authOptional: auth === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    onConnect(_session, done) {
      connections++
      done()
    },
    onAuth(given, _session, done) {
      if (auth && given.username === auth.user && given.password === auth.pass) done(null, { user: auth.user })
      else done(refusal('535 5.7.8 authentication failed'))
    },
    async onRcptTo(address, session, done) {
      const reply = await options.onRcpt?.(address.address, senderOf(session))
      done(reply ? refusal(reply) : null)
    },
    async onData(stream, session, done) {
      // Null: the client left in the middle of it.
      const raw = await buffer(stream).catch(() => null)
      if (!raw) return
      const message = { from: senderOf(session), to: session.envelope.rcptTo[0]?.address ?? '', raw, at: Date.now() }
      const reply = await options.onData?.(message)
      if (!reply) messages.push(message)
      done(reply ? refusal(reply) : null)
    },
  })
  // A client that leaves in the middle is what many tests are about.
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  const login = auth ? `${encodeURIComponent(auth.user)}:${encodeURIComponent(auth.pass)}@` : ''
  return {
    url: `${tls === 'wrapped' ? 'smtps' : 'smtp'}://${login}127.0.0.1:${port}`,
    port,
    messages,
    connections: () => connections,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const connection of server.connections) connection.close()
      }),
  }
}

function senderOf(session: SMTPServerSession) {
  return session.envelope.mailFrom ? session.envelope.mailFrom.address : ''
}

function refusal(reply: string) {
  return Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) })
}

/**
 * What a scripted peer does at one point: says a text (CRLF is added) or bytes as they are; `silence` says nothing from
 * here on, `cut` destroys the connection, `fin` half-closes it.
 */
export type Act = string | Buffer

export type Verb = 'CONNECT' | 'EHLO' | 'HELO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | '.' | 'RSET' | 'QUIT'

/** `nth` counts this verb on this connection from 1, `connection` the connections of this peer from 1; `behind` came with it. */
export type At = { line: string; nth: number; connection: number; behind: string }

export type Script = {
  /** EHLO keywords; PIPELINING alone unless given. */
  extensions?: string[]
  /** What happens instead of the usual answer. */
  acts?: Partial<Record<Verb, Act | ((at: At) => Act | undefined)>>
  /** Cuts when so many bytes of the body have come. */
  cutBodyAt?: number
  /** Stops reading when so many bytes of the body have come. */
  stallBodyAt?: number
  /** For STARTTLS. */
  certificate?: { key: string; cert: string }
}

/**
 * An SMTP peer that does exactly what its script says, however wrong. Afterwards `commands` holds what every connection
 * said, `bodies` every message that ended with its dot (transparency dots and all).
 */
export async function startScriptedPeer(script: Script = {}) {
  const commands: string[][] = []
  const bodies: Buffer[] = []
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    const said: string[] = []
    commands.push(said)
    converse(socket, script, commands.length, said, bodies)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    commands,
    bodies,
    /** Says something to everybody, out of turn. */
    say(bytes: string) {
      for (const socket of sockets) socket.write(bytes)
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function converse(plain: Socket, script: Script, connection: number, said: string[], bodies: Buffer[]) {
  let socket = plain
  let input = Buffer.alloc(0)
  let inBody = false
  let over = false
  const counts = new Map<Verb, number>()

  listen()
  act('CONNECT', '', '220 peer.example ESMTP')

  function listen() {
    socket.on('data', read)
    socket.on('error', () => {})
  }

  function read(chunk: Buffer) {
    input = Buffer.concat([input, chunk])
    while (!over && step());
  }

  function step(): boolean {
    if (inBody) return readBody()
    const end = input.indexOf('\r\n')
    if (end === -1) return false
    const line = input.subarray(0, end).toString('latin1')
    input = input.subarray(end + 2)
    said.push(line)
    const verb = line.split(/[ :]/)[0]?.toUpperCase() as Verb
    act(verb, line, usual(verb))
    return true
  }

  function readBody(): boolean {
    if (script.cutBodyAt !== undefined && input.length >= script.cutBodyAt) {
      over = true
      socket.destroy()
      return false
    }
    if (script.stallBodyAt !== undefined && input.length >= script.stallBodyAt) socket.pause()
    const end = input.subarray(0, 3).equals(Buffer.from('.\r\n')) ? -2 : input.indexOf('\r\n.\r\n')
    if (end === -1) return false
    bodies.push(Buffer.from(input.subarray(0, end + 2)))
    input = input.subarray(end + 5)
    inBody = false
    act('.', '.', '250 2.0.0 queued')
    return true
  }

  function usual(verb: Verb): string {
    if (verb === 'EHLO') {
      const lines = ['peer.example', ...(script.extensions ?? ['PIPELINING'])]
      return lines.map((line, index) => `250${index === lines.length - 1 ? ' ' : '-'}${line}`).join('\r\n')
    }
    if (verb === 'DATA') return '354 go ahead'
    if (verb === 'QUIT') return '221 bye'
    if (verb === 'STARTTLS') return script.certificate ? '220 go ahead' : '502 5.5.1 no'
    if (verb === 'AUTH') return '235 2.7.0 welcome'
    return ['HELO', 'MAIL', 'RCPT', 'RSET'].includes(verb) ? '250 2.0.0 ok' : '500 5.5.2 what?'
  }

  function act(verb: Verb, line: string, otherwise: string) {
    const nth = (counts.get(verb) ?? 0) + 1
    counts.set(verb, nth)
    const scripted = script.acts?.[verb]
    const chosen =
      (typeof scripted === 'function'
        ? scripted({ line, nth, connection, behind: input.toString('latin1') })
        : scripted) ?? otherwise
    over = chosen === 'silence' || chosen === 'cut'
    if (chosen === 'silence') return
    if (chosen === 'cut') socket.destroy()
    else if (chosen === 'fin') socket.end()
    else {
      socket.write(typeof chosen === 'string' ? `${chosen}\r\n` : chosen)
      if (verb === 'DATA' && String(chosen).startsWith('354')) inBody = true
      if (verb === 'QUIT') socket.end()
      if (verb === 'STARTTLS' && String(chosen).startsWith('220')) secure()
    }
  }

  function secure() {
    plain.removeListener('data', read)
    socket = new TLSSocket(plain, { isServer: true, ...script.certificate })
    input = Buffer.alloc(0)
    listen()
  }
}
