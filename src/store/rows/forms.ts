/** Rows of enquiries and pictures; part of the mirror of migrations/ (tables.ts). */

export type EnquiryRow = {
  id: string
  form_id: string
  kind: 'contact' | 'feedback'
  /** the register's purpose that says how long it is kept */
  purpose: string
  /** keyed hash: the same post twice is one enquiry */
  mark: string
  strict: string
  address: string
  language: 'fi' | 'sv' | 'en'
  name: string | null
  company_name: string | null
  title: string | null
  phone: string | null
  /** JSON object of the form's own fields */
  fields: string
  source: string
  received_at: number
  handled_at: number | null
  handled_by: string | null
  closed_at: number | null
  note: string | null
}

export type ImageRow = {
  id: string
  sha256: string
  name: string
  media_type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'
  width: number
  height: number
  size: number
  alt: string
  created_at: number
  created_by: string
}
