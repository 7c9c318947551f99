import type { Deps } from '../deps.ts'
import type { FieldFault } from '../rules/contactRecord.ts'
import { enquiryPurposes, isEnquiryKind, kindFaults } from '../rules/enquiry.ts'
import { formDefinition, languages, type FormDefinition, type Language } from '../rules/form.ts'
import { refuseInputs } from '../rules/inputFields.ts'
import { addForm as insertForm, changeForm as updateForm, forgetForms, formOf, type Form } from '../store/forms.ts'
import { recordEvent } from '../store/ledger.ts'
import { allTopics } from '../store/topics.ts'
import { readWording, wordingWrites } from './addWording.ts'
import { staffMailbox } from './mailbox.ts'

export type Wordings = Partial<Record<Language, string>>
export type NewForm = { id: string; kind: Form['kind']; definition: FormDefinition; wordings?: Wordings }
/** `fault` is for pages that speak another language than the message. */
export type FormFault = FieldFault & { fault?: 'topic' | 'register' | 'mailbox' | 'wording' | 'taken' | Kinds }
type Kinds = ReturnType<typeof kindFaults>[number]['fault']
export type SaveFormResult =
  | { ok: true; form: Form; added: boolean }
  | { ok: false; kind: 'missing' | 'stale' }
  | { ok: false; kind: 'taken' | 'invalid'; errors: FormFault[] }

/** Adds a form. Its id stands in its address, so it is chosen by whoever makes it; the same again is the same form. */
export async function addForm(deps: Deps, form: NewForm, actor: string): Promise<SaveFormResult> {
  const { store } = deps
  const { id, kind, wordings = {} } = form
  const errors = await faultsOf(deps, form)
  if (errors.length > 0) return { ok: false, kind: 'invalid', errors }
  const now = deps.now()
  const [added] = (await formOf(deps, id))
    ? [[]]
    : await store.batch([
        insertForm(store, form, now),
        recordEvent(store, {
          id: `form.${id}`,
          at: now,
          event: 'form_added',
          subject: null,
          actor,
          data: { form: id },
        }),
        ...newWordings(deps, id, wordings, {}, actor),
      ])
  forgetForms(store)
  const saved = await formOf(deps, id)
  if (!saved) throw new Error('a form that is there cannot be read')
  const same = saved.kind === kind && textOf(saved.definition) === textOf(form.definition)
  if (added[0] || same) return { ok: true, form: saved, added: added[0] !== undefined }
  return {
    ok: false,
    kind: 'taken',
    errors: [
      { path: 'id', fault: 'taken', message: 'There is another form of this id: choose another, or change that one.' },
    ],
  }
}

/** The same text for the same definition, in whatever order it was stored. */
function textOf(definition: FormDefinition): string {
  return JSON.stringify(formDefinition.parse(definition))
}

/**
 * Puts another definition in the place of a form's; what was asked with the old one keeps the wording it was shown. A wording that
 * reads otherwise than the current one becomes a new one.
 * @param seen `updatedAt` of the form that the change was made on; one that was changed since is left alone (`stale`)
 */
export async function changeForm(
  deps: Deps,
  id: string,
  definition: FormDefinition,
  actor: string,
  { wordings = {}, seen }: { wordings?: Wordings; seen?: number } = {},
): Promise<SaveFormResult> {
  const { store } = deps
  forgetForms(store)
  const known = await formOf(deps, id)
  if (!known) return { ok: false, kind: 'missing' }
  if (seen !== undefined && known.updatedAt !== seen) return { ok: false, kind: 'stale' }
  const errors = await faultsOf(deps, { id, kind: known.kind, definition, wordings })
  if (errors.length > 0) return { ok: false, kind: 'invalid', errors }
  const now = deps.now()
  const at = Math.max(now, known.updatedAt + 1)
  const [changed] = await store.batch([
    updateForm(store, { id, kind: known.kind, definition }, known.updatedAt, at),
    recordEvent(store, { id: deps.id(), at: now, event: 'form_changed', subject: null, actor, data: { form: id } }),
    ...newWordings(deps, id, wordings, known.current, actor),
  ])
  forgetForms(store)
  // Somebody else changed it in between.
  if (!changed[0])
    return seen === undefined ? changeForm(deps, id, definition, actor, { wordings }) : { ok: false, kind: 'stale' }
  const form = await formOf(deps, id)
  return form ? { ok: true, form, added: false } : { ok: false, kind: 'missing' }
}

/** Wordings that say something else than what is shown now; an empty one leaves that as it is. */
function newWordings(deps: Deps, formId: string, wordings: Wordings, current: Form['current'], actor: string) {
  return languages.flatMap((language) => {
    const read = readWording(wordings[language] ?? '')
    if (!read.ok || read.value === current[language]?.text) return []
    return wordingWrites(deps, { formId, language, text: read.value }, actor).writes
  })
}

/** Its topics are there, their purposes may hold what it asks for (domain.md 1), and its enquiries reach a colleague. */
async function faultsOf(deps: Deps, { kind, definition, wordings = {} }: NewForm): Promise<FormFault[]> {
  const { store, register } = deps
  const { topics, fields, mailbox } = definition
  const known = await allTopics({ store })
  const faults: FormFault[] = kindFaults(kind, definition)
  topics.forEach((id, i) => {
    if (known.every((topic) => topic.id !== id))
      faults.push({
        path: `topics.${i}`,
        fault: 'topic',
        message: 'There is no such topic; GET /api/v1/topics lists them.',
      })
  })
  for (const language of languages) {
    const text = wordings[language]?.trim()
    const read = text ? readWording(text) : null
    if (read?.ok === false) faults.push({ path: `wordings.${language}`, fault: 'wording', message: read.error })
  }
  if (mailbox !== undefined && !(await staffMailbox(deps, mailbox)))
    faults.push({
      path: 'mailbox',
      fault: 'mailbox',
      message: 'Enquiries go to staff only: name a user, or an address of ENQUIRY_TO, ALERT_TO or MAIL_FROM.',
    })
  if (faults.length > 0) return faults
  const asked = known.filter(({ id }) => topics.includes(id)).map(({ purpose }) => purpose)
  const purposes = [...(isEnquiryKind(kind) ? enquiryPurposes[kind] : []), ...asked]
  const names = fields.map(({ name }) => name)
  return refuseInputs(register, purposes, names, 'form').map((name) => ({
    path: `fields.${names.indexOf(name)}`,
    fault: 'register',
    message: `The register lets none of ${[...new Set(purposes)].join(', ')} hold this: leave it out.`,
  }))
}
