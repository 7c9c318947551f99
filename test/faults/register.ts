import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { selfSigned } from '../selfSigned.ts'

export type Entry = { kind: string; value: string } | { kind: string; sha256: string }
export type Register = {
  url: string
  /** What it answers from now on. */
  answers(how: (res: ServerResponse, headers: IncomingHttpHeaders) => void): void
  /** The headers of every request, oldest first. */
  asked: IncomingHttpHeaders[]
  close(): Promise<void>
}

/** A ban register on loopback that does as it is told. */
export async function startRegister(options: { tls?: boolean } = {}): Promise<Register> {
  const asked: IncomingHttpHeaders[] = []
  let answer: (res: ServerResponse, headers: IncomingHttpHeaders) => void = (res) => res.writeHead(500).end()
  const listener: RequestListener = (req, res) => {
    asked.push(req.headers)
    answer(res, req.headers)
  }
  const server = options.tls ? createTlsServer(selfSigned(), listener) : createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}/bans`,
    answers(how) {
      answer = how
    },
    asked,
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

export const banned = (count: number, from = 0): Entry[] =>
  Array.from({ length: count }, (_, n) => ({ kind: 'email', value: `kielto${n + from}@yritys.example` }))

export const listOf = (entries: readonly Entry[], sequence = 1, count = entries.length) =>
  JSON.stringify({ sequence, count, entries })

export const json =
  (body: string, status = 200, headers: Record<string, string> = {}) =>
  (res: ServerResponse) => {
    res.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body)
  }
