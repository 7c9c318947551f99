import type { Deps } from '../deps.ts'
import { assembleFacts } from '../mail/facts.ts'
import type { Verdict } from '../rules/facts.ts'
import { mayReceive } from '../rules/mayReceive.ts'
import type { FieldKey } from '../rules/register.ts'
import { proposedFactQueries } from '../store/gateFacts.ts'
import type { MailingRow } from '../store/tables.ts'

/** Said of the installation and not of a recipient. */
export const PASSING = { sources: [], hold: null }

/**
 * What the gate would say now of a mailing on this topic to these contacts. Advisory (standards D-15): the door asks again.
 * A stale ban source and the kill switch are left out, since they pass.
 */
export async function foresee(
  deps: Deps,
  message: Pick<MailingRow, 'class' | 'topic'>,
  contactIds: readonly string[],
  mergedFields: readonly FieldKey[] = [],
): Promise<{ contactId: string; verdict: Verdict }[]> {
  if (contactIds.length === 0) return []
  const { db } = deps.store
  const reads = await Promise.all(
    proposedFactQueries(deps.store, message, contactIds).map((query) => db.executeQuery<unknown>(query)),
  )
  const now = deps.now()
  return assembleFacts(
    deps,
    reads.map(({ rows }) => rows),
  ).map(({ claimed, facts }) => ({
    contactId: claimed.id,
    verdict: mayReceive({ ...facts, ...PASSING, message: { ...facts.message, mergedFields: [...mergedFields] } }, now),
  }))
}
