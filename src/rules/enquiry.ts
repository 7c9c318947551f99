import type { FormDefinition } from './form.ts'
import type { PurposeKey } from './register.ts'

/** Contact and feedback forms: what people write to us, who gets it, and how far it has come. */

export type EnquiryKind = 'contact' | 'feedback'

export const isEnquiryKind = (kind: string): kind is EnquiryKind => kind === 'contact' || kind === 'feedback'

/**
 * The purposes for which a form of that kind may hold what is written on it; the first says how long it is kept
 * (domain.md 1: case closed, or handled). `direct_marketing` is the purpose of web forms and their answers, and opens no marketing.
 */
export const enquiryPurposes: Readonly<Record<EnquiryKind, readonly [PurposeKey, ...PurposeKey[]]>> = {
  contact: ['customer_service', 'direct_marketing'],
  feedback: ['feedback_complaints', 'direct_marketing'],
}

/** What a definition may not say because of the form's kind; nothing = all is well. */
export const kindFaults = (
  kind: string,
  { topics, doubleOptIn, mailbox, receipt, welcome }: FormDefinition,
): { path: string; fault: 'noTopic' | 'needsDoubleOptIn' | 'noEnquiry'; message: string }[] => {
  if (!isEnquiryKind(kind))
    return [
      ...(topics.length === 0
        ? [
            {
              path: 'topics',
              fault: 'noTopic' as const,
              message: 'Name at least one topic: it is what people sign up for.',
            },
          ]
        : []),
      ...(['mailbox', 'receipt'] as const)
        .filter((path) => (path === 'mailbox' ? mailbox !== undefined : receipt))
        .map((path) => ({
          path,
          fault: 'noEnquiry' as const,
          message: 'Only contact and feedback forms have this: leave it out.',
        })),
    ]
  return !doubleOptIn && (topics.length > 0 || welcome)
    ? [
        {
          path: 'doubleOptIn',
          fault: 'needsDoubleOptIn',
          message: 'An enquiry is no consent: topics of such a form need a confirmation by mail. Set it to true.',
        },
      ]
    : []
}

export type EnquiryState = 'open' | 'handled' | 'closed'

/** A state is the last time that was written. */
export const enquiryState = (times: { handledAt: number | null; closedAt: number | null }): EnquiryState => {
  if (times.closedAt !== null) return 'closed'
  return times.handledAt === null ? 'open' : 'handled'
}

/**
 * The times that go with a state. What was reached before keeps its time; going back forgets the later ones, so that retention
 * does not run for a case that was opened again.
 */
export const enquiryTimes = (
  state: EnquiryState,
  before: { handledAt: number | null; closedAt: number | null },
  now: number,
): { handledAt: number | null; closedAt: number | null } => ({
  handledAt: state === 'open' ? null : (before.handledAt ?? now),
  closedAt: state === 'closed' ? (before.closedAt ?? now) : null,
})
