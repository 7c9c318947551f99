import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { permissionFact } from '../mail/facts.ts'
import { parseEmail, type Email } from '../rules/address.ts'
import { dailyId } from '../rules/limits.ts'
import { confirm as decide } from '../rules/permission.ts'
import { queueDelivery } from '../store/deliveries.ts'
import { formOf } from '../store/forms.ts'
import { keysOfColumn } from '../store/keys.ts'
import { recordEventIf } from '../store/ledger.ts'
import { confirmRequests } from '../store/permissions.ts'
import { closeSignups, type PendingRequest } from '../store/signups.ts'
import type { SignupRow } from '../store/tables.ts'
import { acquaintance, becomeContact } from './becomeContact.ts'
import { openConfirmation, type Opened } from './openConfirmation.ts'

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
      { ...event, id: deps.id(), event: 'contact_created', data: { form: signup.form_id } },
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
function personOf(signups: readonly SignupRow[], email: Email) {
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
    id: dailyId('welcome', mark, now),
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
