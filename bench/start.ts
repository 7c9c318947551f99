import { get } from 'node:http'
import { copyFileSync, mkdirSync } from 'node:fs'
import { freePort, startService } from './processes.ts'
import { addBans, addContacts, onDatabase } from './seed.ts'
import { alternate, makeFolder, of, within, type Benchmark, type Run } from './support.ts'

/** This benchmark's runs cost little, and a start swings much. */
const RUNS = 9

export const start: Benchmark = {
  measure: 'P14',
  what: 'from the start of the process to the first 200 of /livez',
  async run(options) {
    const contacts = options.size ?? (options.quick ? 1000 : 10_000)
    const { folder, remove } = makeFolder()
    await onDatabase({ DATABASE_URL: `file:${folder}/postilupa.db` }, async (deps) => {
      await addContacts(deps, contacts)
      await addBans(deps, contacts, (n) => `kielletty${n}@toinen.example`)
    })
    let n = 0
    const measure = (existing: boolean) => async (): Promise<Run> => {
      const data = `${folder}/${n++}`
      mkdirSync(data)
      if (existing) copyFileSync(`${folder}/postilupa.db`, `${data}/postilupa.db`)
      const port = await freePort()
      const env = { PORT: String(port), DATABASE_URL: `file:${data}/postilupa.db`, MAIL_URL: `outbox:${data}/outbox` }
      const begun = performance.now()
      const starting = startService(env, options)
      // A start that fails is not waited for.
      const answeredAt = await Promise.race([firstAnswer(port), starting.then(() => firstAnswer(port))])
      const value = answeredAt - begun
      const server = await starting
      const run = { value, 'CPU s': server.cpu(), 'peak MB': server.peak() }
      await server.stop()
      return run
    }
    // The first start of all fills the caches of the disk and of the compiler.
    await measure(true)()
    const sides = await alternate(Math.max(RUNS, options.runs), {
      'existing data': measure(true),
      'fresh data': measure(false),
    })
    remove()
    return [
      {
        measure: 'P14',
        what: 'start to first answer',
        unit: 'ms',
        sizes: { 'contacts in the existing data': contacts, 'bans in it': contacts },
        sides,
        ratios: [],
        notes: ['existing data', 'fresh data'].map((side) => within(side, of(sides, side), 1000, 'ms')),
      },
    ]
  },
}

/** Asks every few milliseconds until somebody answers with 200; resolves to that moment. */
async function firstAnswer(port: number): Promise<number> {
  for (;;) {
    const status = await ask(port)
    if (status === 200) return performance.now()
    await new Promise((done) => setTimeout(done, 3))
  }
}

function ask(port: number): Promise<number> {
  return new Promise((resolve) => {
    const asked = get({ host: '127.0.0.1', port, path: '/livez', agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asked.on('error', () => resolve(0))
  })
}
