import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const program = join(import.meta.dirname, '../../bin/postilupa.js')

export type Ran = { code: number | null; out: string; err: string; json: Record<string, unknown>[] }

/** A folder of its own to run commands in, as an operator does; `close` takes it away. */
export function startShell(env: Record<string, string> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'postilupa-cli-'))
  const running = new Set<ChildProcess>()
  const run = (args: string[], input = ''): Promise<Ran> =>
    new Promise((done) => {
      const child = spawn(process.execPath, [program, ...args], {
        cwd: folder,
        env: { PATH: process.env['PATH'], ...env },
      })
      running.add(child)
      let out = ''
      let err = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
      child.stdin.on('error', () => undefined)
      child.stdin.end(input)
      child.once('close', (code) => {
        running.delete(child)
        done({ code, out, err, json: jsonLines(out) })
      })
    })
  return {
    folder,
    run,
    close() {
      for (const child of running) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function jsonLines(text: string): Record<string, unknown>[] {
  try {
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  } catch {
    return []
  }
}
