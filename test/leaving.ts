import { once } from 'node:events'
import { connect } from 'node:net'
import { links } from '../src/mail/tokens.ts'
import type { Mail, TestApp } from './app.ts'
import { addPeople, scheduled, type Person } from './people.ts'

export const ownAddress = 'maija@yritys.example'

/** People who get a mailing, and the message of each, in order. */
export async function mailed(
  t: TestApp,
  people: readonly Person[] = [{ email: ownAddress }],
  change: Parameters<typeof scheduled>[1] = {},
): Promise<{ ids: string[]; mailing: string; mails: Mail[] }> {
  const ids = await addPeople(t, people)
  const mailing = await scheduled(t, change)
  await run(t)
  const mails = await Promise.all(people.map(async ({ email }) => (await t.mailsTo(email)).at(-1)))
  if (mails.some((mail) => mail === undefined)) throw new Error('somebody got no mailing')
  return { ids, mailing, mails: mails.flatMap((mail) => mail ?? []) }
}

/** Starts what is due, delivers it, and finishes it. */
export async function run(t: TestApp) {
  await t.tick()
  await t.deliver()
  await t.tick()
}

/** Does a mailing on the topic reach the address now? A moment later than whatever was just done. */
export async function gets(t: TestApp, email: string, topic = 'price-list'): Promise<boolean> {
  t.clock.advance(1000)
  const mailings = async () => (await t.mailsTo(email)).filter((mail) => header(mail, 'List-Id').length > 0).length
  const before = await mailings()
  await scheduled(t, { topic, kind: kinds[topic] ?? 'newsletter' })
  await run(t)
  return (await mailings()) > before
}

const kinds: Record<string, 'price_list' | 'survey' | 'event'> = { 'price-list': 'price_list', events: 'event' }

/** A raw header of a message, unfolded. */
export function header(mail: Mail, name: string): string[] {
  const head = mail.raw.slice(0, mail.raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ')
  const prefix = `${name.toLowerCase()}:`
  return head
    .split('\r\n')
    .flatMap((line) => (line.toLowerCase().startsWith(prefix) ? [line.slice(prefix.length).trim()] : []))
}

/** The path of a message's unsubscribe link. */
export function leavingPath(mail: Mail | undefined): string {
  const uri = mail && /^<([^>]+)>$/.exec(header(mail, 'List-Unsubscribe')[0] ?? '')?.[1]
  if (!uri) throw new Error('the message has no unsubscribe link')
  return new URL(uri).pathname
}

export const oneClick = {
  method: 'POST',
  headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  body: 'List-Unsubscribe=One-Click',
}

/** A one-click POST, or another to the same link, from a mailbox provider's network. */
export function post(t: TestApp, path: string, init: RequestInit = oneClick): Promise<Response> {
  return t.request(path, { peer: '203.0.113.9', ...init })
}

/** The path of a link of somebody whom the database does not know (any more). */
export function leavingPathOf({ deps }: TestApp, name: string): string {
  const link = { topic: 'newsletter', language: 'fi', mailingId: 'm', contactId: name, hashes: [`hash-${name}`] }
  return `/u/${links(deps).makeLeaving(link)}`
}

/** Presses a button of a page: posts its fields as a browser does. */
export function press(t: TestApp, path: string, fields: Record<string, string | string[]> = {}, language = '') {
  const pairs = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  )
  const headers = language === '' ? {} : { 'Accept-Language': language }
  return t.request(path, { method: 'POST', body: new URLSearchParams(pairs), headers })
}

/** Asks `/manage` for the link to somebody's settings, and returns its path. */
export async function settingsPath(t: TestApp, email: string): Promise<string> {
  await press(t, '/manage', { email })
  await t.deliver()
  const link = (await t.mailsTo(email)).flatMap((mail) => mail.links).findLast((url) => /\/p\/[^/]+$/.test(url))
  if (link === undefined) throw new Error('no link was mailed')
  return new URL(link).pathname
}

const tables = [
  'settings',
  'topics',
  'wordings',
  'forms',
  'companies',
  'company_domains',
  'contacts',
  'signups',
  'permissions',
  'bans',
  'ban_keys',
  'ban_sources',
  'dead_addresses',
  'mailings',
  'attachments',
  'file_chunks',
  'deliveries',
  'ledger',
  'users',
  'sign_in_links',
  'sessions',
  'api_keys',
  'idempotency_keys',
  'counters',
  'imports',
  'import_refusals',
] as const

/** Every row of every table, each as `table {json}`. */
export async function allRows(t: TestApp): Promise<string[]> {
  const { db } = t.deps.store
  const rows = await Promise.all(
    tables.map(async (table) =>
      (await db.selectFrom(table).selectAll().execute()).map((row) => `${table} ${JSON.stringify(row)}`),
    ),
  )
  return rows.flat().toSorted()
}

/** Sends bytes to a real port and reads until the server ends the connection, or a second has passed in silence. */
export async function raw(origin: string, ...pieces: (string | Uint8Array)[]): Promise<string> {
  const url = new URL(origin)
  const socket = connect(Number(url.port), url.hostname)
  let answer = ''
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text
  })
  socket.on('error', () => undefined)
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await once(socket, 'connect')
  for (const piece of pieces) {
    if (socket.destroyed) break
    if (!socket.write(piece)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed])
  }
  socket.setTimeout(1000, () => socket.destroy())
  await closed
  return answer
}
