import type { z } from 'zod'
import type { FormFault } from '../../actions/saveForm.ts'
import { formDefinition, ownField, type FormDefinition } from '../../rules/form.ts'
import {
  isKnownType,
  type DraftProblem,
  type FieldDraft,
  type FormDraft,
  type Three,
} from '../../templates/pages/admin/formDraft.ts'
import { formWords } from '../../templates/words/admin/forms.ts'
import type { Language } from '../../templates/words/index.ts'

export type ReadDraft = { ok: true; definition: FormDefinition } | { ok: false; problems: DraftProblem[] }

/** A draft as a definition, or what is wrong with it in the words of the page. Names that were left empty are made from the labels. */
export function definitionOf(draft: FormDraft, lang: Language): ReadDraft {
  const w = formWords[lang].faults
  const problems: DraftProblem[] = []
  const fields = withNames(draft.fields).map((field, n) => {
    if (isKnownType(field.type)) return { name: field.type, required: field.required }
    const made = ownDefinition(field)
    const read = ownField.safeParse(made)
    for (const issue of read.error?.issues ?? []) problems.push(fieldProblem(n, String(issue.path[0]), lang))
    return made
  })
  const read = formDefinition.safeParse({
    title: texts(draft.title) ?? {},
    intro: texts(draft.intro),
    topics: draft.topics,
    fields: problems.length > 0 ? [] : fields,
    doubleOptIn: draft.doubleOptIn,
    allowedOrigins: lines(draft.origins),
    languages: draft.languages,
    redirects: lines(draft.redirects),
    redirect: draft.redirect || undefined,
    confirmedRedirect: draft.confirmedRedirect || undefined,
    welcome: draft.welcome,
    welcomeText: texts(draft.welcomeText),
    ...(draft.kind === 'signup' ? {} : { mailbox: draft.mailbox || undefined, receipt: draft.receipt }),
  })
  const own: DraftProblem[] = (read.error?.issues ?? []).map(({ path }: z.core.$ZodIssue) => {
    const mend = mends[String(path[0])]
    return mend ? { at: mend.at, message: w[mend.fault] } : { at: 'title.fi', message: w.other }
  })
  if (read.success && problems.length === 0) return { ok: true, definition: read.data }
  return { ok: false, problems: distinct([...own, ...problems]) }
}

type Said = 'title' | 'intro' | 'languages' | 'twice' | 'origins' | 'redirects' | 'welcomeText' | 'mailbox' | 'topic'

const mends: Readonly<Record<string, { at: string; fault: Said } | undefined>> = {
  title: { at: 'title.fi', fault: 'title' },
  intro: { at: 'intro.fi', fault: 'intro' },
  languages: { at: 'languages', fault: 'languages' },
  topics: { at: 'topics', fault: 'topic' },
  fields: { at: 'fields', fault: 'twice' },
  allowedOrigins: { at: 'origins', fault: 'origins' },
  redirects: { at: 'redirects', fault: 'redirects' },
  redirect: { at: 'redirect', fault: 'redirects' },
  confirmedRedirect: { at: 'confirmedRedirect', fault: 'redirects' },
  welcomeText: { at: 'welcomeText.fi', fault: 'welcomeText' },
  mailbox: { at: 'mailbox', fault: 'mailbox' },
}

function fieldProblem(n: number, key: string, lang: Language): DraftProblem {
  const w = formWords[lang].faults
  const known = {
    label: { at: `f${n}.label.fi`, message: w.label(n + 1) },
    hint: { at: `f${n}.hint.fi`, message: w.hint(n + 1) },
    choices: { at: `f${n}.choices`, message: w.choices(n + 1) },
    maxLength: { at: `f${n}.max`, message: w.max(n + 1) },
    name: { at: `f${n}.name`, message: w.name(n + 1) },
  }
  return key in known ? known[key as keyof typeof known] : { at: `f${n}`, message: w.other }
}

/** What saving refused, in the words of the page. */
export function savingProblems(faults: readonly FormFault[], lang: Language): DraftProblem[] {
  const w = formWords[lang].faults
  return distinct(
    faults.map(({ fault, path }): DraftProblem => {
      const n = Number(path.split('.')[1] ?? 0)
      if (fault === 'taken') return { at: 'id', message: w.taken }
      if (fault === 'topic' || fault === 'noTopic') return { at: 'topics', message: w[fault] }
      if (fault === 'register') return { at: `f${n}`, message: w.register(n + 1) }
      if (fault === 'mailbox') return { at: 'mailbox', message: w.mailbox }
      if (fault === 'wording') return { at: path, message: w.wording }
      if (fault === 'needsDoubleOptIn') return { at: 'topics', message: w.needsDoubleOptIn }
      return { at: 'title.fi', message: w.other }
    }),
  )
}

function ownDefinition({ type, name, required, label, hint, choices, max }: FieldDraft) {
  return {
    name,
    kind: type,
    required,
    label: texts(label) ?? {},
    hint: texts(hint),
    choices: type === 'select' ? readChoices(choices) : undefined,
    maxLength: max === '' || !['text', 'textarea'].includes(type) ? undefined : Number(max),
  }
}

/** `value = fi | sv | en`, one a line; without a value the first text makes one. */
function readChoices(text: string) {
  return lines(text).map((line) => {
    const [, given, rest = ''] = /^(?:([^=|]*)=)?(.*)$/.exec(line) ?? []
    const [fi = '', sv = '', en = ''] = rest.split('|').map((part) => part.trim())
    return { value: given?.trim() || nameFrom(fi || sv || en) || fi, label: texts({ fi, sv, en }) ?? {} }
  })
}

/** Names made from labels; a second one of the same name gets a number. */
function withNames(fields: readonly FieldDraft[]): FieldDraft[] {
  const used = new Set<string>(fields.map(({ name }) => name))
  return fields.map((field, n) => {
    if (isKnownType(field.type) || field.name !== '') return field
    const plain = nameFrom(field.label.fi || field.label.sv || field.label.en) || `kentta_${n + 1}`
    const isFree = (name: string) => !used.has(name) && ownField.shape.name.safeParse(name).success
    const name = isFree(plain) ? plain : `${plain.slice(0, 34)}_${n + 1}`
    used.add(name)
    return { ...field, name }
  })
}

/** `Ostojen määrä (kpl)` → `ostojen_maara_kpl` */
function nameFrom(label: string): string {
  return label
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[\d_]+|_+$/g, '')
    .slice(0, 40)
}

/** An id made from a heading: `Ota yhteyttä!` → `ota-yhteytta` */
export const idFrom = (title: Three): string =>
  nameFrom(title.fi || title.sv || title.en)
    .replaceAll('_', '-')
    .slice(0, 40)

function texts({ fi, sv, en }: Three): Partial<Three> | undefined {
  const given = Object.entries({ fi, sv, en }).filter(([, text]) => text.trim() !== '')
  return given.length === 0 ? undefined : Object.fromEntries(given)
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

const distinct = (problems: readonly DraftProblem[]): DraftProblem[] =>
  problems.filter((one, n) => problems.findIndex(({ message }) => message === one.message) === n)
