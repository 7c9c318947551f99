import { describe, expect, it } from 'vitest'
import { judgeReturn } from '../../src/rules/comingBack.ts'
import { ban, DAY, NOW, permission } from './facts.ts'

const asked = { topic: 'newsletter', purpose: 'direct_marketing' as const, at: NOW - 1000 }

describe('D-14 what confirming can do against a ban', () => {
  it.each([
    ['no ban', [], 'open'],
    ['an own ban from before', [ban()], 'lifts'],
    ['a ban of a looser form of the address', [ban({ form: 'loose' })], 'lifts'],
    ['an objection to this topic', [ban({ scope: 'topic:newsletter' })], 'lifts'],
    ['an objection to its purpose', [ban({ scope: 'purpose:direct_marketing' })], 'lifts'],
    ['an objection to another topic', [ban({ scope: 'topic:price-list' })], 'open'],
    ['a ban of an external register', [ban({ external: true })], 'open'],
    ['a phone ban', [ban({ kind: 'phone' })], 'open'],
    ['a ban given after the request', [ban({ at: NOW })], 'closed'],
    ['a ban given in the same moment', [ban({ at: asked.at })], 'closed'],
    ['a ban of the company', [ban({ kind: 'company' })], 'closed'],
    ['a ban of the domain', [ban({ kind: 'domain' })], 'closed'],
    ['a ban of the domain for another topic', [ban({ kind: 'domain', scope: 'topic:survey' })], 'open'],
    ['the wish for no contact at all', [ban({ scope: 'no_contact' })], 'closed'],
    ['a complaint', [ban({ reason: 'Complaint' })], 'closed'],
    ['a complaint about another topic', [ban({ reason: 'complaint', scope: 'topic:survey' })], 'closed'],
    ['an own ban and a company’s', [ban(), ban({ id: 'ban-2', kind: 'company' })], 'closed'],
  ] as const)('%s: %s', (_what, bans, verdict) => {
    expect(judgeReturn([...bans], asked, [], NOW)).toBe(verdict)
  })

  it('speaks no more of a ban that a later consent for this topic outranks', () => {
    const before = permission({ confirmedAt: NOW - DAY / 2 })
    expect(judgeReturn([ban()], asked, [before], NOW)).toBe('open')
    expect(judgeReturn([ban()], asked, [{ ...before, topic: 'price-list' }], NOW)).toBe('lifts')
    expect(judgeReturn([ban()], asked, [{ ...before, confirmedByPerson: false }], NOW)).toBe('lifts')
  })
})
