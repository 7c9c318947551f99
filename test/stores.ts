import { Miniflare } from 'miniflare'
import { CompiledQuery, sql } from 'kysely'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Pool } from 'pg'
import { afterAll, afterEach, beforeEach, describe, inject } from 'vitest'
import { openD1 } from '../src/store/d1.ts'
import { migrate } from '../src/store/migrate.ts'
import { openPostgres } from '../src/store/postgres.ts'
import { openSqlite } from '../src/store/sqlite.ts'
import type { Store } from '../src/store/store.ts'
import { readMigrations } from './migrations.ts'

export { readMigrations }

export type Opened = { store: Store; close(): Promise<void> }

export type Engine = {
  name: 'SQLite' | 'PostgreSQL' | 'D1'
  /** A store with the current schema and nothing else in it. */
  open(): Promise<Opened>
  /** A store over an empty database, before any migration. */
  openEmpty(): Promise<Opened>
}

const migrations = readMigrations()

const migrated = async (opening: Promise<Opened>): Promise<Opened> => {
  const opened = await opening
  await migrate(opened.store, migrations)
  return opened
}

export const engines: readonly Engine[] = [
  { name: 'SQLite', open: async () => openSqliteFile(await sqliteTemplate()), openEmpty: () => openSqliteFile() },
  { name: 'PostgreSQL', open: openPostgresCurrent, openEmpty: openPostgresEmpty },
  { name: 'D1', open: () => migrated(openD1Database()), openEmpty: openD1Database },
]

/**
 * Describes the same behaviour on every engine. `open` gives a fresh store with the current schema, `openEmpty` one without;
 * they close by themselves: after the test when a test (or its beforeEach) opened them, else after the whole block.
 */
export function eachEngine(
  title: string,
  body: (open: () => Promise<Store>, engine: Engine['name'], openEmpty: () => Promise<Store>) => void,
) {
  describe.each(engines)(`${title} ($name)`, (engine) => {
    const opened: { test: Opened[]; block: Opened[] } = { test: [], block: [] }
    let within: 'test' | 'block' = 'block'
    const keep = async (opening: Promise<Opened>) => {
      const one = await opening
      opened[within].push(one)
      return one.store
    }
    const closeAll = (which: 'test' | 'block') => Promise.all(opened[which].splice(0).map((one) => one.close()))
    beforeEach(() => {
      within = 'test'
    })
    afterEach(async () => {
      within = 'block'
      await closeAll('test')
    })
    afterAll(async () => {
      await closeAll('block')
    })
    body(
      () => keep(engine.open()),
      engine.name,
      () => keep(engine.openEmpty()),
    )
  })
}

/** What this test file holds open for all its stores; each part starts when the first store needs it. */
const shared: { postgres?: Pool; d1?: Promise<Miniflare> } = {}
const count = { postgres: 0, d1: 0 }
/** Emptied databases with the current schema: making one costs the disk far more than emptying it. */
const emptied: string[] = []

afterAll(async () => {
  if (template) rmSync(dirname(await template), { recursive: true, force: true })
  await shared.postgres?.end()
  await (await shared.d1)?.dispose()
})

/** A file with the current schema, migrated once for this test file: its copies are stores in no time. */
let template: Promise<string> | null = null
const sqliteTemplate = () =>
  (template ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'postilupa-sqlite-'))
    const file = join(folder, 'template.db')
    const store = openSqlite(file)
    await migrate(store, migrations)
    await store.close()
    return file
  })())

async function openSqliteFile(from?: string): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'postilupa-sqlite-'))
  const file = join(folder, 'postilupa.db')
  if (from !== undefined) copyFileSync(from, file)
  const store = openSqlite(file)
  return {
    store,
    close: async () => {
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function openPostgresEmpty(): Promise<Opened> {
  const store = await openPostgres(await createPostgresDatabase(), { max: 4 })
  return { store, close: () => store.close() }
}

async function openPostgresCurrent(): Promise<Opened> {
  const used = emptied.pop()
  const url = used ?? (await createPostgresDatabase())
  const store = await openPostgres(url, { max: 4 })
  if (!used) await migrate(store, migrations)
  return {
    store,
    close: async () => {
      // A test that closed its store, or broke it on purpose, leaves nothing to use again.
      await empty(store).then(
        () => emptied.push(url),
        () => undefined,
      )
      await store.close()
    },
  }
}

/** An empty database of its own on the run's PostgreSQL, which takes it away when the run ends. */
export async function createPostgresDatabase(): Promise<string> {
  const admin = (shared.postgres ??= new Pool({ connectionString: inject('postgresUrl'), max: 1 }))
  const name = `test_${process.pid}_${count.postgres++}`
  await admin.query(`create database ${name}`)
  const url = new URL(inject('postgresUrl'))
  url.pathname = name
  return url.href
}

/** Empties every table past the guards, which are then set again in case that a test took them away. */
async function empty(store: Store) {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'schema_versions'`.execute(
    store.db,
  )
  const deletes = ['set local session_replication_role = replica', ...rows.map(({ name }) => `delete from ${name}`)]
  await store.batch([...deletes.map((text) => CompiledQuery.raw(text)), ...store.guards])
}

const databases = 300

async function openD1Database(): Promise<Opened> {
  const store = openD1((await createD1Database()).binding)
  return { store, close: () => store.close() }
}

/**
 * An empty database of D1 in workerd. `native` is the binding as Miniflare hands it out; behind `binding` a worker runs what
 * `prepare`, `bind`, `all` and `batch` ask for: one request a call, where the native one takes one for each of the four.
 */
export async function createD1Database() {
  const name = `DB${count.d1++}`
  if (count.d1 > databases)
    throw new Error(`A test file may open ${databases} D1 databases: raise that, or reuse stores.`)
  const workerd = await (shared.d1 ??= startWorkerd())
  const call = async (statements: readonly Statement[]) => {
    const response = await workerd.dispatchFetch('http://d1.example/', {
      method: 'POST',
      body: JSON.stringify({ name, statements: statements.map(({ text, values }) => [text, values]) }),
    })
    const answer = (await response.json()) as { results: { results: unknown[] }[] } | { error: string }
    if ('error' in answer) throw new Error(answer.error)
    return answer.results
  }
  const statement = (text: string, values: readonly unknown[]): Statement => ({
    text,
    values,
    bind: (...bound) => statement(text, bound),
    all: async () => (await call([statement(text, values)]))[0],
  })
  const binding = { prepare: (text: string) => statement(text, []), batch: call } as unknown as D1
  return { binding, native: () => workerd.getD1Database(name) as unknown as Promise<D1> }
}

type D1 = Parameters<typeof openD1>[0]

type Statement = {
  text: string
  values: readonly unknown[]
  bind(...values: unknown[]): Statement
  all(): Promise<unknown>
}

async function startWorkerd(): Promise<Miniflare> {
  const script = `export default {
    async fetch(request, env) {
      const { name, statements } = await request.json()
      try {
        const prepared = statements.map(([text, values]) => env[name].prepare(text).bind(...values))
        return Response.json({ results: await env[name].batch(prepared) })
      } catch ({ message }) {
        return Response.json({ error: message })
      }
    },
  }`
  const workerd = new Miniflare({
    cf: false,
    enableDevRegistry: false,
    logRequests: false,
    workers: [
      {
        config: {
          name: 'stores',
          compatibilityDate: '2026-01-01',
          manifest: { mainModule: 'stores.mjs', modules: { 'stores.mjs': { type: 'esm', contents: script } } },
          env: Object.fromEntries(
            Array.from({ length: databases }, (_, n) => [`DB${n}`, { type: 'd1' as const, id: `store-${n}` }]),
          ),
        },
      },
    ],
  })
  await workerd.ready
  return workerd
}
