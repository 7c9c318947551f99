import { z } from 'zod'
import type { Deps } from '../deps.ts'
import { sha256 } from '../keyring.ts'
import { checkContent, type Content } from '../mail/content.ts'
import type { PurposeKey } from '../rules/register.ts'
import { attachmentsOf, deleteUnusedFile } from '../store/attachments.ts'
import type { Audience } from '../store/mailings.ts'
import { mailingById, timesOf } from '../store/mailings.ts'
import { mailingState, mayBecome } from '../rules/mailing.ts'
import type { MailingRow } from '../store/tables.ts'
import { parseEmail } from '../rules/address.ts'

export const mailingInput = z.strictObject({
  kind: z.enum(['newsletter', 'price_list', 'survey', 'event']),
  topic: z.string().min(1).max(64),
  subject: z.string(),
  content: z.strictObject({ format: z.enum(['markdown', 'mjml']), body: z.string() }),
  audience: z
    .strictObject({
      languages: z
        .array(z.enum(['fi', 'sv', 'en']))
        .min(1)
        .optional(),
      priceGroups: z.array(z.string().min(1).max(64)).min(1).max(500).optional(),
      companies: z.array(z.string().min(1).max(64)).min(1).max(5000).optional(),
    })
    .optional(),
  from: z.strictObject({ name: z.string().min(1).max(200), address: z.string() }).optional(),
  replyTo: z.string().optional(),
})

export type MailingInput = z.infer<typeof mailingInput>
export type InputError = { path: string; message: string; line?: number; column?: number }
export type SaveResult =
  | { ok: true; mailing: MailingRow }
  | { ok: false; status: 404 | 409 | 422; errors: InputError[] }

/** A new draft; its content is checked now, with line and column, so that nothing can fail while it is sent. */
export async function createMailing(deps: Deps, input: MailingInput, actor: string): Promise<SaveResult> {
  const read = await readInput(deps, input)
  if (!read.ok) return read
  const now = deps.now()
  const [rows] = await deps.store.batch([
    deps.store.db
      .insertInto('mailings')
      .values({ ...blank, ...read.columns, id: deps.id(), created_at: now, updated_at: now, created_by: actor })
      .returningAll(),
  ])
  const mailing = rows[0]
  if (!mailing) throw new Error('the new mailing was not returned')
  return { ok: true, mailing }
}

/** Changes a draft; what is left out stays. A scheduled mailing is frozen. */
export async function changeMailing(deps: Deps, id: string, patch: Partial<MailingInput>): Promise<SaveResult> {
  const row = await mailingById(deps.store, id)
  if (!row) return missing
  const may = mayBecome(mailingState(timesOf(row)), 'edit')
  if (!may.ok) return { ok: false, status: 409, errors: [{ path: 'state', message: may.why }] }
  const read = await readInput(deps, { ...inputOf(row), ...patch })
  if (!read.ok) return read
  const [rows] = await deps.store.batch([
    deps.store.db
      .updateTable('mailings')
      .set({ ...read.columns, updated_at: deps.now() })
      .where('id', '=', id)
      .where('scheduled_at', 'is', null)
      .returningAll(),
  ])
  return rows[0]
    ? { ok: true, mailing: rows[0] }
    : frozen
}

/** A new draft with the same content, attachments and audience. */
export async function copyMailing(deps: Deps, id: string, actor: string): Promise<SaveResult> {
  const { store } = deps
  const row = await mailingById(store, id)
  if (!row) return missing
  const now = deps.now()
  const copy = deps.id()
  const files = await store.db.selectFrom('attachments').selectAll().where('mailing_id', '=', id).execute()
  const { kind, class: messageClass, purpose, topic, subject, format, body, content, audience, sender } = row
  const columns = { kind, class: messageClass, purpose, topic, subject, format, body, content, audience, sender }
  const [rows] = await store.batch([
    store.db
      .insertInto('mailings')
      .values({ ...blank, ...columns, id: copy, created_at: now, updated_at: now, created_by: actor })
      .returningAll(),
    ...files.map((file) => store.db.insertInto('attachments').values({ ...file, id: deps.id(), mailing_id: copy })),
  ])
  return rows[0] ? { ok: true, mailing: rows[0] } : missing
}

/** Deletes a draft; anything that was scheduled is part of the record. */
export async function deleteMailing(
  deps: Deps,
  id: string,
): Promise<{ ok: true } | Extract<SaveResult, { ok: false }>> {
  const row = await mailingById(deps.store, id)
  if (!row) return missing
  const may = mayBecome(mailingState(timesOf(row)), 'delete')
  if (!may.ok) return { ok: false, status: 409, errors: [{ path: 'state', message: may.why }] }
  const { db } = deps.store
  const files = await attachmentsOf(deps.store, [id])
  const [deleted] = await deps.store.batch([
    db.deleteFrom('mailings').where('id', '=', id).where('scheduled_at', 'is', null).returning('id'),
    db
      .deleteFrom('attachments')
      .where('mailing_id', '=', id)
      .where(({ not, exists, selectFrom }) => not(exists(selectFrom('mailings').select('id').where('id', '=', id)))),
    ...files.map((file) => deleteUnusedFile(deps.store, file.sha256)),
  ])
  return deleted[0] ? { ok: true } : frozen
}

/** What is frozen: SHA-256 over the compiled content, the sender, the audience and the attachments' own hashes. */
export async function contentHash({ store }: Pick<Deps, 'store'>, row: MailingRow): Promise<string> {
  const files = await store.db
    .selectFrom('attachments')
    .select(['name', 'media_type', 'sha256'])
    .where('mailing_id', '=', row.id)
    .orderBy('id')
    .execute()
  const { kind, topic, subject, content, audience, sender } = row
  return sha256(JSON.stringify([kind, topic, subject, content, audience, sender, files]))
}

const frozen = {
  ok: false as const,
  status: 409 as const,
  errors: [{ path: 'state', message: 'It was scheduled meanwhile and is frozen.' }],
}

const missing = {
  ok: false as const,
  status: 404 as const,
  errors: [{ path: 'id', message: 'There is no such mailing.' }],
}

const blank = {
  content_hash: null,
  time_zone: null,
  scheduled_at: null,
  due_at: null,
  not_after: null,
  started_at: null,
  proposed_to: null,
  proposed_at: null,
  paused_at: null,
  pause_reason: null,
  held_at: null,
  hold_reason: null,
  finished_at: null,
  cancelled_at: null,
}

async function readInput(deps: Deps, input: MailingInput) {
  const refuse = (path: string, message: string) => ({
    ok: false as const,
    status: 422 as const,
    errors: [{ path, message }],
  })
  const topic = await deps.store.db
    .selectFrom('topics')
    .select(['purpose', 'kind'])
    .where('id', '=', input.topic)
    .executeTakeFirst()
  if (!topic) return refuse('topic', 'There is no such topic; GET /api/v1/topics lists them.')
  if (topic.kind !== input.kind)
    return refuse(
      'kind',
      `The topic ${input.topic} is for mailings of kind ${topic.kind}; choose that kind or another topic.`,
    )
  for (const [path, address] of [
    ['from.address', input.from?.address],
    ['replyTo', input.replyTo],
  ] as const) {
    if (address === undefined) continue
    const email = parseEmail(address, { allowReserved: true })
    if (!email.ok) return refuse(path, email.error)
  }
  const allowed = deps.register.purposes[topic.purpose as PurposeKey].fields
  const survey = input.kind === 'survey'
  const checked = await checkContent({ ...input.content, subject: input.subject }, allowed, { survey })
  if (!checked.ok) return { ok: false as const, status: 422 as const, errors: checked.errors }
  const columns = {
    kind: input.kind,
    class: survey ? ('research' as const) : ('marketing' as const),
    purpose: topic.purpose,
    topic: input.topic,
    subject: input.subject,
    format: input.content.format,
    body: input.content.body,
    content: JSON.stringify(checked.content satisfies Content),
    audience: JSON.stringify(input.audience ?? {}),
    sender: JSON.stringify({ from: input.from, replyTo: input.replyTo }),
  }
  return { ok: true as const, columns, content: checked.content }
}

/** A stored mailing as the input it was made from. */
export function inputOf(row: MailingRow): MailingInput {
  const sender = JSON.parse(row.sender) as Pick<MailingInput, 'from' | 'replyTo'>
  return {
    kind: row.kind,
    topic: row.topic,
    subject: row.subject,
    content: { format: row.format as MailingInput['content']['format'], body: row.body },
    audience: JSON.parse(row.audience) as Audience as NonNullable<MailingInput['audience']>,
    ...sender,
  }
}
