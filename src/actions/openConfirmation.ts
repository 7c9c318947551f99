import type { Deps } from '../deps.ts'
import { permissionFact } from '../mail/facts.ts'
import { links } from '../mail/tokens.ts'
import { judgeReturn } from '../rules/comingBack.ts'
import { stateOf } from '../rules/permission.ts'
import type { PurposeKey } from '../rules/register.ts'
import { bansHit } from '../store/bans.ts'
import { contactById } from '../store/contacts.ts'
import { keysOfColumn } from '../store/keys.ts'
import { permissionsByStrict } from '../store/permissions.ts'
import { confirmedWith, pendingOf, signupOf, type PendingRequest } from '../store/signups.ts'
import type { SignupRow } from '../store/tables.ts'

type Names = { fi: string; sv: string; en: string }
export type Asked = { topic: string; names: Names | null; wording: string; position: number }

/**
 * What a confirmation link opens now.
 * - pending: these requests wait for the button
 * - confirmed: they were confirmed before
 * - expired: too old, or a ban came after it; with its sign-up as long as a new link can be sent there
 * - broken: forged, mangled, of another kind
 */
export type Opened =
  | {
      kind: 'pending'
      signup: SignupRow
      asked: (Asked & { banned: boolean })[]
      requests: PendingRequest[]
      signups: SignupRow[]
    }
  | { kind: 'confirmed'; signup: SignupRow; topics: Asked[] }
  | { kind: 'expired'; signup: SignupRow | null }
  | { kind: 'broken' }

/** Reads a link and changes nothing, so that scanners may open it as often as they like (standards A9-2, A9-3). */
export async function openConfirmation(deps: Deps, token: string): Promise<Opened> {
  const link = links(deps).read('c', token)
  if (link.id === null) return { kind: 'broken' }
  const { store } = deps
  const signup = await signupOf(store, link.id)
  if (!signup) return link.ok ? { kind: 'broken' } : { kind: 'expired', signup: null }
  const now = deps.now()
  if (signup.confirmed_at !== null) {
    const rows = await confirmedWith(store, signup.id, signup.confirmed_at)
    const open = rows.filter((row) => stateOf(permissionFact(row), now) === 'confirmed')
    // What was asked for since then waits too: no second link is mailed on one day. An open consent says that the contact
    // still has the address that the link was mailed to, since a new address ends them.
    const contact = open[0]?.contact_id ? await contactById(store, open[0].contact_id) : null
    const waiting = contact && link.ok ? await waitingFor(deps, contact.strict, link.at) : null
    if (waiting) return waiting
    return open.length > 0
      ? { kind: 'confirmed', signup, topics: oneOfEach(open.map(shown)) }
      : { kind: 'expired', signup: null }
  }
  if (!link.ok) return { kind: 'expired', signup }
  return (await waitingFor(deps, signup.strict, link.at, signup)) ?? { kind: 'expired', signup }
}

/** The requests that wait for an address, under the link's own sign-up or else the newest; null when there are none. */
async function waitingFor(deps: Deps, strict: string, linkAt: number, own?: SignupRow): Promise<Opened | null> {
  const { requests, signups } = await pendingOf(deps.store, strict)
  const signup = own ?? signups[0]
  if (!signup) return null
  const judged = await judge(deps, signup, requests, linkAt)
  if (judged.length === 0) return null
  const asked = oneOfEach(judged.map(({ request, verdict }) => ({ ...shown(request), banned: verdict === 'lifts' })))
  return { kind: 'pending', signup, asked, requests: judged.map(({ request }) => request), signups }
}

/** The requests that the link can confirm, and whether a ban of the person's own is lifted by it. */
async function judge(deps: Deps, signup: SignupRow, requests: readonly PendingRequest[], linkAt: number) {
  const { store } = deps
  const now = deps.now()
  const [bans, rows] = await Promise.all([
    bansHit(store, keysOfColumn(signup.keys)),
    permissionsByStrict(store, signup.strict),
  ])
  const known = rows.map(permissionFact)
  const facts = bans.map((ban) => ({ ...ban, external: ban.external === 1, form: ban.form as 'strict' | 'loose' }))
  return requests
    .filter((request) => stateOf(permissionFact(request), now) === 'requested')
    .map((request) => {
      const asked = {
        topic: request.topic,
        purpose: request.purpose as PurposeKey | null,
        at: Math.max(linkAt, request.requested_at),
      }
      return { request, verdict: judgeReturn(facts, asked, known, now) }
    })
    .filter(({ verdict }) => verdict !== 'closed')
}

function shown({ topic, topic_names, wording, position }: PendingRequest): Asked {
  const names = topic_names === null ? null : (JSON.parse(topic_names) as Names)
  return { topic, names, wording: wording ?? '', position: position ?? 0 }
}

/** Asked for twice, a topic is shown once, with what was said last. */
function oneOfEach<T extends Asked>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [one.topic, one])).values()].toSorted((a, b) => a.position - b.position)
}
