import { noLimits, startService } from './processes.ts'
import { jsonPost, load, type Post } from './load.ts'
import { addBans, addContacts, onDatabase } from './seed.ts'
import { makeFolder, median, quantile, shown, type Benchmark, type Run } from './support.ts'

/**
 * May one learn from the time of an answer whether an address is new, known or banned? Posts of the three kinds come mixed, one
 * after the other, over one connection, each for an address of its own.
 */
export const sameTime: Benchmark = {
  measure: 'P12',
  what: 'the time of an answer to a sign-up of a new, a known and a banned address',
  async run(options) {
    const size = options.size ?? 1000
    const { folder, remove } = makeFolder()
    const env = { ...noLimits, DATABASE_URL: `file:${folder}/postilupa.db`, MAIL_URL: `outbox:${folder}/outbox` }
    await onDatabase(env, async (deps) => {
      await addContacts(deps, size * 10, 'tuttu')
      await addBans(deps, size * 10, (n) => address('kielto', n))
    })
    const server = await startService(env, options)
    const spec = { origin: server.origin, connections: 1, status: 202 }
    await load({ ...spec, posts: Array.from({ length: 500 }, (_, n) => post('muu', 'warm', n)) })
    const kinds = { new: 'uusix', known: 'tuttu', banned: 'kielto' }
    const posts = Object.entries(kinds).flatMap(([tag, mark]) =>
      Array.from({ length: size }, (_, n) => post(mark, tag, n)),
    )
    const { times } = await load({ ...spec, posts: shuffled(posts) })
    await server.stop()
    remove()
    const sides = Object.keys(kinds).map((name) => ({ name, runs: [summary(times[name] ?? [])] }))
    const fresh = times['new'] ?? []
    return [
      {
        measure: 'P12',
        what: 'same time for everybody',
        unit: 'median ms',
        sizes: { 'posts a kind': size, connections: 1 },
        sides,
        ratios: [],
        notes: ['known', 'banned'].map((name) => compared(name, times[name] ?? [], fresh)),
      },
    ]
  },
}

/** Of one shape and length for every kind. */
const address = (mark: string, n: number) => `etunimi.sukunimi${n}@${mark}${Math.floor(n / 10)}.example`

function post(mark: string, tag: string, n: number): Post {
  return { ...jsonPost('/f/newsletter', { email: address(mark, n), name: 'Etunimi Sukunimi' }), tag }
}

/** The same mix in every run (a linear congruential generator, a full period). */
function shuffled<T>(all: readonly T[]): T[] {
  let state = 20_260_518
  const next = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0)
  return all
    .map((one) => ({ one, place: next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ one }) => one)
}

function summary(times: readonly number[]): Run {
  const at = (share: number) => quantile(times, share)
  return { value: median(times), 'p10 ms': at(0.1), 'p90 ms': at(0.9), 'p99 ms': at(0.99) }
}

/**
 * How often a post of one kind takes longer than one of the other (Mann and Whitney's U over all pairs; ties count half). With
 * no difference it is 50 %, give or take the standard error for these sizes.
 */
function compared(name: string, times: readonly number[], others: readonly number[]): string {
  const ranked = [...times.map((time) => ({ time, own: true })), ...others.map((time) => ({ time, own: false }))]
  ranked.sort((a, b) => a.time - b.time)
  const ranks = ranked.reduce((sum, { own }, n) => sum + (own ? n + 1 : 0), 0)
  const [a, b] = [times.length, others.length]
  const slower = (ranks - (a * (a + 1)) / 2) / (a * b)
  const error = Math.sqrt((a + b + 1) / (12 * a * b))
  const difference = (median(times) - median(others)) * 1000
  return (
    `${name} against new: medians differ by ${shown(difference)} µs; ${name} is slower in ${(slower * 100).toFixed(1)} % of all pairs ` +
    `(no difference: 50.0 ± ${(error * 200).toFixed(1)} %, two standard errors)`
  )
}
