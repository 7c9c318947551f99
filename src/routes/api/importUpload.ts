import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { discardFile, IMPORT_BYTES, receiveFile, type ReceivedFile } from '../../actions/receiveFile.ts'
import type { FieldError } from '../errors.tsx'
import { boundaryOf, MultipartFault, partsOf, type Part } from './multipart.ts'

/** `name`: of the file, to be shown only; '' where it came alone */
export type ImportUpload =
  | { ok: true; file: ReceivedFile; name: string; typed: Record<string, string[]> }
  | { ok: false; status: 400 | 413 | 415 | 422; errors: FieldError[] }

/** What multipart puts around a file. */
const AROUND = 64 * 1024
const FIELD_MAX = 64 * 1024

/** Reads the file and the fields of an import as they come: the file is never held in memory as a whole. */
export async function readImportUpload(
  c: Context,
  deps: Deps,
  alone: 'csv may come alone' | 'form only',
): Promise<ImportUpload> {
  const type = c.req.header('Content-Type') ?? ''
  const boundary = boundaryOf(type)
  const isAlone = alone === 'csv may come alone' && /^text\/csv\s*(;|$)/i.test(type)
  const isPlain = /^(identity)?$/i.test(c.req.header('Content-Encoding')?.trim() ?? '')
  if ((boundary === null && !isAlone) || !isPlain)
    return refuse(
      415,
      isPlain
        ? `Send multipart/form-data with its boundary${isAlone ? ' or text/csv' : ''}.`
        : 'Send the body without Content-Encoding.',
    )
  if (Number(c.req.header('Content-Length') ?? 0) > IMPORT_BYTES + AROUND)
    return refuse(413, 'The file is too large: import less than 200 MiB at a time.')
  const body: AsyncIterable<Uint8Array> | null = c.req.raw.body
  if (body === null) return refuse(422, 'Send a file.')
  if (boundary === null) {
    const received = await receiveFile(deps, body)
    return received.ok
      ? { ok: true, file: received.file, name: '', typed: {} }
      : refuse(received.status, received.message)
  }
  const form: Form = { file: null, name: '', typed: {} }
  const fault = await readForm(deps, partsOf(body, boundary), form).catch((error: unknown) => {
    if (error instanceof MultipartFault) return refuse(400, error.message)
    throw error
  })
  if (fault !== null || form.file === null) {
    if (form.file !== null) await discardFile(deps, form.file.importId)
    return fault ?? refuse(422, 'Send the file in the part "file".')
  }
  return { ok: true, file: form.file, name: form.name, typed: form.typed }
}

type Form = { file: ReceivedFile | null; name: string; typed: Record<string, string[]> }
type Refused = Extract<ImportUpload, { ok: false }>

async function readForm(deps: Deps, parts: AsyncIterable<Part>, form: Form): Promise<Refused | null> {
  for await (const { name, fileName, content } of parts) {
    if (name !== 'file') {
      const text = await readField(content)
      if (text === null) return refuse(413, 'This is too long.', name)
      form.typed[name] = [...(form.typed[name] ?? []), text]
      continue
    }
    if (form.file !== null) return refuse(422, 'Send one file.')
    if (fileName === null) return refuse(422, 'Send the file with its filename.')
    // The name is never used; one that points elsewhere is no accident.
    if (/[\\/]|^\.\.?$/.test(fileName)) return refuse(422, "The file's name may hold no path.")
    const received = await receiveFile(deps, content)
    if (!received.ok) return refuse(received.status, received.message)
    Object.assign(form, { file: received.file, name: fileName })
  }
  return null
}

async function readField(content: AsyncIterable<Uint8Array>): Promise<string | null> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of content) {
    size += piece.length
    if (size > FIELD_MAX) return null
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function refuse(status: Refused['status'], message: string, path = 'file'): Refused {
  return { ok: false, status, errors: [{ path: /^[\w-]{1,64}$/.test(path) ? path : '…', message }] }
}
