import type { Deps } from '../deps.ts'
import { branded } from '../mail/brand.ts'
import { renderPreview } from '../mail/compose.ts'
import { anyChoice, choiceFor, choicesOf, pricesOf } from '../mail/prices.ts'
import { senderOf } from '../mail/sender.ts'
import { firstQuestion } from '../mail/surveys.ts'
import { links } from '../mail/tokens.ts'
import { sampleValues, valuesOf } from '../mail/writer.ts'
import { proposedFactQueries } from '../store/gateFacts.ts'
import { mailingById } from '../store/mailings.ts'
import type { StoredContent } from '../store/mailingContent.ts'
import { surveyById } from '../store/surveys.ts'
import type { Language, MailingRow } from '../store/tables.ts'
import { topicOf } from '../store/topics.ts'

export type PreviewResult =
  | { ok: true; subject: string; html: string; text: string }
  | { ok: false; missing: 'mailing' | 'contact' }

type PriceColumn = 'price_list_id' | 'prices_on' | 'price_versions'
type Previewed = Pick<MailingRow, 'class' | 'topic' | 'sender' | 'content' | 'survey_id' | PriceColumn> & {
  id?: string
  due_at?: number | null
}

/** What the mailing would look like to a contact, or to nobody in particular. Its unsubscribe link leads nowhere. */
export async function previewMailing(
  deps: Deps,
  id: string,
  { contactId, language }: { contactId?: string | undefined; language?: Language | undefined },
): Promise<PreviewResult> {
  const row = await mailingById(deps.store, id)
  return row ? previewContent(deps, row, { contactId, language }) : { ok: false, missing: 'mailing' }
}

/** The same for a content that is perhaps not stored yet. @param row a mailing's, or what readInput made of an input */
export async function previewContent(
  deps: Deps,
  row: Previewed,
  { contactId, language }: { contactId?: string | undefined; language?: Language | undefined },
): Promise<PreviewResult> {
  const { store, config } = deps
  const contact =
    contactId === undefined
      ? null
      : ((await store.db.executeQuery(proposedFactQueries(store, row, [contactId])[0])).rows[0] ?? null)
  if (contactId !== undefined && contact === null) return { ok: false, missing: 'contact' }
  const shownIn = language ?? contact?.contact_language ?? 'fi'
  const topic = await topicOf(deps, row.topic)
  const { makeLeaving, makeSurvey, url } = links(deps)
  const survey = row.survey_id === null ? null : await surveyById(store, row.survey_id)
  const choices = await choicesOf(deps, { ...row, due_at: row.due_at ?? null })
  const choice = choices && (choiceFor(choices, contact?.price_group ?? null) ?? anyChoice(choices))
  const prices = choice && row.price_list_id ? await pricesOf(deps, row.price_list_id, choice, shownIn) : null
  const nobody = makeLeaving({
    topic: row.topic,
    language: shownIn,
    mailingId: row.id ?? '',
    contactId: '',
    hashes: [],
  })
  const input = {
    class: row.class,
    language: shownIn,
    topic: { id: row.topic, listId: topic?.listId ?? row.topic, name: topic?.names[shownIn] ?? row.topic },
    sender: senderOf({ ...config, brand: await branded(deps) }, row),
    content: JSON.parse(row.content) as StoredContent,
    ...(survey ? { survey: firstQuestion(survey, shownIn) } : {}),
    ...(prices ? { prices: prices.view } : {}),
  }
  // Opens the survey as its readers see it; what is answered there is not kept.
  const tried = survey && url('s', makeSurvey({ surveyId: survey.id, contactId: '', language: shownIn }))
  const source = contact?.contact_source ?? null
  const values = contact ? valuesOf(contact) : sampleValues
  return {
    ok: true,
    ...renderPreview(input, {
      unsubscribeUrl: url('u', nobody),
      ...(tried === null ? {} : { surveyUrl: tried }),
      source: source?.startsWith('form:') ? null : source,
      values,
    }),
  }
}
