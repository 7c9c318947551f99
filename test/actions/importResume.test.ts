import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import { runImports } from '../../src/actions/runImports.ts'
import type { Deps } from '../../src/deps.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import type { Query, Store } from '../../src/store/store.ts'
import { declared, runToEnd, startImports } from './imported.ts'

const numbered = (rows: number) =>
  `email,name\n${Array.from({ length: rows }, (_, n) => `row${n}@yritys.example,Row ${n}\n`).join('')}`

/** A runner of its own on the same store, as another process would be; `before` may hold up or spoil its batches. */
function runnerOn(deps: Deps, before: (queries: readonly Query[]) => Promise<void> = async () => undefined): Deps {
  const batch: Store['batch'] = async (queries) => {
    await before(queries)
    return deps.store.batch(queries)
  }
  return { ...deps, store: { ...deps.store, batch } }
}

describe('an import that is interrupted', () => {
  let app: Awaited<ReturnType<typeof startImports>>
  afterEach(() => app.close())

  const queue = async (rows: number) =>
    ((await (await app.post('/imports', numbered(rows), declared)).json()) as { id: string }).id
  const stored = async () => ({
    contacts: (await app.contacts()).length,
    permissions: (await app.permissions()).length,
  })

  it('goes on behind what was done when another process takes it over, and knows what stood further up in the file', async () => {
    app = await startImports()
    const file = `${numbered(1200)}row3@yritys.example,Twice\nrow1199@yritys.example,Twice\n`
    const { id } = (await (await app.post('/imports', file, declared)).json()) as { id: string }
    expect(await runImports(runnerOn(app.deps), 0)).toBe(true)
    expect(await app.show('/imports', id)).toMatchObject({ state: 'running', rows: 1202, added: 500 })
    expect(await runImports(runnerOn(app.deps), 0)).toBe(false)
    app.clock.advance(11_000)
    await runToEnd({ deps: runnerOn(app.deps) })
    expect(await app.show('/imports', id)).toMatchObject({
      state: 'finished',
      rows: 1202,
      added: 1200,
      refused: 2,
      progress: 1,
    })
    expect((await app.refusals(id)).map(({ row_number }) => row_number)).toEqual([1202, 1203])
    expect(await stored()).toEqual({ contacts: 1200, permissions: 1200 })
  })

  it('P24 loses nothing and counts nothing twice when a frozen process wakes up after another took over', async () => {
    app = await startImports()
    const id = await queue(1200)
    let wakeUp = () => {}
    const frozen = new Promise<void>((done) => {
      wakeUp = done
    })
    let batches = 0
    // Its first batches claim and look over; the one that writes the first chunk is held up.
    const slow = runImports(
      runnerOn(app.deps, async () => void (++batches === 4 && (await frozen))),
      60_000,
    )
    while (batches < 4) await new Promise((turn) => setImmediate(turn))
    app.clock.advance(11_000)
    await runToEnd({ deps: runnerOn(app.deps) })
    wakeUp()
    expect(await slow).toBe(false)
    expect(await app.show('/imports', id)).toMatchObject({
      state: 'finished',
      rows: 1200,
      added: 1200,
      updated: 0,
      unchanged: 0,
      refused: 0,
    })
    expect(await stored()).toEqual({ contacts: 1200, permissions: 1200 })
  })

  it('F078 stops when the disk is full, and goes on by itself when it is not', async () => {
    app = await startImports()
    const id = await queue(1200)
    let full = false
    const runner = runnerOn(app.deps, async (queries) => {
      if (full && queries.length > 1)
        throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
    })
    expect(await runImports(runner, 0)).toBe(true)
    full = true
    await expect(runImports(runner, 0)).rejects.toThrow('full')
    expect(await app.show('/imports', id)).toMatchObject({ state: 'running', added: 500 })
    full = false
    app.clock.advance(11_000)
    await runToEnd({ deps: runner })
    expect(await app.show('/imports', id)).toMatchObject({ state: 'finished', added: 1200 })
  })

  it('F077 says what was imported until it was cancelled, keeps that, and throws the file away', async () => {
    app = await startImports()
    const id = await queue(1200)
    await runImports(app.deps, 0)
    const answer = await app.api(`/imports/${id}/cancel`, { method: 'POST' })
    expect([answer.status, ((await answer.json()) as { state: string }).state]).toEqual([200, 'failed'])
    app.clock.advance(11_000)
    await runToEnd(app)
    expect(await app.show('/imports', id)).toMatchObject({ state: 'failed', rows: 1200, added: 500 })
    expect(await stored()).toEqual({ contacts: 500, permissions: 500 })
    expect(await app.deps.store.db.selectFrom('file_chunks').select('n').execute()).toEqual([])
  })

  it('throws away what an upload that broke off left behind', async () => {
    app = await startImports()
    const { db } = app.deps.store
    await app.deps.store.batch([
      db.insertInto('file_chunks').values({ sha256: `import.${app.deps.id()}`, n: 0, base64: 'eA==' }),
    ])
    await runImports(app.deps, 0)
    expect(await db.selectFrom('file_chunks').select('n').execute()).toHaveLength(1)
    app.clock.advance(2 * 3_600_000)
    await runImports(app.deps, 0)
    expect(await db.selectFrom('file_chunks').select('n').execute()).toEqual([])
  })
})

describe('P01 an import of a process that is killed (F073)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'postilupa-import-'))
  const file = join(folder, 'postilupa.db')
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const rows = 6000

  /** Runs until its import has come to row `until`, then kills it; or to the end. */
  function run(until: number, ahead: number): Promise<string> {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'importProcess.ts'), String(rows), String(ahead)],
      {
        env: { ...process.env, DATABASE_URL: `file:${file}`, MAIL_URL: `outbox:${folder}/outbox` },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let last = ''
    createInterface(child.stdout).on('line', (line) => {
      last = line
      if (Number(line) >= until) child.kill('SIGKILL')
    })
    return new Promise((done) => child.once('close', () => done(last)))
  }

  it('resumes after each of three deaths: no half row, no row twice, and the counts are right', async () => {
    let day = 0
    for (const share of [0.1, 0.5, 0.9])
      expect(Number(await run(rows * share, day++ * 86_400_000))).toBeGreaterThanOrEqual(rows * share)
    expect(await run(Infinity, day * 86_400_000)).toBe('end')

    const store = openSqlite(file)
    const job = await store.db.selectFrom('imports').selectAll().executeTakeFirstOrThrow()
    const contacts = await store.db.selectFrom('contacts').select('strict').execute()
    const permissions = await store.db.selectFrom('permissions').select('contact_id').distinct().execute()
    const refusals = await store.db.selectFrom('import_refusals').select('row_number').execute()
    await store.close()
    expect(job).toMatchObject({
      position: rows + 1,
      rows_total: rows,
      rows_done: rows,
      added: 5940,
      updated: 0,
      unchanged: 0,
      refused: 60,
    })
    expect(job.finished_at).not.toBe(null)
    expect([new Set(contacts.map(({ strict }) => strict)).size, permissions.length, refusals.length]).toEqual([
      5940, 5940, 60,
    ])
  }, 180_000)
})
