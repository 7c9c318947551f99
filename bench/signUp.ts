import { noLimits, startServer, startService } from './processes.ts'
import { formPost, jsonPost, load, type Post } from './load.ts'
import { alternate, makeFolder, of, ratio, within, type Benchmark, type Options, type Result, type Run } from './support.ts'

const CONNECTIONS = 32

/** Every address is new, and so is every domain but for a few. */
const person = (n: number) => ({
  email: `etunimi.sukunimi${n}@yritys${n % 997}.example`,
  name: `Etunimi Sukunimi ${n}`,
  company: `Yritys ${n % 997} Oy`,
})

const bodies: Record<string, { post: (n: number) => Post; status: number }> = {
  JSON: { post: (n) => jsonPost('/f/newsletter', person(n)), status: 202 },
  'HTML form': { post: (n) => formPost('/f/newsletter', person(n)), status: 200 },
}

export const signUp: Benchmark = {
  measure: 'P6',
  what: 'sign-ups over 32 connections, each durable before its answer',
  async run(options) {
    const results: Result[] = []
    for (const [body, { post, status }] of Object.entries(bodies))
      results.push(await compare(`${body}, no caps`, noLimits, post, status, options))
    const { post, status } = bodies['JSON'] as (typeof bodies)[string]
    results.push(await compare('JSON, default caps', {}, post, status, options))
    return results
  },
}

async function compare(
  what: string,
  limits: Record<string, string>,
  post: (n: number) => Post,
  status: number,
  options: Options,
): Promise<Result> {
  const size = options.size ?? (options.quick ? 3000 : 20_000)
  const posts = Array.from({ length: size }, (_, n) => post(n))
  const warmUp = Array.from({ length: Math.min(2000, size) }, (_, n) => post(size + n))
  const measure = (baseline: boolean) => async (): Promise<Run> => {
    const { folder, remove } = makeFolder()
    const env = {
      ...limits,
      DATABASE_URL: `file:${folder}/postilupa.db`,
      MAIL_URL: `outbox:${folder}/outbox`,
    }
    const server =
      baseline
        ? await startServer(['--import', 'tsx', 'bench/baselines/noDatabase.ts'], env, options)
        : await startService(env, options)
    await load({ origin: server.origin, connections: CONNECTIONS, posts: warmUp, status })
    const before = server.cpu()
    const done = await load({ origin: server.origin, connections: CONNECTIONS, posts, status })
    const run = {
      value: done.rate,
      'p50 ms': done.p50,
      'p99 ms': done.p99,
      'most ms': done.most,
      'CPU µs a request': ((server.cpu() - before) / size) * 1e6,
      'peak MB': server.peak(),
      'load generator CPU': done.ownCpu / done.elapsed,
    }
    await server.stop()
    remove()
    return run
  }
  const sides = await alternate(options.runs, {
    service: measure(false),
    'no database': measure(true),
  })
  return {
    measure: 'P6',
    what: `sign-up POST (${what})`,
    unit: 'requests/s',
    sizes: { requests: size, connections: CONNECTIONS, 'warm-up': warmUp.length },
    sides,
    ratios: [ratio(sides, 'service', 'no database', 0.5)],
    notes: [within('p99 of the service', of(sides, 'service', 'p99 ms'), 30, 'ms')],
  }
}
