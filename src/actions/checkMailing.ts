import type { Deps } from '../deps.ts'
import { freezeAudience } from '../mail/audience.ts'
import { freshness } from '../mail/facts.ts'
import { refuseFields, type FieldKey, type PurposeKey } from '../rules/register.ts'
import { mailingById, type Audience } from '../store/mailings.ts'
import type { StoredContent } from '../store/mailingContent.ts'
import { settingOf } from '../store/settings.ts'
import { noSegment, type InputError } from './mailingInput.ts'
import { countVerdicts, type VerdictCounts } from './countVerdicts.ts'
import { priceRemarks } from './mailingPrices.ts'
import { missingPictures } from './missingPictures.ts'
import { invitationFault } from './mailingSurvey.ts'

export type MailingCheck = {
  errors: InputError[]
  warnings: InputError[]
  counts: VerdictCounts
}

/**
 * The pre-send list: what would go wrong, what deserves a look, and what the gate says today of everybody in the audience.
 * Advisory (standards D-15): the door decides, in the moment of hand-over. Null when there is no such mailing.
 */
export async function checkMailing(deps: Deps, id: string): Promise<MailingCheck | null> {
  const row = await mailingById(deps.store, id)
  if (!row) return null
  const content = JSON.parse(row.content) as StoredContent
  const chosen = JSON.parse(row.audience) as Audience
  const audience = await freezeAudience(deps, chosen)
  const counts = await countVerdicts(deps, row, audience ?? chosen, content.mergedFields as FieldKey[])
  const stopped = Object.values(counts.stopped).reduce((sum, n) => sum + n, 0)
  const refused = refuseFields(deps.register, [row.purpose as PurposeKey], content.mergedFields)
  const fault = await invitationFault(deps, row, Math.max(deps.now(), row.due_at ?? 0))
  const prices = await priceRemarks(deps, row)
  const errors: InputError[] = [
    ...(fault ? [fault] : []),
    ...prices.errors,
    ...(await missingPictures(deps, content)),
    ...refused.map((field) => ({
      path: 'content.body',
      message: `The purpose ${row.purpose} may not show ${field}: take it out.`,
    })),
    ...(audience ? [] : [noSegment]),
    ...(counts.allowed + stopped === 0
      ? [{ path: 'audience', message: 'Nobody in the audience has a permission for this topic.' }]
      : []),
    ...(counts.allowed === 0 && stopped > 0
      ? [{ path: 'audience', message: 'The gate would stop everybody in the audience; see the reasons.' }]
      : []),
  ]
  return { errors, warnings: [...content.warnings, ...prices.warnings, ...(await passingTroubles(deps))], counts }
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
