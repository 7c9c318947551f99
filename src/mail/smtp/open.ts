import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SMTPError } from 'nodemailer/lib/smtp-connection'
import type { Stage } from '../message.ts'
import { cleanReply, refusal, refusedByUs } from './reply.ts'
import type { Refused } from './reply.ts'

/** Where a relay is and how it is spoken to. */
export type Relay = {
  host: string
  port: number
  /** `wrapped`: TLS from the first byte; `starttls`: required, never plaintext instead; `none`: plaintext. */
  tls: 'wrapped' | 'starttls' | 'none'
  auth: { user: string; pass: string } | null
  /** How many connections at most. */
  connections: number
}

/** Milliseconds. */
export type Timeouts = { connect: number; greeting: number; reply: number; idle: number }

/** threats.md section 6, where `connect` holds the look-up of the name too; `idle` is how long an unused connection stays open. */
export const usualTimeouts: Timeouts = { connect: 15_000, greeting: 15_000, reply: 60_000, idle: 5_000 }

export type OpenOptions = {
  /** The name said in EHLO. */
  clientName: string
  timeouts: Timeouts
  /** Extra trust for private relays, e.g. `{ ca, servername }`. Verification itself is never switched off. */
  tls: Pick<ConnectionOptions, 'ca' | 'servername'>
  /** Gives up at once. */
  signal: AbortSignal
}

/** An authenticated connection that nobody listens to yet (it is paused). */
export type Session = {
  socket: Socket
  /** RFC 2920 */
  pipelining: boolean
  /** RFC 1870; null when the peer names no limit. */
  maxSize: number | null
  /** SIZE was offered, so MAIL may carry it. */
  sizeOffered: boolean
}

/**
 * Opens one connection; Nodemailer secures and authenticates it, and afterwards the socket is ours again. Nodemailer would
 * also look the relay's name up and connect to an address, but workerd takes the name of smtps:// from where it connects to,
 * and no certificate names an address.
 * @returns the session, or why there is none (stage connect … auth); never rejects for what the peer did
 */
export function openSession(relay: Relay, options: OpenOptions): Promise<Session | Refused> {
  const { timeouts, signal } = options
  return new Promise((resolve) => {
    let injected = false
    let authenticating = false
    let announced = ''
    const socket = openSocket(relay, options.tls)
    const connection = new SMTPConnection({
      connection: socket,
      host: relay.host,
      port: relay.port,
      secure: relay.tls === 'wrapped',
      secured: relay.tls === 'wrapped',
      requireTLS: relay.tls === 'starttls',
      ignoreTLS: relay.tls === 'none',
      name: greetingName(options.clientName),
      connectionTimeout: timeouts.connect,
      greetingTimeout: timeouts.greeting,
      socketTimeout: timeouts.reply,
      maxResponseSize: 65_536,
      tls: options.tls,
      // Nothing is logged. Nodemailer throws away what came in plaintext after STARTTLS and goes on; only its log says
      // so. A peer that does this is not the one we want to talk to.
      logger: silentExcept((entry) => (injected ||= 'discarded' in entry)),
    })

    // Inactivity does not catch a peer that drips one byte a minute.
    const connecting = setTimeout(fail, timeouts.connect, new Error('no connection in time'))
    const deadline = setTimeout(fail, timeouts.connect + timeouts.greeting + timeouts.reply, new Error('too slow'))
    signal.addEventListener('abort', stop, { once: true })
    connection.on('error', fail)
    connection.once('end', fail)
    socket.on('error', fail)
    socket.once(relay.tls === 'wrapped' ? 'secureConnect' : 'connect', () => {
      clearTimeout(connecting)
      connection.connect(introduced)
    })
    if (signal.aborted) stop()

    function introduced(error?: SMTPError | null) {
      if (error) return fail(error)
      if (injected) return fail(new Error('plaintext came in after STARTTLS'))
      announced = connection.lastServerResponse || ''
      if (!relay.auth) return succeed()
      authenticating = true
      connection.login({ ...relay.auth }, (refused) => (refused ? fail(refused) : succeed()))
    }

    function stop() {
      fail(new Error('the service is stopping'))
    }

    function fail(error: Partial<SMTPError> = {}) {
      done()
      resolve(explain(error, stageOf(connection, authenticating)))
      connection.close()
      socket.destroy()
    }

    function succeed() {
      const taken = takeSocket(connection)
      if (!taken) return fail(new Error('the peer answered before it was asked'))
      done()
      const size = /^250[ -]SIZE(?:[ \t]+(\d{1,15}))?[ \t]*$/im.exec(announced)
      resolve({
        socket: taken,
        pipelining: /^250[ -]PIPELINING[ \t]*$/im.test(announced),
        maxSize: Number(size?.[1] ?? 0) || null,
        sizeOffered: size !== null,
      })
    }

    function done() {
      clearTimeout(connecting)
      clearTimeout(deadline)
      signal.removeEventListener('abort', stop)
      socket.removeListener('error', fail).on('error', () => {})
    }
  })
}

function openSocket({ host, port, tls }: Relay, trust: OpenOptions['tls']): Socket {
  if (tls !== 'wrapped') return connect({ host, port })
  return connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }), ...trust })
}

/** An address literal where there is no name (RFC 5321 §4.1.3); IPv6 comes in brackets from a URL. */
function greetingName(name: string) {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name)) return `[${name}]`
  return name.replace(/^\[(?!IPv6:)/i, '[IPv6:')
}

function silentExcept(warn: (entry: object) => void) {
  const silent = () => {}
  return { level: silent, trace: silent, debug: silent, info: silent, warn, error: silent, fatal: silent }
}

type Listener = (...args: unknown[]) => void

/** The parts of Nodemailer's connection that hold its socket; the names are pinned with its version. */
type Inside = {
  _remainder: string
  _responseQueue: string[]
  _onSocketData: Listener
  _onSocketError: Listener
  _onSocketClose: Listener
  _onSocketEnd: Listener
  _onSocketTimeout: Listener
}

/** Takes the socket away from Nodemailer. Null when there is unread input: a reply that nothing was asked for. */
function takeSocket(connection: SMTPConnection): Socket | null {
  const inside = connection as unknown as Inside
  const socket = connection._socket
  if (!socket || inside._remainder !== '' || inside._responseQueue.length > 0) return null
  socket.setTimeout(0)
  socket.pause()
  socket.on('error', () => {})
  socket.removeListener('data', inside._onSocketData)
  socket.removeListener('error', inside._onSocketError)
  socket.removeListener('close', inside._onSocketClose)
  socket.removeListener('end', inside._onSocketEnd)
  socket.removeListener('timeout', inside._onSocketTimeout)
  return socket
}

function stageOf(connection: SMTPConnection, authenticating: boolean): Stage {
  if (authenticating) return 'auth'
  if (connection.stage === 'init') return 'connect'
  if (connection.upgrading) return 'starttls'
  return String(connection.lastServerResponse).startsWith('2') ? 'ehlo' : 'greeting'
}

/** An untrusted certificate or a peer that speaks no TLS: trying again will not help. A cut during the handshake may. */
const tlsFault = /CERT|ERR_SSL|ERR_TLS|SIGNATURE|ISSUER/

function explain(error: Partial<SMTPError>, stage: Stage): Refused {
  const { command, response = '', message = 'the connection ended' } = error
  const system = error.originalCode ?? error.code ?? ''
  if (tlsFault.test(system)) return refusedByUs('starttls', '5.7.5', `TLS failed: ${system}`)
  const at = command === 'EHLO' || command === 'HELO' ? 'ehlo' : command === 'STARTTLS' ? 'starttls' : stage
  const answer = /^([45]\d\d)(?=[ -]|$)/.exec(response)
  if (!answer) return refusedByUs(at, null, message)
  const text = response.replace(/^\d{3}[ -]?/gm, '').replace(/\n/g, ' ')
  return { ...refusal(at, { code: Number(answer[1]), text }), reply: cleanReply(text) }
}
