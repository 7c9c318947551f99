import type { Deps } from '../deps.ts'
import { judge } from '../rules/failures.ts'
import { mayReceive } from '../rules/mayReceive.ts'
import { claim, dueQueues, extendLeases, recordOutcomes, type Outcome } from '../store/deliveries.ts'
import { gateFactQueries, type Claimed } from '../store/gateFacts.ts'
import { noteDeadAddress } from '../store/deadAddresses.ts'
import { finishIfDone, holdMailing, pauseForUncertain, pauseMailing } from '../store/mailings.ts'
import type { Query } from '../store/store.ts'
import { alertStaff } from './alerts.ts'
import { assembleFacts, type DoorFacts } from './facts.ts'
import type { Receipt, Transport } from './message.ts'
import { makeWriter, type Writer } from './writer.ts'

/** At most so many deliveries are marked `sending` at once: what a crash can leave `uncertain` (P04). */
const WINDOW = 64
/** A claim is worth a commit when the window has this much room. */
const WORTH_A_CLAIM = 16
/** Service mail that is claimed ahead of every mailing's share. */
const SERVICE_SHARE = 8
/** Nothing is handed over on facts older than this; the delivery goes back and is asked about anew (P07, several nodes). */
const FACTS_MAX_AGE_MS = 1000
const LEASE_MS = 30_000

type Open = { claimed: Claimed; keys: readonly string[]; readAt: number; stopped: boolean }

export type Door = {
  /** Delivers until nothing is due (or `maxMs` have passed); a call while one runs joins it. */
  run(maxMs?: number): Promise<void>
  /** Takes nothing more, lets what is in flight finish, records it. */
  stop(graceMs?: number): Promise<void>
}

/**
 * THE door: the only place that holds the transport. Claim → facts → mayReceive → compose → send → record.
 * Claims, the facts they are judged on and earlier outcomes travel in one batch, so the wire never waits for the disk twice.
 */
export function makeDoor(deps: Deps, transport: Transport): Door {
  const { store, log, metrics } = deps
  const open = new Map<string, Open>()
  let outcomes: Outcome[] = []
  /** Holds and pauses that go with the outcomes, in the same commit. */
  let alongside: Query[] = []
  let stopping = false
  let running: Promise<void> | null = null
  let again = false
  let restUntil = 0
  let wakeUp = () => {}

  deps.signals.onStop((keys) => {
    for (const entry of open.values()) if (entry.keys.some((key) => keys.has(key))) entry.stopped = true
  })

  async function deliverAll(deadline: number) {
    const writer = makeWriter(deps)
    const touched = new Set<string>()
    let mailings: string[] = []
    let fresh = true
    for (let turn = 0; ; turn++) {
      if (fresh) {
        mailings = (await dueQueues(store, deps.now())).filter((queue) => queue !== '')
        for (const id of mailings) touched.add(id)
        fresh = false
      }
      const resting = stopping || deps.now() >= deadline || deps.now() < restUntil
      const room = resting ? 0 : WINDOW - open.size
      const worth = room >= WORTH_A_CLAIM || (room > 0 && open.size === 0)
      if (!worth && outcomes.length === 0) {
        if (open.size === 0) break
        await somethingHappens()
        continue
      }
      const queue = worth ? (mailings[turn % Math.max(1, mailings.length)] ?? null) : null
      const got = await commit(writer, worth ? room : 0, queue)
      if (queue !== null && got.ofQueue === 0) mailings = mailings.filter((id) => id !== queue)
      if (worth && got.ofQueue + got.service === 0 && mailings.length === 0 && outcomes.length === 0) {
        if (open.size > 0) await somethingHappens()
        else if (again) fresh = true
        else break
        again = false
      }
    }
    for (const id of touched)
      await store.batch([finishIfDone(store, id, deps.now()), pauseForUncertain(store, deps.now())])
  }

  /** One batch: what became of earlier ones, the next claim, and the facts to judge it by. */
  async function commit(writer: Writer, room: number, queue: string | null) {
    const now = deps.now()
    const settled = outcomes
    const decided = alongside
    outcomes = []
    alongside = []
    const lease = deps.id()
    const until = now + LEASE_MS
    const aging = [
      ...new Set([...open.values()].filter((o) => now - o.readAt > LEASE_MS / 3).map((o) => o.claimed.lease)),
    ]
    try {
      const writes: Query[] = [
        ...(settled.length > 0 ? [recordOutcomes(store, settled, now)] : []),
        ...decided,
        ...(aging.length > 0 ? [extendLeases(store, aging, until)] : []),
      ]
      if (room === 0) {
        await store.batch(writes)
        return { service: 0, ofQueue: 0 }
      }
      const claims = [
        claim(store, '', lease, now, until, Math.min(SERVICE_SHARE, room)),
        ...(queue === null ? [] : [claim(store, queue, lease, now, until, Math.max(1, room - SERVICE_SHARE))]),
      ]
      const reads = gateFactQueries(store, lease)
      const rows = await store.batch([...writes, ...claims, ...reads])
      const facts = assembleFacts(deps, rows.slice(writes.length + claims.length))
      for (const one of facts) await decide(writer, one, now)
      const ofService = facts.filter((one) => one.claimed.mailing_id === '').length
      return { service: ofService, ofQueue: facts.length - ofService }
    } catch (error) {
      // Nothing was written: the outcomes are kept for the next try, what was claimed is found by its lease.
      outcomes = [...settled, ...outcomes]
      alongside = [...decided, ...alongside]
      throw error
    }
  }

  /** Asks the one question, then composes and hands over. Whatever is unclear is not sent (standards D-19). */
  async function decide(writer: Writer, { claimed, facts, keys }: DoorFacts, readAt: number) {
    const written = await writer.prepare(claimed)
    const verdict = mayReceive(
      { ...facts, message: { ...facts.message, mergedFields: written.mergedFields } },
      deps.now(),
    )
    if (!verdict.allowed) return settleStopped(claimed, verdict.reason, verdict.detail)
    const composed = await written.compose(verdict.neutral, readAt)
    if (!composed.ok) {
      finish(claimed, { state: 'failed', reason: 'bad_value', detail: composed.field })
      return
    }
    const entry: Open = { claimed, keys, readAt, stopped: false }
    open.set(claimed.id, entry)
    const proof = { allowedBy: verdict.by, evidence: verdict.evidence, messageId: composed.messageId }
    const ready = () => !entry.stopped && deps.now() - entry.readAt <= FACTS_MAX_AGE_MS
    void transport.send(composed.message, ready).then((receipt) => {
      open.delete(claimed.id)
      settle(entry, receipt, proof)
      wakeUp()
    })
  }

  function settleStopped(claimed: Claimed, reason: string, detail: string | null) {
    metrics.count('postilupa_stopped_total', { reason })
    if (reason !== 'source_stale' && reason !== 'held') return finish(claimed, { state: 'skipped', reason, detail })
    finish(claimed, { state: 'queued', attempted: false, dueAt: deps.now() + 1000 })
    if (reason === 'source_stale' && claimed.mailing_id !== '')
      alongside.push(holdMailing(store, claimed.mailing_id, reason, deps.now()))
  }

  function settle(
    { claimed, keys }: Open,
    receipt: Receipt,
    proof: Pick<Outcome, 'allowedBy' | 'evidence' | 'messageId'>,
  ) {
    if (receipt.outcome === 'withheld') return finish(claimed, { state: 'queued', attempted: false })
    if (receipt.outcome === 'accepted') {
      metrics.count('postilupa_sent_total', { kind: claimed.kind })
      return finish(claimed, { state: 'sent', reply: receipt.reply, ...proof })
    }
    const now = deps.now()
    const pausedBefore = claimed.mailing_id !== '' && claimed.reason !== null && claimed.reason !== 'deferred'
    const judged = judge(receipt, claimed.attempts, deps.random(), claimed.kind, pausedBefore)
    metrics.count('postilupa_not_sent_total', { kind: claimed.kind, verdict: judged.verdict })
    const { reply } = receipt
    switch (judged.verdict) {
      case 'uncertain':
        return finish(claimed, { state: 'uncertain', reason: 'no_answer', reply, ...proof })
      case 'failed':
        if (judged.dead) alongside.push(noteDeadAddress(store, keys[0] ?? '', judged.reason, now))
        return finish(claimed, { state: 'failed', reason: judged.reason, reply, ...proof })
      case 'retry':
        // Without an answer the relay itself is away: everybody waits a little, not only this one.
        if (receipt.outcome === 'refused' && receipt.code === null) restUntil = Math.max(restUntil, now + 2000)
        return finish(claimed, { state: 'queued', dueAt: now + judged.afterMs, reason: 'deferred', reply })
      case 'pause':
        log.error('relay_refuses_us', { delivery: claimed.id, mailing: claimed.mailing_id, reason: judged.reason })
        if (claimed.mailing_id !== '') pauseAndTell(claimed.mailing_id, judged.reason, now)
        return finish(claimed, {
          state: 'queued',
          attempted: false,
          dueAt: now + (judged.afterMs ?? 0),
          reason: judged.reason,
          reply,
        })
    }
  }

  function pauseAndTell(mailing: string, reason: string, now: number) {
    const lines = [`Mailing ${mailing} is paused: the relay refuses us (${reason}). Its recipients are untouched.`]
    alongside.push(
      pauseMailing(store, mailing, reason, now),
      ...alertStaff(deps, `${mailing}.${reason}`, 'Mailing paused', lines, now),
    )
  }

  function finish(claimed: Claimed, outcome: Omit<Outcome, 'id' | 'lease'>) {
    outcomes.push({ id: claimed.id, lease: claimed.lease, ...outcome })
  }

  /** An outcome, or a second gone by (leases want extending). */
  function somethingHappens() {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 1000)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  return {
    run(maxMs = Number.POSITIVE_INFINITY) {
      again = true
      running ??= deliverAll(deps.now() + maxMs).finally(() => {
        running = null
      })
      return running
    },
    async stop(graceMs = 30_000) {
      stopping = true
      await transport.close(graceMs)
      await running
    },
  }
}
