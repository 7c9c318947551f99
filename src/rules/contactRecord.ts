import { parseEmail, type Email } from './address.ts'
import { parsePhone } from './phone.ts'
import { cleanText, textLimits } from './text.ts'

/** A contact as staff or another system writes it: a missing field says nothing, `null` takes the value away. */
export type TypedContact = {
  email?: string | undefined
  name?: string | null | undefined
  company?: string | null | undefined
  title?: string | null | undefined
  phone?: string | null | undefined
  source?: string | undefined
  externalId?: string | null | undefined
}

/** The same as it is stored; `phone` in E.164. */
export type ContactRecord = {
  email?: Email
  name?: string | null
  company?: string | null
  title?: string | null
  phone?: string | null
  source?: string
  externalId?: string | null
}

export type FieldFault = { path: string; message: string }

const texts = ['name', 'company', 'title', 'source', 'externalId'] as const

/** Reads every field that was given; each that cannot be kept is named with its mend. */
export const readContactRecord = (
  typed: TypedContact,
  options: { allowReserved: boolean },
): { ok: true; record: ContactRecord } | { ok: false; errors: FieldFault[] } => {
  const record: ContactRecord = {}
  const errors: FieldFault[] = []
  const refuse = (path: string, message: string) => errors.push({ path, message })
  if (typed.email !== undefined) {
    const read = parseEmail(typed.email, options)
    if (read.ok) record.email = read.email
    else refuse('email', read.error)
  }
  for (const field of texts) {
    const value = typed[field]
    if (value === undefined) continue
    const read = value === null ? { ok: true as const, value: null } : cleanText(value, { field, max: textLimits.name })
    if (!read.ok) refuse(field, read.error)
    else if (field !== 'source') record[field] = read.value
    else if (read.value !== null) record.source = read.value
  }
  if (typed.phone !== undefined) {
    const read = typed.phone === null ? { ok: true as const, e164: null } : parsePhone(typed.phone)
    if (read.ok) record.phone = read.e164
    else refuse('phone', read.error)
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, record }
}

/** How we know that we may: a text, or what duty, how it is known, when it was seen and by whom (standards B2). */
export type Evidence = string | { duty: string; how: string; when: string; by: string }

/** A text shorter than this proves nothing. */
const PROOF_MIN = 10

/**
 * Evidence as it is kept: clean, of some length, and never just white space.
 * @param path of the evidence in what was sent
 */
export const readEvidence = (
  given: Evidence,
  path: string,
): { ok: true; evidence: Evidence } | { ok: false; errors: FieldFault[] } => {
  if (typeof given === 'string') {
    const read = cleanText(given, { field: 'The evidence', max: textLimits.freeText, multiline: true })
    if (!read.ok) return { ok: false, errors: [{ path, message: read.error }] }
    if (read.value.length >= PROOF_MIN) return { ok: true, evidence: read.value }
    return {
      ok: false,
      errors: [{ path, message: `The evidence is too short: write in ${PROOF_MIN} characters or more how you know.` }],
    }
  }
  const evidence: Record<string, string> = {}
  const errors: FieldFault[] = []
  for (const key of ['duty', 'how', 'when', 'by'] as const) {
    const read = cleanText(given[key], { field: key, max: textLimits.freeText })
    if (read.ok) evidence[key] = read.value
    else errors.push({ path: `${path}.${key}`, message: read.error })
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, evidence: evidence as Exclude<Evidence, string> }
}

/** Evidence as it is shown: an object where staff recorded it, else the id of the ledger's event of the person's own act. */
export const shownEvidence = (stored: string | null): unknown =>
  stored?.startsWith('{') ? (JSON.parse(stored) as unknown) : stored
