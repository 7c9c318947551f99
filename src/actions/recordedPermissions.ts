import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { readEvidence, type Evidence, type FieldFault } from '../rules/contactRecord.ts'
import { reasonWords } from '../rules/reasonWords.ts'
import { consentEndsAt } from '../rules/retention.ts'
import { recordEventIf } from '../store/ledger.ts'
import { recordPermission } from '../store/permissions.ts'
import type { PermissionRow } from '../store/tables.ts'
import { allTopics } from '../store/topics.ts'
import { foresee } from './foresee.ts'

/** A permission that staff or another system says there is. */
export type NewPermission = { topic: string; rule: PermissionRow['rule']; evidence?: Evidence | undefined }
export type Warning = { path: string; reason: string; message: string }

type ReadPermission = Omit<NewPermission, 'evidence'> & { evidence: string | null }

/** Reads them with their proof as it is stored: what was said, who recorded it and when. */
export async function readPermissions(
  deps: Pick<Deps, 'store' | 'now'>,
  typed: readonly NewPermission[],
  actor: string,
): Promise<{ ok: true; permissions: ReadPermission[] } | { ok: false; errors: FieldFault[] }> {
  const topics = await allTopics(deps)
  const errors: FieldFault[] = []
  const permissions = typed.map(({ topic, rule, evidence }, i): ReadPermission => {
    const path = `permissions.${i}`
    if (!topics.some(({ id }) => id === topic))
      errors.push({ path: `${path}.topic`, message: 'There is no such topic; GET /api/v1/topics lists them.' })
    // SVPL 202 § asks for no proof, only for the right to forbid; everything else must be shown (GDPR Art. 7(1)).
    if (evidence === undefined && rule !== 'legal_person')
      errors.push({ path: `${path}.evidence`, message: 'Say how you know that this is permitted.' })
    const read = evidence === undefined ? null : readEvidence(evidence, `${path}.evidence`)
    if (read?.ok === false) errors.push(...read.errors)
    const proof = read?.ok ? { said: read.evidence, by: actor, at: new Date(deps.now()).toISOString() } : null
    return { topic, rule, evidence: proof && JSON.stringify(proof) }
  })
  return errors.length > 0 ? { ok: false, errors } : { ok: true, permissions }
}

/** Writes the permissions that are not open already, each with its event. */
export function permissionWrites(
  { store, id }: Pick<Deps, 'store' | 'id'>,
  contactId: string,
  source: string,
  permissions: readonly ReadPermission[],
  actor: string,
  now: number,
) {
  return permissions.flatMap((permission) => {
    const { topic, rule } = permission
    const isConsent = rule === 'consent'
    const row = {
      ...permission,
      id: id(),
      contact_id: contactId,
      basis: isConsent ? 'consent' : 'legitimate_interest',
      source,
      expires_at: isConsent ? consentEndsAt(now) : null,
      by: actor,
    }
    const data = { permission: row.id, topic, rule }
    return [
      recordPermission(store, row, now),
      recordEventIf(
        store,
        { id: id(), at: now, event: 'permission_recorded', subject: contactId, actor, data },
        sql`exists (select 1 from permissions where id = ${row.id})`,
      ),
    ]
  })
}

/** Where the gate would stop in spite of a permission that was just recorded. */
export async function warningsFor(
  deps: Deps,
  contactId: string,
  permissions: readonly ReadPermission[],
): Promise<Warning[]> {
  const topics = permissions.length > 0 ? await allTopics(deps) : []
  const warnings = await Promise.all(
    permissions.map(async ({ topic }, i) => {
      const research = topics.find((one) => one.id === topic)?.kind === 'survey'
      const [seen] = await foresee(deps, { topic, class: research ? 'research' : 'marketing' }, [contactId])
      if (!seen || seen.verdict.allowed) return null
      const { reason } = seen.verdict
      return { path: `permissions.${i}`, reason, message: reasonWords[reason] }
    }),
  )
  return warnings.filter((warning) => warning !== null)
}
