import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** What every server of the tests is told, besides its own. */
const environment = {
  PORT: '0',
  PUBLIC_URL: 'http://127.0.0.1:8080',
  MAIL_FROM: 'Myyjä Oy <uutiset@myyja.example>',
  SECRETS: 'a secret of the tests of more than 32 characters',
  ADMIN_API_KEY: 'test-key-that-opens-everything-0123456789',
  COMPANY_NAME: 'Myyjä Oy',
  COMPANY_BUSINESS_ID: '1234567-1',
  COMPANY_ADDRESS: 'Satamakatu 1, 00100 Helsinki',
  ALLOW_RESERVED_DOMAINS: '1',
  LIMIT_PER_NETWORK: '100000000',
  LIMIT_PER_FORM: '100000000',
  LIMIT_IN_ALL: '100000000',
}

export type Env = Record<string, string>
export type Ended = { code: number | null; signal: NodeJS.Signals | null; ms: number }

/** A temporary folder, and the environment of a server that keeps its database and outbox there. */
export function makeHome(env: Env = {}): { folder: string; file: string; env: Env; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'postilupa-server-'))
  const file = join(folder, 'postilupa.db')
  const own = { DATABASE_URL: `file:${file}`, MAIL_URL: `outbox:${join(folder, 'outbox')}` }
  return {
    folder,
    file,
    env: { ...environment, ...own, ...env },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export type Server = {
  /** `http://127.0.0.1:<port>`; another one after each restart. */
  readonly url: string
  readonly pid: number
  /** An API key with every right. */
  readonly key: string
  readonly file: string
  readonly folder: string
  /** Everything that all its processes wrote to standard output and standard error so far. */
  said(): string
  /** A request with the key; an object becomes the JSON body. */
  api(method: string, path: string, body?: unknown): Promise<Response>
  /** Sends a signal (SIGKILL unless said) and waits for the end. `ms`: how long that took. */
  kill(signal?: NodeJS.Signals): Promise<Ended>
  /** Another process on the same data; the old one must have ended. */
  restart(env?: Env): Promise<void>
  /** Ends it and takes its folder away. */
  close(): Promise<void>
}

/**
 * The real server as a child process, as `npm start` runs it.
 * @param options.home made before, when there is something to put into it first
 * @param options.args of Node, before the program
 * @throws with what it said, when it ends instead of listening
 */
export async function startServer(
  options: { env?: Env; home?: ReturnType<typeof makeHome>; args?: readonly string[] } = {},
): Promise<Server> {
  const home = options.home ?? makeHome()
  const env = { ...home.env, ...options.env }
  let said = ''
  const keep = (text: string) => (said += text)
  const start = (more: Env = {}) =>
    launch([...(options.args ?? []), 'bin/postilupa.js', 'serve'], { ...env, ...more }, keep)
  let running = await start().catch((error: unknown) => {
    home.remove()
    throw error
  })
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    const begun = performance.now()
    running.child.kill(signal)
    return { ...(await running.ended), ms: performance.now() - begun }
  }
  const key = env['ADMIN_API_KEY'] ?? ''
  return {
    get url() {
      return running.url
    },
    get pid() {
      return running.child.pid ?? 0
    },
    key,
    file: home.file,
    folder: home.folder,
    said: () => said,
    api: (method, path, body) =>
      fetch(`${running.url}/api/v1${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    kill,
    async restart(more) {
      running = await start(more)
    },
    async close() {
      await kill()
      home.remove()
    },
  }
}

type Exit = { code: number | null; signal: NodeJS.Signals | null }

/** Runs the program until it ends by itself, for commands and for starts that are to be refused. */
export async function runToEnd(
  args: readonly string[],
  env: Env,
  node: string = process.execPath,
): Promise<Exit & { out: string; err: string }> {
  const child = spawnNode(node, args, env)
  let out = ''
  let err = ''
  child.stdout?.on('data', (text) => (out += String(text)))
  child.stderr?.on('data', (text) => (err += String(text)))
  return { ...(await endOf(child)), out, err }
}

/** Starts the server and kills it so many milliseconds later, wherever it is by then. */
export async function dieAtStart(env: Env, afterMs: number): Promise<void> {
  const child = spawnNode(process.execPath, ['bin/postilupa.js', 'serve'], env)
  const timer = setTimeout(() => child.kill('SIGKILL'), afterMs)
  await endOf(child)
  clearTimeout(timer)
}

async function launch(args: readonly string[], env: Env, keep: (text: string) => void) {
  const child = spawnNode(process.execPath, args, env)
  const ended = endOf(child)
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (text: unknown) => {
      keep(String(text))
      said += String(text)
      const found = /Postilupa is open at (http:\/\/\S+:[1-9]\d*)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    void ended.then(({ code }) => reject(new Error(`The server ended with ${code}: ${said}`)))
  })
  return { child, ended, url }
}

/** No child outlives the run, also when that is interrupted. */
const children = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL')
})

function spawnNode(node: string, args: readonly string[], env: Env) {
  const child = spawn(node, args, {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', TMPDIR: tmpdir(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.add(child)
  return child
}

function endOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.stdout?.resume()
    child.stderr?.resume()
    child.once('close', (code, signal) => {
      children.delete(child)
      resolve({ code, signal })
    })
  })
}
