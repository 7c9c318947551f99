import { guardDomainBan, parseDomain } from './address.ts'
import type { CompanyForm } from './addressClass.ts'
import { parseBusinessId } from './businessId.ts'
import type { FieldFault } from './contactRecord.ts'
import { cleanText, textLimits } from './text.ts'

/** A company as staff or another system writes it: a missing field says nothing, `null` takes the value away. */
export type TypedCompany = {
  name?: string | undefined
  businessId?: string | null | undefined
  form?: CompanyForm | undefined
  address?: string | null | undefined
  domains?: string[] | undefined
  priceGroup?: string | null | undefined
}

/** The same as it is stored. */
export type CompanyRecord = {
  name?: string
  businessId?: string | null
  form?: CompanyForm
  address?: string | null
  domains?: string[]
  priceGroup?: string | null
}

/** Reads every field that was given; each that cannot be kept is named with its mend. */
export const readCompanyRecord = (
  typed: TypedCompany,
  options: { allowReserved: boolean },
): { ok: true; record: CompanyRecord } | { ok: false; errors: FieldFault[] } => {
  const record: CompanyRecord = typed.form === undefined ? {} : { form: typed.form }
  const errors: FieldFault[] = []
  const refuse = (path: string, message: string) => errors.push({ path, message })
  for (const field of ['name', 'address', 'priceGroup'] as const) {
    const value = typed[field]
    if (value === null && field !== 'name') record[field] = null
    if (value === undefined || value === null) continue
    const read = cleanText(value, { field, max: textLimits.name })
    if (read.ok) record[field] = read.value
    else refuse(field, read.error)
  }
  if (typed.businessId === null) record.businessId = null
  else if (typed.businessId !== undefined) {
    const read = parseBusinessId(typed.businessId)
    if (read.ok) record.businessId = read.businessId
    else refuse('businessId', read.error)
  }
  if (typed.domains !== undefined) {
    const domains = typed.domains.map((domain) => parseDomain(domain, options))
    for (const [i, read] of domains.entries()) {
      if (!read.ok) refuse(`domains.${i}`, read.error)
      else if (guardDomainBan(read.domain) !== null)
        refuse(`domains.${i}`, 'Strangers to each other have addresses at this domain: it is no sign of a company.')
    }
    record.domains = [...new Set(domains.flatMap((read) => (read.ok ? [read.domain] : [])))]
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, record }
}
