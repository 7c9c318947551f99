import { parseEmail, type Email } from './address.ts'
import {
  isSourceName,
  standardFields,
  TIME_TOKEN,
  TRAP,
  type FormDefinition,
  type Language,
  type OwnField,
} from './form.ts'
import { refuseInputs } from './inputFields.ts'
import { parsePhone } from './phone.ts'
import type { PurposeKey, Register } from './register.ts'
import { cleanText, textLimits } from './text.ts'

/** Names and values as they were posted: text, an array where a name came more than once, anything where it was JSON. */
export type Posted = ReadonlyMap<string, unknown>

/** What reading a submission must know about its form. */
export type SubmittedForm = {
  id: string
  definition: FormDefinition
  topics: readonly { id: string; purpose: PurposeKey }[]
  /** Every wording the form ever showed. */
  wordings: ReadonlyMap<string, { language: Language }>
  /** The wording that is shown now, in each language that has one. */
  current: Readonly<Partial<Record<Language, { id: string }>>>
}

export type SignUp = {
  email: Email
  language: Language
  topics: string[]
  /** null: the form has no wording, so nothing can be proven by it */
  wordingId: string | null
  name: string | null
  company: string | null
  title: string | null
  /** E.164 */
  phone: string | null
  /** The form's own fields. */
  fields: Record<string, string | number | boolean>
  /** `form:<id>`, with campaign parameters and page behind a `?` */
  source: string
}

/** What is wrong with one field; the words for it are the page's. */
export type Fault = {
  path: string
  fault: 'required' | 'text' | 'once' | 'email' | 'phone' | 'choice' | 'number' | 'date' | 'tooLong' | 'unknown'
  /** of `tooLong` */
  max?: number
}

type Reading = {
  lang: Language
  register: Register
  allowReserved: boolean
  enquiry?: readonly PurposeKey[] | undefined
}

/** So many unknown names are listed; more would only make the answer long. */
const UNKNOWN_LISTED = 20

/**
 * Reads a sign-up. Every name must be known and every value fit; what the chosen topics' purposes may not hold is refused
 * by name and never silently dropped (register, domain.md 1).
 * @param lang the language of the page, whose wording counts when none is named
 * @param enquiry of an enquiry form: the purposes that hold what is written on it (rules/enquiry.ts); topics are an extra then,
 *   and none is asked for that nobody ticked
 */
export const readSignUp = (
  form: SubmittedForm,
  posted: Posted,
  { lang, register, allowReserved, enquiry }: Reading,
): { ok: true; signUp: SignUp } | { ok: false; faults: Fault[] } => {
  const faults: Fault[] = []
  const { definition } = form
  const own = definition.fields.filter((field): field is OwnField => 'kind' in field)
  const known = new Set<string>([...always, ...own.map(({ name }) => name)])
  for (const name of posted.keys())
    if (!known.has(name) && !isSourceName(name)) faults.push({ path: name, fault: 'unknown' })
  faults.length = Math.min(faults.length, UNKNOWN_LISTED)

  const take = (field: Pick<OwnField, 'name' | 'kind' | 'required' | 'maxLength' | 'choices'>) => {
    const read = readValue(field, posted.get(field.name), allowReserved)
    if ('fault' in read) faults.push({ path: field.name, ...read })
    return 'fault' in read ? null : read.value
  }
  const required = (name: string) => definition.fields.some((field) => field.name === name && field.required)
  const text = (name: string) => take({ name, kind: 'text', required: required(name) }) as string | null

  const email = parseEmail(posted.get('email'), { allowReserved })
  if (!email.ok) faults.push({ path: 'email', fault: faultOfEmail(posted.get('email')) })
  const signUp = {
    name: text('name'),
    company: text('company'),
    title: text('title'),
    phone: take({ name: 'phone', kind: 'tel', required: required('phone') }) as string | null,
    fields: Object.fromEntries(own.map((field) => [field.name, take(field)] as const).filter(hasValue)),
  }
  const languageChoices = definition.languages.map((value) => ({ value, label: {} }))
  const language = take({ name: 'language', kind: 'select', required: required('language'), choices: languageChoices })
  const topics = readTopics(form, posted.get('topics'), enquiry === undefined ? 1 : 0)
  if (topics === null) faults.push({ path: 'topics', fault: 'choice' })
  const wording = readWording(form, posted.get('consent'), lang)
  if (wording === undefined) faults.push({ path: 'consent', fault: 'choice' })

  const asked = form.topics.filter(({ id }) => topics?.includes(id)).map(({ purpose }) => purpose)
  const purposes = [...(enquiry ?? []), ...asked]
  const given = [
    ...standardFields.filter((name) => name !== 'language' && signUp[name] !== null),
    ...Object.keys(signUp.fields),
  ]
  if (topics !== null)
    for (const path of refuseInputs(register, purposes, given, 'form')) faults.push({ path, fault: 'unknown' })

  if (faults.length > 0 || !email.ok || topics === null || wording === undefined) return { ok: false, faults }
  const fallback = definition.languages.includes(lang) ? lang : (definition.languages[0] ?? lang)
  const chosen = (language as Language | null) ?? fallback
  return {
    ok: true,
    signUp: {
      ...signUp,
      email: email.email,
      language: chosen,
      topics,
      wordingId: wording,
      source: sourceOf(form.id, posted),
    },
  }
}

const always = ['email', ...standardFields, 'topics', 'consent', 'lang', 'redirect', TRAP, TIME_TOKEN]

const faultOfEmail = (value: unknown): Fault['fault'] => {
  if (Array.isArray(value)) return 'once'
  return value === undefined || (typeof value === 'string' && value.trim() === '') ? 'required' : 'email'
}

const hasValue = <T>(pair: readonly [string, T | null]): pair is readonly [string, T] => pair[1] !== null

type Read = { value: string | number | boolean | null } | { fault: Fault['fault']; max?: number }

/** One value by its kind: null when it was left empty. */
const readValue = (
  { kind, required, maxLength, choices }: Pick<OwnField, 'kind' | 'required' | 'maxLength' | 'choices'>,
  value: unknown,
  allowReserved: boolean,
): Read => {
  if (kind === 'checkbox') return readTick(value, required)
  if (Array.isArray(value)) return { fault: 'once' }
  if (kind === 'number' && typeof value === 'number') return Number.isFinite(value) ? { value } : { fault: 'number' }
  if (value !== undefined && typeof value !== 'string') return { fault: 'text' }
  const max = maxLength ?? (kind === 'textarea' ? textLimits.freeText : textLimits.name)
  const cleaned = cleanText(value, { field: '', max, multiline: kind === 'textarea', optional: true })
  if (!cleaned.ok) return { fault: 'tooLong', max }
  if (cleaned.value === '') return required ? { fault: 'required' } : { value: null }
  return readFilled(kind, cleaned.value, choices, allowReserved)
}

const readFilled = (
  kind: OwnField['kind'],
  text: string,
  choices: OwnField['choices'],
  allowReserved: boolean,
): Read => {
  switch (kind) {
    case 'email': {
      const read = parseEmail(text, { allowReserved })
      return read.ok ? { value: read.email.address } : { fault: 'email' }
    }
    case 'tel': {
      const read = parsePhone(text)
      return read.ok ? { value: read.e164 } : { fault: 'phone' }
    }
    case 'select':
      return choices?.some((choice) => choice.value === text) ? { value: text } : { fault: 'choice' }
    case 'number': {
      const number = /^[+-]?\d{1,15}([.,]\d{1,10})?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN
      return Number.isFinite(number) ? { value: number } : { fault: 'number' }
    }
    case 'date':
      return isDay(text) ? { value: text } : { fault: 'date' }
    default:
      return { value: text }
  }
}

const readTick = (value: unknown, required: boolean): Read => {
  if (value === true || (typeof value === 'string' && /^(on|true|1|yes)$/i.test(value))) return { value: true }
  if (value === undefined || value === false || value === '') return required ? { fault: 'required' } : { value: null }
  return { fault: Array.isArray(value) ? 'once' : 'choice' }
}

const isDay = (text: string): boolean => {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(text)
}

/** The topics chosen, each once; none chosen asks for the form's first so many; null when one is not on the form. */
const readTopics = ({ topics }: SubmittedForm, value: unknown, unasked: number): string[] | null => {
  const named = [value ?? []].flat().filter((id) => id !== '')
  if (named.length === 0) return topics.slice(0, unasked).map(({ id }) => id)
  const chosen = topics.filter(({ id }) => named.includes(id)).map(({ id }) => id)
  return named.every((id) => topics.some((topic) => topic.id === id)) ? chosen : null
}

/** The wording that was shown: the one named, else the current one in the page's language; undefined when it is not ours. */
const readWording = (
  { wordings, current }: SubmittedForm,
  value: unknown,
  lang: Language,
): string | null | undefined => {
  if (value === undefined || value === '') return (current[lang] ?? current.fi ?? current.sv ?? current.en)?.id ?? null
  return typeof value === 'string' && wordings.has(value) ? value : undefined
}

/** Told by the website, so it is kept short and never read as anything. */
const sourceOf = (formId: string, posted: Posted): string => {
  const said = new URLSearchParams()
  for (const [name, value] of posted) {
    if (!isSourceName(name)) continue
    const cleaned = cleanText(value, { field: name, max: textLimits.name, optional: true })
    if (cleaned.ok && cleaned.value !== '') said.append(name, cleaned.value)
  }
  return said.size === 0 ? `form:${formId}` : `form:${formId}?${said.toString().slice(0, 1000)}`
}
