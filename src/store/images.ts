import { sql } from 'kysely'
import { deleteFile, PIECE_BYTES, putPiece } from './files.ts'
import type { ImageRow } from './rows/forms.ts'
import type { Query, Store } from './store.ts'

/** Where the bytes of a picture are kept. */
const fileOf = (sha256: string): string => `image.${sha256}`

/** Keeps a picture; the same bytes again are the same picture, with the text and the name that were given last. */
export function addImage(store: Store, image: ImageRow, bytes: Uint8Array): readonly [Query<ImageRow>, ...Query[]] {
  const { name, alt } = image
  const pieces = Math.ceil(bytes.length / PIECE_BYTES)
  return [
    store.db
      .insertInto('images')
      .values(image)
      .onConflict((conflict) => conflict.column('sha256').doUpdateSet({ name, alt }))
      .returningAll(),
    ...Array.from({ length: pieces }, (_, n) =>
      putPiece(store, fileOf(image.sha256), n, bytes.subarray(n * PIECE_BYTES, (n + 1) * PIECE_BYTES)),
    ),
  ]
}

/** Pictures before the given one, newest first. */
export async function listImages({ db }: Store, before: string | undefined, limit: number): Promise<ImageRow[]> {
  let query = db.selectFrom('images').selectAll()
  if (before !== undefined) query = query.where('id', '<', before)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

export async function imageById({ db }: Store, id: string): Promise<ImageRow | null> {
  return (await db.selectFrom('images').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

export async function imageByHash({ db }: Store, sha256: string): Promise<ImageRow | null> {
  return (await db.selectFrom('images').selectAll().where('sha256', '=', sha256).executeTakeFirst()) ?? null
}

/** The picture's bytes, whole (2 MiB at most). */
export async function imageBytes({ db }: Store, sha256: string): Promise<Uint8Array> {
  const pieces = await db
    .selectFrom('file_chunks')
    .select('base64')
    .where('sha256', '=', fileOf(sha256))
    .orderBy('n')
    .execute()
  return Buffer.concat(pieces.map(({ base64 }) => Buffer.from(base64, 'base64')))
}

export function changeAlt({ db }: Store, id: string, alt: string) {
  return db.updateTable('images').set({ alt }).where('id', '=', id).returningAll()
}

/** Mailings whose content shows the picture, newest first; those that went out show it for as long as people keep them. */
export async function mailingsShowing({ db }: Store, sha256: string, limit: number) {
  return db
    .selectFrom('mailings')
    .select(['id', 'subject'])
    .where('content', 'like', `%/i/${sha256}%`)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** Deletes a picture that neither a mailing nor the brand shows. Returns its id when it was so. */
export function deleteImage(store: Store, { id, sha256 }: Pick<ImageRow, 'id' | 'sha256'>) {
  const unused = sql<boolean>`not exists (select 1 from mailings where content like ${`%/i/${sha256}%`})
    and not exists (select 1 from settings where key = 'brand' and value like ${`%${sha256}%`})`
  return [
    store.db.deleteFrom('images').where('id', '=', id).where(unused).returning('id'),
    deleteFile(store, fileOf(sha256)).where(sql<boolean>`not exists (select 1 from images where sha256 = ${sha256})`),
  ] as const
}
