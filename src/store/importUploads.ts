import type { ImportMappingRow, ImportUploadRow } from './rows/imports.ts'
import type { Store } from './store.ts'

/** Keeps what is known of a file that was uploaded. */
export function addUpload({ db }: Store, row: ImportUploadRow) {
  return db.insertInto('import_uploads').values(row)
}

export async function uploadById({ db }: Store, id: string): Promise<ImportUploadRow | null> {
  return (await db.selectFrom('import_uploads').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export function deleteUpload({ db }: Store, id: string) {
  return db.deleteFrom('import_uploads').where('id', '=', id)
}

/** Uploads from which nobody made an import. */
export function deleteOldUploads({ db }: Store, olderThan: number) {
  return db.deleteFrom('import_uploads').where('created_at', '<', olderThan)
}

/** Remembers what the columns of such a table mean; the last word counts. */
export function rememberMapping({ db }: Store, row: ImportMappingRow) {
  const { mapping, updated_at } = row
  return db
    .insertInto('import_mappings')
    .values(row)
    .onConflict((conflict) => conflict.columns(['kind', 'headers']).doUpdateSet({ mapping, updated_at }))
}

/** The meaning of each column of such a table the last time, null where it was left out; null where it is new. */
export async function mappingFor(
  { db }: Store,
  kind: ImportMappingRow['kind'],
  headers: string,
): Promise<(string | null)[] | null> {
  const row = await db
    .selectFrom('import_mappings')
    .select('mapping')
    .where('kind', '=', kind)
    .where('headers', '=', headers)
    .executeTakeFirst()
  return row ? (JSON.parse(row.mapping) as (string | null)[]) : null
}
