import { describe, expect, it } from 'vitest'
import { judgeRow, type RowFacts } from '../../src/rules/importVerdict.ts'
import type { BanFact, PermissionFact } from '../../src/rules/facts.ts'
import type { PurposeKey } from '../../src/rules/register.ts'

const now = Date.UTC(2026, 4, 18)
type Topic = { id: string; purpose: PurposeKey }
const newsletter: Topic = { id: 'newsletter', purpose: 'direct_marketing' }
const priceList: Topic = { id: 'price-list', purpose: 'price_list' }

const ban = (changed: Partial<BanFact> = {}): BanFact => ({
  id: 'b',
  kind: 'email',
  scope: 'all',
  external: false,
  reason: null,
  form: 'strict',
  at: now - 1000,
  ...changed,
})
const permission = (changed: Partial<PermissionFact> = {}): PermissionFact => ({
  id: 'p',
  topic: 'newsletter',
  channel: 'email',
  rule: 'duty_evidence',
  requestedAt: now - 5000,
  confirmedAt: now - 5000,
  confirmedByPerson: false,
  withdrawnAt: null,
  expiresAt: null,
  evidence: true,
  ...changed,
})
const known = { restrictedAt: null }
const judge = (
  facts: Partial<RowFacts>,
  topics = [newsletter],
  rule: PermissionFact['rule'] | null = 'duty_evidence',
) => judgeRow({ contact: known, bans: [], permissions: [], ...facts }, topics, rule, now)
const ok = (...topics: string[]) => ({ ok: true, topics })

describe('P09 what an import may do for one person', () => {
  it('stores somebody new, with a permission for each topic', () => {
    expect(judge({ contact: null }, [newsletter, priceList])).toEqual(ok('newsletter', 'price-list'))
    expect(judge({ contact: null }, [], null)).toEqual(ok())
  })

  it.each<[string, Partial<RowFacts>, Topic[]]>([
    ['banned from everything', { bans: [ban()] }, [newsletter]],
    ['wanting no contact', { bans: [ban({ scope: 'no_contact' })] }, [newsletter]],
    [
      'who complained, whatever the scope of the ban',
      { bans: [ban({ scope: 'topic:price-list', reason: 'complaint' })] },
      [newsletter],
    ],
    ['banned by another spelling', { bans: [ban({ form: 'loose' })] }, [newsletter]],
    ['whose domain is banned', { bans: [ban({ kind: 'domain' })] }, [newsletter]],
    ['whose company is banned', { bans: [ban({ kind: 'company' })] }, [newsletter]],
    ['banned from this topic', { bans: [ban({ scope: 'topic:newsletter' })] }, [newsletter]],
    ['banned from this purpose', { bans: [ban({ scope: 'purpose:direct_marketing' })] }, [newsletter]],
    ['banned from one of the topics', { bans: [ban({ scope: 'topic:newsletter' })] }, [priceList, newsletter]],
    ['who left the topic', { permissions: [permission({ withdrawnAt: now - 1 })] }, [newsletter]],
    [
      'who left, though an older permission is open',
      { permissions: [permission({ withdrawnAt: now - 1 }), permission({ id: 'q' })] },
      [newsletter],
    ],
    ['erased with any ban', { contact: null, bans: [ban({ scope: 'topic:events' })] }, [newsletter]],
    ['banned, when no topic is given either', { bans: [ban()] }, []],
    ['whose data may only be stored', { contact: { restrictedAt: now } }, []],
  ])('refuses somebody %s', (_, facts, topics) => {
    expect(judge(facts, topics).ok).toBe(false)
  })

  it.each<[string, Partial<RowFacts>]>([
    ['a ban of another topic', { bans: [ban({ scope: 'topic:events' })] }],
    ['a ban of calls', { bans: [ban({ kind: 'phone' })] }],
    ['an external register, which the gate weighs', { bans: [ban({ external: true })] }],
    ['having left another topic', { permissions: [permission({ topic: 'price-list', withdrawnAt: now - 1 })] }],
  ])('is not stopped by %s', (_, facts) => {
    expect(judge(facts)).toEqual(ok('newsletter'))
  })

  it('leaves alone somebody who came back by a sign-up of their own', () => {
    const returned = permission({ id: 'r', rule: 'consent', confirmedByPerson: true, confirmedAt: now - 10 })
    const left = permission({ withdrawnAt: now - 100 })
    expect(judge({ bans: [ban({ at: now - 100 })], permissions: [left, returned] })).toEqual(ok())
    expect(judge({ bans: [ban({ at: now - 5 })], permissions: [left, returned] }).ok).toBe(false)
    expect(judge({ bans: [ban({ at: now - 100 })], permissions: [left, returned] }, [priceList]).ok).toBe(false)
  })

  it('adds no permission beside an open one that is as strong', () => {
    expect(judge({ permissions: [permission()] })).toEqual(ok())
    expect(judge({ permissions: [permission({ rule: 'consent' })] }, [newsletter], 'legal_person')).toEqual(ok())
    expect(judge({ permissions: [permission({ rule: 'legal_person' })] })).toEqual(ok('newsletter'))
    expect(judge({ permissions: [permission({ expiresAt: now - 1 })] })).toEqual(ok('newsletter'))
    expect(judge({ permissions: [permission({ confirmedAt: null })] })).toEqual(ok('newsletter'))
  })
})
