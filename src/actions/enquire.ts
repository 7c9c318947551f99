import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { domainChain } from '../rules/address.ts'
import { isNeverMailed } from '../rules/addressClass.ts'
import { enquiryPurposes, isEnquiryKind, type EnquiryKind } from '../rules/enquiry.ts'
import { refuseInputs } from '../rules/inputFields.ts'
import { dailyId } from '../rules/limits.ts'
import type { SignUp } from '../rules/submission.ts'
import { companyByDomain } from '../store/contacts.ts'
import { countIf, underCaps } from '../store/counters.ts'
import { queueDeliveryIf, queuedNow, type NewDelivery } from '../store/deliveries.ts'
import { addEnquiry, isKept } from '../store/enquiries.ts'
import type { Form } from '../store/forms.ts'
import { recordEventIf } from '../store/ledger.ts'
import type { Query } from '../store/store.ts'
import type { CompanyRow } from '../store/tables.ts'
import { enquiryMailbox, type Mailbox } from './mailbox.ts'
import { limitsOf, marksOf, planSignUp, withKeys, type Limits, type Origin } from './subscribe.ts'

export type EnquiryForm = Form & { kind: EnquiryKind }

export const isEnquiryForm = (form: Form): form is EnquiryForm => isEnquiryKind(form.kind)

/** A person hears from us that their message arrived at most so often in the window. */
const RECEIPTS = { cap: 3, windowMs: 30 * 86_400_000 }

/**
 * Takes an enquiry: it is kept, a colleague is told, the visitor too where the form says so. One batch. It is never a consent:
 * topics that were ticked start a sign-up of their own, which waits for its confirmation like any other.
 */
export async function enquire(
  deps: Deps,
  form: EnquiryForm,
  answers: SignUp,
  origin: Origin,
): Promise<'taken' | 'taken_and_asked'> {
  const { store } = deps
  const now = deps.now()
  const id = deps.id()
  const who = marksOf(deps, answers)
  const limits = limitsOf(deps, form.id, origin, now)
  const [mailbox, company, plan] = await Promise.all([
    enquiryMailbox(deps, form.definition.mailbox),
    companyByDomain(store, domainChain(answers.email.domain)),
    answers.topics.length > 0 ? planSignUp(deps, form.id, signUpOf(deps, form, answers), origin) : null,
  ])
  const writes: Query[] = [
    addEnquiry(store, rowOf(deps, form, answers, id, now)),
    recordEventIf(
      store,
      {
        id: deps.id(),
        at: now,
        event: 'enquiry_received',
        subject: who.strictHash,
        actor: 'person',
        data: { enquiry: id, form: form.id, network: origin.coarse },
      },
      isKept(id),
    ),
    ...(mailbox ? tellStaff(deps, id, form, mailbox, limits, now) : []),
    ...(form.definition.receipt && !isNeverMailed(answers.email)
      ? tellVisitor(deps, id, answers, who, company, limits, now)
      : []),
    ...(plan?.writes ?? []),
  ]
  await store.batch(writes)
  deps.wake()
  return plan ? 'taken_and_asked' : 'taken'
}

/** What was ticked, with no more of the person than the topics' purposes may hold; the message itself stays with the enquiry. */
function signUpOf({ register }: Deps, form: Form, answers: SignUp): SignUp {
  const purposes = form.topics.filter(({ id }) => answers.topics.includes(id)).map(({ purpose }) => purpose)
  const personal = ['name', 'company', 'title', 'phone'] as const
  const refused = refuseInputs(register, purposes, personal, 'form')
  const kept = Object.fromEntries(personal.map((name) => [name, refused.includes(name) ? null : answers[name]]))
  return { ...answers, ...kept, fields: {} }
}

function rowOf({ keyring }: Deps, form: EnquiryForm, answers: SignUp, id: string, now: number) {
  const { email, name, company, title, phone, language, source } = answers
  const fields = JSON.stringify(answers.fields)
  const day = new Date(now).toISOString().slice(0, 10)
  return {
    id,
    form_id: form.id,
    kind: form.kind,
    purpose: enquiryPurposes[form.kind][0],
    mark: keyring.hash(
      `enquiry:v1:${JSON.stringify([form.id, email.strict, day, name, company, title, phone, fields])}`,
    ),
    strict: email.strict,
    address: email.address,
    language,
    name,
    company_name: company,
    title,
    phone,
    fields,
    source,
    received_at: now,
  }
}

/** Staff are told while the hour's limits last; an enquiry beyond them is kept and stands in the list. */
function tellStaff({ store }: Deps, id: string, form: Form, mailbox: Mailbox, limits: Limits, now: number): Query[] {
  const { keyOf, caps, hour } = limits
  const delivery: NewDelivery = {
    id: `enquiry.${id}`,
    kind: 'enquiry',
    class: 'staff',
    topic: null,
    address: mailbox.address,
    keys: mailbox.keys,
    language: mailbox.language,
    data: { enquiry: id },
  }
  // Counters of their own: whoever floods a sign-up form keeps no enquiry from its reader.
  const held = [
    { key: `enquiry:${keyOf.network}`, cap: caps.network },
    { key: `enquiry:form:${form.id}`, cap: caps.form },
    { key: 'enquiries', cap: caps.all },
  ]
  return [
    queueDeliveryIf(store, delivery, now, sql`${isKept(id)} and ${underCaps(held, hour)}`),
    countIf(
      store,
      held.map(({ key }) => ({ key, bucket: hour })),
      queuedNow(delivery, now),
    ),
  ]
}

/**
 * One receipt a day and three in thirty days, under the same hourly caps as confirmations: anybody can write anybody's address
 * into a form (threats T01). It says nothing that the visitor wrote.
 */
function tellVisitor(
  { store }: Deps,
  id: string,
  { email, language }: SignUp,
  who: ReturnType<typeof marksOf>,
  company: CompanyRow | null,
  { keyOf, caps, hour }: Limits,
  now: number,
): Query[] {
  const delivery: NewDelivery = {
    id: dailyId('receipt', who.mark, now),
    kind: 'receipt',
    class: 'service',
    topic: null,
    address: email.address,
    keys: company ? withKeys(who.keys, company.keys) : who.keys,
    language,
    data: { enquiry: id },
  }
  const scopes = ['network', 'form', 'all'] as const
  const window = { key: `receipt:${who.mark}`, bucket: now - (now % RECEIPTS.windowMs) }
  const under = underCaps(
    scopes.map((scope) => ({ key: keyOf[scope], cap: caps[scope] })),
    hour,
  )
  const seldom = underCaps([{ key: window.key, cap: RECEIPTS.cap }], window.bucket)
  return [
    queueDeliveryIf(store, delivery, now, sql`${isKept(id)} and ${under} and ${seldom}`),
    countIf(store, [window, ...scopes.map((scope) => ({ key: keyOf[scope], bucket: hour }))], queuedNow(delivery, now)),
  ]
}
