import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const json = <T>(file: string) => JSON.parse(read(file)) as T

type Locked = {
  version?: string
  resolved?: string
  license?: string
  dev?: boolean
  optional?: boolean
  optionalDependencies?: Record<string, string>
  hasInstallScript?: boolean
}
const manifest = json<{
  scripts: Record<string, string>
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
  allowScripts: Record<string, boolean>
}>('package.json')
const locked = Object.entries(json<{ packages: Record<string, Locked> }>('package-lock.json').packages)

describe('what the project is built from', () => {
  it('is pinned: every version in package.json is exact', () => {
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
  })

  it('installs from any registry: the lock file names no host', () => {
    expect(locked.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([])
    expect(read('package-lock.json').match(/https?:\/\/[^"]*\.tgz/g) ?? []).toEqual([])
  })

  it('installs on every platform: the lock file has each optional part that its packages name', () => {
    const paths = new Set(locked.map(([path]) => path))
    const missing = locked.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !visibleFrom(path).some((folder) => paths.has(`${folder}node_modules/${name}`)))
        .map((name) => `${path} names ${name}`),
    )
    expect(missing).toEqual([])
  })

  it('runs no install script that was not judged: each one is allowed or denied in package.json', () => {
    const withScript = locked.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => nameOf(path))
    expect(withScript.filter((name) => manifest.allowScripts[name] === undefined)).toEqual([])
  })

  it('may be used by anyone: every part that runs in production has a permissive licence', () => {
    const production = locked.filter(([path, { dev, optional }]) => path !== '' && !dev && !optional)
    const wrong = production
      .map(([path]) => ({ path, licence: licenceOf(path) }))
      .filter(({ licence }) => !isAllowed(licence))
    expect(production.length).toBeGreaterThan(20)
    expect(wrong).toEqual([])
  })
})

describe('what the project says', () => {
  it('README and CONTRIBUTING name only commands that exist', () => {
    const pages = ['README.md', 'CONTRIBUTING.md'].filter((page) => existsSync(join(root, page)))
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/(?:^|[`&|;(]) *npm (?:run )?([\w:-]+)/gm)].map((match) => match[1] ?? ''),
    )
    const known = new Set([...Object.keys(manifest.scripts), 'ci', 'install', 'install-scripts'])
    expect(named.filter((command) => !known.has(command))).toEqual([])
  })

  it('links in its pages lead to files that exist', () => {
    const pages = tracked().filter((file) => file.endsWith('.md'))
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
        .map((match) => match[1] ?? '')
        .filter((target) => !existsSync(join(root, page, '..', target)))
        .map((target) => `${page} → ${target}`),
    )
    expect(broken).toEqual([])
  })

  it('holds no path of a machine, no registry host, and no key', () => {
    const foreign = /\/(home|Users|root|work)\/\w+\/|https?:\/\/[\w.-]*registry[\w.-]*\/|-----BEGIN [A-Z ]*PRIVATE KEY/
    const found = tracked()
      .filter((file) => !/\.(png|jpe?g|webp|gif|ico|pdf|xlsx|woff2?)$/.test(file))
      .flatMap((file) =>
        read(file)
          .split('\n')
          .flatMap((line, index) => (foreign.test(line) ? [`${file}:${index + 1} ${line.trim().slice(0, 120)}`] : [])),
      )
    expect(found).toEqual([])
  })
})

/** Files under version control, and new ones that would be. */
function tracked(): string[] {
  return execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file !== '' && existsSync(join(root, file)))
}

/** The folders in whose node_modules Node looks from a package, its own first. */
function visibleFrom(path: string): string[] {
  const own = path === '' ? '' : `${path}/`
  const outer = [...own.matchAll(/node_modules\//g)].map((match) => own.slice(0, match.index))
  return [own, ...outer]
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

function licenceOf(path: string): string {
  const { license, licenses } = json<{ license?: string | { type: string }; licenses?: { type: string }[] }>(
    `${path}/package.json`,
  )
  if (typeof license === 'string') return license
  return license?.type ?? licenses?.map(({ type }) => type).join(' OR ') ?? 'none named'
}

const allowedLicences =
  'MIT MIT-0 ISC 0BSD BSD-0-Clause BSD-2-Clause BSD-3-Clause Apache-2.0 BlueOak-1.0.0 CC0-1.0 CC-BY-4.0 Python-2.0'.split(' ')

/** "A OR B": one of them is enough; "A AND B": all of them must be allowed. */
function isAllowed(licence: string): boolean {
  return licence
    .replace(/\(https?:[^)]*\)|[()]/g, '')
    .split(' OR ')
    .some((part) => part.split(' AND ').every((id) => allowedLicences.includes(id.trim())))
}
