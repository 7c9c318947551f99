import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { isNeverMailed } from '../rules/addressClass.ts'
import { cappedBy, dailyId } from '../rules/limits.ts'
import { consentEndsAt } from '../rules/retention.ts'
import type { SignUp } from '../rules/submission.ts'
import { countIf, countOne } from '../store/counters.ts'
import { queueDeliveryIf } from '../store/deliveries.ts'
import type { Form } from '../store/forms.ts'
import { recordEventIf } from '../store/ledger.ts'
import { addUnconfirmed } from '../store/permissions.ts'
import { signUpFacts } from '../store/signups.ts'
import { acquaintance, becomeContact } from './becomeContact.ts'
import { limitsOf, marksOf, queuedOf, type Origin } from './subscribe.ts'

/**
 * Takes a sign-up on a form whose double opt-in is off: the person is a contact at once. Nobody proved that the address is
 * theirs, so the consent says "single opt-in", is not confirmed by a link, and opens nothing that was left or banned (the gate
 * asks for a link; standards A7-5). Known contacts keep what they have.
 */
export async function subscribeAtOnce(
  deps: Deps,
  form: Form,
  signUp: SignUp,
  origin: Origin,
): Promise<'recorded' | 'limited' | 'never_mailed'> {
  const { store } = deps
  const now = deps.now()
  const { email } = signUp
  const who = marksOf(deps, signUp)
  const limits = limitsOf(deps, form.id, origin, now)
  const [facts, acquainted] = await Promise.all([
    signUpFacts(store, { ...who, ...limits, strict: email.strict, mailedSince: now }),
    acquaintance(deps, email),
  ])
  const never = isNeverMailed(email)
  const limited = cappedBy(queuedOf(facts, limits.keyOf), limits.caps) !== null
  const posted = countOne(store, `post:${who.mark}`, now)
  if (never || limited) {
    await store.batch([posted])
    return never ? 'never_mailed' : 'limited'
  }

  const newId = deps.id()
  const isNew = sql`exists (select 1 from contacts where id = ${newId})`
  const permissions = signUp.topics.map((topic) => ({ id: deps.id(), topic }))
  const written = sql`exists (select 1 from permissions where id in (${sql.join(permissions.map(({ id }) => id))}))`
  const event = { at: now, subject: sql`(select id from contacts where strict = ${email.strict})`, actor: 'person' }
  const welcome = {
    id: dailyId('welcome', who.mark, now),
    kind: 'welcome',
    class: 'service' as const,
    topic: signUp.topics.length === 1 ? (signUp.topics[0] ?? null) : null,
    address: email.address,
    keys: who.keys,
    language: signUp.language,
    contactId: newId,
    data: { form: form.id, topics: signUp.topics },
  }
  await store.batch([
    posted,
    ...becomeContact(deps, newId, signUp, acquainted, now),
    ...permissions.map(({ id, topic }) =>
      addUnconfirmed(store, {
        id,
        signup_id: null,
        strict: email.strict,
        topic,
        source: signUp.source,
        wording_id: signUp.wordingId,
        requested_at: now,
        requested_from: `${form.id} ${origin.coarse}`,
        evidence: 'single opt-in',
        expiresAt: consentEndsAt(now),
      }),
    ),
    recordEventIf(store, { ...event, id: deps.id(), event: 'contact_created', data: { form: form.id } }, isNew),
    recordEventIf(
      store,
      {
        ...event,
        id: deps.id(),
        event: 'permission_recorded',
        data: {
          form: form.id,
          permissions,
          wording: signUp.wordingId,
          network: origin.coarse,
          evidence: 'single opt-in',
        },
      },
      written,
    ),
    countIf(
      store,
      Object.values(limits.keyOf).map((key) => ({ key, bucket: limits.hour })),
      sql`1 = 1`,
    ),
    // Once in a contact's life: a form without a confirmation must not become a way to flood a mailbox.
    ...(form.definition.welcome ? [queueDeliveryIf(store, welcome, now, isNew)] : []),
  ])
  if (form.definition.welcome) deps.wake()
  return 'recorded'
}
