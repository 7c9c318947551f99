import { sql, type RawBuilder } from 'kysely'
import type { Deps } from '../deps.ts'
import { mailingState, mayBecome, type MailingVerb } from '../rules/mailing.ts'
import { parseSchedule, type Schedule } from '../rules/schedule.ts'
import { recordEventIf } from '../store/ledger.ts'
import { mailingById, timesOf, type Audience } from '../store/mailings.ts'
import type { Query } from '../store/store.ts'
import type { MailingRow } from '../store/tables.ts'
import { freezeAudience } from '../mail/audience.ts'
import { contentHash } from './mailingContent.ts'
import { noSegment } from './mailingInput.ts'
import { freezePrices } from './mailingPrices.ts'
import { invitationFault } from './mailingSurvey.ts'

export type VerbResult =
  | { ok: true; mailing: MailingRow; schedule?: Schedule }
  | { ok: false; status: 404 | 409 | 422; errors: { path: string; message: string }[] }

/**
 * Schedules a draft: its content is frozen by its hash, and `at` becomes one instant (standards D-18, P15).
 * @param seen `updated_at` of what the person looked at: a mailing that was changed since is left alone (409, `version`)
 */
export async function scheduleMailing(
  deps: Deps,
  id: string,
  input: { at?: unknown; timeZone?: unknown; notAfter?: unknown },
  actor: string,
  seen?: number,
): Promise<VerbResult> {
  const now = deps.now()
  return change(deps, id, 'schedule', 'mailing_scheduled', actor, async (row) => {
    if (seen !== undefined && row.updated_at !== seen) return stale
    const schedule = parseSchedule(input, now)
    if (!schedule.ok) return { ok: false, status: 422, errors: schedule.errors }
    const frozen = await freeze(deps, row, schedule.dueAt)
    if (!frozen.ok) return frozen
    const times = { due_at: schedule.dueAt, not_after: schedule.notAfter, time_zone: schedule.shown.zone }
    const set = { ...frozen.set, ...times, scheduled_at: now }
    return { ok: true, set, data: { dueAt: schedule.dueAt, contentHash: frozen.set.content_hash }, schedule }
  })
}

/**
 * Schedules what a repeating draft was copied to. Its time has come, or went by in an outage.
 * @param when.hold why it waits for a person instead, from the first moment on
 */
export async function scheduleOccurrence(
  deps: Deps,
  id: string,
  { dueAt, notAfter, zone, hold }: { dueAt: number; notAfter: number; zone: string; hold: string | null },
  actor: string,
): Promise<VerbResult> {
  const now = deps.now()
  return change(deps, id, 'schedule', 'mailing_scheduled', actor, async (row) => {
    if (row.scheduled_at !== null) return stale
    const frozen = await freeze(deps, row, dueAt)
    if (!frozen.ok) return frozen
    const times = { due_at: dueAt, not_after: notAfter, time_zone: zone, scheduled_at: now }
    const held = hold === null ? {} : { held_at: now, hold_reason: hold }
    return {
      ok: true,
      set: { ...frozen.set, ...times, ...held },
      data: { dueAt, contentHash: frozen.set.content_hash },
    }
  })
}

/** What a mailing is from now on: whom its segment means, which prices it sends, and the hash of it all. */
async function freeze(deps: Deps, row: MailingRow, dueAt: number) {
  const fault = await invitationFault(deps, row, dueAt)
  if (fault) return { ok: false as const, status: 422 as const, errors: [fault] }
  const chosen = await freezeAudience(deps, JSON.parse(row.audience) as Audience)
  if (!chosen) return { ok: false as const, status: 422 as const, errors: [noSegment] }
  const audience = JSON.stringify(chosen)
  const prices = await freezePrices(deps, row, dueAt)
  if (!prices.ok) return { ok: false as const, status: 422 as const, errors: [prices.fault] }
  const { price_versions } = prices
  const content_hash = await contentHash(deps, { ...row, audience, price_versions })
  return { ok: true as const, set: { audience, price_versions, content_hash } }
}

/** What stands before the words in which a person said why they paused. */
const PAUSED_BY_PERSON = 'person'
const NOTE_MAX = 200

/** @param note why, in the person's own words; kept behind `person: ` */
export function pause(deps: Deps, id: string, actor: string, note = ''): Promise<VerbResult> {
  const words = note
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, NOTE_MAX)
  const pause_reason = words === '' ? PAUSED_BY_PERSON : `${PAUSED_BY_PERSON}: ${words}`
  const set = { paused_at: deps.now(), pause_reason }
  return change(deps, id, 'pause', 'mailing_paused', actor, async () => ({ ok: true, set, data: {} }))
}

/** Goes on; what was held as too late is thereby wanted, so its time becomes now. */
export function resume(deps: Deps, id: string, actor: string): Promise<VerbResult> {
  return change(deps, id, 'resume', 'mailing_resumed', actor, async (row) => {
    const late =
      row.hold_reason === 'too_late' || row.hold_reason === 'price_list_old'
        ? { due_at: deps.now(), not_after: null }
        : {}
    const set = { paused_at: null, pause_reason: null, held_at: null, hold_reason: null, ...late }
    return { ok: true, set, data: {} }
  })
}

/** Ends a mailing: nothing more is claimed; what is queued is skipped and says why. */
export async function cancel(deps: Deps, id: string, actor: string): Promise<VerbResult> {
  const set = { cancelled_at: deps.now() }
  const queued = (ours: Condition) =>
    deps.store.db
      .updateTable('deliveries')
      .set({ state: 'skipped', reason: 'cancelled', decided_at: deps.now() })
      .where('mailing_id', '=', id)
      .where('state', '=', 'queued')
      .where(ours)
  return change(deps, id, 'cancel', 'mailing_cancelled', actor, async () => ({
    ok: true,
    set,
    data: {},
    also: queued,
  }))
}

/** Sends what a crash left uncertain once more: a person's decision, since somebody may get it twice (P04). */
export async function resendUncertain(deps: Deps, id: string, actor: string): Promise<VerbResult> {
  return settleUncertain(
    deps,
    id,
    'resend_uncertain',
    'uncertain_resent',
    { state: 'queued', due_at: deps.now(), reason: null },
    actor,
  )
}

/** Takes what a crash left uncertain as sent. */
export async function acceptUncertain(deps: Deps, id: string, actor: string): Promise<VerbResult> {
  return settleUncertain(
    deps,
    id,
    'accept_uncertain',
    'uncertain_accepted',
    { state: 'sent', reason: 'accepted_uncertain' },
    actor,
  )
}

async function settleUncertain(
  deps: Deps,
  id: string,
  verb: MailingVerb,
  event: string,
  set: { state: 'queued' | 'sent'; due_at?: number; reason: string | null },
  actor: string,
): Promise<VerbResult> {
  const { db } = deps.store
  const decided = (ours: Condition) =>
    db.updateTable('deliveries').set(set).where('mailing_id', '=', id).where('state', '=', 'uncertain').where(ours)
  return change(deps, id, verb, event, actor, async (row) => ({
    ok: true,
    set: row.pause_reason === 'uncertain' ? { paused_at: null, pause_reason: null } : {},
    data: {},
    also: decided,
  }))
}

/** True in the batch in which the mailing was changed as it was read: what goes with the change depends on it. */
type Condition = RawBuilder<boolean>

type Change =
  | { ok: true; set: Partial<MailingRow>; data: object; schedule?: Schedule; also?: (ours: Condition) => Query }
  | { ok: false; status: 409 | 422; errors: { path: string; message: string }[] }

const stale = {
  ok: false as const,
  status: 409 as const,
  errors: [{ path: 'version', message: 'Somebody changed the mailing since it was opened. Read it again.' }],
}

/** Facts, the rule's word, one batch whose write holds only while the mailing is as it was read. */
async function change(
  deps: Deps,
  id: string,
  verb: MailingVerb,
  event: string,
  actor: string,
  decide: (row: MailingRow) => Promise<Change>,
): Promise<VerbResult> {
  const { store } = deps
  for (let tries = 3; tries > 0; tries--) {
    const row = await mailingById(store, id)
    if (!row) return { ok: false, status: 404, errors: [{ path: 'id', message: 'There is no such mailing.' }] }
    const may = mayBecome(mailingState(timesOf(row)), verb)
    if (!may.ok) return { ok: false, status: 409, errors: [{ path: 'state', message: may.why }] }
    const decision = await decide(row)
    if (!decision.ok) return decision
    // By this time the event knows that the change took place, and by the event the rest of the batch knows that it is ours: two
    // presses in one millisecond, of which the second changes nothing, would set the same time.
    const at = Math.max(deps.now(), row.updated_at + 1)
    const eventId = deps.id()
    const changedNow = sql<boolean>`exists (select 1 from mailings where id = ${id} and updated_at = ${at})
      and not exists (select 1 from ledger where subject = ${id} and at = ${at} and event = ${event})`
    const ours = sql<boolean>`exists (select 1 from ledger where id = ${eventId})`
    const [changed] = await store.batch([
      store.db
        .updateTable('mailings')
        .set({ ...decision.set, updated_at: at })
        .where('id', '=', id)
        .where('updated_at', '=', row.updated_at)
        .returningAll(),
      recordEventIf(store, { id: eventId, at, event, subject: id, actor, data: decision.data }, changedNow),
      ...(decision.also ? [decision.also(ours)] : []),
    ])
    const mailing = changed[0]
    if (!mailing) continue
    deps.wake()
    return { ok: true, mailing, ...(decision.schedule ? { schedule: decision.schedule } : {}) }
  }
  const message = 'Somebody else changes the mailing at this moment. Read it again.'
  return { ok: false, status: 409, errors: [{ path: 'state', message }] }
}
