import type { Deps } from '../deps.ts'
import { inLanguage, type Language, type OwnField } from '../rules/form.ts'
import { enquiryById } from '../store/enquiries.ts'
import { formOf } from '../store/forms.ts'
import type { Claimed } from '../store/gateFacts.ts'
import type { ServiceNotice } from '../templates/mail/notices.ts'
import { mailWords } from '../templates/mail/words.ts'
import { isPlainAddress } from './headers.ts'

export type EnquiryNotice = { notice: Extract<ServiceNotice, { kind: 'enquiry' }>; replyTo: string }

/**
 * What a colleague is sent of an enquiry: what was written, as plain rows, and the visitor's address to reply to. Read now, so that
 * an enquiry that was erased meanwhile goes nowhere. Null when it is gone.
 */
export async function enquiryNotice(deps: Deps, claimed: Claimed, language: Language): Promise<EnquiryNotice | null> {
  const { enquiry: id } = JSON.parse(claimed.data ?? '{}') as { enquiry?: string }
  const enquiry = id === undefined ? null : await enquiryById(deps.store, id)
  if (!enquiry || !isPlainAddress(enquiry.address)) return null
  const form = await formOf(deps, enquiry.form_id)
  const own = form?.definition.fields.filter((field): field is OwnField => 'kind' in field) ?? []
  const words = mailWords[language].enquiry
  const { name, company_name: company, title, phone, address } = enquiry
  const known = [
    [words.name, name],
    [words.company, company],
    [words.title, title],
    [words.phone, phone],
    [words.email, address],
  ] as const
  const answers = Object.entries(JSON.parse(enquiry.fields) as Record<string, unknown>).map(([key, value]) => {
    const field = own.find((one) => one.name === key)
    return { label: field ? inLanguage(field.label, language) : key, value: shown(field, value, words.yes, language) }
  })
  return {
    replyTo: address,
    notice: {
      kind: 'enquiry',
      form: form ? inLanguage(form.definition.title, language) : enquiry.form_id,
      rows: [...known.flatMap(([label, value]) => (value === null ? [] : [{ label, value }])), ...answers],
      url: `${deps.config.publicUrl}/admin/enquiries/${enquiry.id}`,
    },
  }
}

function shown(field: OwnField | undefined, value: unknown, yes: string, language: Language): string {
  if (value === true) return yes
  const choice = field?.choices?.find((one) => one.value === value)
  return choice ? inLanguage(choice.label, language) : String(value)
}
