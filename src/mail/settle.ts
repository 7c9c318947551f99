import type { Deps } from '../deps.ts'
import { judge } from '../rules/failures.ts'
import type { Stopped } from '../rules/facts.ts'
import { noteDeadAddress } from '../store/deadAddresses.ts'
import type { Outcome } from '../store/deliveries.ts'
import type { Claimed } from '../store/gateFacts.ts'
import { holdMailing, pauseMailing } from '../store/mailings.ts'
import type { Query } from '../store/store.ts'
import { alertStaff } from './alerts.ts'
import type { Receipt } from './message.ts'

/** What is written of one delivery, what goes with it in the same batch, and how long nobody should try (the relay is away). */
export type Settled = { outcome: Omit<Outcome, 'id' | 'lease'>; also: Query[]; restMs: number }

export type Proof = Pick<Outcome, 'allowedBy' | 'evidence' | 'messageId'>

const RELAY_AWAY_MS = 2000
const RELAY_REFUSES_MS = 5000

/** The gate said no. What holds everybody (kill switch, stale source) leaves the recipient queued; the rest is final. */
export function settleStopped(deps: Deps, claimed: Claimed, { reason, detail }: Stopped): Settled {
  deps.metrics.count('postilupa_stopped_total', { reason })
  const now = deps.now()
  if (reason !== 'source_stale' && reason !== 'held') return settled({ state: 'skipped', reason, detail })
  const holds = reason === 'source_stale' && claimed.mailing_id !== ''
  const also = holds ? [holdMailing(deps.store, claimed.mailing_id, reason, now)] : []
  return settled({ state: 'queued', attempted: false, dueAt: now + 1000 }, also)
}

/** The mailing itself cannot be made ready (content or file unreadable): it pauses and tells; nobody is skipped for it. */
export function settleUnready(deps: Deps, claimed: Claimed, error: unknown): Settled {
  if (claimed.mailing_id === '' || deps.store.isDown(error)) return settleBroken(deps, claimed, error)
  const now = deps.now()
  deps.log.error('mailing_broken', { mailing: claimed.mailing_id, error: String(error) })
  const also = pauseAndTell(deps, claimed.mailing_id, 'broken', 'its content cannot be made ready', now)
  return settled({ state: 'queued', attempted: false }, also)
}

/**
 * Something broke before the hand-over. A store that is away is waited for; anything else is this one recipient's: not sent,
 * counted as unknown, told in the log (standards D-19, P21).
 */
export function settleBroken(deps: Deps, claimed: Claimed, error: unknown): Settled {
  deps.log.error('delivery_broken', { delivery: claimed.id, error: String(error) })
  if (deps.store.isDown(error))
    return settled({ state: 'queued', attempted: false, dueAt: deps.now() + RELAY_REFUSES_MS }, [], RELAY_REFUSES_MS)
  return settled({ state: 'skipped', reason: 'unknown', detail: 'error' })
}

/** What the transport answered, by rules/failures.ts: a reply about us pauses the mailing, one about the recipient is theirs. */
export function settle(deps: Deps, claimed: Claimed, strictHash: string, receipt: Receipt, proof: Proof): Settled {
  if (receipt.outcome === 'withheld') return settled({ state: 'queued', attempted: false })
  const { kind, mailing_id: mailing } = claimed
  const { reply } = receipt
  if (receipt.outcome === 'accepted') {
    deps.metrics.count('postilupa_sent_total', { kind })
    return settled({ state: 'sent', reply, ...proof })
  }
  const now = deps.now()
  const pausedBefore = mailing !== '' && claimed.reason !== null && claimed.reason !== 'deferred'
  const judged = judge(receipt, claimed.attempts, deps.random(), kind, pausedBefore)
  deps.metrics.count('postilupa_not_sent_total', { kind, verdict: judged.verdict })
  switch (judged.verdict) {
    case 'uncertain':
      return settled({ state: 'uncertain', reason: 'no_answer', reply, ...proof })
    case 'failed': {
      const dead = judged.dead ? [noteDeadAddress(deps.store, strictHash, judged.reason, now)] : []
      return settled({ state: 'failed', reason: judged.reason, reply, ...proof }, dead)
    }
    case 'retry': {
      // Without an answer the relay itself is away: everybody waits a little, not only this one.
      const away = receipt.outcome === 'refused' && receipt.code === null
      return settled(
        { state: 'queued', dueAt: now + judged.afterMs, reason: 'deferred', reply },
        [],
        away ? RELAY_AWAY_MS : 0,
      )
    }
    case 'pause': {
      const { reason, afterMs = 0 } = judged
      deps.log.error('relay_refuses_us', { delivery: claimed.id, mailing, reason })
      const also = mailing === '' ? [] : pauseAndTell(deps, mailing, reason, 'the relay refuses us', now)
      // Service mail belongs to no mailing that could pause: its attempts count, so that it is given up some day.
      const attempted = mailing === ''
      // What was said of one message (its recipient, its text) keeps nobody else waiting.
      const ofOne = receipt.outcome === 'refused' && ['rcpt', 'data', 'dot'].includes(receipt.stage)
      return settled(
        { state: 'queued', attempted, dueAt: now + afterMs, reason, reply },
        also,
        ofOne ? 0 : RELAY_REFUSES_MS,
      )
    }
  }
}

/** The same pause tells once an hour, however many recipients noticed it. */
function pauseAndTell(deps: Deps, mailing: string, reason: string, why: string, now: number): Query[] {
  const lines = [`Mailing ${mailing} is paused: ${why} (${reason}). Its recipients are untouched.`]
  const hour = new Date(now).toISOString().slice(0, 13)
  return [
    pauseMailing(deps.store, mailing, reason, now),
    ...alertStaff(deps, `${mailing}.${reason}.${hour}`, 'Mailing paused', lines, now),
  ]
}

function settled(outcome: Settled['outcome'], also: Query[] = [], restMs = 0): Settled {
  return { outcome, also, restMs }
}
