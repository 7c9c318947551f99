import { execFile, spawn } from 'node:child_process'
import { accessSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort, startServer, stopChild } from './processes.ts'
import type { Run } from './support.ts'

export const NO_POSTFIX =
  'smtp-source and smtp-sink are not here (Debian: package "postfix", which need not run): the sink is ours, and slower.'

/** Runs beside a sink that takes everything: Postfix's where it is installed. */
export function withSink(work: (port: number) => Promise<Run>) {
  return async () => {
    const program = find('smtp-sink')
    if (program === null) {
      const ours = await startServer(['--import', 'tsx', 'bench/baselines/sink.ts'], {}, { profile: false })
      const done = await work(Number(new URL(ours.origin).port))
      await ours.stop()
      return done
    }
    const port = await freePort()
    // As root it insists on becoming somebody else.
    const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
    const child = spawn(program, [...user, `127.0.0.1:${port}`, '128'], { stdio: ['ignore', 'ignore', 'inherit'] })
    await listens(port)
    const done = await work(port)
    await stopChild(child)
    return done
  }
}

/** Postfix's load generator; null where it is not installed. */
export const smtpSource = find('smtp-source')

/** One run of it: connections stay open, one ready-made text. */
export async function bySource(
  source: string,
  { port, size, bytes, connections }: { port: number; size: number; bytes: number; connections: number },
): Promise<Run> {
  const args = ['-d', '-s', `${connections}`, '-m', `${size}`, '-l', `${bytes}`, `127.0.0.1:${port}`]
  const timed = 'TIMEFORMAT="%R %U %S"; time "$0" "$@"'
  const { stderr } = await promisify(execFile)('bash', ['-c', timed, source, ...args])
  const [seconds = Number.NaN, user = 0, system = 0] = stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? []
  return { value: size / seconds, 'CPU s/10 000': (user + system) / (size / 10_000), 'peak MB': null }
}

function find(program: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']
  const places = folders.map((folder) => path.join(folder, program))
  return places.find(exists) ?? null
}

function exists(file: string): boolean {
  try {
    accessSync(file)
    return true
  } catch {
    return false
  }
}

async function listens(port: number) {
  for (let left = 200; left > 0; left--) {
    const reached = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true))
      socket.on('error', () => resolve(false)).on('connect', () => socket.end())
    })
    if (reached) return
    await sleep(20)
  }
  throw new Error('smtp-sink does not listen')
}
