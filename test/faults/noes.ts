import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { Person } from '../people.ts'
import { makeHome, startServer, type Server } from '../server.ts'
import { addRecipients, deskOf } from './campaign.ts'
import { monotonic, startSink, type Taken } from './sinks.ts'

/** A server that notes in which order it hands envelopes and answers to its sockets (handOver.ts), and its relay. */
export async function noting(people: readonly Person[], script: Parameters<typeof startSink>[0]) {
  const sink = await startSink(script)
  const folder = mkdtempSync(join(tmpdir(), 'postilupa-order-'))
  onTestFinished(() => sink.close())
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const log = join(folder, 'order')
  const home = makeHome({ MAIL_URL: sink.url, LOG_LEVEL: 'error', HAND_OVER_LOG: log })
  const addressOf = await addRecipients(home.env, people)
  const server = await startServer({ home, args: ['--import', './test/faults/handOver.ts'] })
  onTestFinished(() => server.close())
  return { sink, home, server, addressOf, desk: deskOf(server), order: () => readFileSync(log, 'utf8').split('\n') }
}

/** Somebody said no: from this answer on, nothing to these addresses may begin. */
export type No = { how: string; answer: string; at: number; addresses: string[] }

export async function sayNo(how: string, addresses: string[], request: () => Promise<Response>): Promise<No> {
  const answer = await request()
  const at = monotonic()
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${how} answered ${answer.status}: ${text}`)
  return { how, answer: answer.headers.get('x-request-id') ?? '', at, addresses }
}

export const banned = (server: Server, kind: string, value: string) => server.api('POST', '/bans', { kind, value })
export const posted = (server: Server, path: string, fields: Record<string, string>) =>
  fetch(server.url + path, { method: 'POST', body: new URLSearchParams(fields) })

/**
 * No envelope of the mailing after a No: judged by the order in which the process itself wrote to its sockets.
 * @param taken tells what an envelope was for: the page for bans mails one notice itself
 */
export function expectNothingAfter(noes: readonly No[], order: readonly string[], taken: readonly Taken[]) {
  for (const { how, answer, addresses } of noes) {
    const answered = order.findIndex((line) => line.startsWith(`answer ${answer} `))
    expect([how, answered]).not.toEqual([how, -1])
    const late = order
      .slice(answered)
      .filter((line) => addresses.some((address) => line.startsWith(`rcpt ${address} `)))
    const notices = taken.filter(({ to, messageId }) => addresses.includes(to) && messageId.startsWith('<ban_notice.'))
    expect([how, late.slice(notices.length)]).toEqual([how, []])
    expect([how, notices.length <= (how === 'on the page' ? 1 : 0)]).toEqual([how, true])
  }
}
