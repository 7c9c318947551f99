import type { Deps } from '../deps.ts'
import { sha256 } from '../keyring.ts'
import { attachmentLimits, readAttachment } from '../rules/attachment.ts'
import { mailingState, mayBecome } from '../rules/mailing.ts'
import { addAttachment, attachmentsOf, removeAttachment } from '../store/attachments.ts'
import { mailingById, timesOf } from '../store/mailings.ts'
import type { AttachmentRow } from '../store/tables.ts'

export type AttachResult =
  | { ok: true; file: AttachmentRow }
  | { ok: false; status: 404 | 409 | 413 | 422; message: string }

/** Attaches a file to a draft. Its kind, size and name are settled now, so that nothing about it can fail while it is sent. */
export async function attachFile(
  deps: Deps,
  mailingId: string,
  upload: { name: string; bytes: Uint8Array },
): Promise<AttachResult> {
  const { store } = deps
  const { name, bytes } = upload
  if (bytes.length > attachmentLimits.file) return { ok: false, status: 413, message: 'A file may have 10 MiB.' }
  const refused = await refuseChange(deps, mailingId)
  if (refused) return refused
  const read = readAttachment(name, bytes)
  if (!read.ok) return { ok: false, status: 422, message: read.error }
  const file: AttachmentRow = {
    id: deps.id(),
    mailing_id: mailingId,
    name: read.attachment.name,
    media_type: read.attachment.mediaType,
    size: bytes.length,
    sha256: sha256(bytes),
    created_at: deps.now(),
  }
  const [added] = await store.batch(addAttachment(store, file, bytes, attachmentLimits.mailing))
  if (added[0]) return { ok: true, file }
  const known = (await attachmentsOf(store, [mailingId])).find(({ id }) => id === file.id)
  if (known) return { ok: true, file: known }
  return (
    (await refuseChange(deps, mailingId)) ?? {
      ok: false,
      status: 413,
      message: 'The files of one mailing may have 20 MiB together.',
    }
  )
}

/** Takes a file off a draft. */
export async function detachFile(
  deps: Deps,
  mailingId: string,
  fileId: string,
): Promise<{ ok: true } | Extract<AttachResult, { ok: false }>> {
  const file = (await attachmentsOf(deps.store, [mailingId])).find(({ id }) => id === fileId)
  if (!file) return { ok: false, status: 404, message: 'There is no such file.' }
  const refused = await refuseChange(deps, mailingId)
  if (refused) return refused
  const [removed] = await deps.store.batch(removeAttachment(deps.store, file, deps.now()))
  return removed[0] ? { ok: true } : { ok: false, status: 409, message: 'It was scheduled meanwhile and is frozen.' }
}

async function refuseChange({ store }: Deps, mailingId: string): Promise<Extract<AttachResult, { ok: false }> | null> {
  const mailing = await mailingById(store, mailingId)
  if (!mailing) return { ok: false, status: 404, message: 'There is no such mailing.' }
  const may = mayBecome(mailingState(timesOf(mailing)), 'attach')
  return may.ok ? null : { ok: false, status: 409, message: may.why }
}
