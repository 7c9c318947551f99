/** The life of a mailing: what state its times say, and what may be done to it there. */

/** Milliseconds UTC. `pausedAt` and `heldAt` are null again after a resume; the others are written once. */
export type MailingTimes = {
  createdAt: number
  scheduledAt: number | null
  dueAt: number | null
  notAfter: number | null
  startedAt: number | null
  /** When the last recipient was proposed. */
  proposedAt: number | null
  pausedAt: number | null
  pauseReason: string | null
  heldAt: number | null
  holdReason: string | null
  finishedAt: number | null
  cancelledAt: number | null
}

export type MailingState = 'draft' | 'scheduled' | 'sending' | 'paused' | 'held' | 'finished' | 'cancelled'
export type MailingStatus = { state: MailingState; reason: string | null }

/**
 * The state that the times say. A person's pause is shown before a hold of the service, so that good news about a ban
 * source never looks as if it could end the pause.
 */
export const mailingState = (times: MailingTimes): MailingStatus => {
  if (times.cancelledAt !== null) return { state: 'cancelled', reason: null }
  if (times.finishedAt !== null) return { state: 'finished', reason: null }
  if (times.pausedAt !== null) return { state: 'paused', reason: times.pauseReason }
  if (times.heldAt !== null) return { state: 'held', reason: times.holdReason }
  if (times.startedAt !== null) return { state: 'sending', reason: null }
  return { state: times.scheduledAt === null ? 'draft' : 'scheduled', reason: null }
}

export type MailingVerb =
  | 'edit'
  | 'attach'
  | 'schedule'
  | 'pause'
  | 'resume'
  | 'cancel'
  | 'delete'
  | 'resend_uncertain'
  | 'accept_uncertain'

const ALLOWED: Record<MailingVerb, { in: readonly MailingState[]; else: string }> = {
  edit: { in: ['draft'], else: 'Its content is frozen. Copy the mailing and edit the copy.' },
  attach: { in: ['draft'], else: 'Its content is frozen. Copy the mailing and attach the file to the copy.' },
  schedule: { in: ['draft', 'scheduled'], else: 'It was scheduled before. Copy the mailing and schedule the copy.' },
  pause: {
    in: ['scheduled', 'sending', 'held'],
    else: 'Only a mailing that is scheduled, sending or held can be paused.',
  },
  resume: { in: ['paused', 'held'], else: 'Only a paused or held mailing can be resumed.' },
  cancel: {
    in: ['scheduled', 'sending', 'paused', 'held'],
    else: 'There is nothing to cancel. A draft can be deleted.',
  },
  delete: { in: ['draft'], else: 'It is part of the record of what was sent. Only a draft can be deleted.' },
  resend_uncertain: {
    in: ['sending', 'paused', 'held'],
    else: 'Only a mailing that is under way has uncertain deliveries to resend.',
  },
  accept_uncertain: {
    in: ['sending', 'paused', 'held', 'cancelled'],
    else: 'Only a mailing that was started has uncertain deliveries to accept.',
  },
}

/** Holds that end by themselves as soon as their cause does; resuming by hand would only hold it again. */
const ENDS_BY_ITSELF: Readonly<Record<string, string>> = {
  source_stale: 'A required ban source is not fresh. Sending goes on by itself when it is.',
}

/**
 * May this be done to a mailing in this state? Asked again by the condition of the write itself.
 * @returns ok, or one sentence for the person: what stands in the way and what mends it
 */
export const mayBecome = (
  { state, reason }: MailingStatus,
  verb: MailingVerb,
): { ok: true } | { ok: false; why: string } => {
  if (!ALLOWED[verb].in.includes(state)) return { ok: false, why: `The mailing is ${state}. ${ALLOWED[verb].else}` }
  if (verb !== 'resume') return { ok: true }
  if (state === 'paused' && reason === 'uncertain') {
    return { ok: false, why: 'Some deliveries are uncertain. Resend or accept them first.' }
  }
  const wait = state === 'held' && reason !== null ? ENDS_BY_ITSELF[reason] : undefined
  return wait ? { ok: false, why: wait } : { ok: true }
}

export type MailingProgress = { proposedAt: number | null; queued: number; sending: number; uncertain: number }

/** Finished exactly when everybody was proposed and nobody is queued, under way, or uncertain and undecided (P06). */
export const isFinished = ({ proposedAt, queued, sending, uncertain }: MailingProgress): boolean =>
  proposedAt !== null && queued === 0 && sending === 0 && uncertain === 0
