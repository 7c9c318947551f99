import type { Deps } from '../deps.ts'
import { mayReceive } from '../rules/mayReceive.ts'
import { claim, extendLeases, recordOutcomes, type Outcome } from '../store/deliveries.ts'
import { gateFactQueries, type Claimed } from '../store/gateFacts.ts'
import { finishIfDone, runningMailings } from '../store/mailings.ts'
import type { Query } from '../store/store.ts'
import { pauseUncertain } from './alerts.ts'
import { assembleFacts, type DoorFacts } from './facts.ts'
import type { Transport } from './message.ts'
import { settle, settleBroken, settleStopped, settleUnready, type Settled } from './settle.ts'
import { makeWriter, type Writer } from './writer.ts'

/** At most so many deliveries are marked `sending` at once: what a crash can leave `uncertain` (P04). */
const WINDOW = 64
/** So many outcomes, or so much room in the window, are worth a commit of their own. */
const WORTH_A_COMMIT = 32
/** … and fewer are recorded after this time. */
const RECORD_WITHIN_MS = 25
/** Service mail that is claimed ahead of every mailing's share. */
const SERVICE_SHARE = 4
/** Nothing is handed over on facts older than this; the delivery goes back and is asked about anew (P07, several nodes). */
const FACTS_MAX_AGE_MS = 1000
const LEASE_MS = 30_000

type Open = { claimed: Claimed; keys: readonly string[]; readAt: number; stopped: boolean }

export type Door = {
  /** Delivers until nothing is due, or claims nothing more once `enough()` says so; a call while one runs joins it. */
  run(enough?: () => boolean): Promise<void>
  /** Takes nothing more, lets what is in flight finish, records it. */
  stop(graceMs?: number): Promise<void>
}

/**
 * THE door: the only place that holds the transport. Claim → facts → mayReceive → compose → send → record.
 * Claims, the facts they are judged on and earlier outcomes travel in one batch, so the wire never waits for the disk twice.
 */
export function makeDoor(deps: Deps, transport: Transport): Door {
  const { store } = deps
  const open = new Map<string, Open>()
  let outcomes: Outcome[] = []
  /** Holds and pauses that go with the outcomes, in the same commit. */
  let alongside: Query[] = []
  let stopping = false
  let running: Promise<void> | null = null
  let again = false
  /** Bans and withdrawals answered since the last claim began. */
  let stops: ReadonlySet<string>[] = []
  /** Mailings that had something to deliver since they were last looked at. */
  const touched = new Set<string>()
  let rest = { from: 0, until: 0 }
  let renewedAt = 0
  let waited = false
  let wakeUp = () => {}

  deps.signals.onStop((keys) => {
    stops.push(keys)
    for (const entry of open.values()) if (entry.keys.some((key) => keys.has(key))) entry.stopped = true
  })

  async function deliverAll(enough: () => boolean) {
    const writer = makeWriter(deps)
    let mailings: string[] = []
    let service = false
    for (let turn = 0; ; turn++) {
      const now = deps.now()
      // Not before its beginning either: a clock that was set back must not make the rest an hour long.
      const resting = stopping || (now >= rest.from && now < rest.until) || enough()
      if (again && !resting) {
        again = false
        mailings = await runningMailings(store)
        for (const id of mailings) touched.add(id)
        service = true
      }
      const room = WINDOW - open.size
      const claiming = !resting && (service || mailings.length > 0) && (room >= WORTH_A_COMMIT || open.size === 0)
      const recording = outcomes.length >= WORTH_A_COMMIT || (outcomes.length > 0 && (open.size === 0 || waited))
      if (!claiming && !recording && leasesToExtend(now).length === 0) {
        if (open.size === 0 && outcomes.length === 0) break
        await somethingHappens(outcomes.length > 0 ? RECORD_WITHIN_MS : 1000)
        continue
      }
      waited = false
      const queue = claiming ? (mailings[turn % Math.max(1, mailings.length)] ?? null) : null
      const got = await commit(writer, claiming ? room : 0, queue)
      if (claiming) service = got.service >= SERVICE_SHARE
      if (queue !== null && got.ofQueue === 0) mailings = mailings.filter((id) => id !== queue)
    }
    for (const id of touched) await store.batch([finishIfDone(store, id, deps.now())])
    if (touched.size > 0) await pauseUncertain(deps)
    touched.clear()
  }

  /** A slow peer may take longer than a lease; what is still under way keeps its lease, renewed every ten seconds. */
  function leasesToExtend(now: number): string[] {
    // A clock that was set back does not stop the renewing.
    if (now >= renewedAt && now - renewedAt < LEASE_MS / 3) return []
    return [
      ...new Set(
        [...open.values()].filter((one) => Math.abs(now - one.readAt) > LEASE_MS / 3).map((one) => one.claimed.lease),
      ),
    ]
  }

  /** One batch: what became of earlier ones, the next claim, and the facts to judge it by. */
  async function commit(writer: Writer, room: number, queue: string | null) {
    const now = deps.now()
    const settled = outcomes
    const decided = alongside
    outcomes = []
    alongside = []
    stops = []
    const lease = deps.id()
    const until = now + LEASE_MS
    const aging = leasesToExtend(now)
    if (aging.length > 0) renewedAt = now
    try {
      const writes: Query[] = [
        // The last outcome of a mailing finishes it in the same commit (P06).
        ...(settled.length > 0
          ? [recordOutcomes(store, settled, now), ...[...touched].map((id) => finishIfDone(store, id, now))]
          : []),
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
      // From here on a ban that is answered finds its recipient in the window, also those answered while the batch ran.
      const entries = facts.map((one) => openWindow(one, now))
      for (const [n, one] of facts.entries()) {
        const entry = entries[n]
        if (entry)
          await decide(writer, entry, one).catch((error: unknown) =>
            finish(entry, settleBroken(deps, entry.claimed, error)),
          )
      }
      const ofService = facts.filter((one) => one.claimed.mailing_id === '').length
      return { service: ofService, ofQueue: facts.length - ofService }
    } catch (error) {
      // Nothing was written: the outcomes are kept for the next try, what was claimed is found by its lease.
      outcomes = [...settled, ...outcomes]
      alongside = [...decided, ...alongside]
      throw error
    }
  }

  function openWindow({ claimed, keys }: DoorFacts, readAt: number): Open {
    const entry = { claimed, keys, readAt, stopped: stops.some((stop) => keys.some((key) => stop.has(key))) }
    open.set(claimed.id, entry)
    return entry
  }

  /** Asks the one question, then composes and hands over. Whatever is unclear is not sent (standards D-19). */
  async function decide(writer: Writer, entry: Open, { facts }: DoorFacts) {
    const { claimed, readAt } = entry
    const draft = await writer.prepare(claimed).catch((error: unknown) => settleUnready(deps, claimed, error))
    if ('outcome' in draft) return finish(entry, draft)
    const message = { ...facts.message, mergedFields: draft.mergedFields }
    const verdict = mayReceive({ ...facts, message }, deps.now())
    if (!verdict.allowed) return finish(entry, settleStopped(deps, claimed, verdict))
    const written = await draft.compose(verdict.neutral, readAt)
    if (!written.ok) {
      return finish(entry, {
        outcome: { state: 'failed', reason: 'bad_value', detail: written.field },
        also: [],
        restMs: 0,
      })
    }
    const proof = { allowedBy: verdict.by, evidence: verdict.evidence, messageId: written.messageId }
    // In both directions: after the clock was set back, facts would stay fresh for as long as it was.
    const ready = () => !entry.stopped && Math.abs(deps.now() - readAt) <= FACTS_MAX_AGE_MS
    void transport.send(written.message, ready).then((receipt) => {
      // It is due again at once, and perhaps its queue was found empty before.
      if (receipt.outcome === 'withheld') again = true
      finish(entry, settle(deps, claimed, entry.keys[0] ?? '', receipt, proof))
      wakeUp()
    })
  }

  function finish({ claimed }: Open, { outcome, also, restMs }: Settled) {
    open.delete(claimed.id)
    outcomes.push({ id: claimed.id, lease: claimed.lease, ...outcome })
    alongside.push(...also)
    const now = deps.now()
    if (restMs > 0) rest = { from: now, until: now + restMs }
  }

  /** An outcome, a nudge, or the time gone by in which outcomes are to be recorded and leases looked at. */
  function somethingHappens(withinMs: number) {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        waited = true
        resolve()
      }, withinMs)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  return {
    run(enough = () => false) {
      again = true
      wakeUp()
      running ??= deliverAll(enough).finally(() => {
        running = null
      })
      return running
    },
    async stop(graceMs = 30_000) {
      stopping = true
      await transport.close(graceMs)
      await running?.catch(() => undefined)
      // A commit that failed kept its outcomes: they are written now, if the store is there again.
      if (outcomes.length > 0) await deliverAll(() => true).catch(() => undefined)
    },
  }
}
