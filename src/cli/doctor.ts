import { connect } from 'node:net'
import type { Command } from 'commander'
import { parseMailUrl } from '../mail/mailUrl.ts'
import { sourceStates } from '../actions/sourceStates.ts'
import type { Postilupa } from '../node.ts'
import { CLOCK_SKEW_MS } from '../rules/permission.ts'
import { newestEventAt } from '../store/ledger.ts'
import { settingOf } from '../store/settings.ts'
import { banFaultWords } from '../templates/words/banFaults.ts'
import { exits, leaf, say, type Opened } from './command.ts'

type Check = { check: string; ok: boolean; detail: string }

const CONNECT_MS = 5000

/** What a start needs, looked at one by one. Configuration, store, schema and keyring are what every command opens with. */
export function doctorCommand(program: Command, opened: Opened): void {
  leaf(program, 'doctor', 'look whether everything is fit to serve').action(({ json }: { json?: boolean }) =>
    opened(async (postilupa) => {
      const checks: Check[] = [
        { check: 'configuration', ok: true, detail: 'complete' },
        { check: 'store', ok: true, detail: placeOf(postilupa.deps.config.databaseUrl) },
        { check: 'schema', ok: true, detail: 'at this version' },
        {
          check: 'keyring',
          ok: true,
          detail: `${postilupa.deps.keyring.ids.length} secret(s); every ban can be matched`,
        },
        await clock(postilupa),
        await mail(postilupa),
        await killSwitch(postilupa),
        ...(await banSources(postilupa)),
      ]
      for (const one of checks) await say(json, one, `${one.ok ? 'ok  ' : 'FAIL'} ${one.check}: ${one.detail}`)
      if (checks.some(({ ok }) => !ok)) process.exitCode = exits.failed
    }),
  )
}

/** The URL without user and password. */
function placeOf(databaseUrl: string): string {
  if (databaseUrl.startsWith('file:')) return databaseUrl
  const { host, pathname } = new URL(databaseUrl)
  return `postgres://${host}${pathname}`
}

async function clock({ deps }: Postilupa): Promise<Check> {
  const newest = (await newestEventAt(deps.store)) ?? 0
  const ok = newest <= deps.now() + CLOCK_SKEW_MS
  const detail = ok
    ? new Date(deps.now()).toISOString()
    : `the ledger has an event of ${new Date(newest).toISOString()}, which is still to come: set the clock`
  return { check: 'clock', ok, detail }
}

async function mail({ deps }: Postilupa): Promise<Check> {
  const url = parseMailUrl(deps.config.mailUrl)
  if (url.scheme === 'outbox') return { check: 'mail', ok: true, detail: `kept in ${url.folder}, nothing leaves` }
  const { host, port } = url.relay
  const fault = await reach(host, port)
  return { check: 'mail', ok: fault === null, detail: `${host}:${port} ${fault ?? 'answers'}` }
}

/** Null when a connection can be opened. */
function reach(host: string, port: number): Promise<string | null> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: CONNECT_MS })
    const end = (fault: string | null) => {
      socket.destroy()
      done(fault)
    }
    socket.once('error', (error: NodeJS.ErrnoException) => end(`cannot be reached (${error.code ?? error.message})`))
    socket.once('timeout', () => end('does not answer'))
    socket.once('connect', () => end(null))
  })
}

async function killSwitch({ deps }: Postilupa): Promise<Check> {
  const reason = await settingOf(deps.store, 'hold')
  return { check: 'kill switch', ok: true, detail: reason === null ? 'off' : `ON: ${reason}` }
}

/** A required source that is not fresh holds every mailing. */
async function banSources({ deps }: Postilupa): Promise<Check[]> {
  return (await sourceStates(deps)).map(({ name, required, fresh, fetchedAt, entries, fault }) => {
    const last = fetchedAt === null ? 'never fetched' : `${entries} bans of ${new Date(fetchedAt).toISOString()}`
    const detail = [fresh ? last : `not fresh, ${last}`, ...(fault ? [banFaultWords('en', fault)] : [])].join('. ')
    return { check: `ban source ${name}`, ok: fresh || !required, detail }
  })
}
