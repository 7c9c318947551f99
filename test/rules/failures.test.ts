import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judge, MAX_ATTEMPTS } from '../../src/rules/failures.ts'
import type { Failure } from '../../src/rules/failures.ts'

type Row = [stage: string, code: number | null, status: string | null, reply: string, decided: string]

const retry = 'retry'
const dead = 'failed no_such_address dead'
const failed = (reason: string) => `failed ${reason}`
const pause = (reason: string) => `pause ${reason}`

const rows: Record<string, Row[]> = {
  'F43 a relay that cannot be reached is tried again': [
    ['connect', null, null, 'connect ECONNREFUSED', retry],
    ['connect', null, null, 'Connection timeout', retry],
  ],
  'F44 a greeting of 4xx or garbage is tried again, 5xx pauses the mailing': [
    ['greeting', 421, null, 'too busy', retry],
    ['greeting', 450, '4.3.0', '4.3.0 try later', retry],
    ['greeting', null, null, 'Invalid greeting', retry],
    ['greeting', 554, null, 'no SMTP service here', pause('relay_refused')],
  ],
  'F45 a relay that takes neither EHLO nor HELO pauses the mailing': [
    ['ehlo', 500, '5.3.0', '5.3.0 Error: command failed', pause('relay_refused')],
    ['ehlo', null, null, 'Connection closed unexpectedly', retry],
  ],
  'F46 missing STARTTLS and bad certificates pause the mailing, a relay that is only busy does not': [
    ['starttls', 502, '5.5.1', '5.5.1 command not implemented', pause('tls')],
    ['starttls', null, '5.7.5', 'TLS failed: CERT_HAS_EXPIRED', pause('tls')],
    ['starttls', 454, '4.7.0', '4.7.0 TLS not available', retry],
    ['starttls', null, null, 'Connection closed unexpectedly', retry],
  ],
  'F47 wrong credentials pause the mailing, a log-in service that is away does not': [
    ['auth', 535, '5.7.8', '5.7.8 authentication failed', pause('auth')],
    ['auth', 534, '5.7.9', 'mechanism too weak', pause('auth')],
    ['auth', 454, '4.7.0', 'temporary authentication failure', retry],
    ['mail', 530, '5.7.0', 'authentication required', pause('auth')],
    ['rcpt', 530, '5.7.0', 'must issue a STARTTLS command first', pause('auth')],
  ],
  'F48 a refused sender pauses the mailing': [
    ['mail', 550, '5.1.8', 'sender domain does not exist', pause('sender_refused')],
    ['mail', 553, null, 'sender not allowed', pause('sender_refused')],
    ['mail', 451, '4.3.0', 'try later', retry],
    ['mail', 421, null, 'closing', retry],
    ['mail', null, null, 'the peer closed the connection', retry],
  ],
  'F49 P21 a refused recipient fails alone': [
    ['rcpt', 550, '5.1.1', 'user unknown', dead],
    ['rcpt', 550, '5.1.10', 'null MX', dead],
    ['rcpt', 550, '5.1.2', 'host not found', dead],
    ['rcpt', 550, '5.2.1', 'mailbox disabled', dead],
    ['rcpt', 550, '5.7.17', 'mailbox owner has changed', dead],
    ['rcpt', 550, null, 'No such user here', dead],
    ['rcpt', 550, null, '<address> User unknown in virtual mailbox table', dead],
    ['rcpt', 550, null, 'Requested action not taken: mailbox unavailable', dead],
    ['rcpt', 551, null, 'user not local', dead],
    ['rcpt', 552, '5.2.2', 'mailbox full', failed('mailbox_full')],
    ['rcpt', 552, null, 'exceeded storage allocation', failed('mailbox_full')],
    ['rcpt', 553, null, 'mailbox name not allowed', failed('refused')],
    ['rcpt', 550, null, 'no', failed('refused')],
    ['rcpt', 500, '5.3.0', 'Error: command failed', failed('refused')],
    ['rcpt', 550, '5.4.1', 'Recipient address rejected: Access denied', failed('refused')],
    ['rcpt', 450, '4.2.1', 'greylisted', retry],
    ['rcpt', 450, '4.1.1', 'user unknown, perhaps', retry],
    ['rcpt', 452, '4.2.2', 'mailbox full', retry],
    ['rcpt', 421, null, 'closing', retry],
    ['rcpt', null, null, 'cut', retry],
  ],
  'A4-7 A8-5 policy, spam and authentication are the sender’s fault and never harm the recipient': [
    ['rcpt', 550, '5.7.1', 'blocked', pause('policy')],
    [
      'rcpt',
      550,
      '5.7.515',
      'Access denied, sending domain does not meet the required authentication level',
      pause('policy'),
    ],
    ['rcpt', 554, '5.7.1', 'Relay access denied', pause('policy')],
    ['rcpt', 554, null, 'Relay access denied', pause('policy')],
    ['rcpt', 550, null, 'Sender address rejected: Domain not found', pause('policy')],
    ['rcpt', 550, null, 'your IP is listed in zen: blocked', pause('policy')],
    ['rcpt', 553, '5.7.1', 'Sender address rejected: not owned by user', pause('policy')],
    ['rcpt', 550, '5.1.7', 'bad sender syntax', pause('sender_refused')],
    ['rcpt', 503, '5.5.1', 'bad sequence of commands', pause('relay_refused')],
    ['dot', 550, '5.7.26', 'unauthenticated mail', pause('policy')],
    ['dot', 554, '5.7.1', 'spam', pause('policy')],
    ['dot', 550, null, 'Message classified as spam', pause('policy')],
  ],
  'A8-3 a passing refusal for missing authentication pauses too, since waiting does not mend it': [
    ['dot', 421, '4.7.32', 'From header is not aligned', pause('policy')],
    ['dot', 421, '4.7.26', 'SPF and DKIM missing', pause('policy')],
    ['dot', 421, '4.7.28', 'unusual rate of mail', retry],
    ['rcpt', 451, '4.7.1', 'greylisting in action', retry],
    ['rcpt', 451, '4.7.500', 'server busy', retry],
  ],
  'F50 DATA refused for good pauses the mailing': [
    ['data', 552, null, 'too much mail data', pause('too_big')],
    ['data', 554, null, 'transaction failed', pause('content')],
    ['data', 451, null, 'local error', retry],
    ['data', null, null, 'the peer closed the connection', retry],
    ['data', 550, '5.1.1', 'user unknown', dead],
  ],
  'F51 the verdict on the message': [
    ['dot', 421, null, 'closing', retry],
    ['dot', 452, '4.3.1', 'insufficient storage', retry],
    ['dot', 500, '5.3.0', 'Error: command failed', failed('refused')],
    ['dot', 550, '5.1.1', 'user unknown', dead],
    ['dot', 552, '5.2.2', 'over quota', failed('mailbox_full')],
    ['dot', 552, '5.3.4', 'message too big', pause('too_big')],
    ['dot', 554, null, 'transaction failed', pause('content')],
    ['dot', 550, '5.6.0', 'cannot be converted', pause('content')],
  ],
  'F63 a message larger than the relay takes pauses the mailing': [
    ['mail', null, '5.3.4', 'too big', pause('too_big')],
    ['mail', 552, '5.3.4', 'too big', pause('too_big')],
  ],
  'A3-5 P21 what cannot go onto the wire fails alone and kills no address': [
    ['rcpt', null, '5.6.7', 'needs SMTPUTF8', failed('needs_smtputf8')],
    ['rcpt', 553, '5.6.7', 'non-ASCII addresses not permitted', failed('needs_smtputf8')],
    ['rcpt', null, '5.1.3', 'does not fit into an envelope', failed('unsendable')],
    ['data', null, '5.6.0', 'no 7-bit text', failed('unsendable')],
    ['mail', null, '5.1.7', 'sender does not fit', pause('sender_refused')],
  ],
  'F21 an outbox that cannot be written is tried again': [['outbox', null, null, 'ENOSPC', retry]],
}

describe('what an SMTP outcome means', () => {
  for (const [name, table] of Object.entries(rows)) {
    test.each(table)(`${name}: %s %s %s %s`, (stage, code, status, reply, decided) => {
      expect(said({ outcome: 'refused', stage, code, status, reply })).toBe(decided)
    })
  }

  test('P04 a mailing’s message whose fate is unknown waits for a person, a confirmation is sent again', () => {
    expect(judge({ outcome: 'uncertain' }, 1, 0, 'mailing')).toEqual({ verdict: 'uncertain' })
    expect(judge({ outcome: 'uncertain' }, 1, 0, 'confirmation')).toEqual({ verdict: 'retry', afterMs: 120_000 })
  })

  test('service mail belongs to no mailing that could pause: it waits and is given up in the end', () => {
    const wrongPassword = refused('auth', 535, '5.7.8')
    expect(judge(wrongPassword, 1, 0, 'confirmation')).toEqual({ verdict: 'pause', reason: 'auth', afterMs: 120_000 })
    expect(judge(wrongPassword, MAX_ATTEMPTS, 0, 'confirmation')).toMatchObject({
      verdict: 'failed',
      reason: 'gave_up',
    })
  })

  test('P21 one recipient that draws a policy refusal twice no longer holds up the others', () => {
    const policy = refused('rcpt', 550, '5.7.1')
    expect(judge(policy, 2, 0, 'mailing', true)).toEqual({ verdict: 'failed', dead: false, reason: 'policy' })
    expect(judge(refused('auth', 535, '5.7.8'), 2, 0, 'mailing', true)).toEqual({ verdict: 'pause', reason: 'auth' })
  })

  test('F43 waits grow from minutes to four hours and end after twelve attempts', () => {
    const waits = Array.from({ length: MAX_ATTEMPTS }, (_, index) => {
      const decided = judge(refused('rcpt', 450, null), index + 1, 0, 'mailing')
      return decided.verdict === 'retry' ? decided.afterMs / 60_000 : decided
    })
    const gaveUp = { verdict: 'failed', dead: false, reason: 'gave_up' }
    expect(waits).toEqual([2, 15, 60, ...Array.from({ length: 8 }, () => 240), gaveUp])
  })

  test('F43 jitter keeps every wait between one minute and four hours', () => {
    const anAttempt = fc.integer({ min: 1, max: MAX_ATTEMPTS - 1 })
    fc.assert(
      fc.property(anAttempt, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempts, random) => {
        const decided = judge(refused('dot', 451, null), attempts, random, 'mailing')
        if (decided.verdict !== 'retry') throw new Error(decided.verdict)
        expect(decided.afterMs).toBeGreaterThanOrEqual(60_000)
        expect(decided.afterMs).toBeLessThanOrEqual(4 * 3_600_000)
      }),
    )
  })

  test('P21 no answer whatsoever kills an address unless a 5xx about the recipient says so', () => {
    const aStage = fc.constantFrom('connect', 'greeting', 'ehlo', 'starttls', 'auth', 'mail', 'rcpt', 'data', 'dot')
    const aCode = fc.option(fc.integer({ min: 400, max: 599 }), { nil: null })
    const aStatus = fc.option(fc.stringMatching(/^[245]\.\d{1,3}\.\d{1,3}$/), { nil: null })
    fc.assert(
      fc.property(aStage, aCode, aStatus, fc.string(), (stage, code, status, reply) => {
        const decided = judge({ outcome: 'refused', stage, code, status, reply }, 1, 0, 'mailing')
        if (decided.verdict !== 'failed' || !decided.dead) return
        expect(['rcpt', 'data', 'dot']).toContain(stage)
        expect(code).toBeGreaterThanOrEqual(500)
      }),
    )
  })
})

function refused(stage: string, code: number | null, status: string | null): Failure {
  return { outcome: 'refused', stage, code, status, reply: '' }
}

function said(failure: Failure): string {
  const decided = judge(failure, 1, 0.5, 'mailing')
  const reason = 'reason' in decided ? ` ${decided.reason}` : ''
  return decided.verdict + reason + (decided.verdict === 'failed' && decided.dead ? ' dead' : '')
}
