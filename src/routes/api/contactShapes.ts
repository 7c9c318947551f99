import { z } from '@hono/zod-openapi'
import { permissionFact } from '../../mail/facts.ts'
import { shownEvidence } from '../../rules/contactRecord.ts'
import { stateOf } from '../../rules/permission.ts'
import type { ContactRow, PermissionRow } from '../../store/tables.ts'
import { page, time } from './paging.ts'
import { language } from './shapes.ts'

const rule = z.enum(['consent', 'existing_customer', 'duty_evidence', 'legal_person'])
const addressClass = z.enum(['role_work', 'named_work', 'sole_trader', 'private', 'unknown'])

const evidence = z.union([
  z.string(),
  z.strictObject({ duty: z.string(), how: z.string(), when: z.string(), by: z.string() }),
])

const permissionInput = z.strictObject({
  topic: z.string().max(64),
  rule,
  evidence: evidence
    .optional()
    .openapi({ description: 'How you know: 10 characters or more, or an object. Only legal_person may lack it.' }),
})

export const contactInput = z
  .strictObject({
    email: z.string(),
    name: z.string().optional(),
    company: z.string().optional(),
    title: z.string().optional(),
    phone: z.string().optional(),
    language: language.optional(),
    source: z.string().openapi({ description: 'Where the data come from (GDPR Art. 14)' }),
    externalId: z.string().optional(),
    permissions: z.array(permissionInput).max(50).optional(),
  })
  .openapi('NewContact')

export const contactPatch = z
  .strictObject({
    email: z.string(),
    name: z.string().nullable(),
    company: z.string().nullable(),
    title: z.string().nullable(),
    phone: z.string().nullable(),
    language,
    source: z.string(),
    externalId: z.string().nullable(),
    addressClass: addressClass.nullable(),
    restricted: z.boolean(),
  })
  .partial()
  .openapi('ContactPatch')

export const added = z
  .object({
    id: z.string(),
    warnings: z.array(z.object({ path: z.string(), reason: z.string(), message: z.string() })),
  })
  .openapi('AddedContact')

const permission = z
  .object({
    id: z.string(),
    topic: z.string(),
    channel: z.enum(['email', 'post', 'phone']),
    rule,
    basis: z.string(),
    state: z.enum(['requested', 'confirmed', 'withdrawn', 'expired', 'unknown']),
    source: z.string(),
    evidence: z.unknown(),
    wordingId: z.string().nullable(),
    requestedAt: z.iso.datetime(),
    requestedFrom: z.string().nullable(),
    confirmedAt: z.iso.datetime().nullable(),
    confirmedFrom: z.string().nullable(),
    withdrawnAt: z.iso.datetime().nullable(),
    withdrawnFrom: z.string().nullable(),
    expiresAt: z.iso.datetime().nullable(),
  })
  .openapi('Permission')

const contactFields = {
  id: z.string(),
  email: z.string(),
  name: z.string().nullable(),
  company: z.string().nullable(),
  companyId: z.string().nullable(),
  title: z.string().nullable(),
  phone: z.string().nullable(),
  language,
  externalId: z.string().nullable(),
  addressClass,
  source: z.string(),
  fields: z.record(z.string(), z.unknown()),
  restrictedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}
export const contact = z.object({ ...contactFields, permissions: z.array(permission) }).openapi('Contact')
export const contactPage = page(z.object(contactFields).openapi('ListedContact')).openapi('ContactPage')

export function showContact(row: ContactRow) {
  return {
    id: row.id,
    email: row.address,
    name: row.name,
    company: row.company_name,
    companyId: row.company_id,
    title: row.title,
    phone: row.phone,
    language: row.language,
    externalId: row.external_id,
    addressClass: row.class,
    source: row.source,
    fields: JSON.parse(row.fields) as Record<string, unknown>,
    restrictedAt: time(row.restricted_at),
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
  }
}

export function showPermission(row: PermissionRow, now: number) {
  return {
    id: row.id,
    topic: row.topic,
    channel: row.channel,
    rule: row.rule,
    basis: row.basis,
    state: stateOf(permissionFact(row), now),
    source: row.source,
    evidence: shownEvidence(row.evidence),
    wordingId: row.wording_id,
    requestedAt: time(row.requested_at),
    requestedFrom: row.requested_from,
    confirmedAt: time(row.confirmed_at),
    confirmedFrom: row.confirmed_from,
    withdrawnAt: time(row.withdrawn_at),
    withdrawnFrom: row.withdrawn_from,
    expiresAt: time(row.expires_at),
  }
}
