import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { permissionFact } from '../mail/facts.ts'
import { links } from '../mail/tokens.ts'
import { parseEmail } from '../rules/address.ts'
import { judgeReturn } from '../rules/comingBack.ts'
import type { PurposeKey } from '../rules/register.ts'
import { confirm as decide, stateOf } from '../rules/permission.ts'
import { bansHit } from '../store/bans.ts'
import { queueDelivery } from '../store/deliveries.ts'
import { formOf } from '../store/forms.ts'
import { keysOfColumn } from '../store/keys.ts'
import { recordEvent, recordEventIf } from '../store/ledger.ts'
import { confirmRequests, permissionsByStrict } from '../store/permissions.ts'
import {
  closeSignups,
  confirmedWith,
  pendingOf,
  removePending,
  signupOf,
  type PendingRequest,
} from '../store/signups.ts'
import type { SignupRow } from '../store/tables.ts'
import { acquaintance, becomeContact } from './becomeContact.ts'
import { subscribe, type Origin } from './subscribe.ts'

type Names = { fi: string; sv: string; en: string }
export type Asked = { topic: string; names: Names | null; wording: string; position: number }

/**
 * What a confirmation link opens now.
 * - pending: these requests wait for the button
 * - confirmed: they were confirmed before
 * - expired: too old, or a ban came after it; `renewable` while the address is still known
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
    return open.length > 0
      ? { kind: 'confirmed', signup, topics: oneOfEach(open.map(shown)) }
      : { kind: 'expired', signup: null }
  }
  if (!link.ok) return { kind: 'expired', signup }
  const { requests, signups } = await pendingOf(store, signup.strict)
  const judged = await judge(deps, signup, requests, link.at)
  if (judged.length === 0) return { kind: 'expired', signup }
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

/**
 * Confirms every request that waits for the address: the person becomes a contact, the requests become consents, the sign-ups
 * are blanked, the ledger says so. One batch; pressed twice, also at the same time, it is done and recorded once.
 */
export async function confirm(deps: Deps, token: string): Promise<Opened> {
  const opened = await openConfirmation(deps, token)
  if (opened.kind !== 'pending') return opened
  const now = deps.now()
  const { signup, requests, signups } = opened
  const decision = decide(requests.map(permissionFact), now)
  const email = parseEmail(signup.address, { allowReserved: true })
  if (decision.kind !== 'confirm' || !email.ok) return { kind: 'expired', signup }

  const { store } = deps
  const [who, form] = await Promise.all([acquaintance(deps, email.email), formOf(deps, signup.form_id)])
  const newId = deps.id()
  const eventId = deps.id()
  const contactId = who.known?.id ?? newId
  const closed = [signup, ...signups.filter(({ id }) => id !== signup.id)]
  const recorded = sql`exists (select 1 from permissions where id in (${sql.join(decision.ids)}) and evidence = ${eventId})`
  const subject = sql`(select id from contacts where strict = ${signup.strict})`
  const event = { at: now, subject, actor: 'person' }
  await store.batch([
    ...becomeContact(deps, newId, personOf(closed, email.email), who, now),
    confirmRequests(store, decision.ids, {
      strict: signup.strict,
      eventId,
      from: 'link',
      at: now,
      expiresAt: decision.expiresAt,
    }),
    recordEventIf(
      store,
      { ...event, id: deps.id(), event: 'contact_created', data: { source: signup.source } },
      sql`exists (select 1 from contacts where id = ${newId})`,
    ),
    recordEventIf(
      store,
      {
        ...event,
        id: eventId,
        event: 'permission_confirmed',
        data: {
          signup: signup.id,
          topics: requests.map((request) => ({
            topic: request.topic,
            permission: request.id,
            wording: request.wording_id,
          })),
          lifts: opened.asked.filter(({ banned }) => banned).map(({ topic }) => topic),
        },
      },
      recorded,
    ),
    closeSignups(
      store,
      closed.map(({ id }) => id),
      now,
    ),
    ...(form?.definition.welcome ? [welcome(deps, signup, contactId, requests, now)] : []),
  ])
  if (form?.definition.welcome) deps.wake()
  return { kind: 'confirmed', signup, topics: opened.asked }
}

/** What the sign-ups said of the person, the link's own first. */
function personOf(signups: readonly SignupRow[], email: Parameters<typeof becomeContact>[2]['email']) {
  const said = <K extends keyof SignupRow>(column: K) =>
    signups.map((row) => row[column]).find((value) => value !== null) ?? null
  const fields = signups.toReversed().map((row) => JSON.parse(row.fields) as object)
  return {
    email,
    language: signups[0]?.language ?? 'fi',
    name: said('name'),
    company: said('company_name'),
    title: said('title'),
    phone: said('phone'),
    fields: Object.assign({}, ...fields) as Record<string, unknown>,
    source: said('source') ?? 'form',
  }
}

function welcome(
  { store }: Deps,
  signup: SignupRow,
  contactId: string,
  requests: readonly PendingRequest[],
  now: number,
) {
  const mark = (keysOfColumn(signup.keys)[0] ?? '').slice(0, 22)
  const delivery = {
    id: `welcome.${mark}.${new Date(now).toISOString().slice(0, 10)}`,
    kind: 'welcome',
    class: 'service' as const,
    topic: requests.length === 1 ? (requests[0]?.topic ?? null) : null,
    address: signup.address,
    keys: signup.keys,
    language: signup.language,
    contactId,
    data: { form: signup.form_id, topics: requests.map((request) => request.topic) },
  }
  return queueDelivery(store, delivery, now)
}

/**
 * "That was not me": what waits for the address is taken back and its data deleted; nobody is banned by it.
 * @returns false when the link is not ours
 */
export async function takeBack(deps: Deps, token: string): Promise<boolean> {
  const link = links(deps).read('c', token)
  if (link.id === null) return false
  const { store } = deps
  const signup = await signupOf(store, link.id)
  if (!signup || signup.confirmed_at !== null) return true
  const now = deps.now()
  const subject = keysOfColumn(signup.keys)[0] ?? null
  const event = { id: `not_me.${signup.id}`, at: now, event: 'permission_withdrawn', subject, actor: 'person' }
  await store.batch([
    recordEvent(store, { ...event, data: { signup: signup.id, how: 'not_me' } }),
    ...removePending(store, signup.strict, now),
  ])
  return true
}

/** "Send me a new link": the request is made again as it stood, under the same caps as any other. */
export async function askAgain(deps: Deps, signup: SignupRow, origin: Origin): Promise<void> {
  const email = parseEmail(signup.address, { allowReserved: deps.config.allowReservedDomains })
  const { requests } = await pendingOf(deps.store, signup.strict)
  const own = requests.filter((request) => request.signup_id === signup.id)
  const topics = [...new Set((own.length > 0 ? own : requests).map((request) => request.topic))]
  if (!email.ok || topics.length === 0) return
  await subscribe(
    deps,
    signup.form_id,
    {
      email: email.email,
      language: signup.language,
      topics,
      wordingId: own[0]?.wording_id ?? null,
      name: signup.name,
      company: signup.company_name,
      title: signup.title,
      phone: signup.phone,
      fields: JSON.parse(signup.fields) as Record<string, string>,
      source: signup.source ?? `form:${signup.form_id}`,
    },
    origin,
  )
}
