import type { BanFact, Facts, PermissionFact } from '../../src/rules/facts.ts'
import { defaultRegister } from '../../src/rules/registerData.ts'

/** 1 July 2026, noon UTC: the moment at which the tests ask. */
export const NOW = Date.UTC(2026, 6, 1, 12)
export const DAY = 86_400_000

/** A consent for the newsletter that the person confirmed ten days ago. */
export const permission = (change: Partial<PermissionFact> = {}): PermissionFact => ({
  id: 'permission-1',
  topic: 'newsletter',
  channel: 'email',
  rule: 'consent',
  requestedAt: NOW - 11 * DAY,
  confirmedAt: NOW - 10 * DAY,
  confirmedByPerson: true,
  withdrawnAt: null,
  expiresAt: null,
  evidence: true,
  ...change,
})

/** A ban of the person's own address on all marketing, given yesterday. */
export const ban = (change: Partial<BanFact> = {}): BanFact => ({
  id: 'ban-1',
  kind: 'email',
  scope: 'all',
  external: false,
  reason: null,
  form: 'strict',
  at: NOW - DAY,
  ...change,
})

type Change = Partial<Omit<Facts, 'message' | 'recipient'>> & {
  message?: Partial<Facts['message']>
  recipient?: Partial<Facts['recipient']>
}

/** A newsletter to somebody who consented; nothing stands against it. */
export const newsletter = ({ message, recipient, ...rest }: Change = {}): Facts => ({
  message: {
    class: 'marketing',
    kind: 'mailing',
    topic: 'newsletter',
    purpose: 'direct_marketing',
    askedNow: false,
    mergedFields: ['name'],
    ...message,
  },
  sources: [{ name: 'crm', required: true, fresh: true }],
  hold: null,
  recipient: {
    exists: true,
    address: 'matti.meikalainen@yritys.example',
    class: 'named_work',
    staff: false,
    restrictedAt: null,
    deadAt: null,
    neverMailed: false,
    ...recipient,
  },
  bans: [],
  permissions: [permission()],
  register: defaultRegister,
  policy: { namedWork: 'duty_evidence' },
  ...rest,
})

/** A survey invitation to somebody who consented to surveys. */
export const survey = (change: Change = {}): Facts =>
  newsletter({
    permissions: [permission({ topic: 'survey' })],
    ...change,
    message: { class: 'research', topic: 'survey', purpose: 'surveys', mergedFields: [], ...change.message },
  })

/** The double opt-in mail to somebody who is no contact yet. */
export const confirmation = (change: Change = {}): Facts =>
  newsletter({
    permissions: [permission({ confirmedAt: null, confirmedByPerson: false, requestedAt: NOW })],
    ...change,
    message: { class: 'service', kind: 'confirmation', askedNow: true, mergedFields: [], ...change.message },
    recipient: { exists: false, class: 'unknown', ...change.recipient },
  })

/** Service mail that nobody waits for, such as a registration receipt. */
export const receipt = (change: Change = {}): Facts =>
  newsletter({
    permissions: [],
    ...change,
    message: {
      class: 'service',
      kind: 'receipt',
      topic: null,
      purpose: 'customer_events',
      askedNow: false,
      ...change.message,
    },
  })

/** A test send of the newsletter to a colleague. */
export const testSend = (change: Change = {}): Facts =>
  newsletter({
    permissions: [],
    ...change,
    message: { class: 'staff', kind: 'test', ...change.message },
    recipient: { exists: false, staff: true, class: 'unknown', ...change.recipient },
  })

export const staffMail = (kind: 'sign_in' | 'alert' | 'enquiry', change: Change = {}): Facts =>
  testSend({ ...change, message: { kind, topic: null, purpose: null, mergedFields: [], ...change.message } })
