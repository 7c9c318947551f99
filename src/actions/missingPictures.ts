import type { Deps } from '../deps.ts'
import { imageByHash } from '../store/images.ts'
import type { StoredContent } from '../store/mailingContent.ts'
import type { InputError } from './mailingInput.ts'

/** Pictures of ours that a content shows and that are not there: their readers would see a hole. */
export async function missingPictures(
  { store, config }: Pick<Deps, 'store' | 'config'>,
  { html }: Pick<StoredContent, 'html'>,
): Promise<InputError[]> {
  const ours = `${config.publicUrl}/i/`
  const hashes = new Set(
    html
      .split(ours)
      .slice(1)
      .map((rest) => /^[\w-]*/.exec(rest)?.[0] ?? ''),
  )
  const known = await Promise.all([...hashes].map((hash) => imageByHash(store, hash)))
  return [...hashes]
    .filter((_, n) => known[n] === null)
    .map((hash) => ({
      path: 'content.body',
      message: `The picture ${ours}${hash} is not there: add it again, or take it out.`,
    }))
}
