import type { Deps } from '../deps.ts'
import { permissionFact } from '../mail/facts.ts'
import { shownEvidence } from '../rules/contactRecord.ts'
import { stateOf } from '../rules/permission.ts'
import { recordsOf } from '../store/contactExport.ts'
import type { PurposeKey } from '../rules/register.ts'
import { contactById } from '../store/contacts.ts'
import type { ContactRow } from '../store/tables.ts'
import { allTopics } from '../store/topics.ts'

/**
 * All data about a person, with their sources, purposes and recipients (GDPR Art. 15, standards B1-13); `portable` is the part
 * that they gave by consent (Art. 20, standards B1-18). Null when there is no such contact.
 */
export async function exportContact(deps: Deps, contactId: string) {
  const contact = await contactById(deps.store, contactId)
  if (!contact) return null
  const [records, topics] = await Promise.all([recordsOf(deps.store, contact), allTopics(deps)])
  const now = deps.now()
  const person = personOf(contact)
  const permissions = records.permissions.map((row) => ({
    topic: row.topic,
    channel: row.channel,
    rule: row.rule,
    basis: row.basis,
    state: stateOf(permissionFact(row), now),
    source: row.source,
    evidence: shownEvidence(row.evidence),
    wording: row.wording,
    wordingLanguage: row.wording_language,
    requestedAt: time(row.requested_at),
    requestedFrom: row.requested_from,
    confirmedAt: time(row.confirmed_at),
    withdrawnAt: time(row.withdrawn_at),
    expiresAt: time(row.expires_at),
  }))
  const byConsent = permissions.filter(({ basis }) => basis === 'consent')
  const used = topics.filter(({ id }) => permissions.some(({ topic }) => topic === id))
  const purposes = [...used.map(({ purpose }) => purpose), ...records.enquiries.map((row) => row.purpose as PurposeKey)]
  return {
    exportedAt: time(now),
    controller: deps.config.company,
    contact: person,
    company: records.company && {
      name: records.company.name,
      businessId: records.company.business_id,
      address: records.company.address,
    },
    permissions,
    bans: records.bans.map(({ kind, scope, source, reason, at }) => ({ kind, scope, source, reason, at: time(at) })),
    enquiries: records.enquiries.map((row) => ({
      form: row.form_id,
      name: row.name,
      company: row.company_name,
      title: row.title,
      phone: row.phone,
      fields: JSON.parse(row.fields) as unknown,
      source: row.source,
      receivedAt: time(row.received_at),
      handledAt: time(row.handled_at),
      closedAt: time(row.closed_at),
      note: row.note,
    })),
    messages: records.deliveries.map((row) => ({
      kind: row.kind,
      topic: row.topic,
      subject: row.subject,
      state: row.state,
      reason: row.reason,
      messageId: row.message_id,
      createdAt: time(row.created_at),
      sentAt: time(row.sent_at),
      bouncedAt: time(row.bounced_at),
    })),
    surveyAnswers: records.answers.map(({ survey, question, value, answered_at }) => ({
      survey,
      question,
      value,
      answeredAt: time(answered_at),
    })),
    events: records.events.map(({ at, event, actor, data }) => ({
      at: time(at),
      event,
      actor,
      data: JSON.parse(data) as unknown,
    })),
    purposes: [...new Set(purposes)].map((key) => {
      const { name, bases, kept } = deps.register.purposes[key]
      return { key, name, bases, kept }
    }),
    recipients: recipientsOf(deps.config.mailUrl),
    portable: byConsent.length > 0 ? { contact: givenBy(contact), permissions: byConsent } : null,
  }
}

function personOf(row: ContactRow) {
  return {
    id: row.id,
    ...givenBy(row),
    externalId: row.external_id,
    addressClass: row.class,
    source: row.source,
    restrictedAt: time(row.restricted_at),
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
  }
}

/** What a person says of themselves. */
function givenBy(row: ContactRow) {
  return {
    email: row.address,
    name: row.name,
    company: row.company_name,
    title: row.title,
    phone: row.phone,
    language: row.language,
    fields: JSON.parse(row.fields) as Record<string, unknown>,
  }
}

/** Who else handles the data: the relay that takes our mail. */
function recipientsOf(mailUrl: string): string[] {
  return /^smtps?:/.test(mailUrl) ? [new URL(mailUrl).hostname] : []
}

function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
