import fc from 'fast-check'
import { expect, test } from 'vitest'
import { acceptUncertain, cancel, pause, resendUncertain, resume } from '../../src/actions/mailingVerbs.ts'
import { tick } from '../../src/mail/tick.ts'
import { links } from '../../src/mail/tokens.ts'
import { claim, extendLeases, recordOutcomes, recoverLeases, type Outcome } from '../../src/store/deliveries.ts'
import {
  finishIfDone,
  holdForSources,
  nextPiece,
  pauseForUncertain,
  proposePiece,
  releaseForSources,
  startDue,
} from '../../src/store/mailings.ts'
import { startApp, type TestApp } from '../app.ts'
import { addPeople, scheduled } from '../people.ts'
import { engines } from '../stores.ts'
import { faults, numbered } from './campaign.ts'

const LEASE_MS = 30_000
const PEOPLE = 4

/** One node's claim: what of it has no outcome yet. */
type Held = { lease: string; open: Set<string> }

/** A mailing and the nodes that work on it, as the outside world sees them. */
function makeWorld(t: TestApp, id: string, people: readonly string[]) {
  const { store } = t.deps
  const nodes: Held[] = []
  /** How often each delivery may have reached the relay, and how often a person sent it again. */
  const reached = new Map<string, number>()
  const resent = new Map<string, number>()
  const add = (counts: Map<string, number>, one: string, by: number) => counts.set(one, (counts.get(one) ?? 0) + by)
  const mailing = () => store.db.selectFrom('mailings').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const deliveries = () => store.db.selectFrom('deliveries').selectAll().where('mailing_id', '=', id).execute()
  const uncertain = async () => (await deliveries()).filter((row) => row.state === 'uncertain').map((row) => row.id)
  const mayBeSent = (row: Awaited<ReturnType<typeof mailing>>) =>
    row.started_at !== null && row.paused_at === null && row.held_at === null && row.cancelled_at === null
  let leases = 0

  return {
    async step(name: Step['name'], n: number): Promise<void> {
      // Two changes in one millisecond would be one to the version of the mailing.
      t.clock.advance(1)
      const now = t.clock.now()
      const node = nodes[n % Math.max(1, nodes.length)]
      switch (name) {
        case 'start':
          await store.batch([startDue(store, now)])
          return
        case 'propose': {
          const row = await mailing()
          if (row.started_at === null || row.proposed_at !== null || row.cancelled_at !== null) return
          const next = { id, audience: {}, after: row.proposed_to ?? '' }
          await store.batch(proposePiece(store, next, await nextPiece(store, next, 2), now, 2))
          return
        }
        case 'claim': {
          const before = await mailing()
          const lease = `${id}-${leases++}`
          const [got] = await store.batch([claim(store, id, lease, now, now + LEASE_MS, 1 + (n % 4))])
          if (!mayBeSent(before)) expect(got).toEqual([])
          for (const { id: one } of got) add(reached, one, 1)
          nodes.push({ lease, open: new Set(got.map((row) => row.id)) })
          return
        }
        case 'outcome': {
          const [one] = node?.open ?? []
          if (!node || one === undefined) return
          const kind = outcomes[n % outcomes.length] ?? 'sent'
          const later: Partial<Outcome> =
            kind === 'deferred' ? { dueAt: now + 60_000 } : kind === 'withheld' ? { attempted: false } : {}
          const state = kind === 'deferred' || kind === 'withheld' ? 'queued' : kind
          node.open.delete(one)
          // Refused, withheld or stopped by the gate: the relay has nothing.
          if (state !== 'sent' && state !== 'uncertain') add(reached, one, -1)
          await store.batch([recordOutcomes(store, [{ id: one, lease: node.lease, state, ...later }], now)])
          return
        }
        case 'extend':
          if (node) await store.batch([extendLeases(store, [node.lease], now + LEASE_MS)])
          return
        case 'crash':
          if (node) nodes.splice(nodes.indexOf(node), 1)
          return
        case 'wait':
          t.clock.advance((n % 4) * 15_000)
          return
        case 'look':
          await store.batch([
            ...recoverLeases(store, now, 'myyja.example'),
            pauseForUncertain(store, now),
            finishIfDone(store, id, now),
          ])
          return
        case 'stale':
          await store.batch([holdForSources(store, now)])
          return
        case 'fresh':
          await store.batch([releaseForSources(store, now)])
          return
        case 'pause':
          await pause(t.deps, id, 'system')
          return
        case 'resume':
          await resume(t.deps, id, 'system')
          return
        case 'cancel':
          // Seldom, or most mailings would end so.
          if (n % 4 === 0) await cancel(t.deps, id, 'system')
          return
        case 'resend': {
          const unsure = await uncertain()
          if ((await resendUncertain(t.deps, id, 'system')).ok) for (const one of unsure) add(resent, one, 1)
          return
        }
        case 'accept':
          await acceptUncertain(t.deps, id, 'system')
          return
        case 'leave': {
          const contactId = people[n % people.length] ?? ''
          const token = links(t.deps).makeLeaving({
            topic: 'price-list',
            language: 'fi',
            mailingId: id,
            contactId,
            hashes: [],
          })
          expect((await t.request(`/u/${token}`, { method: 'POST' })).status).toBe(200)
        }
      }
    },

    /** What holds at every moment, whatever happened before. */
    async check() {
      const row = await mailing()
      const all = await deliveries()
      const contacts = all.map((one) => one.contact_id ?? '')
      expect(new Set(contacts).size).toBe(contacts.length)
      expect(contacts.filter((one) => !people.includes(one))).toEqual([])
      if (row.proposed_at !== null) expect(contacts.toSorted()).toEqual(people.toSorted())
      const undecided = all.filter((one) => ['queued', 'sending', 'uncertain'].includes(one.state))
      if (row.finished_at !== null) expect([row.proposed_at === null, undecided]).toEqual([false, []])
      for (const [one, times] of reached) expect([one, times <= 1 + (resent.get(one) ?? 0)]).toEqual([one, true])
      const held = nodes.flatMap(({ lease, open }) =>
        all.filter((one) => open.has(one.id) && one.lease === lease).map((one) => one.id),
      )
      expect(new Set(held).size).toBe(held.length)
      return { row, undecided }
    },

    /** All nodes are gone; one that works goes on until there is nothing left to do, a person deciding what must be decided. */
    async bringToAnEnd() {
      nodes.splice(0)
      for (let turn = 0; turn < 60; turn++) {
        t.clock.advance(61_000)
        await tick(t.deps)
        const { row, undecided } = await this.check()
        const ended = row.finished_at ?? row.cancelled_at
        if (row.proposed_at !== null && row.cancelled_at === null)
          expect(row.finished_at === null).toBe(undecided.length > 0)
        // Of a cancelled mailing only the uncertain wait, for a person's word; nobody is queued for ever.
        if (row.cancelled_at !== null) expect(undecided.filter((one) => one.state === 'queued')).toEqual([])
        if (ended !== null && undecided.length === 0) return
        await this.step(row.cancelled_at === null ? 'resend' : 'accept', 0)
        await this.step('fresh', 0)
        await this.step('resume', 0)
        await this.step('claim', 3)
        for (const _ of people) await this.step('outcome', 0)
        nodes.splice(0)
      }
      throw new Error('the mailing never came to an end')
    },
  }
}

const outcomes = ['sent', 'skipped', 'failed', 'deferred', 'withheld', 'uncertain'] as const
const names = [
  'start',
  'propose',
  'claim',
  'outcome',
  'extend',
  'crash',
  'wait',
  'look',
  'stale',
  'fresh',
  'pause',
  'resume',
  'cancel',
  'resend',
  'accept',
  'leave',
] as const
type Step = { name: (typeof names)[number]; n: number }

/** What moves a mailing on comes oftener than what stops it. */
const steps = fc.array(
  fc.record({
    name: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('propose', 'claim', 'outcome', 'outcome', 'look' as const) },
      { weight: 1, arbitrary: fc.constantFrom(...names) },
    ),
    n: fc.nat(59),
  }),
  { minLength: 20, maxLength: 60, size: 'max' },
)

test.each(engines.filter(({ name }) => faults || name === 'SQLite').map(({ name }) => name))(
  'P06 P15 P24 on %s, whatever happens in whatever order: everybody is proposed once, nobody is claimed twice at once or sent twice unasked, and finished means that nothing is left',
  async (engine) => {
    const t = await startApp({ engine })
    const people = await addPeople(t, numbered(PEOPLE))
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const world = makeWorld(t, await scheduled(t), people)
        await world.step('start', 0)
        for (const { name, n } of all) {
          await world.step(name, n)
          await world.check()
        }
        await world.bringToAnEnd()
      }),
      { numRuns: faults ? (engine === 'SQLite' ? 1000 : 100) : 60 },
    )
    await t.close()
  },
  600_000,
)
