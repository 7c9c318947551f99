import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../app.ts'
import { ban } from '../../src/actions/ban.ts'
import {
  allRows,
  gets,
  header,
  leavingPath,
  mailed,
  oneClick,
  ownAddress,
  press,
  run,
  settingsPath,
} from '../leaving.ts'
import { addPeople, reportOf, scheduled } from '../people.ts'
import { DAY, HOUR, MINUTE, said, subscribed } from '../signUps.ts'
import { engines } from '../stores.ts'

const notices = async (t: TestApp, email: string) => {
  await t.deliver()
  return (await t.mailsTo(email)).filter((mail) => mail.links.some((link) => link.includes('/ban/undo/')))
}
const undoPath = async (t: TestApp, email: string) => {
  const link = (await notices(t, email)).flatMap((mail) => mail.links).findLast((url) => url.includes('/ban/undo/'))
  if (link === undefined) throw new Error('no notice was mailed')
  return new URL(link).pathname
}

describe.each(engines.map(({ name }) => name))('"never market to me" (%s)', (engine) => {
  let t: TestApp
  beforeEach(async () => {
    t = await startApp({ engine })
  })
  afterEach(() => t.close())

  const db = () => t.deps.store.db
  const bans = () =>
    db().selectFrom('bans').select(['kind', 'scope', 'reason', 'lifted_at']).orderBy('kind').orderBy('at').execute()
  const events = (event: string) =>
    db().selectFrom('ledger').select(['subject', 'actor', 'data']).where('event', '=', event).execute()

  it('acts at once: what waits is skipped, what is in the window is stopped, and one notice with an undo link is mailed', async () => {
    await addPeople(t, [{ email: ownAddress }, { email: 'toinen@yritys.example' }])
    const waiting = await scheduled(t)
    await t.tick()
    const told: string[] = []
    t.deps.signals.onStop((keys) => told.push(...keys))
    expect(await said(press(t, '/ban', { email: ' maija@Yritys.EXAMPLE ' }))).toContain(
      'Suoramarkkinointikielto on voimassa',
    )
    expect(told).toEqual(t.deps.keyring.hashes('email:v1:maija@yritys.example').map(({ hash }) => hash))
    expect((await reportOf(t, waiting)).skippedBy).toEqual({ banned: 1 })
    await run(t)
    expect((await reportOf(t, waiting)).counts).toMatchObject({ sent: 1, skipped: 1 })
    const [notice, ...more] = await notices(t, ownAddress)
    expect(more).toEqual([])
    expect(notice && header(notice, 'Auto-Submitted')).toEqual(['auto-generated'])
    expect(await gets(t, ownAddress)).toBe(false)
    expect(await bans()).toEqual([{ kind: 'email', scope: 'all', reason: 'ban_page', lifted_at: null }])
    expect((await events('ban_added')).map(({ actor, subject }) => ({ actor, subject }))).toEqual([
      { actor: 'person', subject: t.deps.keyring.hash('email:v1:maija@yritys.example') },
    ])
  })

  it('takes a phone number, or both, in one go: a number that cannot be read leaves the address unbanned too', async () => {
    const wrong = await press(t, '/ban', { email: ownAddress, phone: '12' })
    expect(wrong.status).toBe(422)
    expect(await bans()).toEqual([])
    expect((await press(t, '/ban', { email: ownAddress, phone: '040 123 4567' })).status).toBe(200)
    expect((await bans()).map(({ kind }) => kind)).toEqual(['email', 'phone'])
    const keys = (await db().selectFrom('ban_keys').select('hash').execute()).map(({ hash }) => hash)
    expect(keys).toContain(t.deps.keyring.hash('phone:v1:+358401234567'))
  })

  it('P12 answers the same, with the same kind of work, for known, unknown, banned and never-contact addresses', async () => {
    await addPeople(t, [{ email: 'tuttu@yritys.example' }])
    await ban(t.deps, { kind: 'email', value: 'ei@yritys.example', scope: 'no_contact' }, 'user:1')
    await ban(t.deps, { kind: 'email', value: 'valitti@yritys.example', reason: 'complaint' }, 'system')
    await press(t, '/ban', { email: 'kielletty@yritys.example' })
    const names = ['tuttu', 'uusi', 'ei', 'valitti', 'kielletty']
    const answers = await Promise.all(
      names.map(async (name) => (await press(t, '/ban', { email: `${name}@yritys.example` })).text()),
    )
    expect(new Set(answers).size).toBe(1)
    const mailed = await Promise.all(names.map(async (name) => (await notices(t, `${name}@yritys.example`)).length))
    expect(mailed).toEqual([1, 1, 0, 0, 1])
  })

  it('P12 bombs nobody: one notice a day for an address, and every network and the page have their caps', async () => {
    for (let n = 0; n < 5; n++) await press(t, '/ban', { email: ownAddress })
    await press(t, await undoPath(t, ownAddress))
    t.clock.advance(MINUTE)
    await press(t, '/ban', { email: ownAddress })
    expect(await notices(t, ownAddress)).toHaveLength(1)
    expect(await gets(t, ownAddress)).toBe(false)
    t.clock.advance(DAY)
    await press(t, await undoPath(t, ownAddress))
    await press(t, '/ban', { email: ownAddress })
    expect((await notices(t, ownAddress)).length).toBeLessThanOrEqual(2)
  })

  it('D-29 undoing lifts that ban alone, once, and brings back no topic that was left', async () => {
    const { mails } = await mailed(t, [{ email: ownAddress, topics: ['newsletter', 'price-list'] }])
    await t.request(leavingPath(mails[0]), oneClick)
    await ban(t.deps, { kind: 'domain', value: 'yritys.example', scope: 'topic:events' }, 'user:1')
    await press(t, '/ban', { email: ownAddress })
    const path = await undoPath(t, ownAddress)
    const before = await allRows(t)
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT']) await t.request(path, { method })
    expect(await allRows(t)).toEqual(before)
    t.clock.advance(HOUR)
    expect(await said(press(t, path))).toContain('Kielto on kumottu')
    expect(await said(press(t, path))).toContain('Kielto on kumottu')
    expect((await bans()).filter(({ lifted_at: at }) => at !== null)).toHaveLength(1)
    expect(await events('ban_lifted')).toHaveLength(1)
    expect(await gets(t, ownAddress)).toBe(false)
    expect(await gets(t, ownAddress, 'newsletter')).toBe(true)
    // A new ban is not undone by the old link.
    t.clock.advance(DAY)
    await press(t, '/ban', { email: ownAddress })
    await press(t, path)
    expect(await gets(t, ownAddress, 'newsletter')).toBe(false)
  })

  it('an undo link lives thirty days and then says how to go on', async () => {
    await press(t, '/ban', { email: ownAddress })
    const path = await undoPath(t, ownAddress)
    t.clock.advance(31 * DAY)
    const answer = await press(t, path)
    expect(answer.status).toBe(410)
    expect(await answer.text()).toContain('href="/manage?lang=fi"')
    expect((await bans())[0]?.lifted_at).toBeNull()
  })

  it('D-14 D-29 a banned person who signs up again gets the one neutral mail, and confirming lifts the ban for that topic only', async () => {
    await addPeople(t, [{ email: ownAddress, topics: ['newsletter', 'price-list'] }])
    await press(t, '/ban', { email: ownAddress })
    t.clock.advance(HOUR)
    await subscribed(t, { email: ownAddress, topics: 'price-list' })
    expect(await gets(t, ownAddress)).toBe(true)
    expect(await gets(t, ownAddress, 'newsletter')).toBe(false)
  })

  it('a ban that is said again after a return counts anew', async () => {
    await addPeople(t, [{ email: ownAddress }])
    await press(t, '/ban', { email: ownAddress })
    t.clock.advance(HOUR)
    await subscribed(t, { email: ownAddress, topics: 'price-list' })
    expect(await gets(t, ownAddress)).toBe(true)
    await press(t, '/ban', { email: ownAddress })
    expect(await gets(t, ownAddress)).toBe(false)
  })

  it('D-1 D-9 D-10 features 97 135 137 bans of a domain and a company stop everybody there, on the boundary of labels, in any scope', async () => {
    const people = ['a@kielto.example', 'b@posti.kielto.example', 'c@eikielto.example', 'd@muu.example']
    await addPeople(
      t,
      people.map((email) => ({ email, topics: ['newsletter', 'price-list'] })),
    )
    expect(await ban(t.deps, { kind: 'domain', value: 'Kielto.example.' }, 'api:k')).toMatchObject({
      ok: true,
      added: true,
    })
    expect(await Promise.all([...people.entries()].map(([, email]) => t.mailsTo(email)))).toEqual([[], [], [], []])
    await scheduled(t)
    t.clock.advance(1000)
    await run(t)
    expect((await t.mails()).map((mail) => mail.recipient).toSorted()).toEqual(['c@eikielto.example', 'd@muu.example'])
    await t.deps.store.batch([
      db()
        .insertInto('companies')
        .values({
          id: 'co',
          name: 'Muu Oy',
          business_id: '1234567-1',
          form: 'legal_person',
          address: null,
          price_group: null,
          keys: JSON.stringify(t.deps.keyring.hashes('company:v1:1234567-1').map(({ hash }) => ({ k: hash }))),
          created_at: 1,
          updated_at: 1,
        }),
      db().insertInto('company_domains').values({ domain: 'muu.example', company_id: 'co' }),
    ])
    await ban(t.deps, { kind: 'company', value: '1234567-1', scope: 'purpose:price_list' }, 'user:1')
    expect(await gets(t, 'd@muu.example')).toBe(false)
    expect(await gets(t, 'd@muu.example', 'newsletter')).toBe(true)
  })

  it('D-2 D-3 D-6 stores keyed hashes only, strict and loose, and the same ban twice is one', async () => {
    expect(
      await ban(t.deps, { kind: 'email', value: 'Etu.Suku+x@GoogleMail.com', scope: 'all' }, 'api:k'),
    ).toMatchObject({ added: true })
    expect(await ban(t.deps, { kind: 'email', value: 'etu.suku+x@googlemail.com' }, 'api:k')).toMatchObject({
      added: false,
    })
    const keys = await db().selectFrom('ban_keys').select(['hash', 'form']).execute()
    const { hash } = t.deps.keyring
    expect(keys.toSorted((a, b) => (a.hash < b.hash ? -1 : 1))).toEqual(
      [
        { hash: hash('email:v1:etu.suku+x@googlemail.com'), form: 'strict' },
        { hash: hash('email:v1:etu.suku@googlemail.com'), form: 'loose' },
        { hash: hash('email:v1:etusuku@gmail.com'), form: 'loose' },
      ].toSorted((a, b) => (a.hash < b.hash ? -1 : 1)),
    )
    expect(await events('ban_added')).toHaveLength(1)
    expect((await allRows(t)).filter((row) => /suku|google/i.test(row))).toEqual([])
  })

  it('C-X features 96 a ban of a topic or a purpose speaks of nothing else; no_contact speaks of receipts and links too', async () => {
    await addPeople(
      t,
      ['topic', 'purpose', 'never'].map((name) => ({
        email: `${name}@yritys.example`,
        topics: ['newsletter', 'price-list'],
      })),
    )
    await ban(t.deps, { kind: 'email', value: 'topic@yritys.example', scope: 'topic:price-list' }, 'user:1')
    await ban(t.deps, { kind: 'email', value: 'purpose@yritys.example', scope: 'purpose:direct_marketing' }, 'user:1')
    await ban(t.deps, { kind: 'email', value: 'never@yritys.example', scope: 'no_contact' }, 'user:1')
    const got = async (topic: string) =>
      Promise.all(['topic', 'purpose', 'never'].map((name) => gets(t, `${name}@yritys.example`, topic)))
    expect([await got('price-list'), await got('newsletter')]).toEqual([
      [false, true, false],
      [true, false, false],
    ])
    await press(t, '/manage', { email: 'never@yritys.example' })
    await t.deliver()
    expect(await t.mailsTo('never@yritys.example')).toEqual([])
    expect(await settingsPath(t, 'topic@yritys.example')).toContain('/p/')
  })
})
