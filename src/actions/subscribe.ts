import type { Deps } from '../deps.ts'
import { matchHashes } from '../mail/matchHashes.ts'
import { isNeverMailed } from '../rules/addressClass.ts'
import type { PermissionFact } from '../rules/facts.ts'
import { cappedBy, capsFor, hourOf, type PerHour } from '../rules/limits.ts'
import { contactForms } from '../rules/matchKeys.ts'
import { request } from '../rules/permission.ts'
import { pendingEndsAt } from '../rules/retention.ts'
import type { SignUp } from '../rules/submission.ts'
import { countIf, countOne, underCaps } from '../store/counters.ts'
import { queueDeliveryIf, queuedNow } from '../store/deliveries.ts'
import type { Form } from '../store/forms.ts'
import { keysOfColumn } from '../store/keys.ts'
import { recordEvent } from '../store/ledger.ts'
import { addRequests } from '../store/permissions.ts'
import { addSignup, signUpFacts, type SignUpFact } from '../store/signups.ts'
import type { Query } from '../store/store.ts'

export type Origin = {
  /** As the limits count it ("192.0.2.7/32"). */
  network: string
  /** As it is kept as evidence ("192.0.2.0/24"). */
  coarse: string
  /** No genuine time token, or one too young for a person. */
  hurried: boolean
}

/** What became of a sign-up. For metrics and tests: nobody outside is told (P12). */
export type Subscribed = 'asked' | 'already_pending' | 'capped' | 'never_mailed' | 'limited'

const MAILS_COUNT_FOR_MS = 30 * 86_400_000

/**
 * Takes a sign-up: one read, one decision, one batch. The person is no contact before they confirm; whether they are known,
 * subscribed or banned changes nothing here, and the door decides what a banned address gets (domain.md 3, standards D-14).
 * Every post writes something durable, so that the time of its answer tells nothing.
 */
export async function subscribe(deps: Deps, form: Pick<Form, 'id'>, signUp: SignUp, origin: Origin): Promise<Subscribed> {
  const { store, keyring, config } = deps
  const now = deps.now()
  const { email, topics } = signUp
  const keys = matchHashes(keyring, contactForms({ email }))
  const strictHash = keysOfColumn(keys)[0] ?? ''
  const mark = strictHash.slice(0, 22)
  const counters: Record<keyof PerHour, string> = {
    network: `net:${keyring.hash(`network:v1:${origin.network}`)}`,
    form: `form:${form.id}`,
    all: 'forms',
  }
  const hour = hourOf(now)
  const facts = await signUpFacts(store, {
    strict: email.strict,
    keys,
    mailKey: `mail:${mark}`,
    mailedSince: now - MAILS_COUNT_FOR_MS,
    counters: Object.values(counters),
    hour,
  })

  const pending = stillPending(facts)
  const mailedAt = facts.flatMap((fact) => (fact.what === 'mailed' ? [fact.at] : []))
  const decision = request({ neverMailed: isNeverMailed(email), mailedAt, permissions: pending.map(asFact) }, { topics }, now)
  const caps = capsFor(
    {
      network: config.limits.confirmationsPerNetwork,
      form: config.limits.confirmationsPerForm,
      all: config.limits.confirmationsInAll,
    },
    origin.hurried,
  )
  const limited = cappedBy(queuedOf(facts, counters), caps) !== null

  const writes: Query[] = [countOne(store, `post:${mark}`, now)]
  const asking = 'topics' in decision ? decision.topics : []
  const signupId = asking.length > 0 ? deps.id() : pending.findLast((one) => topics.includes(one.topic))?.signup
  if (asking.length > 0 && signupId !== undefined) {
    const requestedFrom = `${form.id} ${origin.coarse}`
    writes.push(
      addSignup(store, {
        id: signupId,
        form_id: form.id,
        strict: email.strict,
        address: email.address,
        keys,
        language: signUp.language,
        name: signUp.name,
        company_name: signUp.company,
        title: signUp.title,
        phone: signUp.phone,
        fields: JSON.stringify(signUp.fields),
        source: signUp.source,
        requested_at: now,
        expires_at: pendingEndsAt(now),
      }),
      addRequests(
        store,
        asking.map((topic) => ({
          id: deps.id(),
          signup_id: signupId,
          topic,
          source: signUp.source,
          wording_id: signUp.wordingId,
          requested_at: now,
          requested_from: requestedFrom,
        })),
      ),
      recordEvent(store, {
        id: deps.id(),
        at: now,
        event: 'signup_requested',
        subject: strictHash,
        actor: 'person',
        data: { form: form.id, signup: signupId, topics: asking, wording: signUp.wordingId, network: origin.coarse },
      }),
    )
  }
  const asked = decision.kind === 'ask' && !limited && signupId !== undefined
  if (asked) {
    const delivery = {
      id: `confirmation.${mark}.${new Date(now).toISOString().slice(0, 10)}`,
      kind: 'confirmation',
      class: 'service' as const,
      topic: topics.length === 1 ? (topics[0] ?? null) : null,
      address: email.address,
      keys,
      language: signUp.language,
      data: { signup: signupId },
    }
    const scopes = ['network', 'form', 'all'] as const
    // The caps are asked once more in the write itself: posts that were decided side by side must not pass together.
    const under = underCaps(scopes.map((scope) => ({ key: counters[scope], cap: caps[scope] })), hour)
    const uses = [{ key: `mail:${mark}`, bucket: now }, ...scopes.map((scope) => ({ key: counters[scope], bucket: hour }))]
    writes.push(queueDeliveryIf(store, delivery, now, under), countIf(store, uses, queuedNow(delivery.id, now)))
  }
  await store.batch(writes)
  if (asked) deps.wake()
  return limited && decision.kind === 'ask' ? 'limited' : decision.kind === 'ask' ? 'asked' : decision.kind
}

type Pending = Extract<SignUpFact, { what: 'pending' }>

/** Requests older than a ban of the address are dead: confirming them would undo it (corpus C064). */
function stillPending(facts: readonly SignUpFact[]): Pending[] {
  const banned = Math.max(-1, ...facts.flatMap((fact) => (fact.what === 'banned' ? [fact.at] : [])))
  return facts.filter((fact) => fact.what === 'pending').filter((fact) => fact.at > banned).sort((a, b) => a.at - b.at)
}

function asFact({ id, topic, at }: Pending): PermissionFact {
  return {
    id,
    topic,
    channel: 'email',
    rule: 'consent',
    requestedAt: at,
    confirmedAt: null,
    confirmedByPerson: false,
    withdrawnAt: null,
    expiresAt: null,
    evidence: true,
  }
}

function queuedOf(facts: readonly SignUpFact[], counters: Record<keyof PerHour, string>): PerHour {
  const of = (key: string) => facts.find((fact) => fact.what === 'queued' && fact.id === key)?.at ?? 0
  return { network: of(counters.network), form: of(counters.form), all: of(counters.all) }
}
