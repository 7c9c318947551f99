import { sql } from 'kysely'
import type { Store } from './store.ts'

/** Bytes of one piece: below 1 MB as base64, which every engine can hold in a row. */
export const PIECE_BYTES = 720 * 1024

/**
 * Writes one piece of a file; the same piece again replaces itself.
 * @param file SHA-256 of the content, or `import.<id>` for a file that is kept only until it was imported
 */
export function putPiece({ db }: Store, file: string, n: number, bytes: Uint8Array) {
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
  return db
    .insertInto('file_chunks')
    .values({ sha256: file, n, base64 })
    .onConflict((conflict) => conflict.columns(['sha256', 'n']).doUpdateSet({ base64 }))
}

/** One piece; null behind the last one. */
export async function readPiece({ db }: Store, file: string, n: number): Promise<Uint8Array | null> {
  const row = await db
    .selectFrom('file_chunks')
    .select('base64')
    .where('sha256', '=', file)
    .where('n', '=', n)
    .executeTakeFirst()
  return row ? Buffer.from(row.base64, 'base64') : null
}

export function deleteFile({ db }: Store, file: string) {
  return db.deleteFrom('file_chunks').where('sha256', '=', file)
}

/** Uploads that nobody finished, made before `olderThan` (a key of this kind), and those of imports that ended. */
export function deleteLostUploads({ db }: Store, olderThan: string) {
  return sql`
    delete from file_chunks where sha256 like 'import.%' and sha256 < ${olderThan} and not exists (
      select 1 from imports i where 'import.' || coalesce(i.file_id, i.id) = file_chunks.sha256 and i.finished_at is null and i.failed_at is null)`.compile(
    db,
  )
}

/** Where the file of an import is kept. */
export function importFile(importId: string): string {
  return `import.${importId}`
}
