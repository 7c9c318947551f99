import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { resultsFolder, type Options } from './support.ts'

const root = new URL('../', import.meta.url)

/** What every server of the benchmarks is told, besides its own. */
export const environment = {
  SECRETS: 'a secret of the benchmarks of more than 32 characters',
  COMPANY_NAME: 'Myyjä Oy',
  COMPANY_BUSINESS_ID: '1234567-1',
  COMPANY_ADDRESS: 'Satamakatu 1, 00100 Helsinki',
  MAIL_FROM: 'Myyjä Oy <uutiset@myyja.example>',
  ALLOW_RESERVED_DOMAINS: '1',
  LOG_LEVEL: 'error',
  PORT: '0',
}

/** Nothing that a benchmark does should meet a cap. */
export const noLimits = { LIMIT_PER_NETWORK: '100000000', LIMIT_PER_FORM: '100000000', LIMIT_IN_ALL: '100000000' }

export type Server = {
  /** `http://127.0.0.1:<port>` */
  origin: string
  /** milliseconds from the start of the process to its word that it listens */
  startedIn: number
  /** seconds of processor time so far, user and system; NaN where the system does not say */
  cpu(): number
  /** the most memory it held so far, MB; NaN where the system does not say */
  peak(): number
  stop(): Promise<void>
}

/** The service itself, as `npm start` runs it. */
export function startService(env: Record<string, string>, options: Pick<Options, 'profile'>): Promise<Server> {
  return startServer(['bin/postilupa.js', 'serve'], env, options)
}

/** A server that says where it listens in its first lines. @param args of Node, paths from the project's root */
export async function startServer(
  args: readonly string[],
  env: Record<string, string>,
  { profile }: Pick<Options, 'profile'>,
): Promise<Server> {
  const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${fileURLToPath(resultsFolder())}`] : []
  const begun = performance.now()
  const child = spawn(process.execPath, [...flags, ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', TMPDIR: process.env['TMPDIR'] ?? '/tmp', ...environment, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const origin = await saysWhere(child)
  const startedIn = performance.now() - begun
  return {
    origin,
    startedIn,
    cpu: () => cpuOf(child.pid),
    peak: () => peakOf(child.pid),
    stop: () => stopChild(child),
  }
}

function saysWhere(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const origin = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(text)?.[0]
      if (origin !== undefined) resolve(origin)
    })
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)))
  })
}

export async function stopChild(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

/** proc_pid_stat(5): fields 14 and 15, in hundredths of a second. */
export function cpuOf(pid: number | undefined): number {
  const fields = read(`/proc/${pid}/stat`)
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11] ?? Number.NaN) + Number(fields[12] ?? Number.NaN)) / 100
}

function peakOf(pid: number | undefined): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`))?.[1] ?? Number.NaN) / 1024
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
