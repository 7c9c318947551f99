import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Server } from './processes.ts'
import { CPU_A_REQUEST, type Run } from './support.ts'

/** `tag` sorts the times, for a benchmark that compares kinds of requests. */
export type Post = { path: string; headers: Record<string, string>; body: string; tag?: string }
export type LoadSpec = { origin: string; connections: number; posts: Post[]; status: number }

/** Times in milliseconds, from the first byte written to the last byte read. */
export type Load = {
  rate: number
  p50: number
  p99: number
  most: number
  /** seconds of processor time of the load generator: near the elapsed time, it was the limit and not the server */
  ownCpu: number
  elapsed: number
  times: Record<string, number[]>
}

/**
 * Posts everything over kept-alive connections from a process of its own.
 * @throws when an answer has another status than the expected one
 */
export async function load(spec: LoadSpec): Promise<Load> {
  const child = fork(new URL('loadProcess.ts', import.meta.url), { serialization: 'advanced' })
  child.send(spec)
  const [answer] = (await once(child, 'message')) as [Load | { error: string }]
  child.disconnect()
  if ('error' in answer) throw new Error(answer.error)
  return answer
}

/** One run of a side: a server is started, warmed up, loaded and stopped. */
export async function underLoad(
  starting: Promise<Server>,
  { warmUp, posts, ...spec }: Omit<LoadSpec, 'origin'> & { warmUp: Post[] },
): Promise<Run> {
  const server = await starting
  const { origin } = server
  await load({ ...spec, origin, posts: warmUp })
  const before = server.cpu()
  const done = await load({ ...spec, origin, posts })
  const run = {
    value: done.rate,
    'p50 ms': done.p50,
    'p99 ms': done.p99,
    'most ms': done.most,
    [CPU_A_REQUEST]: ((server.cpu() - before) / posts.length) * 1e6,
    'peak MB': server.peak(),
    'load generator CPU': done.ownCpu / done.elapsed,
  }
  await server.stop()
  return run
}

const json = { 'content-type': 'application/json' }
const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }

export const jsonPost = (path: string, body: object): Post => ({ path, headers: json, body: JSON.stringify(body) })

/** As a browser posts a form: it wants a page. */
export const formPost = (path: string, fields: Record<string, string>): Post => ({
  path,
  headers: { ...urlencoded, accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'accept-language': 'fi' },
  body: new URLSearchParams(fields).toString(),
})

/** RFC 8058, as a mail provider posts it. */
export const oneClickPost = (path: string): Post => ({
  path,
  headers: urlencoded,
  body: 'List-Unsubscribe=One-Click',
})
