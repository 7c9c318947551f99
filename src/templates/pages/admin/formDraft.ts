import type { Language } from '../../words/index.ts'

/** A form as it stands in the fields of its editor: texts as they were typed. */

export type Three = Record<Language, string>

export const knownTypes = ['name', 'company', 'title', 'phone', 'language'] as const
export const ownTypes = ['text', 'textarea', 'select', 'checkbox', 'number', 'date', 'email', 'tel'] as const
export type FieldType = (typeof knownTypes)[number] | (typeof ownTypes)[number]

export type FieldDraft = {
  type: FieldType
  name: string
  required: boolean
  label: Three
  hint: Three
  /** one a line: `value = fi | sv | en` */
  choices: string
  max: string
}

export type FormDraft = {
  id: string
  kind: 'signup' | 'contact' | 'feedback'
  title: Three
  intro: Three
  topics: readonly string[]
  languages: readonly string[]
  fields: readonly FieldDraft[]
  wordings: Three
  mailbox: string
  receipt: boolean
  doubleOptIn: boolean
  welcome: boolean
  welcomeText: Three
  origins: string
  redirects: string
  redirect: string
  confirmedRedirect: string
}

/** `at`: the id of the control that mends it. */
export type DraftProblem = { at: string; message: string }

export const isKnownType = (type: FieldType): type is (typeof knownTypes)[number] =>
  (knownTypes as readonly string[]).includes(type)
