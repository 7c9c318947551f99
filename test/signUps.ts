import { formDefinition, type FormDefinition } from '../src/rules/form.ts'
import { addForm, addWording, forgetForms } from '../src/store/forms.ts'
import type { TestApp } from './app.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

type Posting = { peer?: string; headers?: Record<string, string>; form?: string; query?: string }

/** Posts a sign-up as a website's form does. */
export function signUp(
  t: TestApp,
  fields: Record<string, string | string[]>,
  posting: Posting = {},
): Promise<Response> {
  const body = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) body.append(name, one)
  return post(t, body, posting)
}

/** The same as a program does, with JSON. */
export function signUpJson(t: TestApp, value: unknown, posting: Posting = {}): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', ...posting.headers }
  return post(t, typeof value === 'string' ? value : JSON.stringify(value), { ...posting, headers })
}

export function post(
  t: TestApp,
  body: RequestInit['body'],
  { peer = '192.0.2.7', headers = {}, form = 'newsletter', query = '' }: Posting = {},
): Promise<Response> {
  return t.request(`/f/${form}${query}`, { method: 'POST', body: body ?? null, headers, peer })
}

/** The path of the newest confirmation link that was mailed to the address. */
export async function confirmPath(t: TestApp, address: string): Promise<string> {
  await t.deliver()
  const link = (await t.mailsTo(address)).flatMap((mail) => mail.links).findLast((url) => /\/c\/[^/]+$/.test(url))
  if (link === undefined) throw new Error('no confirmation was mailed')
  return new URL(link).pathname
}

/** Signs up and confirms; returns the path of the confirmation link. */
export async function subscribed(
  t: TestApp,
  fields: Record<string, string | string[]> & { email: string },
): Promise<string> {
  await signUp(t, fields)
  const path = await confirmPath(t, fields.email)
  const answer = await t.request(path, { method: 'POST' })
  if (answer.status !== 200) throw new Error(`confirming answered ${answer.status}`)
  return path
}

/** What a page says: the text of its main part, tags taken off. */
export async function said(answer: Response | Promise<Response>): Promise<string> {
  const main = /<main>([^]*)<\/main>/.exec(await (await answer).text())?.[1] ?? ''
  return main
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

/** A form of its own, with a wording in Finnish. */
export async function makeForm(t: TestApp, id: string, change: Partial<FormDefinition> = {}) {
  const { store } = t.deps
  const definition = formDefinition.parse({ title: { fi: 'Lomake', en: 'Form' }, topics: ['newsletter'], ...change })
  await store.batch([
    addForm(store, { id, kind: 'signup', definition }, t.clock.now()),
    addWording(
      store,
      { id: `${id}-w1`, form_id: id, language: 'fi', text: `Suostun: ${id}`, sha256: 'x' },
      t.clock.now(),
    ),
  ])
  forgetForms(store)
}

/** Everything that the database holds, in one text: for "nothing changed" and "nothing of it is left". */
export async function everything(t: TestApp): Promise<string> {
  const tables = [
    'contacts',
    'signups',
    'permissions',
    'deliveries',
    'ledger',
    'bans',
    'ban_keys',
    'counters',
    'forms',
  ] as const
  const rows = await Promise.all(tables.map((table) => t.deps.store.db.selectFrom(table).selectAll().execute()))
  return JSON.stringify(rows.map((table) => table.map((row) => JSON.stringify(row)).toSorted()))
}
