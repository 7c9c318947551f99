import { Agent, request } from 'node:http'
import type { Load, LoadSpec, Post } from './load.ts'
import { quantile } from './support.ts'

process.once('message', (spec: LoadSpec) => {
  void run(spec).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ error: String(error) }),
  )
})

async function run({ origin, connections, posts, status }: LoadSpec): Promise<Load> {
  const { hostname, port } = new URL(origin)
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const all: number[] = []
  const times: Record<string, number[]> = {}
  let next = 0
  const worker = async () => {
    for (let post = posts[next++]; post; post = posts[next++]) {
      const begun = performance.now()
      const answered = await send(post)
      const took = performance.now() - begun
      if (answered !== status) throw new Error(`${post.path} was answered with ${answered} instead of ${status}`)
      all.push(took)
      if (post.tag !== undefined) (times[post.tag] ??= []).push(took)
    }
  }
  const cpu = process.cpuUsage()
  const begun = performance.now()
  await Promise.all(Array.from({ length: connections }, worker))
  const elapsed = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(cpu)
  agent.destroy()
  return {
    rate: all.length / elapsed,
    p50: quantile(all, 0.5),
    p99: quantile(all, 0.99),
    most: quantile(all, 1),
    ownCpu: (user + system) / 1e6,
    elapsed,
    times,
  }

  function send({ path, headers, body }: Post): Promise<number> {
    return new Promise((resolve, reject) => {
      const length = { 'content-length': Buffer.byteLength(body) }
      const sent = request({ agent, hostname, port, path, method: 'POST', headers: { ...headers, ...length } })
      sent.on('response', (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode ?? 0))
      })
      sent.on('error', reject)
      sent.end(body)
    })
  }
}
