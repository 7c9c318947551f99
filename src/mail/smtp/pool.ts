// Not the global one: on workerd that returns a number, which cannot be unref'd.
import { clearInterval, setInterval } from 'node:timers'
import type { Message, Receipt, Transport } from '../message.ts'
import { makeDialogue } from './dialogue.ts'
import type { Crew, Dialogue, Job } from './dialogue.ts'
import { openSession } from './open.ts'
import type { OpenOptions, Relay, Session } from './open.ts'
import { refusedByUs } from './reply.ts'
import type { Refused } from './reply.ts'
import { weigh } from './weigh.ts'

/** After a relay refused a further connection while others work, none is tried for so many milliseconds. */
const GROWTH_PAUSE = 30_000

/**
 * Hands messages to a relay over up to `relay.connections` connections, opened when they are needed.
 *
 * One connection is tried first; the others follow when it stands, so that a relay that is down costs one attempt. When
 * none can be opened, everything that waits gets that refusal: trying again later is for who sent it (promises.md).
 */
export function makeSmtpTransport(relay: Relay, options: Omit<OpenOptions, 'signal'>): Transport {
  const { timeouts } = options
  const pace = Math.max(1, Math.min(1000, timeouts.reply / 4, timeouts.idle / 4))
  const patience = { reply: Math.ceil(timeouts.reply / pace), idle: Math.ceil(timeouts.idle / pace) }
  const waiting: Job[] = []
  const dialogues = new Set<Dialogue>()
  const abort = new AbortController()
  let opening = 0
  let limit = relay.connections
  let growthPause = 0
  let underWay = 0
  let drained = () => {}
  let closed: Promise<void> | null = null
  let clock: ReturnType<typeof setInterval> | undefined

  return {
    name: 'smtp',
    // One in its body or waiting for the verdict, one whose envelope travels behind it, one at hand for the turn after.
    capacity: relay.connections * 3,
    async send(message, ready) {
      if (closed) return refusedByUs('connect', null, 'the service is stopping')
      const size = weigh(message)
      return typeof size === 'number' ? enqueue(message, size, ready) : size
    },
    close: (graceMs = 30_000) => (closed ??= close(graceMs)),
  }

  function enqueue(message: Message, size: number, ready: () => boolean): Promise<Receipt> {
    underWay++
    return new Promise((resolve) => {
      const settle = (receipt: Receipt) => {
        resolve(receipt)
        if (--underWay === 0) drained()
      }
      waiting.push({ message, size, ready, settle })
      pump()
    })
  }

  /** Idle connections first, then new ones, then those that can take an envelope behind what they are doing. */
  function pump() {
    for (const dialogue of dialogues) if (dialogue.idle) dialogue.wake()
    const most = dialogues.size === 0 ? 1 : limit - dialogues.size
    while (opening < most && opening < waiting.length) void open()
    if (dialogues.size + opening >= limit) for (const dialogue of dialogues) dialogue.wake()
  }

  async function open() {
    opening++
    const session = await openSession(relay, { ...options, signal: abort.signal })
    opening--
    if ('outcome' in session) return failed(session)
    const dialogue = makeDialogue(
      session,
      crewOf(() => dialogue),
      patience,
    )
    dialogues.add(dialogue)
    clock ??= startClock()
    dialogue.wake()
    pump()
  }

  function failed(refused: Refused) {
    limit = Math.max(1, dialogues.size)
    growthPause = Math.ceil(GROWTH_PAUSE / pace)
    if (dialogues.size === 0 && opening === 0) refuseWaiting(refused)
  }

  function refuseWaiting(refused: Refused) {
    for (const job of waiting.splice(0)) job.settle(refused)
    limit = relay.connections
  }

  function crewOf(self: () => Dialogue): Crew {
    return {
      next,
      gone() {
        dialogues.delete(self())
        if (dialogues.size === 0) {
          clearInterval(clock)
          clock = undefined
          limit = relay.connections
        }
        pump()
      },
    }
  }

  function next({ maxSize }: Session): Job | undefined {
    for (let job = waiting.shift(); job; job = waiting.shift()) {
      if (maxSize !== null && job.size > maxSize)
        job.settle(refusedByUs('mail', '5.3.4', `the message has ${job.size} bytes, the relay takes ${maxSize}`))
      else if (job.ready()) return job
      else job.settle({ outcome: 'withheld' })
    }
    return undefined
  }

  /** One clock for all connections, without a wall clock; it keeps no process alive. */
  function startClock() {
    const timer = setInterval(() => {
      for (const dialogue of dialogues) dialogue.tick()
      if (growthPause > 0 && --growthPause === 0) limit = relay.connections
    }, pace)
    timer.unref()
    return timer
  }

  async function close(graceMs: number) {
    if (underWay > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, graceMs)
        drained = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    abort.abort()
    refuseWaiting(refusedByUs('connect', null, 'the service is stopping'))
    await Promise.all([...dialogues].map((dialogue) => dialogue.leave()))
  }
}
