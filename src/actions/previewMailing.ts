import type { Deps } from '../deps.ts'
import { renderPreview } from '../mail/compose.ts'
import { senderOf } from '../mail/sender.ts'
import { links } from '../mail/tokens.ts'
import { sampleValues, valuesOf } from '../mail/writer.ts'
import { proposedFactQueries } from '../store/gateFacts.ts'
import { mailingById } from '../store/mailings.ts'
import type { StoredContent } from '../store/mailingContent.ts'
import type { Language } from '../store/tables.ts'
import { topicOf } from '../store/topics.ts'

export type PreviewResult =
  | { ok: true; subject: string; html: string; text: string }
  | { ok: false; missing: 'mailing' | 'contact' }

/** What the mailing would look like to a contact, or to nobody in particular. Its unsubscribe link leads nowhere. */
export async function previewMailing(
  deps: Deps,
  id: string,
  { contactId, language }: { contactId?: string | undefined; language?: Language | undefined },
): Promise<PreviewResult> {
  const { store, config } = deps
  const row = await mailingById(store, id)
  if (!row) return { ok: false, missing: 'mailing' }
  const contact =
    contactId === undefined
      ? null
      : ((await store.db.executeQuery(proposedFactQueries(store, row, [contactId])[0])).rows[0] ?? null)
  if (contactId !== undefined && contact === null) return { ok: false, missing: 'contact' }
  const shownIn = language ?? contact?.contact_language ?? 'fi'
  const topic = await topicOf(deps, row.topic)
  const { makeLeaving, url } = links(deps)
  const nobody = makeLeaving({ topic: row.topic, language: shownIn, mailingId: id, contactId: '', hashes: [] })
  const input = {
    class: row.class,
    language: shownIn,
    topic: { id: row.topic, listId: topic?.listId ?? row.topic, name: topic?.names[shownIn] ?? row.topic },
    sender: senderOf(config, row),
    content: JSON.parse(row.content) as StoredContent,
  }
  const source = contact?.contact_source ?? null
  const values = contact ? valuesOf(contact) : sampleValues
  return {
    ok: true,
    ...renderPreview(input, {
      unsubscribeUrl: url('u', nobody),
      source: source?.startsWith('form:') ? null : source,
      values,
    }),
  }
}
