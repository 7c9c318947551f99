import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ban } from '../../src/actions/ban.ts'
import { startApp, type TestApp } from '../app.ts'
import { DAY, HOUR, makeForm, post, signUp, subscribed } from '../signUps.ts'

/** 10,000 posts with FAULTS=1, a sample of them otherwise. */
const POSTS = process.env['FAULTS'] ? 10_000 : 1_000
const AT_ONCE = 50
const CAPS = { network: 20, form: 60, all: 90 }

describe('P12 the forms can neither bomb nor probe anyone', () => {
  let t: TestApp
  beforeEach(async () => {
    t = await startApp({
      env: { LIMIT_PER_NETWORK: `${CAPS.network}`, LIMIT_PER_FORM: `${CAPS.form}`, LIMIT_IN_ALL: `${CAPS.all}` },
    })
    await makeForm(t, 'toinen', { topics: ['newsletter', 'price-list', 'events'] })
  })
  afterEach(() => t.close())

  it(`${POSTS} posts in a day and a half mail nobody twice a day, and stay under every cap`, async () => {
    const tokens = new Map<string, string>()
    const started = t.clock.now()
    const mailed: { to: string; at: number }[] = []
    let seed = 7
    // A fixed run of numbers: a failure can be repeated.
    const pick = (n: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((seed / 2_147_483_648) * n)
    }
    for (let sent = 0; sent < POSTS; sent += AT_ONCE) {
      for (const form of ['newsletter', 'toinen'])
        tokens.set(
          form,
          /name="time_token" value="([^"]+)"/.exec(await (await t.request(`/f/${form}`)).text())?.[1] ?? '',
        )
      t.clock.advance(Math.floor((1.5 * DAY) / (POSTS / AT_ONCE)))
      const answers = await Promise.all(
        Array.from({ length: AT_ONCE }, () => {
          const form = pick(3) === 0 ? 'toinen' : 'newsletter'
          const victim = pick(2) === 0 ? 'uhri@yritys.example' : `u${pick(500)}@yritys${pick(2)}.example`
          const email = pick(2) === 0 ? victim : victim.toUpperCase()
          const fields = {
            email,
            topics: pick(2) === 0 ? 'newsletter' : 'price-list',
            time_token: tokens.get(form) ?? '',
          }
          return signUp(t, fields, { form, peer: `192.0.2.${pick(8)}`, headers: { Accept: 'application/json' } })
        }),
      )
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([202]))
      await t.deliver()
      const all = await t.mails()
      for (const mail of all.slice(mailed.length)) mailed.push({ to: mail.recipient.toLowerCase(), at: t.clock.now() })
    }
    expect(mailed.length).toBeGreaterThan(POSTS / 20)
    const perAddress = Map.groupBy(mailed, ({ to }) => to)
    for (const [to, mails] of perAddress) {
      const tooSoon = mails.filter(({ at }, i) => i > 0 && at - (mails[i - 1]?.at ?? 0) < DAY)
      expect([to, tooSoon]).toEqual([to, []])
    }
    const hour = (at: number) => Math.floor(at / HOUR)
    for (const [, mails] of Map.groupBy(mailed, ({ at }) => hour(at)))
      expect(mails.length).toBeLessThanOrEqual(CAPS.all)
    const counters = await t.deps.store.db.selectFrom('counters').selectAll().execute()
    const highest = (start: string) =>
      Math.max(0, ...counters.filter(({ key }) => key.startsWith(start)).map(({ n }) => n))
    expect(highest('net:')).toBeLessThanOrEqual(CAPS.network)
    expect(highest('form:')).toBeLessThanOrEqual(CAPS.form)
    expect(highest('forms')).toBeLessThanOrEqual(CAPS.all)
    expect(counters.filter(({ key }) => key === 'forms').reduce((sum, { n }) => sum + n, 0)).toBeGreaterThanOrEqual(
      mailed.length,
    )
    // What a flood leaves behind: what came at the same moment, not a row a post.
    const signups = await t.deps.store.db
      .selectFrom('signups')
      .select('id')
      .where('strict', '=', 'uhri@yritys.example')
      .execute()
    expect(signups.length).toBeLessThanOrEqual(AT_ONCE)
    expect(t.clock.now() - started).toBeGreaterThan(DAY)
  }, 300_000)

  it('five hundred posts at the same moment stay under the caps too', async () => {
    await Promise.all(
      Array.from({ length: 500 }, (_, i) =>
        post(t, new URLSearchParams({ email: `u${i}@yritys.example` }), { peer: `192.0.2.${i % 100}` }),
      ),
    )
    await t.deliver()
    // Without a time token half of each cap.
    expect(await t.mails()).toHaveLength(CAPS.form / 2)
  })

  it('T02 one answer for everybody: new, waiting, subscribed, left, banned, banned for good, never mailed', async () => {
    const person = (name: string) => ({ email: `${name}@yritys.example` })
    await signUp(t, person('odottaa'))
    await subscribed(t, person('tilaaja'))
    await subscribed(t, person('lahtenyt'))
    await t.deps.store.batch([
      t.deps.store.db
        .updateTable('permissions')
        .set({ withdrawn_at: t.clock.now() })
        .where('confirmed_at', 'is not', null),
    ])
    await ban(t.deps, { kind: 'email', value: 'kielto@yritys.example' }, 'person')
    await ban(t.deps, { kind: 'email', value: 'loppu@yritys.example', scope: 'no_contact' }, 'person')
    const names = ['uusi', 'odottaa', 'tilaaja', 'lahtenyt', 'kielto', 'loppu', 'noreply']
    for (const headers of [{ Accept: 'application/json' }, { Accept: 'text/html' }]) {
      const answers = await Promise.all(
        names.map(async (name) => {
          const answer = await signUp(t, person(name), { headers })
          const shown = [...answer.headers].filter(([header]) => header !== 'x-request-id')
          return JSON.stringify([answer.status, shown, await answer.text()])
        }),
      )
      expect(new Set(answers).size).toBe(1)
    }
  })
})
