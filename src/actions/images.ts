import { sql } from 'kysely'
import type { Deps } from '../deps.ts'
import { sha256 } from '../keyring.ts'
import { chosenBrand } from '../mail/brand.ts'
import { ALT_MAX, readImage, type ImageFault } from '../rules/image.ts'
import { cleanText, textLimits } from '../rules/text.ts'
import { addImage, changeAlt, deleteImage, imageById, mailingsShowing } from '../store/images.ts'
import { recordEvent, recordEventIf } from '../store/ledger.ts'
import type { ImageRow } from '../store/rows/forms.ts'

export type AddImageResult =
  | { ok: true; image: ImageRow; added: boolean }
  | { ok: false; path: 'file' | 'alt'; fault: ImageFault | 'alt'; message: string }

const ALT_NEEDED = `Say in words what the picture shows, in 1 to ${ALT_MAX} characters: many readers do not see it.`

/** Keeps a picture, without what its file says beside the picture. The same picture again takes the text that was given last. */
export async function addPicture(
  deps: Deps,
  { name, bytes, alt }: { name: string; bytes: Uint8Array; alt: string },
  actor: string,
): Promise<AddImageResult> {
  const text = readAlt(alt)
  if (text === null) return { ok: false, path: 'alt', fault: 'alt', message: ALT_NEEDED }
  const read = readImage(bytes)
  if (!read.ok) return { ...read, path: 'file' }
  const id = deps.id()
  const hash = sha256(read.bytes)
  const called = cleanText(name.split(/[/\\]/).at(-1), { field: 'name', max: textLimits.name, optional: true })
  const { mediaType: media_type, width, height } = read
  const image: ImageRow = {
    id,
    sha256: hash,
    name: called.ok ? called.value : '',
    media_type,
    width,
    height,
    size: read.bytes.length,
    alt: text,
    created_at: deps.now(),
    created_by: actor,
  }
  const [kept] = await deps.store.batch([
    ...addImage(deps.store, image, read.bytes),
    recordEvent(deps.store, {
      id: `image.${id}`,
      at: deps.now(),
      event: 'image_added',
      subject: null,
      actor,
      data: { sha256: hash },
    }),
  ])
  const row = kept[0]
  if (!row) throw new Error('the picture was not returned')
  return { ok: true, image: row, added: row.id === id }
}

/** Another text for a picture; messages that show it already keep theirs. */
export async function describeImage(deps: Deps, id: string, alt: string): Promise<'missing' | 'alt' | ImageRow> {
  const text = readAlt(alt)
  if (text === null) return 'alt'
  const [changed] = await deps.store.batch([changeAlt(deps.store, id, text)])
  return changed[0] ?? 'missing'
}

export type DropImageResult =
  | { ok: true }
  | { ok: false; kind: 'missing' }
  | { ok: false; kind: 'used'; mailings: { id: string; subject: string }[]; logo: boolean }

/** Deletes a picture that nothing shows; else it says what does. */
export async function dropImage(deps: Deps, id: string, actor: string): Promise<DropImageResult> {
  const { store } = deps
  const image = await imageById(store, id)
  if (!image) return { ok: false, kind: 'missing' }
  const [deleted] = await store.batch([
    ...deleteImage(store, image),
    recordEventIf(
      store,
      {
        id: deps.id(),
        at: deps.now(),
        event: 'image_deleted',
        subject: null,
        actor,
        data: { sha256: image.sha256 },
      },
      sql`not exists (select 1 from images where id = ${id})`,
    ),
  ])
  if (deleted[0]) return { ok: true }
  const [mailings, { logo }] = await Promise.all([mailingsShowing(store, image.sha256, 10), chosenBrand(deps)])
  return { ok: false, kind: 'used', mailings, logo: logo === image.sha256 }
}

function readAlt(alt: string): string | null {
  const read = cleanText(alt, { field: 'alt', max: ALT_MAX })
  return read.ok ? read.value : null
}
