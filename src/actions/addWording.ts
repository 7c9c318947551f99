import type { Deps } from '../deps.ts'
import { sha256 } from '../keyring.ts'
import type { FieldFault } from '../rules/contactRecord.ts'
import type { Language } from '../rules/form.ts'
import { cleanText, textLimits } from '../rules/text.ts'
import { addWording as insertWording, forgetForms, formOf } from '../store/forms.ts'
import { recordEvent } from '../store/ledger.ts'

export type AddWordingResult = { ok: true; id: string; text: string } | { ok: false; errors: FieldFault[] }

/** A new wording of a form, which is shown from now on. Wordings are never changed: what was shown is the proof (standards B1-5). */
export async function addWording(
  deps: Deps,
  wording: { formId: string; language: Language; text: string },
  actor: string,
): Promise<AddWordingResult> {
  const { store } = deps
  const read = readWording(wording.text)
  if (!read.ok) return { ok: false, errors: [{ path: 'text', message: read.error }] }
  if (!(await formOf(deps, wording.formId)))
    return { ok: false, errors: [{ path: 'formId', message: 'There is no such form; GET /api/v1/forms lists them.' }] }
  const { id, writes } = wordingWrites(deps, { ...wording, text: read.value }, actor)
  await store.batch(writes)
  forgetForms(store)
  return { ok: true, id, text: read.value }
}

/** The text as it is kept and shown. */
export const readWording = (text: string) =>
  cleanText(text, { field: 'text', max: textLimits.freeText, multiline: true })

/** Adds a wording whose text was read, and the ledger's word of it. */
export function wordingWrites(
  deps: Pick<Deps, 'store' | 'id' | 'now'>,
  { formId, language, text }: { formId: string; language: Language; text: string },
  actor: string,
) {
  const { store } = deps
  const now = deps.now()
  const id = deps.id()
  const hash = sha256(text)
  const writes = [
    insertWording(store, { id, form_id: formId, language, text, sha256: hash }, now),
    recordEvent(store, {
      id: deps.id(),
      at: now,
      event: 'wording_added',
      subject: null,
      actor,
      data: { wording: id, form: formId, language, sha256: hash },
    }),
  ]
  return { id, writes }
}
