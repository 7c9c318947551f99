import { writeSync } from 'node:fs'

/**
 * Website visitors, recipients and programs at once, in a process of their own, until the server is gone. Says `tried <kind>
 * <what>` before each request and `done <kind> <what>` for each that was answered 2xx: what was promised. Argument: Load as JSON.
 */
export type Load = {
  url: string
  key: string
  /** sets the names of one round apart from another's */
  mark: string
  /** paths of unsubscribe and confirmation links, and whose they are */
  leave: { id: string; path: string }[]
  confirm: { id: string; path: string }[]
}

const load = JSON.parse(process.argv[2] ?? '{}') as Load
let n = 0

const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
const json = { 'Content-Type': 'application/json', Authorization: `Bearer ${load.key}` }
const api = (path: string, body: object) =>
  fetch(`${load.url}/api/v1${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) })
const idOf = async (answer: Response) => String(((await answer.json()) as { id: string }).id)

const kinds: Record<string, () => Promise<void>> = {
  signup: () => {
    const email = `uusi${n++}.${load.mark}@yritys.example`
    return ask(
      'signup',
      email,
      async () =>
        fetch(`${load.url}/f/newsletter`, {
          method: 'POST',
          body: new URLSearchParams({ email }),
          headers: { Accept: 'application/json' },
        }),
      async () => email,
    )
  },
  leave: () => onLink('leave', load.leave.pop(), 'List-Unsubscribe=One-Click'),
  confirm: () => onLink('confirm', load.confirm.pop(), ''),
  ban: () => {
    const value = `kielto${n++}.${load.mark}@yritys.example`
    return ask('ban', value, () => api('/bans', { kind: 'email', value }), idOf)
  },
  contact: () => {
    const email = `kontakti${n++}.${load.mark}@yritys.example`
    const permissions = [{ topic: 'newsletter', rule: 'duty_evidence', evidence: 'päättää hankinnoista, messut 2026' }]
    return ask('contact', email, () => api('/contacts', { email, source: 'messut', permissions }), idOf)
  },
}

async function onLink(kind: string, link: { id: string; path: string } | undefined, body: string) {
  if (!link) throw new TypeError('no link is left')
  await ask(
    kind,
    link.id,
    () => fetch(load.url + link.path, { method: 'POST', headers: form, body }),
    async () => link.id,
  )
}

async function ask(
  kind: string,
  what: string,
  request: () => Promise<Response>,
  promised: (answer: Response) => Promise<string>,
) {
  writeSync(1, `tried ${kind} ${what}\n`)
  const answer = await request()
  if (answer.status >= 300) throw new Error(`${kind} answered ${answer.status}: ${await answer.text()}`)
  writeSync(1, `done ${kind} ${await promised(answer)}\n`)
}

/** A lane ends when the connection does; an answer that is no success is an error of the test. */
async function lane(kind: () => Promise<void>) {
  for (;;) {
    try {
      await kind()
    } catch (error) {
      if (!(error instanceof TypeError)) writeSync(1, `wrong ${String(error)}\n`)
      return
    }
  }
}

await Promise.all(Object.values(kinds).flatMap((kind) => [lane(kind), lane(kind)]))
