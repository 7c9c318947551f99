import { z } from '@hono/zod-openapi'
import { inputOf, mailingInput } from '../../actions/mailingInput.ts'
import { mailingState } from '../../rules/mailing.ts'
import { showInstant, type Schedule } from '../../rules/schedule.ts'
import type { StoredContent } from '../../store/mailingContent.ts'
import { type MailingCounts } from '../../store/mailingCounts.ts'
import { timesOf } from '../../store/mailings.ts'
import type { AttachmentRow, MailingRow } from '../../store/tables.ts'
import { time } from './paging.ts'
import { remark } from './shapes.ts'

// Made anew: a schema from before this router's Zod was loaded cannot be named.
export const newMailing = z.strictObject(mailingInput.shape).openapi('NewMailing')
export const mailingPatch = mailingInput.partial().openapi('MailingPatch')

export const scheduleInput = z
  .strictObject({
    at: z.string().openapi({ description: '`now`, a local time such as 2026-12-01T09:00, or RFC 3339 with an offset' }),
    timeZone: z.string().optional().openapi({ description: 'IANA name; a local time needs it' }),
    notAfter: z.string().optional().openapi({ description: 'Too late to send without asking; in the form of `at`' }),
  })
  .openapi('ScheduleInput')

export const file = z
  .object({ id: z.string(), name: z.string(), mediaType: z.string(), size: z.int(), sha256: z.string() })
  .openapi('Attachment')

const schedule = z
  .object({
    at: z.iso.datetime(),
    local: z.string(),
    offset: z.string(),
    timeZone: z.string(),
    notAfter: z.iso.datetime().nullable(),
    note: z.object({ fi: z.string(), sv: z.string(), en: z.string() }).optional(),
  })
  .openapi('Schedule')

const numbers = z.record(z.string(), z.int())

export const mailing = z
  .object({
    id: z.string(),
    ...mailingInput.shape,
    state: z.enum(['draft', 'scheduled', 'sending', 'paused', 'held', 'finished', 'cancelled']),
    reason: z.string().optional(),
    counts: numbers,
    skippedBy: numbers,
    schedule: schedule.nullable(),
    attachments: z.array(file),
    warnings: z.array(remark),
    contentHash: z.string().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .openapi('Mailing')

type Known = {
  counts?: MailingCounts
  skippedBy?: Record<string, number>
  attachments: readonly AttachmentRow[]
  schedule?: Schedule | undefined
}

const none: MailingCounts = {
  proposed: 0,
  queued: 0,
  sending: 0,
  sent: 0,
  skipped: 0,
  failed: 0,
  uncertain: 0,
  bounced: 0,
}

export function showMailing(row: MailingRow, { counts = none, skippedBy = {}, attachments, schedule: fresh }: Known) {
  const { state, reason } = mailingState(timesOf(row))
  return {
    id: row.id,
    ...inputOf(row),
    state,
    ...(reason === null ? {} : { reason }),
    counts,
    skippedBy,
    schedule: showSchedule(row, fresh),
    attachments: attachments.filter((one) => one.mailing_id === row.id).map(showFile),
    warnings: (JSON.parse(row.content) as StoredContent).warnings,
    contentHash: row.content_hash,
    createdAt: time(row.created_at),
    updatedAt: time(row.updated_at),
    startedAt: time(row.started_at),
    finishedAt: time(row.finished_at),
  }
}

export function showFile({ id, name, media_type, size, sha256 }: AttachmentRow) {
  return { id, name, mediaType: media_type, size, sha256 }
}

function showSchedule(row: MailingRow, fresh: Schedule | undefined) {
  if (row.due_at === null) return null
  const { local, offset, zone } = showInstant(row.due_at, row.time_zone ?? 'UTC')
  return {
    at: time(row.due_at),
    local,
    offset,
    timeZone: zone,
    notAfter: time(row.not_after),
    ...(fresh?.note ? { note: fresh.note } : {}),
  }
}
