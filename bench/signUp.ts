import { rememberSetting } from '../src/store/settings.ts'
import { formPost, jsonPost, underLoad, type Post } from './load.ts'
import { noLimits, startServer, startService, type Server } from './processes.ts'
import { onDatabase } from './seed.ts'
import {
  alternate,
  cpuBeside,
  makeFolder,
  of,
  ratio,
  within,
  type Benchmark,
  type Options,
  type Result,
  type Run,
} from './support.ts'

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
  const measure = (begin: (env: Record<string, string>) => Promise<Server>) => async (): Promise<Run> => {
    const { folder, remove } = makeFolder()
    const env = { ...limits, DATABASE_URL: `file:${folder}/postilupa.db`, MAIL_URL: `outbox:${folder}/outbox` }
    const run = await underLoad(begin(env), { connections: CONNECTIONS, status, warmUp, posts })
    remove()
    return run
  }
  const sides = await alternate(options.runs, {
    service: measure((env) => startService(env, options)),
    'mail held': measure(async (env) => {
      await onDatabase(env, ({ store, now }) => store.batch([rememberSetting(store, 'hold', 'benchmark', now())]))
      return startService(env, options)
    }),
    'no database': measure((env) => startServer(['--import', 'tsx', 'bench/baselines/noDatabase.ts'], env, options)),
  })
  return {
    measure: 'P6',
    what: `sign-up POST (${what})`,
    unit: 'requests/s',
    sizes: { requests: size, connections: CONNECTIONS, 'warm-up': warmUp.length },
    sides,
    ratios: ['mail held', 'service'].map((side) => ratio(sides, side, 'no database', 0.5)),
    notes: [
      ...['mail held', 'service'].map((side) => within(`p99, ${side}`, of(sides, side, 'p99 ms'), 30, 'ms')),
      ...['mail held', 'service'].map((side) => cpuBeside(sides, side, 'no database')),
      'service: confirmations go out meanwhile, into the outbox; mail held: they are queued and wait, as the kill switch has it.',
    ],
  }
}
