import type { Deps } from '../deps.ts'
import { matchHashes } from '../mail/matchHashes.ts'
import { domainChain } from '../rules/address.ts'
import { isNeverMailed } from '../rules/addressClass.ts'
import type { PermissionFact } from '../rules/facts.ts'
import { cappedBy, capsFor, dailyId, hourOf, type PerHour } from '../rules/limits.ts'
import { contactForms } from '../rules/matchKeys.ts'
import { request } from '../rules/permission.ts'
import { pendingEndsAt } from '../rules/retention.ts'
import type { SignUp } from '../rules/submission.ts'
import { companyByDomain } from '../store/contacts.ts'
import { countIf, countOne, underCaps } from '../store/counters.ts'
import { queueDeliveryIf, queuedNow } from '../store/deliveries.ts'
import { keysOfColumn } from '../store/keys.ts'
import { recordEvent } from '../store/ledger.ts'
import { addRequests } from '../store/permissions.ts'
import { addSignup, signUpFacts, type SignUpFact } from '../store/signups.ts'
import type { Query } from '../store/store.ts'
import type { CompanyRow } from '../store/tables.ts'

export type Origin = {
  /** As the limits count it ("192.0.2.7/32"). */
  network: string
  /** As it is kept as evidence ("192.0.2.0/24"). */
  coarse: string
  /** No genuine time token, or one too young for a person. */
  hurried: boolean
}

/** What became of a sign-up. For metrics and tests: nobody outside is told (P12). */
export type Subscribed = 'asked' | 'already_pending' | 'capped' | 'limited' | 'never_mailed'

/**
 * Takes a sign-up: one read, one decision, one batch. The person is no contact before they confirm; whether they are known,
 * subscribed or banned changes nothing here, and the door decides what a banned address gets (domain.md 3, standards D-14).
 * Every post writes something durable, so that the time of its answer tells nothing.
 */
export async function subscribe(deps: Deps, formId: string, signUp: SignUp, origin: Origin): Promise<Subscribed> {
  const { writes, mails, outcome } = await planSignUp(deps, formId, signUp, origin)
  await deps.store.batch(writes)
  if (mails) deps.wake()
  return outcome
}

/** What taking a sign-up writes, for the batch of whoever takes it. @returns `mails`: a message may have been queued */
export async function planSignUp(
  deps: Deps,
  formId: string,
  signUp: SignUp,
  origin: Origin,
): Promise<{ writes: Query[]; mails: boolean; outcome: Subscribed }> {
  const { store } = deps
  const now = deps.now()
  const who = marksOf(deps, signUp)
  const limits = limitsOf(deps, formId, origin, now)
  const [facts, company] = await Promise.all([
    signUpFacts(store, { ...who, ...limits, strict: signUp.email.strict, mailedSince: now - MAILS_COUNT_FOR_MS }),
    companyByDomain(store, domainChain(signUp.email.domain)),
  ])

  const pending = stillPending(facts)
  const mailedAt = facts.flatMap((fact) => (fact.what === 'mailed' ? [fact.at] : []))
  const { topics } = signUp
  const decision = request(
    { neverMailed: isNeverMailed(signUp.email), mailedAt, permissions: pending.map(asPermission) },
    { topics },
    now,
  )
  const limited = cappedBy(queuedOf(facts, limits.keyOf), limits.caps) !== null

  const asked = 'topics' in decision ? decision.topics : []
  const signupId = asked.length > 0 ? deps.id() : pending.findLast((one) => topics.includes(one.topic))?.signup
  const mails = decision.kind === 'ask' && !limited && signupId !== undefined
  const writes = [
    ...(asked.length > 0 && signupId !== undefined
      ? keep(deps, formId, { ...signUp, topics: asked }, signupId, who, origin, now)
      : []),
    ...(mails ? askByMail(deps, signUp, signupId, who, company, limits, now) : []),
  ]
  return {
    writes: writes.length > 0 ? writes : [countOne(store, `post:${who.mark}`, now)],
    mails,
    outcome: decision.kind !== 'ask' ? decision.kind : limited ? 'limited' : 'asked',
  }
}

const MAILS_COUNT_FOR_MS = 30 * 86_400_000

type Marks = ReturnType<typeof marksOf>

/** What stands for the address where the address itself does not belong. */
export function marksOf({ keyring }: Pick<Deps, 'keyring'>, { email }: Pick<SignUp, 'email'>) {
  const keys = matchHashes(keyring, contactForms({ email }))
  const strictHash = keysOfColumn(keys)[0] ?? ''
  const mark = strictHash.slice(0, 22)
  return { keys, strictHash, mark, mailKey: `mail:${mark}` }
}

export type Limits = ReturnType<typeof limitsOf>

/** The counters that this post is held against, and their caps. */
export function limitsOf(
  { keyring, config }: Pick<Deps, 'keyring' | 'config'>,
  formId: string,
  origin: Origin,
  now: number,
) {
  const keyOf = { network: `net:${keyring.hash(`network:v1:${origin.network}`)}`, form: `form:${formId}`, all: 'forms' }
  const { confirmationsPerNetwork: network, confirmationsPerForm: form, confirmationsInAll: all } = config.limits
  return {
    keyOf,
    counters: Object.values(keyOf),
    caps: capsFor({ network, form, all }, origin.hurried),
    hour: hourOf(now),
  }
}

export function queuedOf(facts: readonly SignUpFact[], keyOf: Limits['keyOf']): PerHour {
  const of = (key: string) => facts.find((fact) => fact.what === 'queued' && fact.id === key)?.at ?? 0
  return { network: of(keyOf.network), form: of(keyOf.form), all: of(keyOf.all) }
}

type Pending = Extract<SignUpFact, { what: 'pending' }>

/** Requests older than a ban of the address are dead: confirming them would undo it (corpus C064). Oldest first. */
function stillPending(facts: readonly SignUpFact[]): Pending[] {
  const bannedAt = Math.max(-1, ...facts.map((fact) => (fact.what === 'banned' ? fact.at : -1)))
  return facts
    .filter((fact) => fact.what === 'pending')
    .filter((fact) => fact.at > bannedAt)
    .toSorted((a, b) => a.at - b.at)
}

function asPermission({ id, topic, at }: Pending): PermissionFact {
  const later = { confirmedAt: null, confirmedByPerson: false, withdrawnAt: null, expiresAt: null }
  return { id, topic, channel: 'email', rule: 'consent', requestedAt: at, evidence: true, ...later }
}

/** Two `keys` columns in one, the person's own first. */
export const withKeys = (own: string, more: string): string =>
  JSON.stringify([...keysOfColumn(own), ...keysOfColumn(more)].map((k) => ({ k })))

/** The sign-up, its requests, and the ledger's word of them. */
function keep(deps: Deps, formId: string, signUp: SignUp, id: string, who: Marks, origin: Origin, now: number) {
  const { store } = deps
  const { email, topics, source, wordingId } = signUp
  const request = {
    signup_id: id,
    source,
    wording_id: wordingId,
    requested_at: now,
    requested_from: `${formId} ${origin.coarse}`,
  }
  return [
    addSignup(store, {
      id,
      form_id: formId,
      strict: email.strict,
      address: email.address,
      keys: who.keys,
      language: signUp.language,
      name: signUp.name,
      company_name: signUp.company,
      title: signUp.title,
      phone: signUp.phone,
      fields: JSON.stringify(signUp.fields),
      source,
      requested_at: now,
      expires_at: pendingEndsAt(now),
    }),
    addRequests(
      store,
      topics.map((topic) => ({ ...request, id: deps.id(), topic })),
    ),
    recordEvent(store, {
      id: deps.id(),
      at: now,
      event: 'signup_requested',
      subject: who.strictHash,
      actor: 'person',
      data: { form: formId, signup: id, topics, wording: wordingId, network: origin.coarse },
    }),
  ]
}

/**
 * One confirmation a day by its id. The caps are asked once more in the write itself: posts that were decided side by side
 * must not pass together (on PostgreSQL as many may as connections write in the same moment). Only what was queued is counted.
 */
function askByMail(
  { store }: Deps,
  signUp: SignUp,
  signupId: string,
  who: Marks,
  company: CompanyRow | null,
  { keyOf, caps, hour }: Limits,
  now: number,
) {
  const { email, topics, language } = signUp
  const delivery = {
    id: dailyId('confirmation', who.mark, now),
    kind: 'confirmation',
    class: 'service' as const,
    topic: topics.length === 1 ? (topics[0] ?? null) : null,
    address: email.address,
    // A ban of the company stops it too, though the person belongs to no company before they confirm.
    keys: company ? withKeys(who.keys, company.keys) : who.keys,
    language,
    data: { signup: signupId },
  }
  const scopes = ['network', 'form', 'all'] as const
  const under = underCaps(
    scopes.map((scope) => ({ key: keyOf[scope], cap: caps[scope] })),
    hour,
  )
  const uses = [{ key: who.mailKey, bucket: now }, ...scopes.map((scope) => ({ key: keyOf[scope], bucket: hour }))]
  return [queueDeliveryIf(store, delivery, now, under), countIf(store, uses, queuedNow(delivery, now))]
}
