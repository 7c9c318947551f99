import type { Deps } from '../deps.ts'
import type { FieldFault } from '../rules/contactRecord.ts'
import { formDefinition, type FormDefinition } from '../rules/form.ts'
import { refuseInputs } from '../rules/inputFields.ts'
import { addForm as insertForm, changeForm as updateForm, forgetForms, formOf, type Form } from '../store/forms.ts'
import { recordEvent } from '../store/ledger.ts'
import { allTopics } from '../store/topics.ts'

export type NewForm = { id: string; kind: Form['kind']; definition: FormDefinition }
export type SaveFormResult =
  | { ok: true; form: Form; added: boolean }
  | { ok: false; kind: 'missing' }
  | { ok: false; kind: 'taken' | 'invalid'; errors: FieldFault[] }

/** Adds a form. Its id stands in its address, so it is chosen by whoever makes it; the same again is the same form. */
export async function addForm(deps: Deps, form: NewForm, actor: string): Promise<SaveFormResult> {
  const { store } = deps
  const errors = await faultsOf(deps, form.definition)
  if (errors.length > 0) return { ok: false, kind: 'invalid', errors }
  const now = deps.now()
  const [added] = await store.batch([
    insertForm(store, form, now),
    recordEvent(store, {
      id: `form.${form.id}`,
      at: now,
      event: 'form_added',
      subject: null,
      actor,
      data: { form: form.id },
    }),
  ])
  forgetForms(store)
  const saved = await formOf(deps, form.id)
  if (!saved) throw new Error('a form that is there cannot be read')
  const same = saved.kind === form.kind && textOf(saved.definition) === textOf(form.definition)
  if (added[0] || same) return { ok: true, form: saved, added: added[0] !== undefined }
  return {
    ok: false,
    kind: 'taken',
    errors: [{ path: 'id', message: 'There is another form of this id: choose another, or change that one.' }],
  }
}

/** The same text for the same definition, in whatever order it was stored. */
function textOf(definition: FormDefinition): string {
  return JSON.stringify(formDefinition.parse(definition))
}

/** Puts another definition in the place of a form's; what was asked with the old one keeps the wording it was shown. */
export async function changeForm(
  deps: Deps,
  id: string,
  definition: FormDefinition,
  actor: string,
): Promise<SaveFormResult> {
  const { store } = deps
  const known = await store.db
    .selectFrom('forms')
    .select(['kind', 'updated_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (!known) return { ok: false, kind: 'missing' }
  const errors = await faultsOf(deps, definition)
  if (errors.length > 0) return { ok: false, kind: 'invalid', errors }
  const now = deps.now()
  const at = Math.max(now, known.updated_at + 1)
  const [changed] = await store.batch([
    updateForm(store, { id, kind: known.kind, definition }, known.updated_at, at),
    recordEvent(store, { id: deps.id(), at: now, event: 'form_changed', subject: null, actor, data: { form: id } }),
  ])
  forgetForms(store)
  // Somebody else changed it in between.
  if (!changed[0]) return changeForm(deps, id, definition, actor)
  const form = await formOf(deps, id)
  return form ? { ok: true, form, added: false } : { ok: false, kind: 'missing' }
}

/** Its topics are there, and their purposes may hold what it asks for (domain.md 1). */
async function faultsOf({ store, register }: Deps, { topics, fields }: FormDefinition): Promise<FieldFault[]> {
  const known = await allTopics({ store })
  const unknown = topics.flatMap((id, i) =>
    known.some((topic) => topic.id === id)
      ? []
      : [{ path: `topics.${i}`, message: 'There is no such topic; GET /api/v1/topics lists them.' }],
  )
  if (unknown.length > 0) return unknown
  const purposes = known.filter(({ id }) => topics.includes(id)).map(({ purpose }) => purpose)
  const names = fields.map(({ name }) => name)
  return refuseInputs(register, purposes, names, 'form').map((name) => ({
    path: `fields.${names.indexOf(name)}`,
    message: `The register lets none of ${[...new Set(purposes)].join(', ')} hold this: leave it out.`,
  }))
}
