import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { serve as listen, type ServerType } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { ensureKeyring } from './actions/rekey.ts'
import { seed } from './actions/seed.ts'
import { issueSignInLink } from './actions/signIn.ts'
import { ensureFirstKey } from './actions/apiKeys.ts'
import { createApp } from './app.ts'
import { parseConfig, type Config } from './config.ts'
import type { Deps, Outbox } from './deps.ts'
import { readBanFile } from './entries/banFile.ts'
import { embeddedDefaults } from './entries/embedded.ts'
import { readHtmx } from './entries/htmx.ts'
import { makeFolder, refuse, Refusal } from './entries/refusal.ts'
import { wire } from './entries/wire.ts'
import { makeDoor, type Door } from './mail/deliver.ts'
import { startTicker } from './entries/ticker.ts'
import { makeTransport } from './mail/transport.ts'
import { checkSchema, migrate, type Migration } from './store/migrate.ts'
import { openSqlite } from './store/sqlite.ts'
import type { Store } from './store/store.ts'
import { makeLog, makeMetrics } from './telemetry.ts'

export { Refusal }

type Env = Record<string, string | undefined>

export type Postilupa = { deps: Deps; door: Door; embedded: boolean; firstKey: string | null; close(): Promise<void> }

/**
 * Opens everything that a command needs on Node: configuration, store, keyring, transport.
 * The embedded default (a SQLite file) brings its own secrets and migrates itself.
 * @throws Refusal on a wrong configuration, an unsafe or stale store, or a missing key
 */
export async function openPostilupa(
  env: Env,
  options: { migrating?: boolean; quiet?: boolean } = {},
): Promise<Postilupa> {
  const embedded = (env['DATABASE_URL'] ?? 'file:').startsWith('file:')
  const file = (env['DATABASE_URL'] ?? 'file:./data/postilupa.db').slice('file:'.length)
  const config = configure(embedded ? { ...(await embeddedDefaults(path.dirname(file), env)), ...env } : env)
  const store = await openStore(config, file)
  try {
    const migrations = await readMigrations()
    if (embedded || options.migrating) await migrate(store, migrations).catch(refuse)
    const schema = await checkSchema(store, migrations)
    if (schema !== 'ok') throw new Refusal(schema)

    const outboxFolder = config.mailUrl.startsWith('outbox:')
      ? config.mailUrl.slice('outbox:'.length) || './data/outbox'
      : null
    if (outboxFolder !== null) await makeFolder(outboxFolder, 'MAIL_URL')
    let wake = () => {}
    const deps = wire(config, {
      store,
      wake: () => wake(),
      peerOf: (context) => getConnInfo(context).remote.address ?? '',
      log: makeLog(options.quiet ? 'silent' : (env['LOG_LEVEL'] ?? 'info')),
      metrics: makeMetrics(),
      htmx: await readHtmx(),
      outbox: outboxFolder === null ? null : folderOutbox(outboxFolder),
      readFile: readBanFile,
    })
    const keys = await ensureKeyring(deps)
    if (!keys.ok) throw new Refusal(keys.problem)
    await seed(deps)
    const firstKey = embedded ? await ensureFirstKey(deps) : null
    const door = makeDoor(deps, wayOut(deps, outboxFolder ?? '.'))
    wake = debounce(() =>
      door.run().catch((error: unknown) => deps.log.error('delivery_stopped', { error: String(error) })),
    )
    return {
      deps,
      door,
      embedded,
      firstKey,
      async close() {
        await door.stop()
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Serves until it is told to stop; SIGTERM and SIGINT let in-flight messages finish (P05). */
export async function serve(env: Env): Promise<{ url: string; postilupa: Postilupa; stop(): Promise<void> }> {
  const postilupa = await openPostilupa(env)
  const { deps, door } = postilupa
  const app = createApp(deps)
  const server = await listening(app.fetch, deps.config).catch(async (error: unknown) => {
    await postilupa.close()
    return refuse(error)
  })
  const ticker = startTicker(deps)
  const { port } = server.address() as AddressInfo
  deps.log.info('listening', { port })
  const stop = async () => {
    await ticker.stop()
    await Promise.race([
      new Promise((done) => server.close(done)),
      new Promise((done) => setTimeout(done, 2000).unref()),
    ])
    await door.stop()
    await postilupa.close()
  }
  return { url: `http://${deps.config.host}:${port}`, postilupa, stop }
}

/** What a person sees on the terminal after `npm start`. */
export async function greeting({ deps, embedded, firstKey }: Postilupa, url: string): Promise<string> {
  const lines = [`Postilupa is open at ${url}`, `  sign-up form   ${url}/f/newsletter`]
  if (embedded) lines.push(`  sign in        ${await issueSignInLink(deps, url)}   (works once)`)
  if (firstKey !== null)
    lines.push(`  first API key  ${firstKey}   (shown only now; "npx postilupa key add" makes more)`)
  if (deps.outbox)
    lines.push(`  sent mail      ${deps.config.mailUrl.slice('outbox:'.length)}/*.eml and ${url}/admin/outbox`)
  return lines.join('\n')
}

function configure(env: Env): Config {
  const parsed = parseConfig(env)
  if (parsed.ok) return parsed.config
  throw new Refusal(
    `The configuration is not complete:\n${parsed.problems.map((problem) => `  ${problem}`).join('\n')}`,
  )
}

function wayOut({ config, now }: Deps, outboxFolder: string) {
  try {
    return makeTransport(config.mailUrl, {
      now,
      clientName: new URL(config.publicUrl).hostname,
      writeFile: (name, bytes) => writeWhole(path.join(outboxFolder, name), bytes),
    })
  } catch (error) {
    return refuse(error)
  }
}

async function openStore(config: Config, file: string): Promise<Store> {
  try {
    if (config.databaseUrl.startsWith('file:')) return openSqlite(file)
    if (config.databaseUrl.startsWith('postgres')) {
      // Its driver is loaded only where it is used: a start should not wait for it.
      const { openPostgres } = await import('./store/postgres.ts')
      return await openPostgres(config.databaseUrl)
    }
  } catch (error) {
    if (config.databaseUrl.startsWith('file:') && error instanceof Error && !error.message.includes(file))
      throw new Refusal(`The database ${file} cannot be opened: ${error.message}.`)
    return refuse(error)
  }
  throw new Refusal('DATABASE_URL: on Node use file:… or postgres://…')
}

/** The numbered files of migrations/, in order. */
export async function readMigrations(): Promise<Migration[]> {
  const folder = new URL('../migrations/', import.meta.url)
  const names = (await readdir(folder)).filter((name) => /^\d+.*\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => ({
      version: Number.parseInt(name, 10),
      name,
      sql: await readFile(new URL(name, folder), 'utf8'),
    })),
  )
}

function folderOutbox(folder: string): Outbox {
  const isMessage = (name: string) => /^[\w.-]+\.eml$/.test(name)
  return {
    async list(limit) {
      const names = (await readdir(folder)).filter(isMessage).sort().reverse().slice(0, limit)
      return Promise.all(names.map(async (name) => ({ name, size: (await readFile(path.join(folder, name))).length })))
    },
    read: (name) => (isMessage(name) ? readFile(path.join(folder, name)).catch(() => null) : Promise.resolve(null)),
  }
}

/** Never half a file: another name first, then the right one. */
async function writeWhole(file: string, bytes: Uint8Array) {
  await writeFile(`${file}.part`, bytes)
  await rename(`${file}.part`, file)
}

async function listening(
  fetch: (request: Request) => Response | Promise<Response>,
  config: Config,
): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = listen(
      {
        fetch,
        hostname: config.host,
        port: config.port,
        serverOptions: { requestTimeout: 30_000, headersTimeout: 15_000, maxHeaderSize: 16_384 },
      },
      () => resolve(server),
    )
    server.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      const inUse = `Port ${config.port} is in use. Set PORT to another.`
      reject(new Refusal(code === 'EADDRINUSE' ? inUse : `HOST, PORT: nobody can be served there: ${message}.`))
    })
  })
}

/** Nudges that come in the same turn are one. */
function debounce(run: () => unknown) {
  let waiting = false
  return () => {
    if (waiting) return
    waiting = true
    setImmediate(() => {
      waiting = false
      void run()
    })
  }
}
