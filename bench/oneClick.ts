import { copyFileSync, mkdirSync } from 'node:fs'
import { keysOfColumn } from '../src/store/keys.ts'
import { links } from '../src/mail/tokens.ts'
import { oneClickPost, underLoad, type Post } from './load.ts'
import { startServer, startService, type Server } from './processes.ts'
import { addBans, addContacts, addDraft, onDatabase } from './seed.ts'
import { alternate, cpuBeside, makeFolder, of, ratio, within, type Benchmark, type Run } from './support.ts'

const CONNECTIONS = 32

export const oneClick: Benchmark = {
  measure: 'P7',
  what: 'one-click unsubscribes over 32 connections, each durable before its answer',
  async run(options) {
    const size = options.size ?? (options.quick ? 3000 : 20_000)
    const warmUp = Math.min(2000, size)
    const { folder, remove } = makeFolder()
    const posts = await onDatabase({ DATABASE_URL: `file:${folder}/postilupa.db` }, async (deps) => {
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
    const measure = (begin: (env: Record<string, string>) => Promise<Server>) => async (): Promise<Run> => {
      const copy = `${folder}/${n++}`
      mkdirSync(copy)
      copyFileSync(`${folder}/postilupa.db`, `${copy}/postilupa.db`)
      const env = { DATABASE_URL: `file:${copy}/postilupa.db`, MAIL_URL: `outbox:${copy}/outbox` }
      const spec = { connections: CONNECTIONS, status: 200, warmUp: posts.slice(0, warmUp), posts: posts.slice(warmUp) }
      return underLoad(begin(env), spec)
    }
    const sides = await alternate(options.runs, {
      service: measure((env) => startService(env, options)),
      'no database': measure((env) => startServer(['--import', 'tsx', 'bench/baselines/noDatabase.ts'], env, options)),
    })
    remove()
    return [
      {
        measure: 'P7',
        what: 'one-click POST',
        unit: 'requests/s',
        sizes: { requests: size, connections: CONNECTIONS, 'bans in the database': size },
        sides,
        ratios: [ratio(sides, 'service', 'no database', 0.5)],
        notes: [
          within('p99 of the service', of(sides, 'service', 'p99 ms'), 30, 'ms'),
          cpuBeside(sides, 'service', 'no database'),
        ],
      },
    ]
  },
}
