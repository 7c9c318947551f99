import { z } from 'zod'
import { fieldKeys, purposeKeys } from './register.ts'
import type { Register } from './register.ts'

/**
 * What the gate must know about one message to one recipient, read in the atomic step that claims the delivery.
 * Plain data; times are milliseconds UTC. The schema is what makes the gate fail closed: a word that is not listed here,
 * a missing fact or a NaN is "unknown", and unknown is not sent.
 */

const time = z.number()
const maybeTime = time.nullable()

/**
 * `receipt` is every service message that answers something else than a sign-up (registration receipt, venue change,
 * data-subject answer); `enquiry` is one forwarded to staff.
 */
const message = z.object({
  class: z.enum(['marketing', 'research', 'service', 'staff']),
  kind: z.enum([
    'mailing',
    'test',
    'confirmation',
    'welcome',
    'manage_link',
    'ban_notice',
    'receipt',
    'sign_in',
    'alert',
    'enquiry',
  ]),
  /** Of a confirmation: the topic asked for; null = several, and then a ban of any topic or purpose is spoken of. */
  topic: z.string().min(1).nullable(),
  purpose: z.enum(purposeKeys).nullable(),
  /** The person asked for this message and waits for it. */
  askedNow: z.boolean(),
  mergedFields: z.array(z.enum(fieldKeys)),
})

const recipient = z.object({
  /** The contact's row is there. It may be missing for service and staff mail only. */
  exists: z.boolean(),
  address: z.string().nullable(),
  class: z.enum(['role_work', 'named_work', 'sole_trader', 'private', 'unknown']),
  /** The address of a user, or one that the configuration names. */
  staff: z.boolean(),
  restrictedAt: maybeTime,
  /** When a hard bounce was confirmed. */
  deadAt: maybeTime,
  /** noreply@, postmaster@, disposable domains and their like. */
  neverMailed: z.boolean(),
})

/** One ban in force (not lifted) that a key of this recipient hit. */
const ban = z.object({
  id: z.string(),
  kind: z.enum(['email', 'domain', 'company', 'phone', 'postal']),
  /** `all`, `no_contact`, `purpose:<key>` or `topic:<id>`. */
  scope: z.string(),
  /** Came from a ban source that is not our own. */
  external: z.boolean(),
  /** Free text; `complaint` is the one word with a meaning here. */
  reason: z.string().nullable(),
  /** `loose`: only a widened form of the address (plus-tag, dots) is the same. */
  form: z.enum(['strict', 'loose']),
  at: time,
})

/** One permission of this contact. */
const permission = z.object({
  id: z.string(),
  topic: z.string(),
  channel: z.enum(['email', 'post', 'phone']),
  rule: z.enum(['consent', 'existing_customer', 'duty_evidence', 'legal_person']),
  requestedAt: maybeTime,
  /** Consent by sign-up: when the person confirmed. Everything else: when it was recorded. */
  confirmedAt: maybeTime,
  /**
   * The person did it, through a link mailed to this very address. An import, an API call or a colleague is `false`, and
   * only `true` outranks a ban or a withdrawal.
   */
  confirmedByPerson: z.boolean(),
  withdrawnAt: maybeTime,
  expiresAt: maybeTime,
  /** The proof is stored: the wording that was shown, or the recorded text. */
  evidence: z.boolean(),
})

export const factsSchema = z.object({
  message,
  sources: z.array(z.object({ name: z.string(), required: z.boolean(), fresh: z.boolean() })),
  /** Kill switch or hold after a restore; the reason is one of our own words. */
  hold: z.object({ reason: z.string() }).nullable(),
  recipient,
  bans: z.array(ban),
  permissions: z.array(permission),
  /** Validated once at the start (parseRegister), not for each message. */
  register: z.custom<Register>((value) => typeof value === 'object' && value !== null),
  policy: z.object({ namedWork: z.enum(['consent_only', 'duty_evidence', 'opt_out']) }),
  /** Marketing and research mail to this recipient in the configured window; absent or cap null = no cap. */
  frequency: z.object({ sentInWindow: z.number(), cap: z.number().nullable() }).nullish(),
})

export type Facts = z.infer<typeof factsSchema>
export type Message = Facts['message']
export type BanFact = Facts['bans'][number]
export type PermissionFact = Facts['permissions'][number]

/** Why a message was not sent, in the order in which the gate asks. */
export type Reason =
  | 'unknown'
  | 'source_stale'
  | 'held'
  | 'erased'
  | 'restricted'
  | 'no_contact'
  | 'complaint'
  | 'banned'
  | 'loose_match'
  | 'banned_topic'
  | 'external_ban'
  | 'dead_address'
  | 'never_mailed'
  | 'not_staff'
  | 'unsubscribed'
  | 'consent_expired'
  | 'invoice_address'
  | 'no_permission'
  | 'no_basis'
  | 'field_not_allowed'
  | 'frequency_cap'

/** `detail` is a ban's id, source names, field keys, a path into the facts; never an address. */
export type Stopped = { allowed: false; reason: Reason; detail: string | null }

export type Allowed = {
  allowed: true
  /** The rule that opened: a permission's rule, `asked` or `service` for service mail, `staff`. */
  by: PermissionFact['rule'] | 'asked' | 'service' | 'staff'
  /** Id of the permission, where one opened. */
  evidence: string | null
  /** Write the neutral confirmation: a ban is in force, and confirming lifts it for this topic. */
  neutral: boolean
}

export type Verdict = Allowed | Stopped

/** An address in a detail would reach logs and reports; better no detail. */
export const stop = (reason: Reason, detail: string | null = null): Stopped => ({
  allowed: false,
  reason,
  detail: detail?.includes('@') ? null : detail,
})
