import { sql, type RawBuilder } from 'kysely'
import type { Deps } from '../deps.ts'
import { mailingState, mayBecome, type MailingVerb } from '../rules/mailing.ts'
import { parseSchedule, type Schedule } from '../rules/schedule.ts'
import { recordEventIf } from '../store/ledger.ts'
import { mailingById, timesOf } from '../store/mailings.ts'
import type { Query } from '../store/store.ts'
import type { MailingRow } from '../store/tables.ts'
import { contentHash } from './mailingContent.ts'

export type VerbResult =
  | { ok: true; mailing: MailingRow; schedule?: Schedule }
  | { ok: false; status: 404 | 409 | 422; errors: { path: string; message: string }[] }

/** Schedules a draft: its content is frozen by its hash, and `at` becomes one instant (standards D-18, P15). */
export async function scheduleMailing(
  deps: Deps,
  id: string,
  input: { at?: unknown; timeZone?: unknown; notAfter?: unknown },
  actor: string,
): Promise<VerbResult> {
  const now = deps.now()
  return change(deps, id, 'schedule', 'mailing_scheduled', actor, async (row) => {
    const schedule = parseSchedule(input, now)
    if (!schedule.ok) return { ok: false, status: 422, errors: schedule.errors }
    const content_hash = await contentHash(deps, row)
    const set = {
      scheduled_at: now,
      due_at: schedule.dueAt,
      not_after: schedule.notAfter,
      time_zone: schedule.shown.zone,
      content_hash,
    }
    return { ok: true, set, data: { dueAt: schedule.dueAt, contentHash: content_hash }, schedule }
  })
}

export function pause(deps: Deps, id: string, actor: string): Promise<VerbResult> {
  const set = { paused_at: deps.now(), pause_reason: 'person' }
  return change(deps, id, 'pause', 'mailing_paused', actor, async () => ({ ok: true, set, data: {} }))
}

/** Goes on; what was held as too late is thereby wanted, so its time becomes now. */
export function resume(deps: Deps, id: string, actor: string): Promise<VerbResult> {
  return change(deps, id, 'resume', 'mailing_resumed', actor, async (row) => {
    const late = row.hold_reason === 'too_late' ? { due_at: deps.now(), not_after: null } : {}
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
  | { ok: false; status: 422; errors: { path: string; message: string }[] }

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
    // Never the same time twice: it is by this time that the rest of the batch knows that the change took place.
    const at = Math.max(deps.now(), row.updated_at + 1)
    const ours = sql<boolean>`exists (select 1 from mailings where id = ${id} and updated_at = ${at})`
    const [changed] = await store.batch([
      store.db
        .updateTable('mailings')
        .set({ ...decision.set, updated_at: at })
        .where('id', '=', id)
        .where('updated_at', '=', row.updated_at)
        .returningAll(),
      recordEventIf(store, { id: deps.id(), at, event, subject: id, actor, data: decision.data }, ours),
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
