import { describe, expect, it } from 'vitest'
import type { BanFact, PermissionFact } from '../../src/rules/facts.ts'
import { changeTopics, getsTopic, lastChange, mayReturn } from '../../src/rules/preferences.ts'

const day = 86_400_000
const now = Date.UTC(2026, 4, 18)
const topic = { id: 'price-list', purpose: 'price_list' }

const permission = (change: Partial<PermissionFact> = {}): PermissionFact => ({
  id: 'p',
  topic: 'price-list',
  channel: 'email',
  rule: 'consent',
  requestedAt: now - 10 * day,
  confirmedAt: now - 10 * day,
  confirmedByPerson: true,
  withdrawnAt: null,
  expiresAt: null,
  evidence: true,
  ...change,
})
const ban = (change: Partial<BanFact> = {}): BanFact => ({
  id: 'b',
  kind: 'email',
  scope: 'all',
  external: false,
  reason: null,
  form: 'strict',
  at: now - 5 * day,
  ...change,
})
const staff = { rule: 'duty_evidence', confirmedByPerson: false } as const

describe('what a person gets, as their own page shows it', () => {
  it.each<[string, PermissionFact[], BanFact[], boolean]>([
    ['nothing without a permission', [], [], false],
    ['a topic with a consent', [permission()], [], true],
    ['a topic by another rule', [permission(staff)], [], true],
    ['nothing by a permission for another channel', [permission({ channel: 'post' })], [], false],
    ['nothing by a permission for another topic', [permission({ topic: 'newsletter' })], [], false],
    ['nothing that only waits for its confirmation', [permission({ confirmedAt: null })], [], false],
    ['nothing after the consent expired', [permission({ expiresAt: now - 1 })], [], false],
    ['nothing of what they left', [permission({ withdrawnAt: now - day })], [], false],
    [
      'nothing of what they left, whatever staff recorded since',
      [permission({ withdrawnAt: now - 2 * day }), permission({ ...staff, confirmedAt: now - day })],
      [],
      false,
    ],
    [
      'what they came back to',
      [permission({ withdrawnAt: now - 2 * day }), permission({ confirmedAt: now - day })],
      [],
      true,
    ],
    ['nothing under an own ban that is newer', [permission()], [ban()], false],
    ['what they chose after the ban', [permission({ confirmedAt: now - day })], [ban()], true],
    [
      'nothing of what staff recorded after the ban',
      [permission({ ...staff, confirmedAt: now - day })],
      [ban()],
      false,
    ],
    ['nothing under a newer ban of the topic', [permission()], [ban({ scope: 'topic:price-list' })], false],
    ['nothing under a newer ban of the purpose', [permission()], [ban({ scope: 'purpose:price_list' })], false],
    [
      'a topic that a ban does not speak of',
      [permission()],
      [ban({ scope: 'topic:newsletter' }), ban({ scope: 'purpose:surveys' })],
      true,
    ],
    ['nothing while an external register forbids it', [permission()], [ban({ external: true })], false],
    ['nothing while a similar address is banned', [permission()], [ban({ form: 'loose' })], false],
    [
      'nothing after a complaint, whatever they chose since',
      [permission({ confirmedAt: now })],
      [ban({ reason: ' Complaint ' })],
      false,
    ],
    [
      'nothing where nobody may contact them',
      [permission({ confirmedAt: now })],
      [ban({ scope: 'no_contact' })],
      false,
    ],
    [
      'what a ban of their number, domain or company may still stop: that is not theirs to switch',
      [permission()],
      [ban({ kind: 'phone' }), ban({ kind: 'domain' }), ban({ kind: 'company' })],
      true,
    ],
  ])('%s', (_, permissions, bans, expected) => {
    expect(getsTopic(topic, permissions, bans, now)).toBe(expected)
  })

  it('domain.md 3 whoever complained or may not be contacted does not come back by themselves', () => {
    expect(mayReturn([])).toBe(true)
    expect(mayReturn([ban(), ban({ scope: 'topic:x' }), ban({ kind: 'company', scope: 'no_contact' })])).toBe(true)
    expect(mayReturn([ban(), ban({ scope: 'no_contact' })])).toBe(false)
    expect(mayReturn([ban({ reason: 'complaint' })])).toBe(false)
  })
})

describe('saving', () => {
  const offered = [
    { id: 'a', on: true },
    { id: 'b', on: true },
    { id: 'c', on: false },
    { id: 'd', on: false },
  ]
  it.each([
    [['a', 'b'], [], []],
    [['a', 'c'], ['b'], ['c']],
    [[], ['a', 'b'], []],
    [['a', 'b', 'c', 'd', 'unknown'], [], ['c', 'd']],
  ])('%j leaves %j and joins %j: only what was changed', (wanted, leave, join) => {
    expect(changeTopics(offered, wanted)).toEqual({ leave, join })
  })

  it('joining answers to the last thing that happened to the topic, so that the same press is the same', () => {
    expect(lastChange(topic, [], [])).toBe(0)
    const left = [permission({ withdrawnAt: now - day }), permission({ topic: 'newsletter', withdrawnAt: now })]
    expect(lastChange(topic, left, [])).toBe(now - day)
    expect(lastChange(topic, left, [ban({ at: now - 2 }), ban({ at: now, scope: 'topic:newsletter' })])).toBe(now - 2)
    expect(lastChange(topic, [...left, permission({ confirmedAt: now })], [])).toBe(now)
  })
})
