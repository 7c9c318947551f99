import Database from 'better-sqlite3'
import { execFile, spawn } from 'node:child_process'
import { accessSync, copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Deps } from '../src/deps.ts'
import { makeWriter } from '../src/mail/writer.ts'
import type { Claimed } from '../src/store/gateFacts.ts'
import { environment, freePort, startService, stopChild } from './processes.ts'
import { addBans, addContacts, addDraft, onDatabase, type SeededContact } from './seed.ts'
import {
  alternate,
  makeFolder,
  of,
  ratio,
  within,
  type Benchmark,
  type Options,
  type Run,
  type Side,
} from './support.ts'

const run = promisify(execFile)
const CONNECTIONS = 10
const BYTES = 20_480

export const campaign: Benchmark = {
  measure: 'P1',
  what: 'a campaign of 20 kB messages to smtp-sink over 10 connections, everything on',
  async run(options) {
    const [sink, source] = [find('smtp-sink'), find('smtp-source')]
    if (sink === null || source === null)
      throw new Error('smtp-sink and smtp-source are needed: they are in the package "postfix", which need not run.')
    const size = options.size ?? (options.quick ? 5000 : 50_000)
    // A rate does not depend on how many there are, and this side is slow.
    const fewer = Math.max(1000, Math.round(size / 10))
    const { folder, remove } = makeFolder()
    const { mailing, bytes } = await onDatabase({ DATABASE_URL: `file:${folder}/postilupa.db` }, (deps) =>
      prepare(deps, size),
    )
    const withSink = (work: (port: number) => Promise<Run>) => async () => {
      const port = await freePort()
      // As root it insists on becoming somebody else.
      const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
      const child = spawn(sink, [...user, `127.0.0.1:${port}`, '128'], { stdio: ['ignore', 'ignore', 'inherit'] })
      await listens(port)
      const done = await work(port)
      await stopChild(child)
      return done
    }
    const sides = await alternate(options.runs, {
      service: withSink((port) => byService({ port, folder, mailing, size, options })),
      'smtp-source': withSink((port) => bySource(source, port, size, bytes)),
      Nodemailer: withSink((port) => byNodemailer(port, fewer, bytes)),
    })
    remove()
    return [
      {
        measure: 'P1',
        what: 'campaign, HTML and text, one-click link, gate, proof rows, SQLite FULL',
        unit: 'messages/s',
        sizes: {
          recipients: size,
          'bytes a message': bytes,
          bans: size,
          connections: CONNECTIONS,
          'recipients of Nodemailer': fewer,
        },
        sides,
        ratios: [ratio(sides, 'service', 'smtp-source', 1), ratio(sides, 'service', 'Nodemailer', 8)],
        notes: notesOn(sides),
      },
    ]
  },
}

function notesOn(sides: readonly Side[]): string[] {
  return [
    within('P3, processor time of the service', of(sides, 'service', 'CPU s/10 000'), 1.5, 's for 10 000 messages'),
    'smtp-source keeps its connections open (-d) and sends one ready-made text; it composes, asks and remembers nothing.',
    'The Nodemailer script composes each message from a template, in a pool of as many connections.',
  ]
}

/** Contacts, as many bans that hit none of them, and a draft of the wanted size. */
async function prepare(deps: Deps, size: number) {
  const [first] = await addContacts(deps, size)
  await addBans(deps, size, (n) => `kielletty${n}@toinen.example`)
  if (!first) throw new Error('a campaign needs a recipient')
  const sizeWith = async (paragraphs: number) =>
    messageSize(deps, first, await addDraft(deps, SUBJECT, body(paragraphs)))
  const [short, long] = [await sizeWith(1), await sizeWith(21)]
  const paragraphs = Math.round((BYTES - short) / ((long - short) / 20)) + 1
  const mailing = await addDraft(deps, SUBJECT, body(paragraphs))
  return { mailing, bytes: await messageSize(deps, first, mailing) }
}

const SUBJECT = 'Toukokuun uutiset, {{ contact.name | default: "hyvä asiakas" }}'
const body = (paragraphs: number) =>
  [
    '# Hei {{ contact.name | default: "asiakas" }}!',
    'Tässä ovat toukokuun uutiset osoitteeseen {{ contact.email }}.',
    ...Array.from(
      { length: paragraphs },
      (_, n) =>
        `## Uutinen ${n + 1}\n\nVarastoon on tullut lisää suosittuja tuotteita, ja toimitusajat ovat lyhentyneet. ` +
        `Hinnat ovat voimassa kuun loppuun. [Lue lisää](https://www.myyja.example/uutiset/${n + 1}).`,
    ),
    'Terveisin {{ contact.name | default: "asiakas" }}, sinua palvellen',
  ].join('\n\n')

async function messageSize(deps: Deps, { id, address, keys }: SeededContact, mailing: string): Promise<number> {
  const claimed = {
    id: `${mailing}.${id}`,
    mailing_id: mailing,
    kind: 'mailing',
    contact_id: id,
    language: 'fi',
    address,
    keys,
    name: 'Etunimi Sukunimi',
    company: 'Yritys Oy',
    contact_source: null,
  } as Claimed
  const written = await (await makeWriter(deps).prepare(claimed)).compose(false, deps.now())
  if (!written.ok) throw new Error(`the message cannot be composed: ${written.field}`)
  return written.message.segments.reduce((sum, segment) => sum + segment.length, 0)
}

type Sending = { port: number; folder: string; mailing: string; size: number; options: Options }

/** The real server on a copy of the data; the mailing is made due in its database, and done when the service says so there. */
async function byService({ port, folder, mailing, size, options }: Sending): Promise<Run> {
  const copy = `${folder}/run`
  mkdirSync(copy)
  copyFileSync(`${folder}/postilupa.db`, `${copy}/postilupa.db`)
  const server = await startService(
    { DATABASE_URL: `file:${copy}/postilupa.db`, MAIL_URL: `smtp://127.0.0.1:${port}?connections=${CONNECTIONS}` },
    options,
  )
  const database = new Database(`${copy}/postilupa.db`, { timeout: 5000 })
  const before = server.cpu()
  const due = database.prepare('update mailings set scheduled_at = @now, due_at = @now where id = @mailing')
  due.run({ now: Date.now(), mailing })
  const times = database.prepare('select started_at, finished_at, pause_reason, hold_reason from mailings where id = ?')
  let state: Record<string, number | string | null> = {}
  while (!state['finished_at']) {
    await sleep(100)
    state = times.get(mailing) as typeof state
    if (state['pause_reason'] || state['hold_reason']) throw new Error(`the mailing stopped: ${JSON.stringify(state)}`)
  }
  const cpu = server.cpu() - before
  const peak = server.peak()
  const sent = database.prepare(`select count(*) as n from deliveries where mailing_id = ? and state = 'sent'`)
  const { n } = sent.get(mailing) as { n: number }
  if (n !== size) throw new Error(`${n} of ${size} messages were sent`)
  database.close()
  await server.stop()
  rmSync(copy, { recursive: true })
  const seconds = (Number(state['finished_at']) - Number(state['started_at'])) / 1000
  return { value: size / seconds, 'CPU s/10 000': cpu / (size / 10_000), 'peak MB': peak }
}

async function bySource(source: string, port: number, size: number, bytes: number): Promise<Run> {
  const args = ['-d', '-s', `${CONNECTIONS}`, '-m', `${size}`, '-l', `${bytes}`, `127.0.0.1:${port}`]
  const timed = 'TIMEFORMAT="%R %U %S"; time "$0" "$@"'
  const { stderr } = await run('bash', ['-c', timed, source, ...args])
  const [seconds = Number.NaN, user = 0, system = 0] = stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? []
  return { value: size / seconds, 'CPU s/10 000': (user + system) / (size / 10_000), 'peak MB': null }
}

async function byNodemailer(port: number, size: number, bytes: number): Promise<Run> {
  const script = new URL('baselines/nodemailer.ts', import.meta.url).pathname
  const args = ['--import', 'tsx', script, port, size, bytes, CONNECTIONS].map(String)
  const { stdout } = await run(process.execPath, args, { env: { ...process.env, ...environment } })
  const { seconds, cpu, peak } = JSON.parse(stdout) as { seconds: number; cpu: number; peak: number }
  return { value: size / seconds, 'CPU s/10 000': cpu / (size / 10_000), 'peak MB': peak }
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
