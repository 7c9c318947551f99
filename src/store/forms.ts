import { sql } from 'kysely'
import { z } from 'zod'
import type { FormDefinition, Language } from '../rules/form.ts'
import type { SubmittedForm } from '../rules/submission.ts'
import type { Store } from './store.ts'
import type { Tables, WordingRow } from './tables.ts'
import { readTopic, type Topic } from './topics.ts'

/** A form with everything that a sign-up needs to know of it. */
export type Form = Omit<SubmittedForm, 'topics' | 'wordings' | 'current'> & {
  kind: 'signup' | 'contact' | 'feedback' | 'registration'
  /** In the form's order; one that is gone is left out. */
  topics: Topic[]
  wordings: ReadonlyMap<string, { language: Language; text: string }>
  current: Partial<Record<Language, { id: string; text: string }>>
  /** its version: who changes it says which one they saw */
  updatedAt: number
}

/** How long another process's change may stay unseen here. */
const FRESH_MS = 1000

const kept = new WeakMap<Store, Map<string, { form: Form; until: number }>>()

/** The form, or null. Remembered for a second: every sign-up asks, and forms change seldom. */
export async function formOf({ store, now }: { store: Store; now(): number }, id: string): Promise<Form | null> {
  const forms = kept.get(store) ?? new Map<string, { form: Form; until: number }>()
  kept.set(store, forms)
  const known = forms.get(id)
  if (known && now() < known.until) return known.form
  const form = await readForm(store, id)
  if (form) forms.set(id, { form, until: now() + FRESH_MS })
  else forms.delete(id)
  return form
}

/** Forgets what is remembered; whoever changes forms, wordings or topics calls it after the batch. */
export function forgetForms(store: Store) {
  kept.delete(store)
}

async function readForm(store: Store, id: string): Promise<Form | null> {
  const { db } = store
  const row = await db.selectFrom('forms').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return null
  const definition = stored.parse(JSON.parse(row.definition)) as FormDefinition
  const [topicRows, wordingRows] = await Promise.all([
    definition.topics.length === 0
      ? []
      : db.selectFrom('topics').selectAll().where('id', 'in', definition.topics).execute(),
    db.selectFrom('wordings').selectAll().where('form_id', '=', id).orderBy('created_at').orderBy('id').execute(),
  ])
  const topics = topicRows.map(readTopic)
  return {
    id,
    kind: row.kind as Form['kind'],
    definition,
    topics: definition.topics.flatMap((topic) => topics.filter((one) => one.id === topic)),
    wordings: new Map(wordingRows.map((wording) => [wording.id, wording])),
    current: Object.fromEntries(wordingRows.map((wording) => [wording.language, wording])),
    updatedAt: row.updated_at,
  }
}

/** The shape was checked when it was saved (rules/form.ts); here it only must still be one. */
const stored = z.looseObject({
  topics: z.array(z.string()),
  fields: z.array(z.unknown()),
  languages: z.array(z.string()),
})

type NewForm = Pick<Tables['forms'], 'id' | 'kind'> & { definition: FormDefinition }

/** Adds a form; one that is there already stays as it is. Returns its id when it was added. */
export function addForm(store: Store, { id, kind, definition }: NewForm, now: number) {
  return store.db
    .insertInto('forms')
    .values({ id, kind, definition: JSON.stringify(definition), created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
}

/** Changes a form that nobody else changed meanwhile. Returns its id when it was so. */
export function changeForm(store: Store, { id, definition }: NewForm, seenAt: number, now: number) {
  return store.db
    .updateTable('forms')
    .set({ definition: JSON.stringify(definition), updated_at: now })
    .where('id', '=', id)
    .where('updated_at', '=', seenAt)
    .returning('id')
}

/** Adds a wording, which is the current one of its form and language from now on; the same id twice is one. Never changed. */
export function addWording(store: Store, wording: Omit<WordingRow, 'created_at'>, now: number) {
  return store.db
    .insertInto('wordings')
    .values({ ...wording, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
}

/**
 * The same for a default wording, whose id begins with `<form>-<language>-`: it follows an older default (the company's name
 * may have changed) and never takes the place of a wording that somebody wrote.
 */
export function addDefaultWording(
  store: Store,
  { id, form_id, language, text, sha256 }: Omit<WordingRow, 'created_at'>,
  now: number,
) {
  const ours = `${form_id}-${language}-`
  return sql`
    insert into wordings (id, form_id, language, text, sha256, created_at)
    select ${id}, ${form_id}, ${language}, ${text}, ${sha256}, cast(${now} as bigint)
    where not exists (select 1 from wordings w where w.form_id = ${form_id} and w.language = ${language}
      and substr(w.id, 1, ${ours.length}) <> ${ours})
    on conflict do nothing`.compile(store.db)
}

/** Ids of forms, behind the given one. */
export async function listForms({ db }: Store, after: string, limit: number): Promise<string[]> {
  const rows = await db.selectFrom('forms').select('id').where('id', '>', after).orderBy('id').limit(limit).execute()
  return rows.map(({ id }) => id)
}

/** Every wording that a form ever showed, newest first. */
export async function wordingsOf({ db }: Store, formId: string): Promise<WordingRow[]> {
  return db
    .selectFrom('wordings')
    .selectAll()
    .where('form_id', '=', formId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(200)
    .execute()
}

/** Wordings by id, behind the given one. */
export async function listWordings({ db }: Store, after: string, limit: number): Promise<WordingRow[]> {
  return db.selectFrom('wordings').selectAll().where('id', '>', after).orderBy('id').limit(limit).execute()
}
