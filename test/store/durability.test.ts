import { sql } from 'kysely'
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkSchema, migrate, schemaVersion } from '../../src/store/migrate.ts'
import { openSqlite } from '../../src/store/sqlite.ts'
import { readMigrations } from '../migrations.ts'
import { setting } from './rows.ts'

const faults = process.env['FAULTS'] === '1'
const root = join(import.meta.dirname, '../..')
const replay = join(root, '../shared/tools/powerloss_replay.py')
const missing = faults
  ? [
      ...['strace', 'python3'].filter((tool) => spawnSync(tool, ['--version']).status !== 0),
      ...[replay].filter((path) => !existsSync(path)),
    ]
  : []
if (missing.length > 0)
  console.info(`Power cuts and failing disks are not tried here: ${missing.join(', ')} not found.`)
const traceable = faults && missing.length === 0

let folder: string
let file: string
const children = new Set<ChildProcess>()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postilupa-durability-'))
  file = join(folder, 'app.db')
})

afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Starts writer.ts, under another program if `under` names one, and gathers the ids that it promised. */
function startWriter(
  args: readonly (string | number)[],
  { under = [], promised }: { under?: string[]; promised?: (ids: string[]) => void },
) {
  const [command, ...rest] = [
    ...under,
    process.execPath,
    '--import',
    'tsx',
    'test/store/writer.ts',
    ...args.map(String),
  ]
  const child = spawn(command ?? '', rest, { cwd: root })
  children.add(child)
  const ids: string[] = []
  let errors = ''
  createInterface(child.stdout).on('line', (id) => {
    ids.push(id)
    promised?.(ids)
  })
  child.stderr.on('data', (text) => (errors += String(text)))
  const ended = new Promise<{ ids: string[]; code: number | null; errors: string }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      children.delete(child)
      resolve({ ids, code, errors })
    })
  })
  return { child, ended }
}

async function expectAllThere(promised: readonly string[]) {
  const store = openSqlite(file)
  const kept = new Set((await store.db.selectFrom('settings').select('key').execute()).map(({ key }) => key))
  expect(promised.filter((id) => !kept.has(id))).toEqual([])
  expect((await sql`pragma integrity_check`.execute(store.db)).rows).toEqual([{ integrity_check: 'ok' }])
  await store.close()
}

async function openCurrent() {
  const store = openSqlite(file)
  await migrate(store, readMigrations())
  return store
}

/** The file with its log: a new file would otherwise take up what the old log holds. */
function forget() {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
}

describe('what SQLite acknowledged', () => {
  it('P02 is written with synchronous=FULL in WAL mode, on the connection that writes and after it wrote', async () => {
    const store = await openCurrent()
    await store.batch([setting(store, 'a')])
    expect((await sql`pragma synchronous`.execute(store.db)).rows).toEqual([{ synchronous: 2 }])
    expect((await sql`pragma journal_mode`.execute(store.db)).rows).toEqual([{ journal_mode: 'wal' }])
    await store.close()
  })

  it('P01 survives kill -9 at any moment, round after round on the same file', async () => {
    const promised: string[] = []
    const rounds = faults ? 60 : 3
    for (let round = 0; round < rounds; round++) {
      const enough = 3 + ((round * 37) % 200)
      const { child, ended } = startWriter([file, 1_000_000], {
        promised: (ids) => ids.length === enough && child.kill('SIGKILL'),
      })
      const { ids, errors } = await ended
      expect(ids.length, errors).toBeGreaterThanOrEqual(enough)
      promised.push(...ids)
    }
    await expectAllThere(promised)
  }, 300_000)

  it.runIf(traceable).each([
    ['survives a power cut at any moment', 'full', 0],
    ['would not survive it with synchronous=NORMAL, which shows that the replay sees what is lost', 'normal', 1],
  ])(
    'P02 %s',
    async (_, weakened, status) => {
      await (await openCurrent()).close()
      const base = join(folder, 'base.db')
      copyFileSync(file, base)
      const log = join(folder, 'run.log')
      const calls = 'trace=openat,pwrite64,ftruncate,fsync,fdatasync,write'
      const under = ['strace', '-f', '-xx', '-s', '200000', '-e', calls, '-o', log]
      const { code, errors } = await startWriter([file, 400, weakened], { under }).ended
      expect(code, errors).toBe(0)
      const query = 'select count(*) from settings'
      const verdict = spawnSync('python3', [replay, log, base, 'app.db', query], { encoding: 'utf8' })
      expect(verdict.stdout + verdict.stderr).toMatch(/points=400 broken promises=/)
      expect(verdict.status, verdict.stdout).toBe(status)
    },
    300_000,
  )

  it.runIf(traceable)(
    'P25 has each migration whole or not at all when it is killed at any write; it can be run again',
    async () => {
      let killed = 0
      for (let nth = 1; ; nth += 7) {
        forget()
        const inject = `inject=pwrite64:signal=SIGKILL:when=${nth}`
        const under = ['strace', '-f', '-qq', '-o', join(folder, 'log'), '-e', 'trace=pwrite64', '-e', inject]
        const { code } = await startWriter([file, 0], { under }).ended
        const store = openSqlite(file)
        expect([0, ...readMigrations().map(({ version }) => version)]).toContain(await schemaVersion(store))
        await migrate(store, readMigrations())
        expect(await checkSchema(store, readMigrations())).toBe('ok')
        await store.close()
        await expectAllThere([])
        if (code === 0) break
        killed++
      }
      expect(killed).toBeGreaterThan(5)
    },
    600_000,
  )

  it.runIf(traceable)(
    'F23 F24 is never what the disk refused to flush: the write fails, or the start is refused',
    async () => {
      const failing = (when: string) => {
        const inject = `inject=fsync,fdatasync:error=EIO:when=${when}`
        return ['strace', '-f', '-qq', '-o', join(folder, 'log'), '-e', 'trace=fsync,fdatasync', '-e', inject]
      }
      const start = await startWriter([file, 100], { under: failing('1+') }).ended
      expect([start.code, start.ids]).toEqual([1, []])
      forget()
      const later = await startWriter([file, 1_000_000], { under: failing('20+') }).ended
      expect(later.code).toBe(1)
      expect(later.ids.length).toBeGreaterThan(0)
      expect(later.errors).toContain('SQLITE_IOERR')
      await expectAllThere(later.ids)
    },
    120_000,
  )
})
