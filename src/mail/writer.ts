import type { Deps } from '../deps.ts'
import type { FieldKey, PurposeKey } from '../rules/register.ts'
import type { Claimed } from '../store/gateFacts.ts'
import { readMailing, type StoredMailing } from '../store/mailingContent.ts'
import { topicOf } from '../store/topics.ts'
import type { Language } from '../store/tables.ts'
import { branded } from './brand.ts'
import { compose, makeReady, type Ready } from './compose.ts'
import { leavingHashes } from './leavingHashes.ts'
import type { Message } from './message.ts'
import { anyChoice, choiceFor, choicesOf, pricesOf, type Choice, type Choices } from './prices.ts'
import { feedbackId, senderOf } from './sender.ts'
import type { Settled } from './settle.ts'
import { firstQuestion, invitedForNothing } from './surveys.ts'
import { writeService } from './serviceWriter.ts'
import { links } from './tokens.ts'

export type Written =
  | { ok: true; message: Message; messageId: string }
  /** A value of this recipient cannot be sent; nobody else is harmed (P21). */
  | { ok: false; field: string }

/** A message that is known but not yet composed: the gate is asked about its fields first. */
export type Draft = { mergedFields: FieldKey[]; compose(neutral: boolean, at: number): Written | Promise<Written> }

/** A recipient for whom nothing is to be written any more is settled at once. */
export type Writer = { prepare(claimed: Claimed): Promise<Draft | Settled> }

/**
 * Composes what the door hands over. A mailing is made ready once for each language (and price group); per
 * recipient only its slots.
 */
export function makeWriter(deps: Deps): Writer {
  const { config, keyring } = deps
  const { makeLeaving, makeSurvey, url } = links(deps)
  const mailings = new Map<string, Promise<StoredMailing>>()
  const ready = new Map<string, Promise<Ready>>()

  const choices = new Map<string, Promise<Choices | null>>()

  /** What was scheduled is frozen and read once; a draft that is being tested may change at any time. */
  const mailingOf = (id: string, test: boolean) =>
    test ? readMailing(deps.store, id) : remembered(mailings, id, () => readMailing(deps.store, id))
  const choicesFor = ({ row }: StoredMailing, test: boolean) =>
    test ? choicesOf(deps, row) : remembered(choices, row.id, () => choicesOf(deps, row))

  async function makeReadyFor(
    { row, content, attachments, survey }: StoredMailing,
    language: Language,
    test: boolean,
    choice: Choice | null,
  ): Promise<Ready> {
    const { id } = row
    const prices = choice && row.price_list_id ? await pricesOf(deps, row.price_list_id, choice, language) : null
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
      sender: senderOf({ ...config, brand: await branded(deps) }, row),
      content,
      attachments: [...attachments, ...(prices?.attachments ?? [])],
      feedbackId: feedbackId(row, config),
      helpUrl: `${config.publicUrl}/manage`,
      ...(test ? { test } : {}),
      ...(survey ? { survey: firstQuestion(survey, language) } : {}),
      ...(row.reminds === null ? {} : { reminder: true }),
      ...(prices ? { prices: prices.view } : {}),
    })
  }

  async function mailing(claimed: Claimed, id: string, test: boolean): Promise<Draft | Settled> {
    const stored = await mailingOf(id, test)
    const { row, content, survey } = stored
    const contactId = claimed.contact_id ?? ''
    const reason = survey && !test ? await invitedForNothing(deps, survey, row, contactId) : null
    if (reason !== null) return { outcome: { state: 'skipped', reason }, also: [], restMs: 0 }
    const choices = row.price_list_id === null ? null : await choicesFor(stored, test)
    const choice = choices && (choiceFor(choices, claimed.price_group) ?? (test ? anyChoice(choices) : null))
    if (choices && !choice && !test)
      return { outcome: { state: 'skipped', reason: 'no_price_list' }, also: [], restMs: 0 }
    const language = claimed.language ?? claimed.contact_language ?? 'fi'
    const makeIt = () => makeReadyFor(stored, language as Language, test, choice)
    const made = await (test ? makeIt() : kept(ready, `${id}.${language}.${choice?.version ?? ''}`, makeIt))
    // The name in the To field is a field of the register, too: a survey may use the address alone.
    const named = deps.register.purposes[row.purpose as PurposeKey].fields.includes('name')
    const leaving = {
      topic: row.topic,
      language,
      mailingId: id,
      contactId,
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
          to: { address: claimed.address ?? '', ...(named && claimed.name !== null ? { name: claimed.name } : {}) },
          date: at,
          unsubscribeUrl: url('u', makeLeaving(leaving)),
          ...(survey ? { surveyUrl: url('s', makeSurvey({ surveyId: survey.id, contactId, language })) } : {}),
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

function remembered<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const before = known.get(key)
  if (before) return before
  const made = make()
  known.set(key, made)
  // A failed read is not remembered: the next recipient tries again.
  made.catch(() => known.delete(key))
  return made
}

/** Bytes of ready messages that are kept at once. A price list may have hundreds of groups, each with its own files. */
const KEPT_BYTES = 48 * 1024 * 1024

/** The same for ready messages; those that were used longest ago make room. */
async function kept(known: Map<string, Promise<Ready>>, key: string, make: () => Promise<Ready>): Promise<Ready> {
  const before = known.get(key)
  if (before) {
    // What is used moves to the end.
    known.delete(key)
    known.set(key, before)
    return before
  }
  const made = remembered(known, key, make)
  const sizes = await Promise.all(
    [...known].map(async ([name, one]) => [name, sizeOf(await one.catch(() => null))] as const),
  )
  let over = sizes.reduce((sum, [, size]) => sum + size, 0) - KEPT_BYTES
  for (const [name, size] of sizes) {
    if (over <= 0 || name === key) break
    known.delete(name)
    over -= size
  }
  return made
}

function sizeOf(ready: Ready | null): number {
  return ready?.body.reduce((sum, piece) => sum + (typeof piece === 'function' ? 0 : piece.length), 0) ?? 0
}
