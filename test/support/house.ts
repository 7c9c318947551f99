import { posix } from 'node:path'

/** One place where a source file breaks the house; `what` says which arrow or rule. */
export type Broken = { file: string; line: number; what: string }

type Layer = 'rules' | 'templates' | 'store' | 'actions' | 'mail' | 'routes' | 'shared' | 'app' | 'cli' | 'entry'

/** Who may import whom, besides its own layer. `shared` is what everything needs: deps.ts, config.ts, keyring.ts. */
const arrows: Record<Layer, readonly Layer[]> = {
  rules: [],
  templates: [],
  store: ['rules'],
  actions: ['rules', 'store', 'templates', 'mail', 'shared'],
  mail: ['rules', 'store', 'templates', 'shared'],
  routes: ['actions', 'store', 'rules', 'templates', 'mail', 'shared'],
  shared: ['rules', 'store'],
  app: ['routes', 'store', 'rules', 'templates', 'shared'],
  cli: ['actions', 'store', 'rules', 'templates', 'mail', 'shared', 'app', 'entry'],
  entry: ['rules', 'templates', 'store', 'actions', 'mail', 'routes', 'shared', 'app', 'cli'],
}

/** Packages of the layers that must run anywhere and decide nothing by themselves; the other layers choose freely. */
const packages: Partial<Record<Layer, RegExp>> = {
  rules: /^(zod|tldts|libphonenumber-js|temporal-polyfill|rrule[\w-]*)(\/|$)/,
  templates: /^(hono\/|d3-(scale|shape)$)/,
  store: /^(kysely|zod|better-sqlite3|pg|@cloudflare\/workers-types|node:crypto)(\/|$)/,
}

const entries = /^src\/(node|worker|cli)\.ts$|^src\/(cli|entries)\//
const engines = /^src\/store\/(sqlite|postgres|d1)\.ts$/
const door = /^src\/mail\/(deliver|transport|tick)\.ts$/

/** Every arrow and rule that one file of src breaks. `file` is its path from the root, with slashes. */
export function broken(file: string, source: string): Broken[] {
  const code = withoutComments(source)
  const found: Broken[] = []
  const report = (index: number, what: string) => found.push({ file, line: lineAt(code, index), what })

  for (const link of imports(code)) {
    const wrong = link.target.startsWith('.') ? wrongArrow(file, link) : wrongPackage(file, link.target)
    if (wrong) report(link.index, wrong)
  }
  for (const { pattern, unless, what } of forbidden) {
    if (unless?.(file, code)) continue
    for (const match of code.matchAll(pattern)) report(match.index, `${match[0].trim()}: ${what}`)
  }
  const lines = source.trimEnd().split('\n').length
  if (lines > 250) found.push({ file, line: 251, what: `${lines} lines: a file over 250 lines has two subjects` })
  return found
}

function wrongArrow(file: string, { target, typesOnly }: Import): string | null {
  const to = posix.normalize(posix.join(posix.dirname(file), target))
  const from = layerOf(file)
  if (from === null) return `${file} lies in no folder of the house`
  if (!/\.tsx?$/.test(to) && from !== 'entry') return `"${target}" has no .ts or .tsx at its end`
  if (engines.test(to) && !entries.test(file)) return `${from} imports the engine ${to}: only entry files may`
  const layer = layerOf(to)
  if (layer === null)
    return from === 'entry' || from === 'cli' ? null : `${from} imports ${to}, which is outside the house`
  if (layer !== from && !arrows[from].includes(layer)) return `${from} must not import ${layer} ("${target}")`
  if (from === 'store' && layer === 'rules' && !typesOnly)
    return `store takes types only from rules ("${target}"): use import type`
  if (door.test(to) && from !== 'mail' && from !== 'entry')
    return `${from} must not import ${to}: there is one door to SMTP`
  return null
}

function wrongPackage(file: string, target: string): string | null {
  const from = layerOf(file)
  if (from === null) return `${file} lies in no folder of the house`
  if (/^(node:)?fs(\/|$)/.test(target))
    return entries.test(file) || engines.test(file) ? null : `${target}: only entry and engine files touch files`
  if (target === 'better-sqlite3' && file !== 'src/store/sqlite.ts')
    return `${target}: only src/store/sqlite.ts knows it`
  if (target === 'pg' && file !== 'src/store/postgres.ts') return `${target}: only src/store/postgres.ts knows it`
  if (engines.test(file) && target.startsWith('node:')) return null
  const allowed = packages[from]
  return allowed && !allowed.test(target) ? `${from} must not import the package ${target}` : null
}

/** Text that must not stand in a source file, unless the file is of the kind that `unless` names. */
const forbidden: { pattern: RegExp; unless?: (file: string, code: string) => boolean; what: string }[] = [
  {
    pattern:
      /\bprocess\.env\b|\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bTemporal\.Now\b|\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\bgetRandomValues\b/g,
    unless: (file) => entries.test(file),
    what: 'time, ids, secrets and the environment are arguments; entry files make them',
  },
  {
    pattern: /\bdb\s*\.(transaction|startTransaction|connection)\s*\(/g,
    what: 'D1 has no interactive transactions; write one batch',
  },
  {
    pattern: /\bsql\s*\.(raw|lit|id)\s*\((?!\s*(?:'[^'\n]*'|"[^"\n]*")\s*\))/g,
    unless: (file) => engines.test(file),
    what: 'SQL is made of what stands in the source; values are parameters',
  },
  {
    pattern: /[\w$]\??:\s*Transport\b/g,
    unless: (file) => file === 'src/mail/deliver.ts' || entries.test(file),
    what: 'only mail/deliver.ts takes the transport',
  },
  {
    pattern: /\.send\(/g,
    unless: (file, code) => file === 'src/mail/deliver.ts' || entries.test(file) || /\)\s*:\s*Transport\b/.test(code),
    what: 'only mail/deliver.ts hands a message over',
  },
  {
    pattern: /\.batch\(/g,
    unless: (file) => !file.startsWith('src/routes/') && file !== 'src/cli.ts',
    what: 'routes and commands read; an action writes',
  },
  { pattern: /\b(export\s+)?(const\s+)?enum\s+\w+\s*\{/g, what: 'no enums: a union of texts says the same' },
]

type Import = { target: string; index: number; typesOnly: boolean }

/** The imports and re-exports of a file without comments, dynamic ones too. */
export function imports(code: string): Import[] {
  const found: Import[] = []
  for (const match of code.matchAll(/^[ \t]*(?:import|export)\s([\w\s{},*$]*?)from\s*['"]([^'"]+)['"]/gm))
    found.push({ target: match[2] ?? '', index: match.index, typesOnly: namesTypesOnly(match[1] ?? '') })
  for (const match of code.matchAll(/^[ \t]*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm))
    found.push({ target: match[1] ?? match[2] ?? '', index: match.index, typesOnly: false })
  return found
}

function namesTypesOnly(clause: string): boolean {
  if (/^type\s/.test(clause)) return true
  const names =
    /^\s*\{([^}]*)\}\s*$/
      .exec(clause)?.[1]
      ?.split(',')
      .filter((name) => name.trim() !== '') ?? []
  return names.length > 0 && names.every((name) => /^\s*type\s/.test(name))
}

function layerOf(file: string): Layer | null {
  if (file === 'src/cli.ts' || file.startsWith('src/cli/')) return 'cli'
  if (entries.test(file)) return 'entry'
  if (/^src\/app\.tsx?$/.test(file)) return 'app'
  if (/^src\/[^/]+$/.test(file)) return 'shared'
  const folder = /^src\/(rules|templates|store|actions|mail|routes)\//.exec(file)?.[1]
  return (folder as Layer | undefined) ?? null
}

/** Blanks comments and keeps the lines: what a comment mentions is no use of it. */
export function withoutComments(source: string): string {
  return source
    .replace(/(^|[\s{(,;])\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|\s)\/\/.*$/gm, (comment) => comment.replace(/[^\n]/g, ' '))
}

function lineAt(code: string, index: number): number {
  const indent = /^\s*/.exec(code.slice(index))?.[0].length ?? 0
  return code.slice(0, index + indent).split('\n').length
}
