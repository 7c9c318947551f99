import type { Deps } from '../deps.ts'
import { sha256 } from '../keyring.ts'
import { attachmentsOf, deleteUnusedFile } from '../store/attachments.ts'
import { mailingById, timesOf } from '../store/mailings.ts'
import { mailingState, mayBecome } from '../rules/mailing.ts'
import type { MailingRow } from '../store/tables.ts'
import { inputOf, readInput, unfrozen, type InputError, type MailingInput } from './mailingInput.ts'
import { priceColumns, pricesHash, pricesOf } from './mailingPrices.ts'
import { surveyColumns, surveyOf } from './mailingSurvey.ts'

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

/**
 * Changes a draft; what is left out stays. A scheduled mailing is frozen.
 * @param seen `updated_at` of the draft that the change was made on: one that was changed since is left alone (409, `version`)
 */
export async function changeMailing(
  deps: Deps,
  id: string,
  patch: Partial<MailingInput>,
  seen?: number,
): Promise<SaveResult> {
  const row = await mailingById(deps.store, id)
  if (!row) return missing
  if (seen !== undefined && row.updated_at !== seen) return stale
  const may = mayBecome(mailingState(timesOf(row)), 'edit')
  if (!may.ok) return { ok: false, status: 409, errors: [{ path: 'state', message: may.why }] }
  const read = await readInput(deps, { ...inputOf(row), ...patch })
  if (!read.ok) return read
  const change = deps.store.db
    .updateTable('mailings')
    .set({ ...read.columns, updated_at: Math.max(deps.now(), row.updated_at + 1) })
    .where('id', '=', id)
    .where('scheduled_at', 'is', null)
  const [rows] = await deps.store.batch([
    (seen === undefined ? change : change.where('updated_at', '=', seen)).returningAll(),
  ])
  if (rows[0]) return { ok: true, mailing: rows[0] }
  const now = await mailingById(deps.store, id)
  return now && now.scheduled_at === null ? stale : frozen
}

/** A new draft with the same content, attachments and audience. */
export async function copyMailing(deps: Deps, id: string, actor: string): Promise<SaveResult> {
  const { store } = deps
  const row = await mailingById(store, id)
  if (!row) return missing
  const now = deps.now()
  const copy = deps.id()
  const files = await store.db.selectFrom('attachments').selectAll().where('mailing_id', '=', id).execute()
  const { kind, class: messageClass, purpose, topic, subject, format, body, content, sender } = row
  const audience = JSON.stringify(unfrozen(row.audience))
  const columns = { kind, class: messageClass, purpose, topic, subject, format, body, content, audience, sender }
  const [rows] = await store.batch([
    store.db
      .insertInto('mailings')
      .values({
        ...blank,
        ...columns,
        ...surveyColumns({ kind, ...surveyOf(row) }),
        ...priceColumns({ kind, ...pricesOf(row) }),
        id: copy,
        created_at: now,
        updated_at: now,
        created_by: actor,
      })
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
      .deleteFrom('series')
      .where('mailing_id', '=', id)
      .where('mailing_id', 'not in', db.selectFrom('mailings').select('id')),
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
  const { kind, topic, subject, content, audience, sender, survey_id } = row
  const survey = survey_id === null ? [] : [survey_id]
  const prices = await pricesHash({ store }, row.price_versions)
  return sha256(
    JSON.stringify([
      kind,
      topic,
      subject,
      content,
      audience,
      sender,
      files,
      ...survey,
      ...(prices === null ? [] : [prices]),
    ]),
  )
}

const frozen = {
  ok: false as const,
  status: 409 as const,
  errors: [{ path: 'state', message: 'It was scheduled meanwhile and is frozen.' }],
}

const stale = {
  ok: false as const,
  status: 409 as const,
  errors: [{ path: 'version', message: 'Somebody changed the draft since it was opened. Read it again.' }],
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
