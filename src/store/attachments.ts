import { sql } from 'kysely'
import { PIECE_BYTES, putPiece } from './files.ts'
import type { Query, Store } from './store.ts'
import type { AttachmentRow } from './tables.ts'

/** The files of mailings, in the order in which they were attached. */
export async function attachmentsOf({ db }: Store, mailingIds: readonly string[]): Promise<AttachmentRow[]> {
  if (mailingIds.length === 0) return []
  return db.selectFrom('attachments').selectAll().where('mailing_id', 'in', mailingIds).orderBy('id').execute()
}

/**
 * Attaches a file to a draft that has room for it; the same id again changes nothing. Returns the id when it was attached.
 * The content is kept once, however many mailings carry it.
 */
export function addAttachment(
  store: Store,
  file: AttachmentRow,
  bytes: Uint8Array,
  limit: number,
): readonly [Query<{ id: string }>, ...Query[]] {
  const pieces = Math.ceil(bytes.length / PIECE_BYTES)
  return [
    sql<{ id: string }>`
      insert into attachments (id, mailing_id, name, media_type, size, sha256, created_at)
      select ${file.id}, m.id, ${file.name}, ${file.media_type}, cast(${file.size} as bigint), ${file.sha256}, cast(${file.created_at} as bigint)
      from mailings m where m.id = ${file.mailing_id} and m.scheduled_at is null
        and (select coalesce(sum(a.size), 0) from attachments a where a.mailing_id = m.id) + ${file.size} <= ${limit}
      on conflict do nothing
      returning id`.compile(store.db),
    touchDraft(store, file.mailing_id, file.created_at),
    ...Array.from({ length: pieces }, (_, n) =>
      putPiece(store, file.sha256, n, bytes.subarray(n * PIECE_BYTES, (n + 1) * PIECE_BYTES)),
    ),
    deleteUnusedFile(store, file.sha256),
  ]
}

/** Takes a file off a draft. Returns its id when it was there. */
export function removeAttachment(store: Store, file: Pick<AttachmentRow, 'id' | 'mailing_id' | 'sha256'>, now: number) {
  const { db } = store
  return [
    db
      .deleteFrom('attachments')
      .where('id', '=', file.id)
      .where(
        'mailing_id',
        'in',
        db.selectFrom('mailings').select('id').where('id', '=', file.mailing_id).where('scheduled_at', 'is', null),
      )
      .returning('id'),
    touchDraft(store, file.mailing_id, now),
    deleteUnusedFile(store, file.sha256),
  ] as const
}

/** Whoever schedules the mailing on what they saw before finds it changed. */
function touchDraft({ db }: Store, mailingId: string, now: number) {
  return db
    .updateTable('mailings')
    .set((e) => ({
      updated_at: e
        .case()
        .when('updated_at', '<', now)
        .then(e.cast<number>(e.val(now), 'bigint'))
        .else(e('updated_at', '+', 1))
        .end(),
    }))
    .where('id', '=', mailingId)
    .where('scheduled_at', 'is', null)
}

/** Forgets a content that no mailing and no price list carries any more. */
export function deleteUnusedFile({ db }: Store, hash: string) {
  return db
    .deleteFrom('file_chunks')
    .where('sha256', '=', hash)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('attachments').select('id').where('sha256', '=', hash))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('price_list_files').select('id').where('sha256', '=', hash))),
    )
}
