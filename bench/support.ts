import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, platform, release, tmpdir, totalmem } from 'node:os'
import path from 'node:path'

/** What every benchmark is told. */
export type Options = {
  /** alternating runs of each side */
  runs: number
  /** short sizes, for a look while other things run */
  quick: boolean
  /** overrides a benchmark's own size: recipients, requests */
  size: number | null
  /** writes CPU profiles of the service beside the results */
  profile: boolean
}

/** One run of one side. `value` is what is compared; the rest is shown beside it. */
export type Run = { value: number; [more: string]: number | string | null }
export type Side = { name: string; runs: Run[] }
export type Ratio = { what: string; value: number; target: number | null; reached: boolean | null }

export type Result = {
  /** the ids of docs/performance.md */
  measure: string
  what: string
  /** of `value` */
  unit: string
  sizes: Record<string, number | string>
  sides: Side[]
  ratios: Ratio[]
  /** absolute targets and anything that a reader must know */
  notes: string[]
}

export type Benchmark = { measure: string; what: string; run(options: Options): Promise<Result[]> }

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** @param at 0 … 1 */
export function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * at
  const below = sorted[Math.floor(place)] ?? Number.NaN
  return below + ((sorted[Math.ceil(place)] ?? below) - below) * (place % 1)
}

/**
 * Runs the sides in turn, and each round begins with another one: what disturbs the machine meanwhile disturbs all alike.
 */
export async function alternate(runs: number, sides: Record<string, () => Promise<Run>>): Promise<Side[]> {
  const names = Object.keys(sides)
  const done = new Map<string, Run[]>(names.map((name) => [name, []]))
  for (let round = 0; round < runs; round++)
    for (let n = 0; n < names.length; n++) {
      const name = names[(round + n) % names.length] ?? ''
      const run = await sides[name]?.()
      if (run) done.get(name)?.push(run)
      process.stderr.write(`  ${round + 1}/${runs} ${name}: ${shown(run?.value ?? Number.NaN)}\n`)
    }
  return [...done].map(([name, all]) => ({ name, runs: all }))
}

/** The median of one number over a side's runs. */
export function of(sides: readonly Side[], name: string, key = 'value'): number {
  const runs = sides.find((side) => side.name === name)?.runs ?? []
  return median(runs.flatMap((run) => (typeof run[key] === 'number' ? [run[key]] : [])))
}

/** @param target the least ratio that is enough */
export function ratio(sides: readonly Side[], of_: string, to: string, target: number | null): Ratio {
  const value = of(sides, of_) / of(sides, to)
  return { what: `${of_} : ${to}`, value, target, reached: target === null ? null : value >= target }
}

/** An absolute target, said as a note. */
export function within(what: string, value: number, most: number, unit: string): string {
  return `${what}: ${shown(value)} ${unit}, target at most ${most} ${unit}: ${value <= most ? 'reached' : 'MISSED'}`
}

/** What a request costs the processor, beside the baseline: it swings less than the clock does while others use the machine. */
export function cpuBeside(sides: readonly Side[], side: string, baseline: string): string {
  const [own, base] = [of(sides, side, CPU_A_REQUEST), of(sides, baseline, CPU_A_REQUEST)]
  return `processor time a request: ${side} ${shown(own)} µs, ${baseline} ${shown(base)} µs; ratio ${shown(base / own)}`
}

export const CPU_A_REQUEST = 'CPU µs a request'

export function shown(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en').replaceAll(',', ' ')
  return String(Number(value.toPrecision(3)))
}

/** Prints a result as a table; columns are whatever the sides measured. */
export function print({ measure, what, unit, sizes, sides, ratios, notes }: Result) {
  const keys = [...new Set(sides.flatMap(({ runs }) => runs.flatMap((run) => Object.keys(run))))]
  const head = ['side', ...keys.map((key) => (key === 'value' ? unit : key)), 'runs']
  const rows = sides.map(({ name, runs }) => [name, ...keys.map((key) => cell(runs, key)), String(runs.length)])
  const lines = [
    `\n${measure}  ${what}`,
    `   ${Object.entries(sizes)
      .map(([key, value]) => `${key} ${typeof value === 'number' ? shown(value) : value}`)
      .join(', ')}`,
    table([head, ...rows]),
    ...ratios.map((one) => `   ratio ${one.what} = ${shown(one.value)}${verdict(one)}`),
    ...notes.map((note) => `   ${note}`),
  ]
  console.log(lines.join('\n'))
}

function cell(runs: readonly Run[], key: string): string {
  const numbers = runs.flatMap((run) => (typeof run[key] === 'number' ? [run[key]] : []))
  return numbers.length > 0 ? shown(median(numbers)) : String(runs[0]?.[key] ?? '–')
}

function verdict({ target, reached }: Ratio) {
  return target === null ? '' : `, target at least ${target}: ${reached ? 'reached' : 'MISSED'}`
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) => `   ${row.map((text, n) => pad(text, widths[n] ?? 0, n)).join('   ')}`).join('\n')
}

const pad = (text: string, width: number, column: number) => (column === 0 ? text.padEnd(width) : text.padStart(width))

/** The machine and the versions; figures mean nothing without them. */
export function machine() {
  const [first] = cpus()
  return {
    at: new Date().toISOString(),
    cpu: `${cpus().length} × ${first?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${platform()} ${release()}`,
    node: process.version,
    sqlite: versionOf('better-sqlite3'),
    nodemailer: versionOf('nodemailer'),
    load: loadavg()
      .map((one) => one.toFixed(1))
      .join(' '),
    flush: `${flushMs().toFixed(2)} ms`,
  }
}

function versionOf(name: string): string {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  return `${name} ${(JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version}`
}

/** What one durable write of 4 kB costs where the temporary folders lie: durable figures are to be read beside it. */
function flushMs(): number {
  return withFolder((folder) => {
    const script = `
      const fs = require('node:fs'), file = fs.openSync(process.argv[1], 'w'), page = Buffer.alloc(4096)
      const begun = performance.now()
      for (let n = 0; n < 200; n++) { fs.writeSync(file, page); fs.fdatasyncSync(file) }
      console.log((performance.now() - begun) / 200)`
    return Number(execFileSync(process.execPath, ['-e', script, path.join(folder, 'page')], { encoding: 'utf8' }))
  })
}

/** A temporary folder on the disk that TMPDIR names; it must be a real one for durable figures to mean anything. */
export function makeFolder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'postilupa-bench-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

function withFolder<T>(work: (folder: string) => T): T {
  const { folder, remove } = makeFolder()
  try {
    return work(folder)
  } finally {
    remove()
  }
}

const results = new URL('results/', import.meta.url)

/** Where profiles and results go; not kept by git. */
export function resultsFolder(): URL {
  mkdirSync(results, { recursive: true })
  return results
}

export function writeResults(about: ReturnType<typeof machine>, options: Options, all: readonly Result[]): string {
  const file = new URL(`${about.at.replace(/[:.]/g, '-')}.json`, resultsFolder())
  writeFileSync(file, `${JSON.stringify({ machine: about, options, results: all }, null, 2)}\n`)
  return file.pathname
}
