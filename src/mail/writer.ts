import type { Deps } from '../deps.ts'
import type { FieldKey } from '../rules/register.ts'
import type { Claimed } from '../store/gateFacts.ts'
import { readMailing, type StoredMailing } from '../store/mailingContent.ts'
import { topicOf } from '../store/topics.ts'
import type { Language } from '../store/tables.ts'
import { compose, makeReady, type Ready } from './compose.ts'
import { leavingHashes } from './leavingHashes.ts'
import type { Message } from './message.ts'
import { feedbackId, senderOf } from './sender.ts'
import { writeService } from './serviceWriter.ts'
import { links } from './tokens.ts'

export type Written =
  | { ok: true; message: Message; messageId: string }
  /** A value of this recipient cannot be sent; nobody else is harmed (P21). */
  | { ok: false; field: string }

/** A message that is known but not yet composed: the gate is asked about its fields first. */
export type Draft = { mergedFields: FieldKey[]; compose(neutral: boolean, at: number): Written | Promise<Written> }

export type Writer = { prepare(claimed: Claimed): Promise<Draft> }

/** Composes what the door hands over. A mailing is made ready once for each language; per recipient only its slots. */
export function makeWriter(deps: Deps): Writer {
  const { config, keyring } = deps
  const { makeLeaving, url } = links(deps)
  const mailings = new Map<string, Promise<StoredMailing>>()
  const ready = new Map<string, Promise<Ready>>()

  const mailingOf = (id: string) => remembered(mailings, id, () => readMailing(deps.store, id))

  async function makeReadyFor(id: string, language: Language, test: boolean): Promise<Ready> {
    const { row, content, attachments } = await mailingOf(id)
    const topic = await topicOf(deps, row.topic)
    return makeReady({
      mailingId: id,
      class: row.class,
      language,
      topic: {
        id: row.topic,
        listId: topic?.listId ?? `${row.topic}.${config.listDomain}`,
        name: topic?.names[language] ?? row.topic,
      },
      sender: senderOf(config, row),
      content,
      attachments,
      feedbackId: feedbackId(row, config),
      helpUrl: `${config.publicUrl}/manage`,
      ...(test ? { test } : {}),
    })
  }

  async function mailing(claimed: Claimed, id: string, test: boolean): Promise<Draft> {
    const { row, content } = await mailingOf(id)
    const language = claimed.language ?? claimed.contact_language ?? 'fi'
    const made = await remembered(ready, `${id}.${language}.${String(test)}`, () =>
      makeReadyFor(id, language as Language, test),
    )
    const leaving = {
      topic: row.topic,
      language,
      mailingId: id,
      contactId: claimed.contact_id ?? '',
      hashes: test ? [] : leavingHashes(keyring, claimed),
    }
    return {
      mergedFields: content.mergedFields as FieldKey[],
      compose(_neutral, at) {
        const messageId = `${claimed.id}@${config.listDomain}`
        const composed = compose(made, {
          deliveryId: claimed.id,
          messageId,
          envelopeFrom: senderOf(config, row).from.address,
          to: { address: claimed.address ?? '', ...(claimed.name === null ? {} : { name: claimed.name }) },
          date: at,
          unsubscribeUrl: url('u', makeLeaving(leaving)),
          source: claimed.contact_source?.startsWith('form:') ? null : claimed.contact_source,
          values: test ? sampleValues : valuesOf(claimed),
        })
        return composed.ok ? { ok: true, message: composed.message, messageId } : composed
      },
    }
  }

  return {
    async prepare(claimed) {
      if (claimed.mailing_id !== '') return mailing(claimed, claimed.mailing_id, false)
      if (claimed.kind !== 'test')
        return { mergedFields: [], compose: (neutral, at) => writeService(deps, claimed, neutral, at) }
      const { mailing: id } = JSON.parse(claimed.data ?? '{}') as { mailing: string }
      return mailing(claimed, id, true)
    },
  }
}

/** What merge tags may show of a contact; a missing value is left out, so that `default` applies. */
export function valuesOf(claimed: Claimed) {
  const given = (values: Record<string, string | null>) =>
    Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null))
  return {
    contact: given({
      name: claimed.name,
      title: claimed.title,
      phone: claimed.phone,
      email: claimed.address,
      language: claimed.contact_language,
    }),
    company: given({ name: claimed.company, address: claimed.company_address, businessId: claimed.business_id }),
  }
}

/** A test send shows what a typical recipient would see. */
export const sampleValues = {
  contact: {
    name: 'Maija Meikäläinen',
    title: 'Ostopäällikkö',
    phone: '+358401234567',
    email: 'maija@yritys.example',
    language: 'fi',
  },
  company: { name: 'Yritys Oy', address: 'Esimerkkikatu 1, 00100 Helsinki', businessId: '1234567-1' },
}

function remembered<T>(kept: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = kept.get(key)
  if (known) return known
  const made = make()
  kept.set(key, made)
  // A failed read is not remembered: the next recipient tries again.
  made.catch(() => kept.delete(key))
  return made
}
