/**
 * What became of a hand-over that was not accepted; the same fields as the receipts of src/mail/message.ts, which this
 * layer may not import.
 */
export type Failure =
  | { outcome: 'refused'; stage: string; code: number | null; status: string | null; reply: string }
  | { outcome: 'uncertain' }

/** Why nothing goes out at all for now: ours to mend, never the recipient's fault (promises.md, last paragraph). */
export type SenderFault = 'relay_refused' | 'tls' | 'auth' | 'sender_refused' | 'too_big' | 'policy' | 'content'

/** Why this one recipient does not get this one message. */
export type RecipientFault = 'no_such_address' | 'mailbox_full' | 'refused' | 'needs_smtputf8' | 'unsendable'

export type Decision =
  /** Back into the queue. */
  | { verdict: 'retry'; afterMs: number }
  /** `dead`: the peer says that the address does not exist. One word is no proof (RFC 3464 App. C); it counts towards it. */
  | { verdict: 'failed'; dead: boolean; reason: RecipientFault | SenderFault | 'gave_up' }
  /** The mailing pauses and the recipient stays queued. Service mail belongs to no mailing and waits `afterMs` instead. */
  | { verdict: 'pause'; reason: SenderFault; afterMs?: number }
  | { verdict: 'uncertain' }

export const MAX_ATTEMPTS = 12

/** Minutes before the second, third … attempt; the last one repeats. */
const waits = [2, 15, 60, 240]

/**
 * What an SMTP outcome means (faults.md F43–F66, standards A4-7 and A8-3).
 *
 * @param attempts hand-overs so far, this one included
 * @param random 0 ≤ n < 1, spreads the waits so that a thousand deferred messages do not come back in one second
 * @param kind `mailing`, or a kind of service or staff mail: those are sent again when nobody knows what became of them
 * @param pausedBefore this delivery has already paused its mailing once: a second policy refusal of the recipient or the
 *   text is then theirs alone, so that one recipient cannot hold up all the others for good (P21)
 */
export function judge(
  failure: Failure,
  attempts: number,
  random: number,
  kind: string,
  pausedBefore = false,
): Decision {
  if (failure.outcome === 'uncertain') return kind === 'mailing' ? { verdict: 'uncertain' } : later(attempts, random)
  const fault = faultOf(failure)
  if (fault.of === 'moment') return later(attempts, random)
  if (fault.of === 'recipient') return { verdict: 'failed', dead: fault.dead, reason: fault.reason }
  if (pausedBefore && isPerMessage(failure.stage)) return { verdict: 'failed', dead: false, reason: fault.reason }
  if (kind === 'mailing') return { verdict: 'pause', reason: fault.reason }
  const again = later(attempts, random)
  return again.verdict === 'retry' ? { verdict: 'pause', reason: fault.reason, afterMs: again.afterMs } : again
}

/** 2 min, 15 min, 1 h, then every 4 h, each cut by up to a quarter; given up after 12 attempts. */
function later(attempts: number, random: number): Extract<Decision, { verdict: 'retry' | 'failed' }> {
  if (attempts >= MAX_ATTEMPTS) return { verdict: 'failed', dead: false, reason: 'gave_up' }
  const minutes = waits[Math.min(Math.max(attempts, 1), waits.length) - 1] ?? 240
  return { verdict: 'retry', afterMs: Math.round(minutes * 60_000 * (1 - random / 4)) }
}

type Fault =
  | { of: 'moment' }
  | { of: 'recipient'; dead: boolean; reason: RecipientFault }
  | { of: 'sender'; reason: SenderFault }

type Refusal = Extract<Failure, { outcome: 'refused' }>

/** Whose fault a refusal is. In doubt it is not the recipient's, and an address is dead only when the peer says so. */
function faultOf({ stage, code, status, reply }: Refusal): Fault {
  const severity = code === null ? Number(status?.[0] ?? 4) : Math.floor(code / 100)
  const [subject = 0, detail = 0] = (status ?? '').split('.').slice(1).map(Number)
  if (severity !== 5) return subject === 7 && isAuthentication(detail) ? sender('policy') : { of: 'moment' }
  if (code === 530 || code === 534 || code === 535 || code === 538) return sender('auth')
  if (!isPerMessage(stage)) return sender(whereOurs(stage, code, status))
  return byStatus(subject, detail, code) ?? byText(reply) ?? byCode(stage, code)
}

function isPerMessage(stage: string) {
  return stage === 'rcpt' || stage === 'data' || stage === 'dot'
}

/** RFC 7372 and the providers' kin (A8-3): mail that fails SPF, DKIM or DMARC fails for everyone. X.7.28 only says "slower". */
function isAuthentication(detail: number) {
  return detail >= 20 && detail < 100 && detail !== 28
}

function whereOurs(stage: string, code: number | null, status: string | null): SenderFault {
  if (stage === 'mail') return code === 552 || status === '5.3.4' ? 'too_big' : 'sender_refused'
  return stage === 'starttls' ? 'tls' : stage === 'auth' ? 'auth' : 'relay_refused'
}

/** RFC 3463 and its registry. Null: the status does not decide it. */
function byStatus(subject: number, detail: number, code: number | null): Fault | null {
  if (subject === 1 && (detail === 7 || detail === 8)) return sender('sender_refused')
  if (subject === 1 && code === null) return recipient('unsendable')
  if (subject === 1 && [1, 2, 3, 6, 10].includes(detail)) return noSuchAddress
  if (subject === 2 && detail === 1) return noSuchAddress
  if (subject === 2 && detail === 2) return recipient('mailbox_full')
  if (subject === 2) return recipient('refused')
  if (subject === 3 && detail === 4) return sender('too_big')
  if (subject === 4) return recipient('refused')
  if (subject === 6 && detail === 7) return recipient('needs_smtputf8')
  if (subject === 6) return code === null ? recipient('unsendable') : sender('content')
  // RFC 7293: the mailbox or the domain has a new owner.
  if (subject === 7 && (detail === 17 || detail === 18)) return noSuchAddress
  return subject === 7 ? sender('policy') : null
}

const ours =
  /spam|junk|bulk|black ?list|block(ed|ing)? ?list|\b(dns|r)bl\b|blocked|reputation|policy|prohibited|spf|dkim|dmarc|authenticat|relay|sender|not (permitted|authori[sz]ed)|access denied|rate limit|too many/i
const unknownUser =
  /user (is )?unknown|unknown (user|recipient|mailbox|local)|no such (user|recipient|mailbox|address|person)|(user|mailbox|recipient|account|address)( \S+)?( was| is)? (not found|does(n't| not) exist|unavailable|disabled|inactive)|(does(n't| not)|not) (exist|a valid (user|mailbox|recipient))|invalid (recipient|mailbox|user)|no mailbox/i

/** Peers without status codes. What sounds like a policy goes first: "sender domain does not exist" is no dead recipient. */
function byText(reply: string): Fault | null {
  if (ours.test(reply)) return sender('policy')
  return unknownUser.test(reply) ? noSuchAddress : null
}

function byCode(stage: string, code: number | null): Fault {
  if (code === 503) return sender('relay_refused')
  if (code === 552) return stage === 'rcpt' ? recipient('mailbox_full') : sender('too_big')
  if (code === 551) return noSuchAddress
  return stage === 'data' || (stage === 'dot' && code === 554) ? sender('content') : recipient('refused')
}

const noSuchAddress: Fault = { of: 'recipient', dead: true, reason: 'no_such_address' }

function sender(reason: SenderFault): Fault {
  return { of: 'sender', reason }
}

function recipient(reason: RecipientFault): Fault {
  return { of: 'recipient', dead: false, reason }
}
