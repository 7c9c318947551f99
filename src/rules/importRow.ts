import type { Email } from './address.ts'
import { readCompanyRecord, type CompanyRecord } from './companyRecord.ts'
import { readContactRecord, readEvidence, type ContactRecord, type Evidence, type FieldFault } from './contactRecord.ts'
import { plainCell } from './csv.ts'
import type { PermissionFact } from './facts.ts'
import type { ContactColumn } from './importColumns.ts'
import { consentEndsAt } from './retention.ts'

export const permissionRules = ['consent', 'existing_customer', 'duty_evidence', 'legal_person'] as const
export type PermissionRule = PermissionFact['rule']

/** What one declaration for the whole file says, or a row for itself. */
export type Declaration = { rule: PermissionRule | null; evidence: Evidence | null }

/** A row as it is to be stored; what it leaves empty says nothing. `permission`: only where topics are given. */
export type ImportRow = {
  email: Email
  contact: Omit<ContactRecord, 'email' | 'source'>
  language: 'fi' | 'sv' | 'en' | null
  company: Pick<CompanyRecord, 'businessId' | 'priceGroup' | 'address'>
  permission: { rule: PermissionRule; evidence: Evidence | null; confirmedAt: number } | null
}

export type RowResult = { ok: true; row: ImportRow } | { ok: false; field: string; message: string }

/**
 * Reads one row of a file of contacts.
 * @param columns `null` for what is left out
 * @param cells as many as there are columns
 * @param options.declared for the whole file, null where no topics are given; `today` in the sender's time zone, "YYYY-MM-DD"
 * @returns the row, or its first fault with the mend, never repeating what was written
 */
export const readImportRow = (
  columns: readonly (ContactColumn | null)[],
  cells: readonly string[],
  options: { allowReserved: boolean; declared: Declaration | null; now: number; today: string },
): RowResult => {
  if (cells.length !== columns.length)
    return refuse('row', `The row has ${cells.length} cells and the header ${columns.length}: give each column a cell.`)
  const given: Partial<Record<ContactColumn, string>> = {}
  let angled = false
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i]
    const cell = cells[i]
    if (column === undefined || column === null || cell === undefined || cell.trim() === '') continue
    given[column] = plainCell(cell)
    angled ||= cell.includes('<')
  }
  const marked = angled ? plainTexts.find((column) => markup.test(given[column] ?? '')) : undefined
  if (marked) return refuse(marked, 'This holds markup, as of a web page: write it as plain text.')
  const { name = fullName(given), company, title, phone, externalId, businessId, priceGroup } = given
  const contact = readContactRecord({ email: given.email ?? '', name, company, title, phone, externalId }, options)
  if (!contact.ok) return first(contact.errors)
  const { email, ...record } = contact.record
  if (!email) return refuse('email', 'Enter an e-mail address, such as name@company.fi.')
  const its = readCompanyRecord({ businessId, priceGroup, address: addressOf(given) }, options)
  if (!its.ok) return first(its.errors)
  const language = given.language === undefined ? null : languageOf(given.language)
  if (language === undefined) return refuse('language', 'The language is fi, sv or en.')
  if (!options.declared)
    return { ok: true, row: { email, contact: record, language, company: its.record, permission: null } }
  const permission = readPermission(given, options.declared, options)
  return permission.ok
    ? { ok: true, row: { email, contact: record, language, company: its.record, permission: permission.value } }
    : permission
}

/** A list that was scraped from somewhere is seen by this; what a person types of themselves is theirs (rules/text.ts). */
const markup = /<[/!]?[a-z][^<>]*>/i
const plainTexts: readonly ContactColumn[] = [
  'name',
  'firstName',
  'lastName',
  'company',
  'title',
  'externalId',
  'priceGroup',
  'address',
  'street',
  'city',
]

const fullName = ({ firstName, lastName }: Partial<Record<ContactColumn, string>>): string | undefined =>
  firstName === undefined || lastName === undefined ? (firstName ?? lastName) : `${firstName.trim()} ${lastName.trim()}`

const addressOf = ({ address, street, postcode, city }: Partial<Record<ContactColumn, string>>): string | undefined => {
  const town = [postcode, city].filter((part) => part !== undefined).join(' ')
  const parts = [address, street, town].filter((part) => part !== undefined && part !== '')
  return parts.length > 0 ? parts.join(', ') : undefined
}

const languageOf = (cell: string) =>
  (['fi', 'sv', 'en'] as const).find((language) => language === cell.trim().toLowerCase())

type Permitted = { ok: true; value: NonNullable<ImportRow['permission']> } | Extract<RowResult, { ok: false }>

/** SVPL 202 § asks for no proof, only for the right to forbid; every other rule must be shown (GDPR Art. 7(1), standards B2). */
const readPermission = (
  given: Partial<Record<ContactColumn, string>>,
  declared: Declaration,
  { now, today }: { now: number; today: string },
): Permitted => {
  const rule = given.rule === undefined ? declared.rule : permissionRules.find((known) => known === given.rule?.trim())
  if (!rule) return refuse('rule', `Say by which rule this is permitted: ${permissionRules.join(', ')}.`)
  const evidence =
    given.evidence === undefined
      ? ({ ok: true, evidence: declared.evidence } as const)
      : readEvidence(evidenceOf(given.evidence), 'evidence')
  if (!evidence.ok) return first(evidence.errors)
  if (evidence.evidence === null && rule !== 'legal_person')
    return refuse('evidence', 'Say how you know that this is permitted: in this column, or once for the whole file.')
  if (given.consentDate === undefined)
    return { ok: true, value: { rule, evidence: evidence.evidence, confirmedAt: now } }
  const typed = given.consentDate.trim()
  const at = readInstant(typed)
  if (at === null) return refuse('consentDate', 'This is no date: write it as 2026-02-28 or 28.2.2026.')
  if (typed.includes('T') ? at > now : dayOf(at) > today)
    return refuse('consentDate', 'The date lies in the future: write when the consent was given.')
  if (rule === 'consent' && now >= consentEndsAt(at))
    return refuse('consentDate', 'This consent is too old to count (24 months): ask the person again.')
  return { ok: true, value: { rule, evidence: evidence.evidence, confirmedAt: Math.min(at, now) } }
}

/** `{"duty", "how", "when", "by"}` as JSON text, or any other text as it is. */
export const evidenceOf = (text: string): Evidence => {
  if (!text.trimStart().startsWith('{')) return text
  try {
    const parts = JSON.parse(text) as Partial<Record<'duty' | 'how' | 'when' | 'by', unknown>>
    const part = (key: 'duty' | 'how' | 'when' | 'by') => (typeof parts[key] === 'string' ? parts[key] : '')
    return { duty: part('duty'), how: part('how'), when: part('when'), by: part('by') }
  } catch {
    return text
  }
}

const finnishDay = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** `2026-02-28`, `28.2.2026` or an RFC 3339 time; a day begins at 00:00 UTC. Null for anything else, 31 February too. */
const readInstant = (text: string): number | null => {
  const finnish = finnishDay.exec(text)
  const day = finnish
    ? `${finnish[3]}-${finnish[2]?.padStart(2, '0')}-${finnish[1]?.padStart(2, '0')}`
    : text.slice(0, 10)
  const rest = finnish ? '' : text.slice(10)
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || !/^$|^T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(rest)) return null
  const start = Date.parse(`${day}T00:00:00Z`)
  if (!Number.isFinite(start) || dayOf(start) !== day) return null
  const at = rest === '' ? start : Date.parse(day + rest)
  return Number.isFinite(at) ? at : null
}

const first = (errors: readonly FieldFault[]) =>
  refuse(errors[0]?.path ?? 'row', errors[0]?.message ?? 'The row cannot be read.')

const refuse = (field: string, message: string): Extract<RowResult, { ok: false }> => ({ ok: false, field, message })
