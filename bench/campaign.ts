import Database from 'better-sqlite3'
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Deps } from '../src/deps.ts'
import { makeWriter } from '../src/mail/writer.ts'
import type { Claimed } from '../src/store/gateFacts.ts'
import { bySource, NO_POSTFIX, smtpSource, withSink } from './postfix.ts'
import { environment, startService } from './processes.ts'
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

const CONNECTIONS = 10
const BYTES = 20_480

export const campaign: Benchmark = {
  measure: 'P1',
  what: 'a campaign of 20 kB messages to smtp-sink over 10 connections, everything on',
  async run(options) {
    const source = smtpSource
    const size = options.size ?? (options.quick ? 20_000 : 50_000)
    // A rate does not depend on how many there are, and this side is slow.
    const fewer = Math.max(1000, Math.round(size / 10))
    const { folder, remove } = makeFolder()
    const { mailing, bytes } = await onDatabase({ DATABASE_URL: `file:${folder}/postilupa.db` }, (deps) =>
      prepare(deps, size),
    )
    const sides = await alternate(options.runs, {
      service: withSink((port) => byService({ port, folder, mailing, size, options })),
      ...(source === null
        ? {}
        : {
            'smtp-source': withSink((port) =>
              bySource(smtpSource ?? '', { port, size, bytes, connections: CONNECTIONS }),
            ),
          }),
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
        ratios: [
          ...(source === null ? [] : [ratio(sides, 'service', 'smtp-source', 1)]),
          ratio(sides, 'service', 'Nodemailer', 8),
        ],
        notes: [...notesOn(sides), ...(source === null ? [NO_POSTFIX] : [])],
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
  const draft = await makeWriter(deps).prepare(claimed)
  if ('outcome' in draft) throw new Error('the message is for nobody')
  const written = await draft.compose(false, deps.now())
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

async function byNodemailer(port: number, size: number, bytes: number): Promise<Run> {
  const script = new URL('baselines/nodemailer.ts', import.meta.url).pathname
  const args = ['--import', 'tsx', script, port, size, bytes, CONNECTIONS].map(String)
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...environment } })
  const { seconds, cpu, peak } = JSON.parse(stdout) as { seconds: number; cpu: number; peak: number }
  return { value: size / seconds, 'CPU s/10 000': cpu / (size / 10_000), 'peak MB': peak }
}
