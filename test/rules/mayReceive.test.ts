import { describe, expect, it } from 'vitest'
import type { Facts, Reason } from '../../src/rules/facts.ts'
import { mayReceive } from '../../src/rules/mayReceive.ts'
import { ban, confirmation, DAY, newsletter, NOW, permission, receipt, staffMail, survey, testSend } from './facts.ts'

const reasonOf = (facts: Facts, now = NOW): Reason | 'allowed' | 'allowed neutral' => {
  const verdict = mayReceive(facts, now)
  if (!verdict.allowed) return verdict.reason
  return verdict.neutral ? 'allowed neutral' : 'allowed'
}

const stale = [{ name: 'crm', required: true, fresh: false }]
const killSwitch = { reason: 'kill_switch' }

describe('the classes of messages', () => {
  const all = [ban()]
  const topic = [ban({ scope: 'topic:newsletter' })]
  const noContact = [ban({ scope: 'no_contact' })]
  const complaint = [ban({ reason: 'complaint' })]
  const external = [ban({ external: true })]
  const left = [permission({ withdrawnAt: NOW - DAY })]
  const surveyTopic = [ban({ scope: 'topic:survey' })]
  const leftSurvey = [permission({ topic: 'survey', withdrawnAt: NOW - DAY })]

  it.each([
    ['marketing, own ban on all marketing', newsletter({ bans: all }), 'banned'],
    ['marketing, own ban on this topic', newsletter({ bans: topic }), 'banned_topic'],
    ['marketing, no_contact', newsletter({ bans: noContact }), 'no_contact'],
    ['marketing, complaint', newsletter({ bans: complaint }), 'complaint'],
    ['marketing, external register', newsletter({ bans: external }), 'external_ban'],
    ['marketing, unsubscribed topic', newsletter({ permissions: left }), 'unsubscribed'],
    ['research, own ban on all marketing', survey({ bans: all }), 'banned'],
    ['research, own ban on this topic', survey({ bans: surveyTopic }), 'banned_topic'],
    ['research, no_contact', survey({ bans: noContact }), 'no_contact'],
    ['research, complaint', survey({ bans: complaint }), 'complaint'],
    ['research, external register', survey({ bans: external }), 'external_ban'],
    ['research, unsubscribed topic', survey({ permissions: leftSurvey }), 'unsubscribed'],
    ['asked for now, own ban on all marketing', confirmation({ bans: all }), 'allowed neutral'],
    ['asked for now, own ban on this topic', confirmation({ bans: topic }), 'allowed neutral'],
    ['asked for now, no_contact', confirmation({ bans: noContact }), 'no_contact'],
    ['asked for now, complaint', confirmation({ bans: complaint }), 'complaint'],
    ['asked for now, external register', confirmation({ bans: external }), 'allowed'],
    ['asked for now, unsubscribed topic', confirmation({ permissions: left }), 'allowed'],
    ['other service, own ban on all marketing', receipt({ bans: all }), 'allowed'],
    ['other service, own ban on this topic', receipt({ bans: topic }), 'allowed'],
    ['other service, no_contact', receipt({ bans: noContact }), 'no_contact'],
    ['other service, complaint', receipt({ bans: complaint }), 'complaint'],
    ['other service, external register', receipt({ bans: external }), 'allowed'],
    ['other service, unsubscribed topic', receipt({ permissions: left }), 'allowed'],
  ])('P07 %s', (_, facts, expected) => {
    expect(reasonOf(facts)).toBe(expected)
  })

  it.each([
    [
      'a domain ban stops the confirmation, which could lift nothing',
      confirmation({ bans: [ban({ kind: 'domain' })] }),
      'banned',
    ],
    ['a company ban stops the confirmation', confirmation({ bans: [ban({ kind: 'company' })] }), 'banned'],
    [
      'a domain ban of another purpose does not',
      confirmation({ bans: [ban({ kind: 'domain', scope: 'purpose:surveys' })] }),
      'allowed',
    ],
    [
      'a ban on another topic needs no neutral mail',
      confirmation({ bans: [ban({ scope: 'topic:price-list' })] }),
      'allowed',
    ],
    [
      'a confirmation for several topics is neutral for a ban on any',
      confirmation({ bans: [ban({ scope: 'topic:price-list' })], message: { topic: null } }),
      'allowed neutral',
    ],
    [
      'one that was outranked for this topic needs no neutral mail',
      confirmation({ bans: [ban({ at: NOW - 20 * DAY })], permissions: [permission()] }),
      'allowed',
    ],
    [
      'a sign-up under a wide match of the address is asked neutrally',
      confirmation({ bans: [ban({ form: 'loose' })] }),
      'allowed neutral',
    ],
    ['confirmations do not wait for ban sources', confirmation({ sources: stale }), 'allowed'],
    [
      'a restricted person gets no confirmation either',
      confirmation({ recipient: { restrictedAt: NOW } }),
      'restricted',
    ],
    ['a dead address gets none', confirmation({ recipient: { deadAt: NOW } }), 'dead_address'],
    ['an address that nobody reads gets none', confirmation({ recipient: { neverMailed: true } }), 'never_mailed'],
    [
      'a confirmation never merges a field of a purpose that does not hold it',
      confirmation({ message: { mergedFields: ['company'] } }),
      'field_not_allowed',
    ],
  ])('D-14 %s', (_, facts, expected) => {
    expect(reasonOf(facts)).toBe(expected)
  })

  it.each(['manage_link', 'ban_notice'] as const)(
    'D-14 %s goes to a banned person who waits for it, and to nobody who said no contact',
    (kind) => {
      const message = { kind, topic: null, purpose: null } as const
      expect(reasonOf(confirmation({ message, bans: [ban(), ban({ id: '2', kind: 'domain' })] }))).toBe('allowed')
      expect(reasonOf(confirmation({ message, bans: [ban({ scope: 'no_contact' })] }))).toBe('no_contact')
      expect(reasonOf(confirmation({ message, bans: [ban({ reason: 'complaint' })] }))).toBe('complaint')
      expect(reasonOf(confirmation({ message: { ...message, askedNow: false } }))).toBe('unknown')
    },
  )
})

describe('staff mail', () => {
  it.each([
    ['a test send goes to staff', testSend(), 'allowed'],
    ['a test send goes to nobody else', testSend({ recipient: { staff: false } }), 'not_staff'],
    ['the kill switch stops a test send', testSend({ hold: killSwitch }), 'held'],
    ['a ban on the address stops a test send', testSend({ bans: [ban()] }), 'banned'],
    ['a ban on another topic stops a test send', testSend({ bans: [ban({ scope: 'topic:price-list' })] }), 'banned'],
    ['a restricted person gets no test send', testSend({ recipient: { restrictedAt: NOW } }), 'restricted'],
    ['a domain ban stops a test send', testSend({ bans: [ban({ kind: 'domain' })] }), 'banned'],
    ['a company ban stops a test send', testSend({ bans: [ban({ kind: 'company' })] }), 'banned'],
    ['an external ban stops a test send', testSend({ bans: [ban({ external: true })] }), 'banned'],
    [
      'a test send merges only what its purpose allows',
      testSend({ message: { mergedFields: ['photo'] } }),
      'field_not_allowed',
    ],
    ['a stale ban source does not stop a test send', testSend({ sources: stale }), 'allowed'],
    ['a sign-in link goes to staff, banned or not', staffMail('sign_in', { bans: [ban()] }), 'allowed'],
    ['a sign-in link goes to nobody else', staffMail('sign_in', { recipient: { staff: false } }), 'not_staff'],
    ['the kill switch stops a sign-in link', staffMail('sign_in', { hold: killSwitch }), 'held'],
    ['a forwarded enquiry goes to staff', staffMail('enquiry'), 'allowed'],
    ['the kill switch stops a forwarded enquiry', staffMail('enquiry', { hold: killSwitch }), 'held'],
    [
      'an alert passes the kill switch and every ban',
      staffMail('alert', { hold: killSwitch, bans: [ban({ scope: 'no_contact' })] }),
      'allowed',
    ],
    [
      'an alert passes to an address that is never mailed otherwise',
      staffMail('alert', { recipient: { neverMailed: true } }),
      'allowed',
    ],
    ['an alert passes a ban whose scope nobody knows', staffMail('alert', { bans: [ban({ scope: '?' })] }), 'allowed'],
    ['an alert goes to staff only', staffMail('alert', { recipient: { staff: false } }), 'not_staff'],
  ])('P07 %s', (_, facts, expected) => {
    expect(reasonOf(facts)).toBe(expected)
  })
})

describe('D-16 the order of questions', () => {
  const everythingWrong: [Reason, Parameters<typeof newsletter>[0]][] = [
    ['source_stale', { sources: stale }],
    ['held', { hold: killSwitch }],
    ['restricted', { recipient: { restrictedAt: NOW } }],
    ['banned', { bans: [ban()] }],
    ['dead_address', { recipient: { deadAt: NOW } }],
    ['no_permission', { permissions: [] }],
    ['field_not_allowed', { message: { mergedFields: ['company'] } }],
    ['frequency_cap', { frequency: { sentInWindow: 3, cap: 3 } }],
  ]

  it.each(everythingWrong.map(([reason], i) => [reason, i] as const))(
    'D-16 names %s while everything after it is wrong too',
    (reason, i) => {
      const wrong = everythingWrong.slice(i).map(([, change]) => change ?? {})
      const facts = newsletter({
        ...Object.assign({}, ...wrong),
        recipient: Object.assign({}, ...wrong.map((change) => change.recipient)),
      })
      expect(reasonOf(facts)).toBe(reason)
    },
  )

  it('D-16 names the ban before the complaint of another hit, and no_contact before both', () => {
    const bans = [ban({ id: 'c', reason: 'complaint' }), ban({ id: 'b' }), ban({ id: 'n', scope: 'no_contact' })]
    expect(mayReceive(newsletter({ bans }), NOW)).toEqual({ allowed: false, reason: 'no_contact', detail: 'n' })
    expect(mayReceive(newsletter({ bans: bans.toReversed() }), NOW)).toEqual({
      allowed: false,
      reason: 'no_contact',
      detail: 'n',
    })
  })

  it('D-16 lets a newsletter through when nothing is wrong and names the rule and the permission', () => {
    expect(mayReceive(newsletter(), NOW)).toEqual({
      allowed: true,
      by: 'consent',
      evidence: 'permission-1',
      neutral: false,
    })
  })

  it('P08 names the stale sources, and does not ask about those that are not required', () => {
    const sources = [
      ...stale,
      { name: 'robinson', required: true, fresh: false },
      { name: 'old', required: false, fresh: false },
    ]
    expect(mayReceive(newsletter({ sources }), NOW)).toMatchObject({ reason: 'source_stale', detail: 'crm, robinson' })
    expect(reasonOf(newsletter({ sources: [{ name: 'old', required: false, fresh: false }] }))).toBe('allowed')
  })
})

describe('the reach of a ban', () => {
  it.each([
    ['all marketing stops a survey', survey({ bans: [ban()] }), 'banned'],
    ['the purpose of surveys stops a survey', survey({ bans: [ban({ scope: 'purpose:surveys' })] }), 'banned'],
    [
      'the purpose of direct marketing leaves surveys alone',
      survey({ bans: [ban({ scope: 'purpose:direct_marketing' })] }),
      'allowed',
    ],
    [
      'the purpose of direct marketing stops a newsletter',
      newsletter({ bans: [ban({ scope: 'purpose:direct_marketing' })] }),
      'banned',
    ],
    [
      'the purpose of surveys leaves newsletters alone',
      newsletter({ bans: [ban({ scope: 'purpose:surveys' })] }),
      'allowed',
    ],
    ['another topic leaves this one alone', newsletter({ bans: [ban({ scope: 'topic:price-list' })] }), 'allowed'],
    ['a domain ban stops its people', newsletter({ bans: [ban({ kind: 'domain' })] }), 'banned'],
    ['a company ban stops its people', newsletter({ bans: [ban({ kind: 'company' })] }), 'banned'],
    ['a phone ban reaches calls only', newsletter({ bans: [ban({ kind: 'phone' })] }), 'allowed'],
    ['a postal ban reaches letters only', newsletter({ bans: [ban({ kind: 'postal' })] }), 'allowed'],
    [
      'a complaint of any scope stops everything',
      receipt({ bans: [ban({ scope: 'topic:newsletter', reason: 'Complaint' })] }),
      'complaint',
    ],
    ['a scope that nobody knows stops', newsletter({ bans: [ban({ scope: 'purpose:horoscopes' })] }), 'unknown'],
    ['a scope that nobody knows stops service mail too', receipt({ bans: [ban({ scope: '' })] }), 'unknown'],
  ])('P07 %s', (_, facts, expected) => {
    expect(reasonOf(facts)).toBe(expected)
  })

  it('D-3 a wide match of the address stops and says that it was one', () => {
    expect(mayReceive(newsletter({ bans: [ban({ form: 'loose' })] }), NOW)).toMatchObject({
      reason: 'loose_match',
      detail: 'ban-1',
    })
    expect(reasonOf(newsletter({ bans: [ban({ form: 'loose' }), ban()] }))).toBe('banned')
  })
})

describe('coming back', () => {
  const earlier = NOW - 20 * DAY

  it.each([
    ['a consent confirmed after the ban opens its topic', newsletter({ bans: [ban({ at: earlier })] }), 'allowed'],
    [
      'also after a ban on the topic',
      newsletter({ bans: [ban({ at: earlier, scope: 'topic:newsletter' })] }),
      'allowed',
    ],
    [
      'also after a ban on the purpose',
      newsletter({ bans: [ban({ at: earlier, scope: 'purpose:direct_marketing' })] }),
      'allowed',
    ],
    ['also after a wide match', newsletter({ bans: [ban({ at: earlier, form: 'loose' })] }), 'allowed'],
    [
      'also after an entry of an external register',
      newsletter({ bans: [ban({ at: earlier, external: true })] }),
      'allowed',
    ],
    ['not a consent confirmed before the ban', newsletter({ bans: [ban()] }), 'banned'],
    ['not a consent confirmed in the same millisecond', newsletter({ bans: [ban({ at: NOW - 10 * DAY })] }), 'banned'],
    [
      'not for another topic',
      newsletter({
        bans: [ban({ at: earlier })],
        permissions: [permission(), permission({ topic: 'price-list' })],
        message: { topic: 'price-list', purpose: 'price_list' },
      }),
      'allowed',
    ],
    [
      'not when the consent is for another topic',
      newsletter({ bans: [ban({ at: earlier })], permissions: [permission({ topic: 'price-list' })] }),
      'banned',
    ],
    [
      'not when the consent is for letters',
      newsletter({ bans: [ban({ at: earlier })], permissions: [permission({ channel: 'post' })] }),
      'banned',
    ],
    [
      'not when the consent was withdrawn again',
      newsletter({ bans: [ban({ at: earlier })], permissions: [permission({ withdrawnAt: NOW })] }),
      'banned',
    ],
    [
      'not when the consent ran out',
      newsletter({ bans: [ban({ at: earlier })], permissions: [permission({ expiresAt: NOW })] }),
      'banned',
    ],
    [
      'not by another rule than consent',
      newsletter({ bans: [ban({ at: earlier })], permissions: [permission({ rule: 'existing_customer' })] }),
      'banned',
    ],
    [
      'not by a consent that an import or the API brought',
      newsletter({ bans: [ban({ at: earlier })], permissions: [permission({ confirmedByPerson: false })] }),
      'banned',
    ],
    [
      'not by a consent that cannot be shown',
      newsletter({ bans: [ban({ at: earlier })], permissions: [permission({ evidence: false })] }),
      'banned',
    ],
    ['not after a domain ban', newsletter({ bans: [ban({ at: earlier, kind: 'domain' })] }), 'banned'],
    ['not after a company ban', newsletter({ bans: [ban({ at: earlier, kind: 'company' })] }), 'banned'],
    [
      'not after a domain entry of an external register',
      newsletter({ bans: [ban({ at: earlier, kind: 'domain', external: true })] }),
      'external_ban',
    ],
    ['not after a complaint', newsletter({ bans: [ban({ at: earlier, reason: 'complaint' })] }), 'complaint'],
    ['not after no_contact', newsletter({ bans: [ban({ at: earlier, scope: 'no_contact' })] }), 'no_contact'],
  ])('P09 %s', (_, facts, expected) => {
    expect(reasonOf(facts)).toBe(expected)
  })

  it.each([
    ['a consent confirmed later opens a topic that the person left', permission({ id: 'new' }), 'allowed'],
    [
      'a consent confirmed before the withdrawal does not',
      permission({ id: 'new', confirmedAt: earlier }),
      'unsubscribed',
    ],
    ['an import does not', permission({ id: 'new', confirmedByPerson: false }), 'unsubscribed'],
    [
      'evidence of duties does not',
      permission({ id: 'new', rule: 'duty_evidence', confirmedByPerson: false }),
      'unsubscribed',
    ],
    ['a request that is not confirmed does not', permission({ id: 'new', confirmedAt: null }), 'unsubscribed'],
  ])('P09 %s', (_, later, expected) => {
    const left = permission({ confirmedAt: NOW - 90 * DAY, withdrawnAt: NOW - 15 * DAY })
    expect(reasonOf(newsletter({ permissions: [left, later] }))).toBe(expected)
    expect(reasonOf(newsletter({ permissions: [later, left] }))).toBe(expected)
  })
})

describe('the rest of the questions', () => {
  it.each([
    ['D-19 an erased contact gets no mailing', newsletter({ recipient: { exists: false, address: null } }), 'erased'],
    ['D-19 an address without a contact gets no mailing', newsletter({ recipient: { exists: false } }), 'erased'],
    ['D-19 a contact without an address gets nothing', newsletter({ recipient: { address: null } }), 'unknown'],
    ['D-19 an unparsable address gets nothing', newsletter({ recipient: { address: 'matti' } }), 'unknown'],
    [
      'D-19 two addresses in one get nothing',
      newsletter({ recipient: { address: 'a@yritys.example,b@yritys.example' } }),
      'unknown',
    ],
    [
      'D-19 a line break in the address gets nothing',
      receipt({ recipient: { address: 'a@yritys.example\r\nBcc: b@yritys.example' } }),
      'unknown',
    ],
    ['D-19 a mailing without a topic is not sent', newsletter({ message: { topic: null } }), 'unknown'],
    ['D-19 a mailing without a purpose is not sent', newsletter({ message: { purpose: null } }), 'unknown'],
    ['A1-15 a mailing cannot pass as service mail', newsletter({ message: { class: 'service' } }), 'unknown'],
    [
      'A1-15 a receipt cannot pass as staff mail',
      receipt({ message: { class: 'staff' }, recipient: { staff: true } }),
      'unknown',
    ],
    [
      'A9-8 a confirmation that nobody asked for is not sent',
      confirmation({ message: { askedNow: false } }),
      'unknown',
    ],
    ['A11-4 a dead address gets no receipt', receipt({ recipient: { deadAt: NOW } }), 'dead_address'],
    ['B1-16 a restricted person gets no receipt', receipt({ recipient: { restrictedAt: 0 } }), 'restricted'],
    [
      'B1-8 an expired consent is over',
      newsletter({ permissions: [permission({ expiresAt: NOW })] }),
      'consent_expired',
    ],
    [
      'B1-8 a consent without an end is over after 24 months',
      newsletter({ permissions: [permission({ confirmedAt: NOW - 731 * DAY })] }),
      'consent_expired',
    ],
    [
      'B1-2 a purpose that rests on a contract carries no marketing',
      newsletter({ message: { purpose: 'customer_relationship' } }),
      'no_basis',
    ],
    [
      'B1-2 a purpose that rests on consent carries it with consent',
      newsletter({ message: { purpose: 'customer_photos' } }),
      'allowed',
    ],
    [
      'B1-2 and with nothing less',
      newsletter({ message: { purpose: 'customer_photos' }, permissions: [permission({ rule: 'existing_customer' })] }),
      'no_basis',
    ],
    ['the cap on frequency is off by default', newsletter({ frequency: { sentInWindow: 99, cap: null } }), 'allowed'],
    [
      'the cap on frequency lets the last one through',
      newsletter({ frequency: { sentInWindow: 2, cap: 3 } }),
      'allowed',
    ],
  ])('%s', (_, facts, expected) => {
    expect(reasonOf(facts)).toBe(expected)
  })

  it('names the fields that a survey may not merge', () => {
    const facts = survey({ message: { mergedFields: ['name', 'workEmail', 'company'] } })
    expect(mayReceive(facts, NOW)).toEqual({ allowed: false, reason: 'field_not_allowed', detail: 'name, company' })
  })

  it('P23 never repeats an address in the detail of a verdict', () => {
    const facts = newsletter({ hold: { reason: 'held by matti@yritys.example' } })
    expect(mayReceive(facts, NOW)).toEqual({ allowed: false, reason: 'held', detail: null })
  })
})
