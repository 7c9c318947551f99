import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { broken, imports, withoutComments } from './support/house.ts'

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const filesIn = (folder: string, pattern: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter((file) => pattern.test(file))
    .toSorted()

const sources = filesIn('src', /\.tsx?$/)

describe('the house', () => {
  it('keeps every arrow: each file of src imports only what its folder may, and no more than the rules of its folder allow', () => {
    const found = sources.flatMap((file) => broken(file, read(file)))
    expect(found.map(({ file, line, what }) => `${file}:${line} ${what}`)).toEqual([])
  })

  it('mounts every route: each file of src/routes is reached from app.ts', () => {
    const routes = sources.filter((file) => file.startsWith('src/routes/'))
    const app = sources.find((file) => /^src\/app\.tsx?$/.test(file))
    const reached = app ? reachedFrom(app) : new Set<string>()
    expect(routes.filter((file) => !reached.has(file)).map((file) => `${file} is not mounted`)).toEqual([])
  })

  it('leaves nothing for later: no note of work to be done stands in the code', () => {
    const note = new RegExp(
      `(//|/\\*|^\\s*\\*|--).*\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`,
    )
    const folders = ['src', 'test', 'migrations', 'bench', 'bin'].filter((folder) => existsSync(join(root, folder)))
    const files = folders.flatMap((folder) => filesIn(folder, /\.(tsx?|js|sql|mjml)$/))
    const found = files.flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((text, index) => (note.test(text) ? [`${file}:${index + 1} ${text.trim()}`] : [])),
    )
    expect(found).toEqual([])
  })
})

describe('migrations', () => {
  const migrations = filesIn('migrations', /\.sql$/).map((file) => posix.basename(file))

  it('are numbered without a gap, one number each', () => {
    expect(migrations.map((name) => name.slice(0, 5))).toEqual(
      migrations.map((_, index) => `${String(index + 1).padStart(4, '0')}_`),
    )
  })

  it('are never edited once released: each file that checksums.txt lists is byte for byte what was listed', () => {
    const list = existsSync(join(root, 'migrations/checksums.txt')) ? read('migrations/checksums.txt') : ''
    const released = list.split('\n').filter((line) => line.trim() !== '')
    const now = released.map((line) => {
      const name = line.slice(66)
      return migrations.includes(name)
        ? `${createHash('sha256')
            .update(read(`migrations/${name}`))
            .digest('hex')}  ${name}`
        : `${name} is gone`
    })
    expect(now).toEqual(released)
  })
})

describe('the test of the house itself', () => {
  it.each([
    ['src/rules/a.ts', `import { b } from '../store/b.ts'`, 'rules must not import store'],
    ['src/rules/a.ts', `import { createHash } from 'node:crypto'`, 'rules must not import the package node:crypto'],
    ['src/rules/a.ts', `const day = new Date()`, 'new Date()'],
    ['src/templates/a.tsx', `import type { B } from '../rules/b.ts'`, 'templates must not import rules'],
    ['src/store/a.ts', `import { b } from '../rules/b.ts'`, 'types only'],
    ['src/store/a.ts', `import { readFileSync } from 'node:fs'`, 'node:fs'],
    ['src/store/a.ts', `import { openSqlite } from './sqlite.ts'`, 'imports the engine'],
    ['src/store/a.ts', 'db.transaction().execute(f)', 'interactive'],
    ['src/store/a.ts', 'sql.raw(name)', 'SQL is made'],
    ['src/actions/a.ts', `import {\n  deliver,\n} from '../mail/deliver.ts'`, 'one door'],
    ['src/actions/a.ts', `const { tick } = await import('../mail/tick.ts')`, 'one door'],
    ['src/actions/a.ts', `import { forms } from '../routes/forms.ts'`, 'actions must not import routes'],
    ['src/actions/a.ts', 'await transport.send(message)', 'hands a message over'],
    ['src/mail/compose.ts', 'export function compose(transport: Transport) {}', 'takes the transport'],
    ['src/mail/compose.ts', `import { ban } from '../actions/ban.ts'`, 'mail must not import actions'],
    ['src/routes/a.ts', 'await store.batch([])', 'an action writes'],
    ['src/routes/a.ts', `export * from '../mail/transport.ts'`, 'one door'],
    ['src/routes/a.ts', `import '../node.ts'`, 'routes must not import entry'],
    ['src/cli.ts', `import { deliver } from './mail/deliver.ts'`, 'one door'],
    ['src/deps.ts', `const key = process.env['KEY']`, 'process.env'],
    ['src/helpers/a.ts', `import { b } from '../rules/b.ts'`, 'no folder of the house'],
  ])('sees what is wrong in %s: %j', (file, code, what) => {
    expect(broken(file, code).map((one) => one.what)).toEqual([expect.stringContaining(what)])
  })

  it.each([
    ['src/rules/a.ts', `import { z } from 'zod'\nimport { b } from './b.ts'`],
    ['src/rules/a.ts', '/** Not `Date.now`: `now` is an argument. */\nconst at = new Date(now) // process.env'],
    ['src/store/a.ts', `import { type B, type C } from '../rules/b.ts'\nimport { sql } from 'kysely'`],
    [
      'src/store/sqlite.ts',
      `import { mkdirSync } from 'node:fs'\nimport Database from 'better-sqlite3'\nsql.raw(name)`,
    ],
    ['src/mail/deliver.ts', `import type { Transport } from './message.ts'\nconst f = (t: Transport) => t.send(m)`],
    ['src/mail/smtp.ts', 'export function openSmtp(url: URL): Transport {\n  return { send: (m) => first.send(m) }\n}'],
    ['src/routes/a.ts', `import { tokens } from '../mail/tokens.ts'\nimport type { Deps } from '../deps.ts'`],
    ['src/node.ts', `import { openSqlite } from './store/sqlite.ts'\nconst now = () => Date.now()`],
    ['src/cli.ts', `const { serve } = await import('./node.ts')`],
  ])('lets %s be: %j', (file, code) => {
    expect(broken(file, code)).toEqual([])
  })

  it('counts lines: 250 are enough for one subject', () => {
    expect(broken('src/rules/a.ts', 'f()\n'.repeat(250))).toEqual([])
    expect(broken('src/rules/a.ts', 'f()\n'.repeat(251)).map((one) => one.line)).toEqual([251])
  })

  it('names the file and the line', () => {
    expect(broken('src/rules/a.ts', `\n// a remark\nimport {\n  b,\n} from '../store/b.ts'\n`)).toEqual([
      { file: 'src/rules/a.ts', line: 3, what: 'rules must not import store ("../store/b.ts")' },
    ])
  })
})

function reachedFrom(start: string): Set<string> {
  const reached = new Set<string>()
  const open = [start]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file) || !sources.includes(file)) continue
    reached.add(file)
    for (const { target } of imports(withoutComments(read(file))))
      if (target.startsWith('.')) open.push(posix.join(posix.dirname(file), target))
  }
  return reached
}
