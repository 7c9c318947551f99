import { readEvidence, type Evidence, type FieldFault } from './contactRecord.ts'
import type { ContactColumn } from './importColumns.ts'
import { evidenceOf, permissionRules, type PermissionRule } from './importRow.ts'
import { cleanText, textLimits } from './text.ts'

/** What is said of a whole file, as it was sent: a text for each time that a field was given. */
export type TypedOptions = Readonly<Record<string, readonly string[]>>

/** What an import of contacts does with its rows. Without topics they are stored and get no permission. */
export type ContactImport = {
  source: string
  topics: string[]
  rule: PermissionRule | null
  evidence: Evidence | null
  language: 'fi' | 'sv' | 'en'
  dryRun: boolean
}
export type BanImport = { source: string; dryRun: boolean }

type Read<T> = { ok: true; options: T } | { ok: false; errors: FieldFault[] }

/**
 * Source, rule and evidence are required as soon as topics are given (features 48, standards B2), in the fields or as columns.
 * @param known ids of the topics that there are
 */
export const readContactOptions = (
  typed: TypedOptions,
  columns: readonly (ContactColumn | null)[],
  known: readonly string[],
): Read<ContactImport> => {
  const errors = unknownFields(typed, ['source', 'topics', 'rule', 'evidence', 'language', 'dryRun', 'mapping'])
  const refuse = (path: string, message: string) => errors.push({ path, message })
  const one = (name: string) => oneOf(typed, name, errors)
  const source = readSource(one('source'), errors) ?? ''
  if (source === '' && errors.every(({ path }) => path !== 'source'))
    refuse('source', 'Say where these contacts come from.')
  // Given once each, as a list, or as a JSON array.
  const named = (typed['topics'] ?? []).flatMap((text) => text.split(/[\s,"[\]]+/))
  const topics = [...new Set(named.filter((topic) => topic !== ''))]
  if (topics.some((topic) => !known.includes(topic)))
    refuse('topics', `There is no such topic; there are ${known.join(', ')}.`)

  const typedRule = one('rule')
  const rule = permissionRules.find((name) => name === typedRule) ?? null
  if (typedRule !== '' && rule === null) refuse('rule', `The rule is one of ${permissionRules.join(', ')}.`)
  const typedEvidence = one('evidence')
  const read = typedEvidence === '' ? null : readEvidence(evidenceOf(typedEvidence), 'evidence')
  if (read && !read.ok) errors.push(...read.errors)
  const evidence = read?.ok ? read.evidence : null
  if (topics.length > 0) {
    if (rule === null && typedRule === '' && !columns.includes('rule'))
      refuse('rule', `Say by which rule these may be mailed: ${permissionRules.join(', ')}.`)
    const mustBeShown = rule !== null && rule !== 'legal_person'
    if (mustBeShown && typedEvidence === '' && !columns.includes('evidence'))
      refuse('evidence', 'Say how you know that this is permitted.')
  } else if (
    typedRule !== '' ||
    typedEvidence !== '' ||
    columns.some((column) => column === 'rule' || column === 'evidence' || column === 'consentDate')
  ) {
    refuse('topics', 'Say for which topics the rule and the evidence are.')
  }
  const typedLanguage = one('language')
  const language = (['fi', 'sv', 'en'] as const).find((name) => name === (typedLanguage || 'fi'))
  if (!language) refuse('language', 'The language is fi, sv or en.')
  const dryRun = readSwitch(one('dryRun'), errors)
  return errors.length > 0
    ? { ok: false, errors }
    : { ok: true, options: { source, topics, rule, evidence, language: language ?? 'fi', dryRun } }
}

export const readBanOptions = (typed: TypedOptions): Read<BanImport> => {
  const errors = unknownFields(typed, ['source', 'dryRun', 'mapping'])
  const source = readSource(oneOf(typed, 'source', errors), errors) ?? 'own'
  // Bans outlive the erasure of the person: nothing beside the hashes may name them.
  if (source.includes('@'))
    errors.push({ path: 'source', message: 'This is kept for ever: write it without an address.' })
  const dryRun = readSwitch(oneOf(typed, 'dryRun', errors), errors)
  return errors.length > 0 ? { ok: false, errors } : { ok: true, options: { source, dryRun } }
}

const unknownFields = (typed: TypedOptions, known: readonly string[]): FieldFault[] =>
  Object.keys(typed)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      path: /^[\w-]{1,64}$/.test(name) ? name : '…',
      message: 'There is no such field here: take it out.',
    }))

const oneOf = (typed: TypedOptions, name: string, errors: FieldFault[]): string => {
  const given = typed[name] ?? []
  if (given.length > 1) errors.push({ path: name, message: 'Give this field once.' })
  return given[0]?.trim() ?? ''
}

const readSource = (text: string, errors: FieldFault[]): string | null => {
  if (text === '') return null
  const read = cleanText(text, { field: 'source', max: textLimits.name })
  if (read.ok) return read.value
  errors.push({ path: 'source', message: read.error })
  return null
}

const readSwitch = (text: string, errors: FieldFault[]): boolean => {
  if (/^(true|1|on|yes)$/i.test(text)) return true
  if (!/^(false|0|off|no)?$/i.test(text)) errors.push({ path: 'dryRun', message: 'Write true or false.' })
  return false
}
