import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { checkMailing } from '../src/actions/checkMailing.ts'
import type { Deps } from '../src/deps.ts'
import { listCompanies } from '../src/store/companies.ts'
import { pageOfCompanies } from '../src/store/companyList.ts'
import { listContacts } from '../src/store/contacts.ts'
import { addBans, addContacts, addDraft, onDatabase } from './seed.ts'
import { alternate, makeFolder, median, of, shown, within, type Benchmark, type Run } from './support.ts'

/** Every twentieth contact is banned, every fiftieth has left, some are dead, restricted or a second time permitted. */
export const audience: Benchmark = {
  measure: 'P11',
  what: 'what the gate says of everybody in an audience, counted by reason; pages of long lists',
  async run(options) {
    const size = options.size ?? (options.quick ? 100_000 : 1_000_000)
    const { folder, remove } = makeFolder()
    const sides = await onDatabase({ DATABASE_URL: `file:${folder}/postilupa.db` }, async (deps) => {
      await addContacts(deps, size)
      await addBans(deps, size, (n) => (n % 20 === 0 ? contact(n) : `kielletty${n}@toinen.example`))
      await makeVaried(deps)
      const mailing = await addDraft(deps, 'Kuulumisia', 'Hei!')
      return alternate(options.runs, { counts: () => counted(deps, mailing), pages: () => pages(deps, size) })
    })
    remove()
    return [
      {
        measure: 'P11',
        what: 'pre-send counts, and pages of 50 from anywhere in the lists',
        unit: 's, ms',
        sizes: { contacts: size, companies: Math.ceil(size / 10), bans: size },
        sides,
        ratios: [],
        notes: [
          within('the counts, time of their own thread', of(sides, 'counts', 'own thread s'), 10 * (size / 1_000_000), 's'),
          within('the slowest page', of(sides, 'pages'), 100, 'ms'),
          'Nothing is estimated: the reasons are those that the gate gives for every single contact.',
        ],
      },
    ]
  },
}

const contact = (n: number) => `etunimi.sukunimi${n}@k${Math.floor(n / 10)}.example`

async function makeVaried({ store, now }: Deps) {
  const { db } = store
  const nth = (column: 'id' | 'c.id' | 'contact_id', n: number, rest: number) =>
    sql<boolean>`(unicode(substr(${sql.ref(column)}, -1)) + 32 * unicode(substr(${sql.ref(column)}, -2, 1))) % ${n} = ${rest}`
  await store.batch([
    db
      .updateTable('permissions')
      .set({ withdrawn_at: now() - 1000, withdrawn_from: 'link' })
      .where(nth('contact_id', 50, 1)),
    db
      .updateTable('permissions')
      .set({ expires_at: now() - 1000 })
      .where(nth('contact_id', 100, 2)),
    db
      .updateTable('contacts')
      .set({ restricted_at: now() - 1000 })
      .where(nth('id', 200, 3)),
    db
      .updateTable('contacts')
      .set({ class: 'private' })
      .where(nth('id', 10, 4)),
    sql`insert into dead_addresses (hash, reason, first_at, confirmed_at)
      select k.value ->> 'k', '5.1.1', ${now()}, ${now()} from contacts c, json_each(c.keys) k
      where ${nth('c.id', 100, 5)} and k.key = 0`.compile(db),
    sql`insert into permissions select 'q' || contact_id, contact_id, null, topic, channel, 'existing_customer', basis, source, evidence, null,
        requested_at, null, confirmed_at, 'api', null, null, null
      from permissions where ${nth('contact_id', 100, 6)}`.compile(db),
  ])
}

async function counted(deps: Deps, mailing: string): Promise<Run> {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const before = process.memoryUsage.rss()
  const cpu = process.cpuUsage()
  const thread = process.threadCpuUsage()
  const begun = performance.now()
  const check = await checkMailing(deps, mailing)
  const value = (performance.now() - begun) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const own = process.threadCpuUsage(thread)
  delay.disable()
  const reasons = Object.entries(check?.counts.stopped ?? {}).map(([reason, n]) => `${reason} ${n}`)
  process.stderr.write(`  allowed ${check?.counts.allowed}, ${reasons.join(', ')}\n`)
  return {
    value,
    // What the clock shows where nobody else uses the machine; the rest is the collector's, beside it.
    'own thread s': (own.user + own.system) / 1e6,
    'CPU s': (user + system) / 1e6,
    'longest block ms': delay.max / 1e6,
    'RSS grown MB': (process.memoryUsage.rss() - before) / 1e6,
  }
}

/** The slowest of many pages, each from another place of the list. */
async function pages({ store }: Deps, size: number): Promise<Run> {
  const ids = await store.db
    .selectFrom('contacts')
    .select('id')
    .where(sql<boolean>`rowid % ${Math.max(1, Math.floor(size / 20))} = 0`)
    .execute()
  const lists: Record<string, (after: string, n: number) => Promise<unknown>> = {
    contacts: (after) => listContacts(store, after, 50),
    companies: (_, n) => listCompanies(store, `k${n}`, 50),
    'companies by name': (_, n) => pageOfCompanies(store, { after: { name: `Yritys k${n} Oy`, id: '' }, limit: 26 }),
    'companies searched': (_, n) => pageOfCompanies(store, { search: `k${n * 37}`, limit: 26 }),
  }
  const times: Record<string, number[]> = {}
  for (const [n, { id }] of ids.entries()) {
    for (const [name, read] of Object.entries(lists)) {
      const begun = performance.now()
      await read(id, n)
      ;(times[name] ??= []).push(performance.now() - begun)
    }
    await sleep(1)
  }
  const most = Object.entries(times).map(([name, all]) => [`${name} ms`, shown(median(all))] as const)
  return { value: Math.max(...Object.values(times).flat()), ...Object.fromEntries(most) }
}
