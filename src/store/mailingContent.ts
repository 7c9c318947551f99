import type { Store } from './store.ts'
import { surveyById, type Survey } from './surveys.ts'
import type { MailingRow } from './tables.ts'

/** A checked content as mail/content.ts stored it. */
export type StoredContent = {
  shape: 'part' | 'document'
  subject: string
  html: string
  text: string
  mergedFields: string[]
  links: string[]
  warnings: { path: 'subject' | 'content.body'; line: number; column: number; message: string }[]
}
export type StoredAttachment = { name: string; mediaType: string; base64: string }
export type StoredMailing = {
  row: MailingRow
  content: StoredContent
  attachments: StoredAttachment[]
  survey: Survey | null
}

/** A mailing with its content and files, as it is made ready to send. @throws when there is no such mailing */
export async function readMailing(store: Store, id: string): Promise<StoredMailing> {
  const row = await store.db.selectFrom('mailings').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const files = await store.db
    .selectFrom('attachments')
    .select(['name', 'media_type', 'sha256'])
    .where('mailing_id', '=', id)
    .orderBy('id')
    .execute()
  const attachments = await Promise.all(
    files.map(async (file) => ({
      name: file.name,
      mediaType: file.media_type,
      base64: await readFile(store, file.sha256),
    })),
  )
  const survey = row.survey_id === null ? null : await surveyById(store, row.survey_id)
  return { row, content: JSON.parse(row.content) as StoredContent, attachments, survey }
}

/** A stored file, whole, as base64. @throws when nothing of it is there: a mailing never goes out with an empty file */
export async function readFile(store: Store, sha256: string): Promise<string> {
  const pieces = await store.db
    .selectFrom('file_chunks')
    .select('base64')
    .where('sha256', '=', sha256)
    .orderBy('n')
    .execute()
  if (pieces.length === 0) throw new Error('the file of an attachment is gone')
  return pieces.map((piece) => piece.base64).join('')
}
