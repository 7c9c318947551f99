import type { Deps } from '../deps.ts'
import { sealedEvents, sealOf, unsealedCount } from '../store/ledger.ts'

export type LedgerProof =
  | { ok: true; sealed: number; unsealed: number; last: string }
  | { ok: false; seq: number; problem: string }

/**
 * Computes the chain of the ledger again from its beginning (P17).
 * @param anchor `<seq>:<hash>` that was kept outside: shows that nothing at the end was cut off or written anew
 */
export async function verifyLedger(
  { store }: Pick<Deps, 'store'>,
  anchor: { seq: number; hash: string } | null,
): Promise<LedgerProof> {
  let seq = 0
  let hash = ''
  for (;;) {
    const events = await sealedEvents(store, seq, 1000)
    for (const { seq: place, hash: seal, ...event } of events) {
      if (place !== seq + 1) return { ok: false, seq: seq + 1, problem: 'the event at this place is missing' }
      if (seal !== sealOf(hash, place, event))
        return { ok: false, seq: place, problem: 'this event, or its seal, was changed' }
      if (anchor?.seq === place && anchor.hash !== seal)
        return { ok: false, seq: place, problem: 'the chain does not go through the anchor' }
      seq = place
      hash = seal
    }
    if (events.length === 0) break
  }
  if (anchor && anchor.seq > seq) return { ok: false, seq: seq + 1, problem: 'the ledger ends before the anchor' }
  return { ok: true, sealed: seq, unsealed: await unsealedCount(store), last: `${seq}:${hash}` }
}
