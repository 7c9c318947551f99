import { cpSync, mkdirSync } from 'node:fs'
import { keysOfColumn } from '../src/store/keys.ts'
import { links } from '../src/mail/tokens.ts'
import { load, oneClickPost, type Post } from './load.ts'
import { startServer, startService } from './processes.ts'
import { addBans, addContacts, addDraft, onDatabase } from './seed.ts'
import { alternate, makeFolder, of, ratio, within, type Benchmark, type Run } from './support.ts'

const CONNECTIONS = 32

export const oneClick: Benchmark = {
  measure: 'P7',
  what: 'one-click unsubscribes over 32 connections, each durable before its answer',
  async run(options) {
    const size = options.size ?? (options.quick ? 3000 : 20_000)
    const warmUp = Math.min(2000, size)
    const { folder, remove } = makeFolder()
    const posts = await onDatabase(`${folder}/postilupa.db`, async (deps) => {
      const contacts = await addContacts(deps, size + warmUp)
      const mailingId = await addDraft(deps, 'Kuulumisia', 'Hei!')
      await addBans(deps, size, (n) => `kielletty${n}@toinen.example`)
      const { makeLeaving } = links(deps)
      return contacts.map(({ id, keys }): Post => {
        const hashes = keysOfColumn(keys).slice(0, 1)
        return oneClickPost(
          `/u/${makeLeaving({ topic: 'newsletter', language: 'fi', mailingId, contactId: id, hashes })}`,
        )
      })
    })
    let n = 0
    const measure = (baseline: boolean) => async (): Promise<Run> => {
      const copy = `${folder}/${n++}`
      mkdirSync(copy)
      cpSync(`${folder}/postilupa.db`, `${copy}/postilupa.db`)
      const env = { DATABASE_URL: `file:${copy}/postilupa.db`, MAIL_URL: `outbox:${copy}/outbox` }
      const server = baseline
        ? await startServer(['--import', 'tsx', 'bench/baselines/noDatabase.ts'], env, options)
        : await startService(env, options)
      const spec = { origin: server.origin, connections: CONNECTIONS, status: 200 }
      await load({ ...spec, posts: posts.slice(0, warmUp) })
      const before = server.cpu()
      const done = await load({ ...spec, posts: posts.slice(warmUp) })
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
      return run
    }
    const sides = await alternate(options.runs, { service: measure(false), 'no database': measure(true) })
    remove()
    return [
      {
        measure: 'P7',
        what: 'one-click POST',
        unit: 'requests/s',
        sizes: { requests: size, connections: CONNECTIONS, 'bans in the database': size },
        sides,
        ratios: [ratio(sides, 'service', 'no database', 0.5)],
        notes: [within('p99 of the service', of(sides, 'service', 'p99 ms'), 30, 'ms')],
      },
    ]
  },
}
