import { Buffer } from 'node:buffer'
import type { Message, Receipt, Stage } from '../message.ts'
import { finalDot, writeBody } from './body.ts'
import type { Session } from './open.ts'
import { cleanReply, isBad, isGood, makeReplyReader, refusal, refusedByUs } from './reply.ts'
import type { Reply } from './reply.ts'

/** A message that waits for a connection, and where its outcome goes. */
export type Job = { message: Message; size: number; ready: () => boolean; settle: (receipt: Receipt) => void }

/** What a dialogue asks of its pool. */
export type Crew = {
  /** The next message, whose `ready()` has just said yes: its MAIL must be written before anything else happens. */
  next(session: Session): Job | undefined
  /** This connection is over; everything it held has an outcome. */
  gone(): void
}

export type Dialogue = {
  /** Nothing is under way. */
  readonly idle: boolean
  /** There may be something to send. */
  wake(): void
  /** Called at a steady pace. */
  tick(): void
  /** Says QUIT if nothing is under way, otherwise cuts; resolves when the socket is closed. */
  leave(): Promise<void>
}

/** A command whose reply is still to come; `void` is a lone dot that ends a message nobody takes. */
type Awaited = 'mail' | 'rcpt' | 'data' | 'dot' | 'void' | 'rset'

/**
 * One connection's dialogue. With PIPELINING (RFC 2920) the envelope of the next message travels behind the end of the
 * previous one, and only the body waits for its 354; without it every command waits for its reply.
 *
 * What a cut means: a message whose final dot was handed to the socket is `uncertain`; one that got no further is
 * `refused` without a code, since the peer cannot have taken it.
 *
 * @param patience ticks without progress: `reply` while something is under way, `idle` while nothing is
 */
export function makeDialogue(session: Session, crew: Crew, patience: { reply: number; idle: number }): Dialogue {
  const { socket, pipelining } = session
  const replies = makeReplyReader()
  const awaited: Awaited[] = []
  /** Its envelope or body is under way. */
  let current: Job | null = null
  /** Where the current envelope was refused, if it was. */
  let refusedAt: 'mail' | 'rcpt' | null = null
  /** Its final dot is written, its reply is not here. */
  let dotted: Job | null = null
  let over = false
  /** Why nothing new begins here. */
  let closing: string | null = null
  /** Ticks since the last reply, or since the socket last took all that was written. */
  let quiet = 0

  socket.on('data', (chunk: Uint8Array) => {
    replies.push(chunk)
    while (!over) {
      const reply = replies.next()
      if (reply === null) break
      if (reply === 'garbage') return cut('the peer sent something that is no SMTP reply')
      take(reply)
    }
    if (isIdle()) socket.unref()
  })
  socket.on('drain', () => (quiet = 0))
  socket.on('error', (error: Error) => cut(error.message))
  socket.on('end', () => cut('the peer closed the connection'))
  socket.on('close', () => cut('the connection was closed'))
  socket.resume()

  return {
    get idle() {
      return isIdle()
    },
    wake: proceed,
    tick() {
      quiet++
      if (isIdle()) {
        if (quiet >= patience.idle) void leave()
      } else if (quiet >= patience.reply) cut('no answer in time')
    },
    leave,
  }

  function isIdle() {
    return !over && current === null && awaited.length === 0
  }

  /** Begins the next envelope if the wire is free for one. */
  function proceed() {
    if (over || closing !== null || current !== null || (awaited.length > 0 && !pipelining)) return
    const job = crew.next(session)
    if (!job) return
    if (awaited.length === 0) {
      quiet = 0
      socket.ref()
    }
    current = job
    refusedAt = null
    if (pipelining) {
      awaited.push('mail', 'rcpt', 'data')
      command(mailLine(job) + rcptLine(job) + 'DATA\r\n')
    } else {
      awaited.push('mail')
      command(mailLine(job))
    }
  }

  function command(lines: string) {
    socket.write(Buffer.from(lines, 'latin1'))
  }

  function mailLine({ message, size }: Job) {
    return `MAIL FROM:<${message.from}>${session.sizeOffered ? ` SIZE=${size}` : ''}\r\n`
  }

  function rcptLine({ message }: Job) {
    return `RCPT TO:<${message.to}>\r\n`
  }

  function take(reply: Reply) {
    const verb = awaited.shift()
    quiet = 0
    if (reply.code === 421) closing = 'the peer closes the connection (421)'
    // What is here before the next command was written cannot be its answer.
    else if (awaited.length === 0 && replies.unread()) closing = 'the peer answered out of turn'
    if (!verb) return cut(`the peer answered out of turn: ${reply.code} ${reply.text}`)
    if (verb === 'dot') takeVerdict(reply)
    else if (verb === 'mail' || verb === 'rcpt') takeEnvelope(verb, reply)
    else if (verb === 'data') takeGo(reply)
    else if (verb === 'rset' && !isGood(reply)) cut(`the peer could not start afresh: ${reply.code} ${reply.text}`)
    else proceed()
    if (closing !== null) cut(closing)
  }

  function takeEnvelope(verb: 'mail' | 'rcpt', reply: Reply) {
    if (isBad(reply)) {
      if (refusedAt === null) settleRefused(verb, reply)
      if (!pipelining) startAfresh()
    } else if (!isGood(reply)) cut(`unexpected answer to ${verb}: ${reply.code} ${reply.text}`)
    else if (!pipelining && current) {
      awaited.push(verb === 'mail' ? 'rcpt' : 'data')
      command(verb === 'mail' ? rcptLine(current) : 'DATA\r\n')
    }
  }

  /** The answer to DATA: 354 asks for the body. */
  function takeGo(reply: Reply) {
    if (isBad(reply)) {
      if (refusedAt === null) settleRefused('data', reply)
      return startAfresh()
    }
    if (closing !== null) return
    if (reply.code !== 354) return cut(`unexpected answer to data: ${reply.code} ${reply.text}`)
    if (refusedAt === null && current) return sendBody(current)
    // A peer that asks for the body of a message without recipient gets an empty one, which reaches nobody. One that
    // refused the sender but perhaps took the recipient might deliver that, so there the connection goes.
    if (refusedAt === 'mail') return cut('the peer asked for a message it had refused')
    current = null
    awaited.push('void')
    socket.cork()
    socket.write(finalDot)
    proceed()
    socket.uncork()
  }

  function settleRefused(verb: 'mail' | 'rcpt' | 'data', reply: Reply) {
    current?.settle(refusal(verb, reply))
    refusedAt = verb === 'data' ? null : verb
  }

  function startAfresh() {
    current = null
    awaited.push('rset')
    socket.cork()
    command('RSET\r\n')
    proceed()
    socket.uncork()
  }

  /** The final dot goes out with the last portion of the body and, with PIPELINING, the next envelope behind it. */
  function sendBody(job: Job) {
    writeBody(socket, job.message.segments, () => {
      awaited.push('dot')
      dotted = job
      current = null
      proceed()
    })
  }

  function takeVerdict(reply: Reply) {
    if (!isBad(reply) && !isGood(reply)) return cut(`unexpected answer to the message: ${reply.code} ${reply.text}`)
    // 2.1.0 is what a peer says to MAIL (RFC 3463 §3.2). One that lets the answer to the next envelope overtake this one
    // (smtp-sink -W does) must not turn an unknown fate into "accepted".
    if (awaited.length > 0 && reply.text.startsWith('2.1.0 ')) return cut('the peer answered out of order')
    const job = dotted
    dotted = null
    job?.settle(isGood(reply) ? { outcome: 'accepted', reply: cleanReply(reply.text) } : refusal('dot', reply))
    proceed()
  }

  function cut(why: string) {
    if (over) return
    over = true
    socket.destroy()
    dotted?.settle({ outcome: 'uncertain', stage: 'dot', reply: cleanReply(why) })
    if (refusedAt === null) current?.settle(refusedByUs(stageReached(), null, why))
    crew.gone()
  }

  /** The first command of the current message that has no answer; `data` while its body is being written. */
  function stageReached(): Stage {
    return awaited.find((verb) => verb === 'mail' || verb === 'rcpt') ?? 'data'
  }

  function leave(): Promise<void> {
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    if (!isIdle()) cut('the service is stopping')
    else {
      over = true
      socket.ref()
      socket.end('QUIT\r\n')
      const patienceEnds = setTimeout(() => socket.destroy(), 1000)
      socket.once('close', () => clearTimeout(patienceEnds))
      crew.gone()
    }
    return closed
  }
}
