import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { links } from '../../src/mail/tokens.ts'
import { keysOfColumn } from '../../src/store/keys.ts'
import type { Person } from '../people.ts'
import { makeHome, startServer, type Server } from '../server.ts'
import {
  addRecipients,
  deskOf,
  faults,
  makeChance,
  numbered,
  onData,
  until,
  wait,
  withDatabase,
  type Report,
} from './campaign.ts'
import { monotonic, startSink, type Taken } from './sinks.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close()
})

/** A server that notes in which order it hands envelopes and answers to its sockets (handOver.ts), and its relay. */
async function noting(people: readonly Person[], script: Parameters<typeof startSink>[0]) {
  const sink = await startSink(script)
  const folder = mkdtempSync(join(tmpdir(), 'postilupa-order-'))
  open.push(sink, { close: async () => rmSync(folder, { recursive: true }) })
  const log = join(folder, 'order')
  const home = makeHome({ MAIL_URL: sink.url, LOG_LEVEL: 'error', HAND_OVER_LOG: log })
  const addressOf = await addRecipients(home.env, people)
  const server = await startServer({ home, args: ['--import', './test/faults/handOver.ts'] })
  open.push(server)
  return { sink, home, server, addressOf, desk: deskOf(server), order: () => readFileSync(log, 'utf8').split('\n') }
}

/** Somebody said no: from this answer on, nothing to these addresses may begin. */
type No = { how: string; answer: string; at: number; addresses: string[] }

async function sayNo(how: string, addresses: string[], request: () => Promise<Response>): Promise<No> {
  const answer = await request()
  const at = monotonic()
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${how} answered ${answer.status}: ${text}`)
  return { how, answer: answer.headers.get('x-request-id') ?? '', at, addresses }
}

const banned = (server: Server, kind: string, value: string) => server.api('POST', '/bans', { kind, value })
const posted = (server: Server, path: string, fields: Record<string, string>) =>
  fetch(server.url + path, { method: 'POST', body: new URLSearchParams(fields) })

/**
 * No envelope of the mailing after a No: judged by the order in which the process itself wrote to its sockets.
 * @param taken tells what an envelope was for: the page for bans mails one notice itself
 */
function expectNothingAfter(noes: readonly No[], order: readonly string[], taken: readonly Taken[]) {
  for (const { how, answer, addresses } of noes) {
    const answered = order.findIndex((line) => line.startsWith(`answer ${answer} `))
    expect([how, answered]).not.toEqual([how, -1])
    const late = order
      .slice(answered)
      .filter((line) => addresses.some((address) => line.startsWith(`rcpt ${address} `)))
    const notices = taken.filter(({ to, messageId }) => addresses.includes(to) && messageId.startsWith('<ban_notice.'))
    expect([how, late.slice(notices.length)]).toEqual([how, []])
    expect([how, notices.length <= (how === 'on the page' ? 1 : 0)]).toEqual([how, true])
  }
}

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

  test('on a retry, on a resume and when what was uncertain is sent again', async () => {
    const late = numbered(20, 'myohassa')
    const cut = numbered(20, 'katki')
    const { sink, home, server, desk, addressOf, order } = await noting([...late, ...cut, ...numbered(200)], {
      paceMs: 20,
      deferOnce: 'myohassa',
      cutOnce: 'katki',
    })
    const noes: No[] = []
    const saysNo = async (count: number, which: (to: string) => boolean) => {
      const chosen = [...addressOf.values()]
        .filter((to) => which(to) && !noes.some((no) => no.addresses.includes(to)))
        .slice(0, count)
      for (const to of chosen)
        noes.push(await sayNo(`late: ${to}`, [to], () => banned(server, 'email', to.toUpperCase())))
      return chosen
    }
    const mailing = await desk.send()
    await until('it is under way', () => sink.taken().length > 20, 20_000)
    await desk.act(mailing, 'pause')
    // What was handed over before the pause goes on to its end.
    await until('nothing is in flight', async () => (await desk.report(mailing)).counts.sending === 0, 20_000)
    const begun = new Set(sink.events().map(({ to }) => to))
    const whilePaused = await saysNo(20, (to) => !begun.has(to) && to.startsWith('maija'))
    expect(whilePaused).toHaveLength(20)
    await desk.act(mailing, 'resume')
    // A person lets the mailing go on each time that it waits for a word about what is uncertain; half of those say no.
    const unsure: string[] = []
    const goesOn = (what: string, done: (report: Report) => boolean) =>
      until(
        what,
        async () => {
          const report = await desk.report(mailing)
          if (report.reason === 'uncertain') {
            const listed = (await desk.deliveries(mailing, 'uncertain')).map(
              ({ contactId }) => addressOf.get(contactId) ?? '',
            )
            unsure.push(...(await saysNo(Math.ceil(listed.length / 2), (to) => listed.includes(to))))
            await desk.act(mailing, 'resend-uncertain')
          }
          return done(report)
        },
        30_000,
      )
    await goesOn(
      'what is left has a later time',
      ({ counts }) => counts.sending + counts.uncertain + dueNow(home.file) === 0,
    )
    const deferred = await saysNo(10, (to) => to.startsWith('myohassa'))
    expect([deferred.length, unsure.length > 2]).toEqual([10, true])
    // The minutes until the next try go by at once.
    await goesOn('it is finished', ({ state }) => {
      withDatabase(home.file, (database) => database.exec(`update deliveries set due_at = 1 where state = 'queued'`))
      return state === 'finished'
    })

    expectNothingAfter(noes, order(), sink.taken())
    const taken = new Set(sink.taken().map(({ to }) => to))
    for (const to of [...whilePaused, ...deferred]) expect([to, taken.has(to)]).toEqual([to, false])
    for (const to of unsure) expect(sink.taken().filter((one) => one.to === to)).toHaveLength(1)
    expect([...addressOf.values()].filter((to) => !taken.has(to)).toSorted()).toEqual(
      [...whilePaused, ...deferred].toSorted(),
    )
    expect((await desk.report(mailing)).skippedBy).toEqual({ banned: noes.length })
  }, 120_000)
})

const dueNow = (file: string) =>
  withDatabase(file, (database) =>
    Number(
      database
        .prepare(`select count(*) from deliveries where state = 'queued' and due_at <= ?`)
        .pluck()
        .get(Date.now()),
    ),
  )

const asciiOf = (address: string) =>
  address.replace(/@(.*)$/, (_, domain: string) => `@${new URL(`http://${domain}`).hostname}`)
