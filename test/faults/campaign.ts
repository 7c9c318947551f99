import Database from 'better-sqlite3'
import { expect } from 'vitest'
import type { Deps } from '../../src/deps.ts'
import { openPostilupa } from '../../src/node.ts'
import { addPeople, type Person } from '../people.ts'
import type { Env, Server } from '../server.ts'

/** The whole fault matrix, or the samples of every run. */
export const faults = process.env['FAULTS'] === '1'

/** Chance that can be repeated: SEED=… (printed by the tests that draw). 0 ≤ n < 1 (mulberry32). */
export function makeChance(seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000)) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    seed,
    next,
    /** from ≤ n < to */
    between: (from: number, to: number) => from + next() * (to - from),
    pick: <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)] as T,
  }
}

export const wait = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

/** Asks again and again until there is an answer. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  withinMs: number,
  every = 25,
): Promise<T> {
  const end = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found
    if (performance.now() > end) throw new Error(`waited ${withinMs} ms in vain: ${what}`)
    await wait(every)
  }
}

/** Works on a server's database as the service would, while or before a server runs; nothing is delivered meanwhile. */
export async function onData<T>(env: Env, work: (deps: Deps) => Promise<T>): Promise<T> {
  const postilupa = await openPostilupa(env, { quiet: true, migrating: true })
  try {
    return await work({ ...postilupa.deps, wake: () => undefined })
  } finally {
    await postilupa.close()
  }
}

export const numbered = (count: number, name = 'maija'): Person[] =>
  Array.from({ length: count }, (_, n) => ({ email: `${name}${n}@asiakas${n % 40}.example`, name: `Maija ${n}` }))

/** They consented a day ago. @returns the address of each contact by its id */
export async function addRecipients(env: Env, people: readonly Person[]): Promise<Map<string, string>> {
  const ids = await onData(env, (deps) => addPeople({ deps: { ...deps, now: () => deps.now() - 86_400_000 } }, people))
  return new Map(ids.map((id, n) => [id, people[n]?.email ?? '']))
}

export type Report = {
  id: string
  state: string
  reason?: string
  counts: Record<'proposed' | 'queued' | 'sending' | 'sent' | 'skipped' | 'failed' | 'uncertain', number>
  skippedBy: Record<string, number>
}
export type Listed = {
  contactId: string
  state: string
  reason: string | null
  messageId: string | null
  reply: string | null
}

/** What a marketer does, through the API of the running server. */
export function deskOf(server: Server) {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await server.api(method, path, body)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
    return JSON.parse(text) as T
  }
  return {
    call,
    /** A price list to everyone with a permission for it, sent now. @returns its id */
    async send(): Promise<string> {
      const { id } = await call<Report>('POST', '/mailings', {
        kind: 'price_list',
        topic: 'price-list',
        subject: 'Hinnasto',
        content: { format: 'markdown', body: 'Hei {{ contact.name | default: "asiakas" }}, tässä hinnasto.' },
      })
      await call('POST', `/mailings/${id}/schedule`, { at: 'now' })
      return id
    },
    report: (id: string) => call<Report>('GET', `/mailings/${id}`),
    act: (id: string, verb: 'pause' | 'resume' | 'cancel' | 'resend-uncertain' | 'accept-uncertain') =>
      call<Report>('POST', `/mailings/${id}/${verb}`),
    async deliveries(id: string, state: string): Promise<Listed[]> {
      const all: Listed[] = []
      for (let cursor = ''; ;) {
        const path = `/mailings/${id}/deliveries?state=${state}&limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`
        const { items, nextCursor } = await call<{ items: Listed[]; nextCursor: string | null }>('GET', path)
        all.push(...items)
        if (nextCursor === null) return all
        cursor = nextCursor
      }
    },
  }
}

/** P06, as the API shows it: finished says that nothing is left to do, and that everybody was thought of. */
export function expectHonest({ state, counts }: Report, recipients: number) {
  if (state !== 'finished') return
  expect(counts).toMatchObject({ proposed: recipients, queued: 0, sending: 0, uncertain: 0 })
}

/** Reads or changes a SQLite database from outside, as an operator could; the server may be running. */
export function withDatabase<T>(file: string, work: (database: Database.Database) => T): T {
  const database = new Database(file, { timeout: 5000 })
  try {
    return work(database)
  } finally {
    database.close()
  }
}

export const sendingIn = (file: string) =>
  withDatabase(
    file,
    (database) =>
      database
        .prepare(`select id from deliveries where state = 'sending' and mailing_id <> ''`)
        .pluck()
        .all() as string[],
  )

/** The half minute of a lease goes by at once. */
export const lapseLeases = (file: string) =>
  withDatabase(file, (database) => database.exec(`update deliveries set lease_until = 1 where state = 'sending'`))
