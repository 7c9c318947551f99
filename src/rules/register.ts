import { z } from 'zod'

/**
 * The register of purposes: what the privacy notice promises, in a form that the program executes.
 * Source: the controller's notice (ten purposes); GDPR Art. 5(1)(b), (c), (e), 6 and 30.
 */

export const fieldKeys = [
  'name',
  'company',
  'title',
  'workAddress',
  'companyAddress',
  'workEmail',
  'workPhone',
  'marketingActivities',
  'formAnswers',
  'bans',
  'purchaseHistory',
  'relationshipRecords',
  'photo',
] as const

/** In the order of the notice. */
export const purposeKeys = [
  'customer_events',
  'direct_marketing',
  'customer_service',
  'customer_relationship',
  'offers_deliveries',
  'feedback_complaints',
  'customer_photos',
  'invoicing',
  'surveys',
  'price_list',
] as const

/** From which moment a retention period runs. */
const clocks = [
  'event_ended',
  'other_purposes_ended',
  'last_affirmation',
  'duty_verified',
  'sign_up_requested',
  'case_closed',
  'contract_ended',
  'warranty_ended',
  'offer_lapsed',
  'delivery_made',
  'handled',
  'consent_withdrawn',
  'invoice_dated',
  'survey_closed',
  'details_verified',
] as const

/** What a retention rule speaks of; `data` is everything of the purpose that no other rule names. */
const subjects = [
  'data',
  'participation_history',
  'pending_sign_up',
  'enquiry',
  'offer',
  'delivery',
  'photo',
  'proof',
  'invoice',
  'invitation',
] as const

const text = z.string().trim().min(1)
const texts = z.strictObject({ fi: text, sv: text, en: text })

/** `fiscal_years`: full calendar years after the one in which the fiscal year of the clock's date ended. */
const period = z.strictObject({ unit: z.enum(['days', 'months', 'fiscal_years']), count: z.int().min(0) })

/**
 * One period. Where several rules of a purpose speak of the same subject, the latest end counts.
 * `reverify`: the data may stay if somebody verifies them again, else they are erased.
 */
const retentionRule = z.strictObject({
  subject: z.enum(subjects),
  clock: z.enum(clocks),
  period,
  then: z.enum(['erase', 'reverify']),
})

const distinct = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .min(1)
    .refine((list) => new Set(list).size === list.length, { error: 'names something twice: keep one of each' })

const purposeSchema = z.strictObject({
  name: texts,
  description: texts,
  fields: distinct(z.enum(fieldKeys)),
  bases: distinct(z.enum(['consent', 'contract', 'legal_obligation', 'legitimate_interest'])),
  kept: texts,
  retention: z.array(retentionRule).min(1),
})

/** All ten purposes must be there; names that the register does not know are refused, never dropped. */
export const registerSchema = z
  .strictObject({ version: text, purposes: z.record(z.enum(purposeKeys), purposeSchema) })
  .superRefine((register, context) => {
    for (const key of purposeKeys) {
      for (const [index, rule] of (register.purposes[key]?.retention ?? []).entries()) {
        const fault = faultOf(rule)
        if (fault)
          context.addIssue({ code: 'custom', path: ['purposes', key, 'retention', index, 'period'], message: fault })
      }
    }
  })

/** The two periods that are not the controller's to choose: KPL 2:10 (six years), and unconfirmed sign-ups (30 days). */
const faultOf = ({ subject, period: { unit, count } }: RetentionRule): string | null => {
  if (subject === 'invoice' && (unit !== 'fiscal_years' || count < 6)) {
    return 'invoices are kept by law: give at least 6 fiscal_years'
  }
  if (subject === 'pending_sign_up' && (unit !== 'days' || count > 30)) {
    return 'unconfirmed sign-ups may not stay longer: give at most 30 days'
  }
  return null
}

export type FieldKey = (typeof fieldKeys)[number]
export type PurposeKey = (typeof purposeKeys)[number]
export type RetentionRule = z.infer<typeof retentionRule>
export type Purpose = z.infer<typeof purposeSchema>
export type Register = z.infer<typeof registerSchema>
export type Problem = { path: string; message: string }

/**
 * Validates a register that came from outside (file, environment, database).
 * @returns the register, or every fault with its path ("purposes.surveys.fields.1") and what mends it.
 */
export const parseRegister = (input: unknown): { ok: true; register: Register } | { ok: false; errors: Problem[] } => {
  const parsed = registerSchema.safeParse(input)
  if (parsed.success) return { ok: true, register: parsed.data }
  return {
    ok: false,
    errors: parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: mend(issue) })),
  }
}

const mend = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'unrecognized_keys')
    return `does not know ${issue.keys.join(', ')}: remove it or correct its spelling`
  if (issue.code === 'invalid_value') return `is not a known word: use one of ${issue.values.join(', ')}`
  if (issue.code === 'invalid_type') return `is missing or of the wrong type: give ${issue.expected}`
  if (issue.code === 'too_small') return `is too little: give at least ${issue.minimum}`
  return issue.message
}

/** Every field that at least one of these purposes may hold. No purpose, no field (GDPR Art. 5(1)(b)). */
export const fieldsAllowed = (register: Register, purposes: readonly PurposeKey[]): Set<FieldKey> =>
  new Set(purposes.flatMap((key) => register.purposes[key].fields))

/** The field keys that none of these purposes may hold, in the order given; empty = all are welcome. */
export const refuseFields = (
  register: Register,
  purposes: readonly PurposeKey[],
  fields: readonly string[],
): string[] => {
  const allowed: ReadonlySet<string> = fieldsAllowed(register, purposes)
  return fields.filter((field) => !allowed.has(field))
}
