import { describe, expect, test } from 'vitest'
import { links } from '../../src/mail/tokens.ts'
import { keysOfColumn } from '../../src/store/keys.ts'
import type { Person } from '../people.ts'
import { faults, makeChance, onData, until, wait } from './campaign.ts'
import { banned, expectNothingAfter, noting, posted, sayNo, type No } from './noes.ts'

/** The check digit of a Finnish business id. */
function businessId(n: number): string {
  const digits = String(1_000_000 + n)
  const sum = [7, 9, 10, 5, 8, 4, 2].reduce((total, weight, i) => total + weight * Number(digits[i]), 0)
  const check = sum % 11 === 0 ? 0 : 11 - (sum % 11)
  return check > 9 ? '' : `${digits}-${check}`
}

/** Some of every kind of address that a ban must find. */
function mixed(size: number) {
  const share = Math.floor(size / 6)
  const group = (name: (n: number) => string) => Array.from({ length: share }, (_, n) => name(n))
  const groups = {
    tagged: group((n) => `matti${n}+hinnasto@yritys${n % 9}.example`),
    untagged: group((n) => `liisa${n}@yritys${n % 9}.example`),
    international: group((n) => `osto${n}@kärkkäinen${n % 30}.example`),
    domain: group((n) => `jukka${n}@posti.alue${n % 40}.example`),
    company: group((n) => `pekka${n}@firma${n % 40}.example`),
  }
  const plain = Array.from({ length: size - 5 * share }, (_, n) => `maija${n}@asiakas${n % 40}.example`)
  return [...Object.values(groups).flat(), ...plain].map((email): Person => ({ email }))
}

describe('P07 after the answer nothing more begins', () => {
  const size = faults ? 5000 : 600
  const paceMs = 30

  test(`F38 F42 of ${size} recipients under way, random ones say no in every way there is`, async () => {
    const chance = makeChance()
    console.info(`SEED=${chance.seed}`)
    const { sink, server, desk, home, addressOf, order } = await noting(mixed(size), { paceMs })
    const ids = [...addressOf.keys()].toSorted()
    // The wire and the database have the A-label.
    const wire = new Map(ids.map((id) => [id, asciiOf(addressOf.get(id) ?? '')]))
    const token = await onData(home.env, async (deps) => {
      const contacts = await deps.store.db.selectFrom('contacts').select(['id', 'keys']).execute()
      const keys = new Map(contacts.map((row) => [row.id, keysOfColumn(row.keys).slice(0, 1)]))
      return (id: string, mailingId: string) =>
        links(deps).makeLeaving({
          topic: 'price-list',
          language: 'fi',
          mailingId,
          contactId: id,
          hashes: keys.get(id) ?? [],
        })
    })
    const companies = new Map<string, string>()
    for (let n = 0, id = 0; n < 40; id++) {
      const number = businessId(id)
      if (number === '') continue
      const domain = `firma${n++}.example`
      companies.set(domain, number)
      await desk.call('POST', '/companies', { name: domain, businessId: number, domains: [domain] })
    }

    const mailing = await desk.send()
    await until('it is under way', () => sink.events().length > 10, 20_000)
    const noes: No[] = []
    const said = new Set<string>()
    const of = (ending: string) => [...wire.values()].filter((address) => address.endsWith(ending))
    const ways: ((id: string, to: string) => Promise<No>)[] = [
      (_, to) => sayNo('as it is', [to], () => banned(server, 'email', to)),
      (_, to) => sayNo('in capitals', [to], () => banned(server, 'email', to.toUpperCase())),
      (id, to) =>
        sayNo('in its own letters', [to], () =>
          banned(server, 'email', (addressOf.get(id) ?? '').replace('kärk', 'KÄRK')),
        ),
      (_, to) => sayNo('with another tag', [to], () => banned(server, 'email', to.replace(/(\+[^@]*)?@/, '+uutiset@'))),
      (_, to) => sayNo('without its tag', [to], () => banned(server, 'email', to.replace(/\+[^@]*@/, '@'))),
      (id, to) =>
        sayNo('by one click', [to], () =>
          posted(server, `/u/${token(id, mailing)}`, { 'List-Unsubscribe': 'One-Click' }),
        ),
      (id, to) =>
        sayNo('by the button for all', [to], () => posted(server, `/u/${token(id, mailing)}`, { scope: 'all' })),
      (_, to) => sayNo('on the page', [to], () => posted(server, '/ban', { email: to })),
      (id, to) => sayNo('by being erased', [to], () => server.api('DELETE', `/contacts/${id}`)),
    ]
    const domainWays = (to: string): (() => Promise<No>) | null => {
      const domain = to.slice(to.indexOf('@') + 1)
      const company = companies.get(domain)
      if (company !== undefined)
        return () => sayNo('as a company', of(`@${domain}`), () => banned(server, 'company', company))
      if (!domain.startsWith('posti.')) return null
      const parent = domain.slice('posti.'.length)
      return () => sayNo('as a domain', of(`@${domain}`), () => banned(server, 'domain', parent.toUpperCase()))
    }

    for (;;) {
      const handed = sink.events().filter((one) => one.event === 'rcpt').length
      if (handed >= size - said.size) break
      // Half of them stand just before the hand-over, where what was read of them is already decided upon.
      const place = chance.next() < 0.5 ? handed + chance.between(0, 90) : chance.between(0, size)
      const id = ids[Math.min(size - 1, Math.floor(place))] ?? ''
      const to = wire.get(id) ?? ''
      if (!said.has(to)) {
        const way = domainWays(to) ?? (() => chance.pick(ways)(id, to))
        const no = await way()
        noes.push(no)
        for (const address of no.addresses) said.add(address)
      }
      await wait(chance.between(0, faults ? 60 : 15))
      if ((await desk.report(mailing)).state === 'finished') break
    }
    const report = await until(
      'it is finished',
      async () => {
        const now = await desk.report(mailing)
        return now.state === 'finished' && now
      },
      60_000,
    )

    expectNothingAfter(noes, order(), sink.taken())
    const ours = <T extends { to: string; messageId: string }>(all: readonly T[]) =>
      all.filter(({ messageId }) => messageId.includes(mailing))
    const taken = ours(sink.taken()).map(({ to }) => to)
    expect(new Set(taken).size).toBe(taken.length)
    expect([...wire.values()].filter((to) => !said.has(to) && !taken.includes(to))).toEqual([])
    const stopped = [...said].filter((to) => !taken.includes(to))
    expect(stopped.length).toBeGreaterThan(noes.length / 10)
    expect(report.counts).toMatchObject({ proposed: size, sent: taken.length, skipped: size - taken.length })
    expect(new Set(noes.map(({ how }) => how)).size).toBeGreaterThan(faults ? 10 : 7)

    // The relay's own clock: what it saw begin after an answer had left us before it, and was only read late.
    const seen = new Map(
      sink
        .events()
        .toReversed()
        .filter((one) => one.event === 'rcpt')
        .map(({ to, at }) => [to, at]),
    )
    const lags = noes
      .flatMap(({ addresses, at, how }) =>
        addresses.map((to) => (how === 'on the page' ? 0 : (seen.get(to) ?? 0) - at)),
      )
      .filter((lag) => lag > 0)
    console.info(
      `noes=${noes.length} stopped=${stopped.length} read late by the relay=${lags.length}, most ${Math.max(0, ...lags).toFixed(1)} ms`,
    )
  }, 300_000)
})

const asciiOf = (address: string) =>
  address.replace(/@(.*)$/, (_, domain: string) => `@${new URL(`http://${domain}`).hostname}`)
