import { issueSignInLink } from '../src/actions/signIn.ts'
import type { Outbox } from '../src/deps.ts'
import type { TestApp } from './app.ts'

/** What a browser says with a post of one of our own pages. */
export const ours = { 'Sec-Fetch-Site': 'same-origin' }

/** The path of a new link that signs the operator in. */
export async function newLink(t: TestApp): Promise<string> {
  return new URL(await issueSignInLink(t.deps, t.deps.config.publicUrl)).pathname
}

export function cookieOf(answer: Response): string {
  return (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? ''
}

/** Signs in and returns the cookie. */
export async function signIn(t: TestApp, headers: Record<string, string> = {}): Promise<string> {
  const answer = await t.request(await newLink(t), { method: 'POST', headers: { ...ours, ...headers } })
  if (answer.status !== 303) throw new Error(`signing in answered ${answer.status}`)
  return cookieOf(answer)
}

export function look(t: TestApp, path: string, cookie: string): Promise<Response> {
  return t.request(path, { headers: { Cookie: cookie } })
}

/** An outbox that holds these messages: 0.eml, 1.eml … */
export function outboxOf(given: readonly (string | Uint8Array)[]): Outbox {
  const messages = given.map((one) => (typeof one === 'string' ? new TextEncoder().encode(one) : one))
  const at = (name: string) => (/^\d+\.eml$/.test(name) ? messages[Number.parseInt(name, 10)] : undefined)
  return {
    list: async (limit) => messages.slice(0, limit).map((bytes, n) => ({ name: `${n}.eml`, size: bytes.length })),
    read: async (name) => at(name) ?? null,
  }
}
