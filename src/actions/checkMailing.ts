import type { Deps } from '../deps.ts'
import { freshness } from '../mail/facts.ts'
import type { Reason } from '../rules/facts.ts'
import { refuseFields, type FieldKey, type PurposeKey } from '../rules/register.ts'
import { audienceAfter } from '../store/audience.ts'
import { mailingById, type Audience } from '../store/mailings.ts'
import type { StoredContent } from '../store/mailingContent.ts'
import { settingOf } from '../store/settings.ts'
import type { MailingRow } from '../store/tables.ts'
import type { InputError } from './mailingContent.ts'
import { foresee } from './foresee.ts'

/** Contacts that are asked about at once: the event loop breathes in between. */
const AT_ONCE = 200

export type MailingCheck = {
  errors: InputError[]
  warnings: InputError[]
  counts: { allowed: number; stopped: Partial<Record<Reason, number>> }
}

/**
 * The pre-send list: what would go wrong, what deserves a look, and what the gate says today of everybody in the audience.
 * Advisory (standards D-15): the door decides, in the moment of hand-over. Null when there is no such mailing.
 */
export async function checkMailing(deps: Deps, id: string): Promise<MailingCheck | null> {
  const row = await mailingById(deps.store, id)
  if (!row) return null
  const content = JSON.parse(row.content) as StoredContent
  const counts = await countVerdicts(deps, row, content.mergedFields as FieldKey[])
  const stopped = Object.values(counts.stopped).reduce((sum, n) => sum + n, 0)
  const refused = refuseFields(deps.register, [row.purpose as PurposeKey], content.mergedFields)
  const errors: InputError[] = [
    ...refused.map((field) => ({
      path: 'content.body',
      message: `The purpose ${row.purpose} may not show ${field}: take it out.`,
    })),
    ...(counts.allowed + stopped === 0
      ? [{ path: 'audience', message: 'Nobody in the audience has a permission for this topic.' }]
      : []),
    ...(counts.allowed === 0 && stopped > 0
      ? [{ path: 'audience', message: 'The gate would stop everybody in the audience; see the reasons.' }]
      : []),
  ]
  return { errors, warnings: [...content.warnings, ...(await passingTroubles(deps))], counts }
}

async function countVerdicts(deps: Deps, row: MailingRow, mergedFields: FieldKey[]): Promise<MailingCheck['counts']> {
  const counts: MailingCheck['counts'] = { allowed: 0, stopped: {} }
  const audience = JSON.parse(row.audience) as Audience
  for (let after = ''; ;) {
    const ids = await audienceAfter(deps.store, { topic: row.topic, audience }, after, AT_ONCE)
    for (const { verdict } of await foresee(deps, row, ids, mergedFields)) {
      if (verdict.allowed) counts.allowed += 1
      else counts.stopped[verdict.reason] = (counts.stopped[verdict.reason] ?? 0) + 1
    }
    after = ids.at(-1) ?? ''
    if (ids.length < AT_ONCE) return counts
    await new Promise((resolve) => setTimeout(resolve))
  }
}

/** What holds every mailing today and may be over by the time of sending. */
async function passingTroubles({ store, config, now }: Deps): Promise<InputError[]> {
  const [rows, hold] = await Promise.all([
    store.db.selectFrom('ban_sources').selectAll().execute(),
    settingOf(store, 'hold'),
  ])
  const stale = freshness(config.banSources, rows, now()).filter((source) => source.required && !source.fresh)
  return [
    ...stale.map(({ name }) => ({
      path: 'banSources',
      message: `The ban source ${name} is not fresh: until it is, the mailing will be held.`,
    })),
    ...(hold === null
      ? []
      : [{ path: 'hold', message: `Sending is held (${hold}): nothing goes out before it is released.` }]),
  ]
}
