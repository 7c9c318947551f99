import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** `at`: milliseconds of the machine's monotonic clock, the same for all processes (see `monotonic`). */
export type SinkEvent =
  | { event: 'rcpt'; to: string; at: number }
  | { event: 'taken'; to: string; at: number; messageId: string }

export type SinkScript = {
  log: string
  /** Waits so long before it answers a message; each connection for itself. */
  paceMs?: number
  /** Addresses that begin so are put off with 450 the first time. */
  deferOnce?: string
  /** Of addresses that begin so, the first message is taken and never answered: the connection is cut. */
  cutOnce?: string
  /** Takes every message and answers none. */
  mute?: boolean
}

/** What an SMTP server holds: the proof of who got what, whatever the sender believes. */
export type Taken = { to: string; messageId: string }

export type Sink = {
  name: string
  /** A MAIL_URL without settings. */
  url: string
  taken(): Taken[]
  close(): Promise<void>
}

export const monotonic = () => Number(process.hrtime.bigint()) / 1e6

/** Our own server in a process of its own, with the time of every envelope. */
export async function startSink(script: Omit<SinkScript, 'log'> = {}): Promise<Sink & { events(): SinkEvent[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'postilupa-sink-'))
  const log = join(folder, 'events')
  const program = join(import.meta.dirname, 'sinkProcess.ts')
  const child = spawn(process.execPath, [program, JSON.stringify({ ...script, log })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (text) => resolve(/listening (\d+)/.exec(String(text))?.[1] ?? ''))
    child.once('exit', () => reject(new Error('the sink did not start')))
  })
  const events = () =>
    (existsSync(log) ? readFileSync(log, 'utf8') : '')
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line) as SinkEvent)
  return {
    name: 'a sink of our own',
    url: `smtp://127.0.0.1:${port}`,
    events,
    taken: () => events().filter((one) => one.event === 'taken'),
    close: () => end(child, folder),
  }
}

/** Postfix's test server, where it is installed. */
export const smtpSink = ['/usr/sbin/smtp-sink', '/usr/local/sbin/smtp-sink', '/sbin/smtp-sink'].find(existsSync)

/** Postfix's `smtp-sink -d`: one file for each message that it took whole; one that broke off leaves none. */
export async function startDumpingSink(flags: readonly string[] = []): Promise<Sink> {
  const folder = mkdtempSync(join(tmpdir(), 'postilupa-dump-'))
  const dump = join(folder, 'dump')
  mkdirSync(dump)
  // It gives up root's rights, and then must still get in.
  chmodSync(folder, 0o755)
  chmodSync(dump, 0o777)
  const port = await freePort()
  const asUser = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const args = [...asUser, ...flags, '-d', `${dump}/%M.`, `127.0.0.1:${port}`, '128']
  const child = spawn(smtpSink ?? '', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  await listens(port)
  const read = new Map<string, Taken>()
  return {
    name: 'smtp-sink',
    url: `smtp://127.0.0.1:${port}`,
    taken() {
      for (const name of readdirSync(dump)) {
        if (read.has(name)) continue
        const text = readFileSync(join(dump, name), 'latin1')
        const to = /^X-Rcpt-Args: <(.*)>/m.exec(text)?.[1]
        const messageId = /^Message-ID:\s*(\S+)/im.exec(text)?.[1]
        if (to !== undefined && messageId !== undefined && text.includes(END_OF_MESSAGE))
          read.set(name, { to, messageId })
      }
      return [...read.values()]
    },
    close: () => end(child, folder),
  }
}

/** The last boundary of a multipart message: without it the file is not yet, or not any more, a whole message. */
const END_OF_MESSAGE = '--\n'

/** `count` with smtp-sink where it is installed, else the same with our own. */
export const startUsualSink = (): Promise<Sink> => (smtpSink ? startDumpingSink() : startSink())

async function end(child: ChildProcess, folder: string) {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  rmSync(folder, { recursive: true, force: true })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function listens(port: number) {
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(port, '127.0.0.1')
    const up = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    socket.destroy()
    if (up) return
    await new Promise((done) => setTimeout(done, 25))
  }
  throw new Error('smtp-sink did not start')
}

/** Is this program there? */
export const hasTool = (name: string) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0
