import { describe, expect, it } from 'vitest'
import type { Facts, PermissionFact } from '../../src/rules/facts.ts'
import { mayReceive } from '../../src/rules/mayReceive.ts'
import { DAY, newsletter, NOW, permission } from './facts.ts'

type Class = Facts['recipient']['class']
type Rule = PermissionFact['rule']
type Policy = Facts['policy']['namedWork']

const rules: Rule[] = ['consent', 'existing_customer', 'duty_evidence', 'legal_person']
const addresses: Record<Class, string> = {
  role_work: 'myynti@yritys.example',
  named_work: 'matti.meikalainen@yritys.example',
  sole_trader: 'matti@toiminimi.example',
  private: 'matti@gmail.com',
  unknown: 'x@y.example',
}

const open = (
  recipientClass: Class,
  rule: Rule,
  namedWork: Policy = 'duty_evidence',
  change: Partial<PermissionFact> = {},
) =>
  mayReceive(
    newsletter({
      recipient: { class: recipientClass, address: addresses[recipientClass] },
      permissions: [permission({ rule, ...change })],
      policy: { namedWork },
    }),
    NOW,
  )

describe('which rule opens which class of address', () => {
  it.each([
    ['B2-5', 'role_work', 'duty_evidence', ['consent', 'existing_customer', 'duty_evidence', 'legal_person']],
    ['B2-5', 'role_work', 'consent_only', ['consent', 'existing_customer', 'duty_evidence', 'legal_person']],
    ['B2-1', 'named_work', 'duty_evidence', ['consent', 'existing_customer', 'duty_evidence']],
    ['B2-1', 'named_work', 'consent_only', ['consent', 'existing_customer']],
    ['B2-1', 'named_work', 'opt_out', ['consent', 'existing_customer', 'duty_evidence', 'legal_person']],
    ['B2-3', 'sole_trader', 'opt_out', ['consent', 'existing_customer']],
    ['B2-3', 'private', 'opt_out', ['consent', 'existing_customer']],
    ['B2-1', 'unknown', 'opt_out', ['consent', 'existing_customer']],
  ] as [string, Class, Policy, Rule[]][])(
    '%s %s under the policy %s is opened by %j',
    (_, recipientClass, policy, expected) => {
      expect(rules.filter((rule) => open(recipientClass, rule, policy).allowed)).toEqual(expected)
    },
  )

  it.each(['role_work', 'named_work', 'sole_trader', 'private', 'unknown'] as Class[])(
    'B2-1 without a permission for the topic nothing opens %s',
    (recipientClass) => {
      const recipient = { class: recipientClass, address: addresses[recipientClass] }
      expect(mayReceive(newsletter({ recipient, permissions: [] }), NOW)).toMatchObject({ reason: 'no_permission' })
    },
  )

  it('B2-5 a mailbox for invoices takes marketing by consent only', () => {
    for (const address of [
      'laskut@yritys.example',
      'Verkkolasku@yritys.example',
      'invoices+2026@yritys.example',
      'faktura@yritys.example',
    ]) {
      const facts = (rule: Rule) =>
        newsletter({ recipient: { class: 'role_work', address }, permissions: [permission({ rule })] })
      expect(mayReceive(facts('legal_person'), NOW)).toMatchObject({ reason: 'invoice_address' })
      expect(mayReceive(facts('consent'), NOW)).toMatchObject({ allowed: true })
    }
  })

  it.each([
    ['B1-5 a consent that cannot be shown', { evidence: false }, 'no_permission'],
    ['B2-1 duties without evidence', { rule: 'duty_evidence', evidence: false }, 'no_permission'],
    ['B2-3 a purchase without evidence', { rule: 'existing_customer', evidence: false }, 'no_permission'],
    ['B5-2 a request that is not confirmed', { confirmedAt: null, requestedAt: NOW }, 'no_permission'],
    ['a permission for letters', { channel: 'post' }, 'no_permission'],
    ['a permission for another topic', { topic: 'price-list' }, 'no_permission'],
    ['B5-2 a withdrawn permission', { withdrawnAt: NOW - DAY }, 'unsubscribed'],
    ['B1-8 an expired consent', { expiresAt: NOW - 1 }, 'consent_expired'],
    ['D-19 a permission from the future', { confirmedAt: NOW + DAY }, 'unknown'],
  ] as [string, Partial<PermissionFact>, string][])('%s opens nothing', (_, change, reason) => {
    expect(open('named_work', 'consent', 'duty_evidence', change)).toMatchObject({ allowed: false, reason })
  })

  it('B2-5 a role address needs no evidence, only the right to forbid', () => {
    expect(open('role_work', 'legal_person', 'duty_evidence', { evidence: false })).toMatchObject({
      by: 'legal_person',
    })
  })

  it('D-25 names the strongest open permission as evidence, whatever the order of rows', () => {
    const rows = [
      permission({ id: 'evidence', rule: 'duty_evidence' }),
      permission({ id: 'old', confirmedAt: NOW - 30 * DAY }),
      permission({ id: 'new' }),
    ]
    for (const permissions of [rows, rows.toReversed()]) {
      expect(mayReceive(newsletter({ permissions }), NOW)).toMatchObject({ by: 'consent', evidence: 'new' })
    }
  })
})
